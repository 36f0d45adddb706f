"""Executed notebooks become report.html and report.pdf."""
