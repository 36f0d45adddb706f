"""Notebooks are checked, executed by Papermill in fixed order, cached; a finished report is published whole."""
