"""Declared passports of indicators, and the engine that turns clean tables into one long table."""
