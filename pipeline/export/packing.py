"""A PDF with its small objects packed: the same document in a third of the bytes.

Typst writes the structure that screen readers follow (one object for each cell of each table) as plain text with a
table of addresses. ISO 32000-1, 7.5.7 and 7.5.8, lets such objects lie together in compressed object streams; PDF/A-2
and PDF/UA-1 allow both. qpdf, through pikepdf, writes them.
"""

from __future__ import annotations

import io

import pikepdf


def packed(document: bytes) -> bytes:
    """The document (a whole PDF) with object streams: pages, structure and metadata stay; the same bytes each time."""
    small = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        pdf.save(
            small,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            fix_metadata_version=False,
            deterministic_id=True,
        )
    return small.getvalue()
