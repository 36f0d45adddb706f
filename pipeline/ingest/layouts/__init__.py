"""Readers of real layouts, one family a file; what reads a layout can also write it."""

from __future__ import annotations

from pipeline.ingest.layouts.collection_form import CollectionForm
from pipeline.ingest.layouts.fisoko_individual import IndividualResults
from pipeline.ingest.layouts.fisoko_journal import JournalComparison
from pipeline.ingest.layouts.fisoko_marks import MarkStatistics
from pipeline.ingest.layouts.marked_schools import MarkedSchools
from pipeline.ingest.layouts.rcoi_protocol import ExamProtocol
from pipeline.ingest.reading import Layout

LAYOUTS: tuple[Layout, ...] = (
    MarkStatistics(),
    JournalComparison(),
    IndividualResults(),
    CollectionForm(),
    ExamProtocol(),
    MarkedSchools(),
)
