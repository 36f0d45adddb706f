"""What is checked before anything is computed, and what stops a run."""
