"""From files as received to clean tables: recognise by content, resolve organisations, drop personal data."""
