"""Comparisons with numbers that nobody in this project computed: asserted, recorded, told in docs/references.md."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "references.md"
COMMAND = "python -m pytest -q tests/statistics --references"
PROPERTY = "reference"
SHOWN = 4
TABLE = ["| what | published | ours | difference | allowed |", "|---|---|---|---|---|"]
HEAD = f"""# Published numbers that our statistics give again

Each row is compared by a test of `tests/statistics`: what was published (or printed by another program), what
`pipeline/statistics` gives, the largest difference and the difference that the test allows. «rounds» means that our
number, rounded to the printed digits, is the printed one. Of long lists the first values are shown. Arithmetic by hand
and comparisons with other routes on invented data are in the tests too, not here.

Renewed by `{COMMAND}`, of one family by its file instead of the folder. A test whose
row is missing here fails.
"""


class Check(Protocol):
    """Assert that `ours` is `published` (numbers or lists of them) within `abs`, `rel` or the printed `decimals`.

    Without any of the three the numbers have to be equal. `source` is what a reader could look up: author, year, table
    or page; program, its version and function; package and data set.
    """

    def __call__(
        self,
        what: str,
        ours: Any,
        published: Any,
        source: str,
        *,
        abs: float = 0.0,
        rel: float = 0.0,
        decimals: int | None = None,
    ) -> None: ...


@dataclass(frozen=True)
class Row:
    """One comparison, as the document prints it."""

    family: str
    test: str
    source: str
    what: str
    published: str
    ours: str
    difference: str
    allowed: str

    @property
    def printed(self) -> str:
        return f"| {self.what} | {self.published} | {self.ours} | {self.difference} | {self.allowed} |"


def compared(
    where: tuple[str, str], what: str, pair: tuple[Any, Any], source: str, by: tuple[float, float, int | None]
) -> tuple[Row, bool]:
    """The row of a comparison of (ours, published) by (abs, rel, decimals), and whether the numbers agree."""
    ours, published = (np.atleast_1d(np.asarray(part, dtype="float64")).ravel() for part in pair)
    if len(ours) != len(published):
        raise ValueError(f"{what}: {len(ours)} numbers against {len(published)} published")
    absolute, relative, decimals = by
    difference = np.abs(ours - published)
    if decimals is None:
        agree, allowed = difference <= np.maximum(absolute, relative * np.abs(published)), _allowed(absolute, relative)
    else:
        agree, allowed = np.array([round(float(x), decimals) for x in ours]) == published, "rounds"
    digits = _digits(absolute or relative * float(np.abs(published).max()), decimals)
    row = Row(*where, source, what, _listed(published, 10), _listed(ours, digits), _small(difference.max()), allowed)
    return row, bool(agree.all())


def _digits(tolerance: float, decimals: int | None) -> int:
    """Decimals of our number worth printing: one beyond the tolerance, two beyond the printed ones."""
    if decimals is not None:
        return decimals + 2
    return min(max(1 - math.floor(math.log10(tolerance)), 0), 10) if tolerance else 10


def _listed(numbers: np.ndarray, decimals: int) -> str:
    texts = [_number(float(number), decimals) for number in numbers[:SHOWN]]
    return "; ".join(texts) + (f"; … ({len(numbers)})" if len(numbers) > SHOWN else "")


def _number(number: float, decimals: int) -> str:
    text = f"{number:.{decimals}f}"
    if number and not float(text):
        return f"{number:.4g}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _small(difference: float) -> str:
    return "0" if difference < 1e-14 else f"{difference:.0e}".replace("e-0", "e-")


def _allowed(absolute: float, relative: float) -> str:
    told = [f"{absolute:g}"] if absolute else []
    return " or ".join(told + ([f"{100 * relative:g} %"] if relative else [])).replace("e-0", "e-") or "0"


def written(document: str, rows: Iterable[Row]) -> str:
    """The document with the sections of the families that have rows made anew."""
    parts = re.split(r"^## ", document, flags=re.MULTILINE)[1:]
    sections = {part.split("\n", 1)[0]: "## " + part.strip() for part in parts}
    by_family: dict[str, list[Row]] = {}
    for row in rows:
        by_family.setdefault(row.family, []).append(row)
    sections |= {family: _section(family, own) for family, own in by_family.items()}
    body = "\n\n".join(sections[family] for family in sorted(sections))
    return f"{HEAD}\n{_count(sections)}\n\n{body}\n"


def _section(family: str, rows: Sequence[Row]) -> str:
    tests = ", ".join(f"`{name}`" for name in dict.fromkeys(row.test for row in rows))
    lines = [f"## {family}", "", f"Tests: {tests}."]
    for source in dict.fromkeys(row.source for row in rows):
        lines += ["", f"**{source}**", "", *TABLE]
        lines += dict.fromkeys(row.printed for row in rows if row.source == source)
    return "\n".join(lines)


def _count(sections: Mapping[str, str]) -> str:
    lines = [line for section in sections.values() for line in section.splitlines()]
    rows = sum(line.startswith("| ") and line != TABLE[0] for line in lines)
    sources = len({line for line in lines if line.startswith("**")})
    return f"Comparisons: {rows}. Sources: {sources}. Families: {len(sections)}."


@cache
def known() -> frozenset[tuple[str, str, str, str, str]]:
    """What the document holds: family, source, what, published, allowed (our digits may differ between machines)."""
    found, family, source = set(), "", ""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if DOCUMENT.is_file() else ():
        if line.startswith("## "):
            family = line[3:]
        elif line.startswith("**"):
            source = line.strip("*")
        elif line.startswith("| "):
            what, published, _, _, allowed = line.strip("| ").split(" | ")
            found.add((family, source, what, published, allowed))
    return frozenset(found)


def missing(row: Row) -> bool:
    return (row.family, row.source, row.what, row.published, row.allowed) not in known()
