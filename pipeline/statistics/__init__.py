"""Pure statistics, one file per family: numbers in, numbers out, no tables and no files."""
