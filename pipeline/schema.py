"""What a table declaration is: columns with kinds and titles, a key. The ground under `tables` and `form_tables`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: `kind` is text, int, real or flag; `title` is what a reader sees."""

    name: str
    kind: str
    title: str
    required: bool = True


@dataclass(frozen=True)
class Table:
    """A clean table: title for readers, key (unique together), columns in order."""

    name: str
    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


SOURCE = """
source_file text Файл-источник
source_sheet text Лист
source_row int Строка
"""


def columns(text: str) -> tuple[Column, ...]:
    """Parse `name kind Title…` lines; `?` after the kind allows missing values."""
    parsed = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, kind, title = line.split(None, 2)
        parsed.append(Column(name, kind.rstrip("?"), title, not kind.endswith("?")))
    return tuple(parsed)
