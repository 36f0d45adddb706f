"""Readers of real layouts, one family a file; what reads a layout can also write it."""

from __future__ import annotations

from pipeline.ingest.layouts.fisoko_individual import IndividualResults
from pipeline.ingest.layouts.fisoko_journal import JournalComparison
from pipeline.ingest.layouts.fisoko_marks import MarkStatistics
from pipeline.ingest.reading import Layout

LAYOUTS: tuple[Layout, ...] = (MarkStatistics(), JournalComparison(), IndividualResults())
