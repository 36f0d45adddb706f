"""From which files, code and settings a report was made."""
