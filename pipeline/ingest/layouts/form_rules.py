"""What Excel itself checks while a form is filled: formulas of cell checks and where they apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ingest.layouts.form_cells import NOT_HELD
from pipeline.ingest.workbook import address


@dataclass(frozen=True)
class Bound:
    """A number of the same sheet that a cell cannot exceed: `column`, and `shift` rows from the cell itself."""

    column: int
    shift: int
    title: str


@dataclass(frozen=True)
class Check:
    """Rows (from 0) of one column whose cells obey one formula; texts are what Excel says."""

    column: int
    rows: tuple[int, ...]
    formula: str
    title: str
    message: str

    @property
    def area(self) -> str:
        """The cells as Excel lists them: «H8:H10 H12»."""
        return " ".join(areas(self.column, self.rows))

    @property
    def wrong(self) -> str:
        """The formula of a filled cell that breaks the rule, to paint it."""
        cell = address(self.rows[0], self.column)
        return f'AND({cell}<>"",NOT({self.formula}))'


def number_check(
    column: int,
    rows: Sequence[int],
    *,
    whole: bool,
    least: int = 0,
    most: int | None = None,
    bound: Bound | None = None,
) -> Check:
    """A number from `least`, or «не проводилось». The formula is relative to the first of `rows`."""
    cell = address(rows[0], column)
    parts = [f"{cell}>={least}"]
    words = [f"{'целое число' if whole else 'число'} от {least}" + (f" до {most}" if most is not None else "")]
    if whole:
        parts.append(f"{cell}=INT({cell})")
    if most is not None:
        parts.append(f"{cell}<={most}")
    if bound is not None:
        other = address(rows[0] + bound.shift, bound.column)
        parts.append(f"IF(ISNUMBER({other}),{cell}<={other},TRUE)")
        words.append(f"не больше, чем в столбце «{_cut(bound.title)}»")
    formula = f'IF(ISNUMBER({cell}),AND({",".join(parts)}),OR({cell}="",{cell}="{NOT_HELD}"))'
    message = f"Нужно {', '.join(words)}. Таких нет — напишите 0, сведений нет — оставьте пустым."
    return Check(column, tuple(rows), formula, "Проверьте число", message)


def areas(column: int, rows: Sequence[int]) -> list[str]:
    """Runs of rows of one column as ranges."""
    runs: list[tuple[int, int]] = []
    for row in sorted(rows):
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return [f"{address(first, column)}:{address(last, column)}" for first, last in runs]


def _cut(title: str, limit: int = 60) -> str:
    """Excel shows at most 255 characters of a message."""
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"


__all__ = ["Bound", "Check", "areas", "number_check"]
