"""The record of what was checked: one row a check, with its severity, result and the office that waived it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Literal

from pipeline.errors import Place

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")
SEVERITY_TITLES = {"critical": "критическая", "warning": "предупреждение", "info": "сведение"}
MAX_PLACES = 5


@dataclass(frozen=True)
class CheckResult:
    """One check. `origin` is suite (Great Expectations), crosscheck or reader; `table` the clean table or "".

    `evaluated` rows were looked at, `failed` of them did not pass. `places` are up to five places in the source files,
    never values; `files` names every file with a failed row. `message` says in Russian what is wrong (or what was
    checked, when passed), `advice` what to do. Passed with nothing evaluated means «не проверялось».
    """

    id: str
    origin: Literal["suite", "crosscheck", "reader"]
    table: str
    severity: Severity
    passed: bool
    evaluated: int
    failed: int
    message: str
    advice: str = ""
    places: tuple[Place, ...] = ()
    waived_by: str = ""
    waived_why: str = ""
    files: tuple[str, ...] = ()

    @property
    def stops(self) -> bool:
        """A critical check that failed and was not waived stops the run."""
        return self.severity == "critical" and not self.passed and not self.waived_by

    @property
    def outcome(self) -> str:
        """In words: пройдена, не пройдена, принята решением, не проверялось."""
        if not self.passed:
            return "принята решением" if self.waived_by else "не пройдена"
        return "пройдена" if self.evaluated else "не проверялось"


def places_of(rows: pd.DataFrame) -> tuple[Place, ...]:
    """Up to five places of the given rows (they hold source_file, source_sheet, source_row), in source order."""
    keys = ["source_file", "source_sheet", "source_row"]
    first = rows[keys].drop_duplicates().sort_values(keys).head(MAX_PLACES)
    return tuple(
        Place(file_name(file) or None, sheet or None, f"строка {row}")
        for file, sheet, row in first.itertuples(index=False, name=None)
    )


def files_of(rows: pd.DataFrame) -> tuple[str, ...]:
    """Names of all source files of the given rows."""
    return tuple(sorted({file_name(file) for file in rows["source_file"].unique()}))


def file_name(path: str) -> str:
    """The file as the drop folder knows it («2026/2826001.xlsx»); of a full path only the last part: messages never
    hold folders of a machine."""
    absolute = PurePosixPath(path).is_absolute() or PureWindowsPath(path).drive or "\\" in path
    return PureWindowsPath(PurePosixPath(path).name).name if absolute else path


def counted(number: int, forms: Sequence[str] = ("строка", "строки", "строк")) -> str:
    """A whole number with the noun in the right form: 1 строка, 2 строки, 11 строк; narrow spaces in thousands."""
    tail, teens = number % 10, number % 100
    few = 2 <= tail <= 4 and not 12 <= teens <= 14
    form = forms[0] if tail == 1 and teens != 11 else forms[1] if few else forms[2]
    return f"{grouped(number)}\u00a0{form}"


def grouped(number: int) -> str:
    """Five and more digits in groups of three, as the report prints them."""
    return f"{number:,}".replace(",", "\u202f") if abs(number) >= 10_000 else str(number)
