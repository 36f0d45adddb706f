"""A PDF with its small objects packed: the same document in a third of the bytes.

Typst writes the structure that screen readers follow (one object for each cell of each table) as plain text with a
table of addresses. ISO 32000-1, 7.5.7 and 7.5.8, lets such objects lie together in compressed object streams, with the
addresses in a stream too; PDF/A-2 and PDF/UA-1 allow both. No object is changed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

TOGETHER = 200  # objects in one stream: a reader unpacks a stream whole to get at one of them
LEVEL = 9
WIDTHS = (1, 4, 2)  # bytes of the three fields of an address (ISO 32000-1, table 17)
TAIL = re.compile(rb"trailer\s*<<(.*)>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z", re.DOTALL)
ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])\s")
OBJECT = re.compile(rb"\s*(\d+) 0 obj\s(.*)\sendobj\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Parts:
    """A document taken apart: its first line, objects by number, entries of the trailer without /Size."""

    head: bytes
    objects: dict[int, bytes]
    trailer: bytes


def packed(document: bytes) -> bytes:
    """The document with object streams; one without a single plain table of addresses comes back as it was."""
    parts = _parts(document)
    return document if parts is None else _written(parts)


def _parts(document: bytes) -> Parts | None:
    tail = TAIL.search(document, max(document.rfind(b"trailer"), 0))
    if tail is None or b"/Prev" in tail[1] or b"/Encrypt" in tail[1]:
        return None
    table = int(tail[2])
    entries = [(int(address), kind) for address, _, kind in ENTRY.findall(document, table, tail.start())]
    starts = sorted(address for address, kind in entries if kind == b"n")
    found = [OBJECT.match(document[start:end]) for start, end in pairwise([*starts, table])]
    objects = {int(one[1]): one[2] for one in found if one}
    if not document.startswith(b"xref", table) or not starts or len(objects) != len(starts):
        return None
    return Parts(document[: starts[0]], objects, re.sub(rb"/Size \d+", b"", tail[1]))


def _written(parts: Parts) -> bytes:
    streams = {number: content for number, content in parts.objects.items() if content.endswith(b"endstream")}
    small = sorted(parts.objects.keys() - streams.keys())
    new = max(parts.objects) + 1
    body = bytearray(parts.head)
    addresses: dict[int, tuple[int, int, int]] = {}
    for place, numbers in enumerate(_groups(small)):
        streams[new + place] = _stream({number: parts.objects[number] for number in numbers})
        addresses |= {number: (2, new + place, index) for index, number in enumerate(numbers)}
    for number in sorted(streams):
        addresses[number] = (1, len(body), 0)
        body += b"%d 0 obj\n%b\nendobj\n\n" % (number, streams[number])
    last = max(streams) + 1
    addresses[last] = (1, len(body), 0)
    return bytes(body) + b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF" % (
        last,
        _table(addresses, last + 1, parts.trailer),
        len(body),
    )


def _groups(numbers: list[int]) -> list[list[int]]:
    return [numbers[start : start + TOGETHER] for start in range(0, len(numbers), TOGETHER)]


def _stream(objects: dict[int, bytes]) -> bytes:
    """An object stream: numbers with offsets, then the objects."""
    places, offset = [], 0
    for number, content in objects.items():
        places.append(b"%d %d" % (number, offset))
        offset += len(content) + 1
    first = b" ".join(places) + b"\n"
    entries = b"/Type/ObjStm/N %d/First %d" % (len(objects), len(first))
    return _compressed(entries, first + b"\n".join(objects.values()))


def _table(addresses: dict[int, tuple[int, int, int]], size: int, trailer: bytes) -> bytes:
    """The stream of addresses; a number that no object has is free."""

    def rows() -> Iterator[bytes]:
        for number in range(size):
            fields = addresses.get(number, (0, 0, 65535 if number == 0 else 0))
            yield from (value.to_bytes(width, "big") for value, width in zip(fields, WIDTHS, strict=True))

    entries = b"/Type/XRef/Size %d/W[%d %d %d]%b" % (size, *WIDTHS, trailer)
    return _compressed(entries, b"".join(rows()))


def _compressed(entries: bytes, data: bytes) -> bytes:
    packed_data = zlib.compress(data, LEVEL)
    return b"<<%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (entries, len(packed_data), packed_data)
