"""A packed PDF is the same document: every object, read back by pypdf; what is laid out otherwise is left alone."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader
from pypdf.generic import PdfObject

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


def test_every_object_and_the_trailer_are_the_same(plain: bytes) -> None:
    before, after = _reader(plain), _reader(packed(plain))
    numbers = sorted(before.xref[0])
    assert len(numbers) > 2 * ROWS
    assert [_said(before.get_object(number)) for number in numbers] == [
        _said(after.get_object(number)) for number in numbers
    ]
    for entry in ("/Root", "/Info", "/ID"):
        assert _said(after.trailer.get(entry)) == _said(before.trailer.get(entry))


def test_pages_read_the_same_and_fewer_bytes_are_taken(plain: bytes) -> None:
    small = packed(plain)
    assert [page.extract_text() for page in _reader(small).pages] == [
        page.extract_text() for page in _reader(plain).pages
    ]
    assert len(small) < len(plain) / 2
    assert packed(plain) == small


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"trailer\n<<", b"trailer\n<</Prev 17"),
        (b"trailer\n<<", b"trailer\n<</Encrypt 3 0 R"),
        (b"\nxref", b"\nxrev"),
        (b"trailer", b"ending!"),
        (b" 0 obj", b" 1 obj"),
    ],
)
def test_a_document_laid_out_otherwise_is_left_alone(plain: bytes, old: bytes, new: bytes) -> None:
    other = plain.replace(old, new)
    assert other != plain
    assert packed(other) == other


def test_what_is_packed_or_no_pdf_is_left_alone(plain: bytes) -> None:
    once = packed(plain)
    assert packed(once) == once
    assert packed(b"") == b""
    assert packed(Path(__file__).read_bytes()) == Path(__file__).read_bytes()


def _reader(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document), strict=True)


def _said(found: PdfObject | None) -> bytes:
    """The object as written: references by number, streams with their content."""
    assert found is not None
    out = io.BytesIO()
    found.write_to_stream(out)
    return out.getvalue()
