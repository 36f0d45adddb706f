"""A packed PDF is the same document, read back by another library: pages, structure, metadata, half the bytes."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from pipeline.export.packing import packed

ROWS = 400  # cells enough for several object streams
SOURCE = f"""
#set document(title: "Проба", date: datetime(year: 2026, month: 6, day: 1))
#set text(lang: "ru")
= Глава
#table(columns: 2, table.header[Школа][Доля], ..range({ROWS}).map(n => ([Школа № #n], [#n %])).flatten())
"""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("typst") / "main.typ"
    file.write_text(SOURCE, encoding="utf-8")
    made: bytes = typst.compile(
        str(file), pdf_standards=["a-2a", "ua-1"], timestamp=dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    )
    return made


def test_pages_read_the_same_and_fewer_bytes_are_taken(plain: bytes) -> None:
    small = packed(plain)
    assert [page.extract_text() for page in _reader(small).pages] == [
        page.extract_text() for page in _reader(plain).pages
    ]
    assert len(small) < len(plain) / 2
    assert packed(plain) == small


def test_what_screen_readers_and_archives_need_is_the_same(plain: bytes) -> None:
    before, after = _reader(plain), _reader(packed(plain))
    first: list[Any] = [reader.trailer["/ID"] for reader in (before, after)]
    assert _roles(before)["/TD"] == 2 * ROWS
    assert _roles(after) == _roles(before)
    assert after.metadata == before.metadata
    assert (after.pdf_header, first[1][0]) == (before.pdf_header, first[0][0])
    catalogs: list[Any] = [reader.trailer["/Root"] for reader in (before, after)]
    for entry in ("/Lang", "/MarkInfo", "/ViewerPreferences"):
        assert catalogs[0].get(entry) == catalogs[1].get(entry)
    xmp = [catalog["/Metadata"].get_data() for catalog in catalogs]
    assert b"pdfaid:part" in xmp[0] and xmp[0] == xmp[1]


def _reader(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document), strict=True)


def _roles(reader: PdfReader) -> Counter[str]:
    """How often each role stands in the tree of structure."""
    counted: Counter[str] = Counter()
    root: Any = reader.trailer["/Root"]
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        found = waiting.pop().get_object()
        if isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, dict):
            counted[str(found.get("/S"))] += 1
            waiting.extend([found["/K"]] if "/K" in found else [])
    return counted
