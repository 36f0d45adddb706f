"""Text tables (.csv, .tsv, .txt) as rows of strings: the encoding and the separator are found from the content."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from pipeline.errors import DamagedFileError, Place
from pipeline.ingest.workbook import NotATable

SEPARATORS = ("\t", ";", ",")
_LOOK_AT_ROWS = 500
_END = "\x00конец"
_BOM = "\ufeff"
_CELL_LIMIT = 1_000_000


def read_text(data: bytes, place: Place) -> list[list[str]]:
    """Rows of a text table; row numbers are those a spreadsheet would show.

    Raises NotATable for what is no text or has no columns, DamagedFileError for a cut or unclosed text.
    """
    text = _decode(data, place)
    if re.match(r"\s*<(\?xml|!doctype|html|table)", text[:200], re.IGNORECASE):
        raise NotATable(
            "Это веб-страница или XML, а не таблица.", place, "откройте файл в Excel и сохраните книгой .xlsx."
        )
    told = re.match(r'"?sep=(.)"?\r?\n', text)
    body = text[told.end() :] if told else text
    rows = _split(body, told[1] if told else _separator(body, place), place)
    if rows and rows[0]:
        rows[0][0] = _without_bom(rows[0][0])
    return rows


def _without_bom(first: str) -> str:
    """The first cell without marks inside; a cell quoted once more around a mark loses these quotes too."""
    bare = first.replace(_BOM, "")
    return bare[1:-1] if bare != first and re.fullmatch(r'"[^"]*"', bare) else bare


def _decode(data: bytes, place: Place) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16", place)
    if b"\x00" in data:
        raise NotATable("Это не таблица, а двоичный файл неизвестного вида.", place)
    try:
        return data.decode("utf-8").lstrip(_BOM)
    except UnicodeDecodeError as error:
        if _is_broken_utf8(data):
            line = data.count(b"\n", 0, error.start) + 1
            raise _damaged("Файл повреждён: буквы в нём обрываются.", place, f"строка {line}") from error
    return _decoded(data, "cp1251", place)


def _decoded(data: bytes, encoding: str, place: Place) -> str:
    try:
        text = data.decode(encoding).lstrip(_BOM)
    except UnicodeDecodeError as error:
        raise NotATable("Это не таблица: текст не читается ни в UTF-8, ни в Windows-1251.", place) from error
    strange = sum(1 for letter in text[:10_000] if ord(letter) < 32 and letter not in "\t\r\n\f")
    if strange > len(text[:10_000]) / 100:
        raise NotATable("Это не таблица, а двоичный файл неизвестного вида.", place)
    return text


def _is_broken_utf8(data: bytes) -> bool:
    """True for UTF-8 with a few wrong bytes; Windows-1251 gives a wrong byte at nearly every Cyrillic letter."""
    if data.startswith(b"\xef\xbb\xbf"):
        return True
    text = data.decode("utf-8", "replace")
    return text.count("\ufffd") * 10 < sum(1 for letter in text if ord(letter) > 127)


def _damaged(what: str, place: Place, cell: str) -> DamagedFileError:
    return DamagedFileError(
        what,
        place=Place(place.file, cell=cell),
        advice="скачайте или запросите файл заново; если правили его вручную, сохраните ещё раз книгой .xlsx.",
    )


def _separator(text: str, place: Place) -> str:
    """The separator that cuts the most rows into the same number of cells.

    A decimal comma looks like a separator too, but n cells hold at most n of them: a comma beats a semicolon
    only when it gives more than n + 1 cells.
    """
    found = {mark: _regularity(text, mark) for mark in SEPARATORS}
    best = max(rows for rows, _ in found.values())
    if best == 0:
        raise NotATable("Это текст без столбцов, а не таблица.", place)
    near = [mark for mark in SEPARATORS if found[mark][0] >= 0.9 * best]
    first = near[0]
    return next((mark for mark in near if found[mark][1] > found[first][1] + 1), first)


def _regularity(text: str, mark: str) -> tuple[int, int]:
    """(rows with the most usual number of cells, that number); (0, 0) when nothing is cut."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    counts: Counter[int] = Counter()
    try:
        for row, _ in zip(reader, range(_LOOK_AT_ROWS), strict=False):
            counts[len(row)] += len(row) > 1
    except csv.Error:
        return 0, 0
    cells, rows = max(counts.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return (rows, cells) if rows else (0, 0)


def _split(text: str, mark: str, place: Place) -> list[list[str]]:
    """Rows of cells. The sentinel at the end is swallowed by a quote that was never closed."""
    csv.field_size_limit(_CELL_LIMIT)
    body = text if text.endswith(("\n", "\r")) else text + "\n"
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(body + _END, newline=""), delimiter=mark))
    except csv.Error as error:
        raise _damaged("Файл повреждён: ячейка не кончается.", place, f"строка {len(rows) + 1}") from error
    if rows.pop() != [_END]:
        raise _damaged("Файл оборван: кавычка открыта и не закрыта.", place, f"строка {len(rows) + 1}")
    return rows
