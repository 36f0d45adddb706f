"""A synthetic territory written in the real layouts."""
