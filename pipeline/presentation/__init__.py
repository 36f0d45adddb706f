"""How numbers become words, tables and charts."""
