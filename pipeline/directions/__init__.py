"""One file a direction: tables and settings in, findings, frames and blocks out. Pure."""
