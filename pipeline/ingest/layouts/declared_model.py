"""The language of declared layouts: what a YAML file in config/layouts may say about a table-like file.

One file holds `layouts`, a list of declarations, and `common`, what they share (merged below each of them).
Unknown keys are errors. How to write one: docs/layouts.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from pipeline.errors import Place, WorkspaceError
from pipeline.paths import Paths
from pipeline.settings import Strict, build_model, load_model

YearFrom = Literal["content", "folder", "name"]
RESULT_FIELDS = frozenset({"code", "name", "municipality", "region", "settlement"})
REGISTER_FIELDS = frozenset(
    {"org_id", "name", "org_type", "municipality", "region", "settlement", "valid_from", "valid_to"}
)


def _compiles(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"«{text}» не регулярное выражение") from error
    return text


Pattern = Annotated[str, AfterValidator(_compiles)]


class Header(Strict):
    """How many rows the heading takes and what stands above it.

    `ordered`: the declared columns come in the declared order. `title`: each pattern is found in some cell above.
    `title_rows`: at most so many rows that are not blank stand above.
    """

    rows: int = Field(default=1, ge=1, le=3)
    ordered: bool = False
    title: tuple[Pattern, ...] = ()
    title_rows: int = 10


class Ignored(Strict):
    """Columns that are known and not read, with the reason."""

    pattern: Pattern
    reason: str


class CodeRule(Strict):
    """A repair of codes: where the whole code matches `pattern` it becomes `replace`, then zeros up to `zeros_to`."""

    pattern: Pattern
    replace: str
    zeros_to: int | None = None
    reason: str


class Names(Strict):
    """Cleaning of one column of names: cut `drop`, set the case, then replace whole names by `spellings`."""

    drop: Pattern | None = None
    case: Literal["keep", "title"] = "keep"
    spellings: dict[str, str] = {}


class GluedRows(Strict):
    """Records that a broken quote glued: the cell of `column` holds the rest of its row, a line feed, the next row."""

    column: str
    separator: str
    reason: str


class MaxScore(Strict):
    """Where the maximum is stated: group `max` of the heading, a row above (groups `subject`, `max`), or a constant."""

    header: bool = False
    title: Pattern | None = None
    constant: float | None = None

    @model_validator(mode="after")
    def _one_place(self) -> MaxScore:
        if sum((self.header, self.title is not None, self.constant is not None)) != 1:
            raise ValueError("укажите ровно одно: header, title или constant")
        return self


class Scale(Strict):
    """Scale id (`{grade}` and `{max}` are filled in), what the file states and what is inferred, the maximum."""

    id: str
    note: str
    max_score: MaxScore | None = None


class GradeInTitle(Strict):
    """The grade as the title writes it: group `grade`, translated by `values`."""

    title: Pattern
    values: dict[str, int]


class Measures(Strict):
    """Pairs of columns «how many sat, mean», repeated for each subject (group `subject` of both patterns).

    `subjects` translates what the heading says, without spaces and look-alike letters, into subject codes; every code
    must be there unless `optional`. `unknown_subjects: refuse` means that another subject makes it another layout.
    `leading_zero` says why `05.08`, which looks like a date, is the number 5.08; without it such cells are errors.
    """

    procedure: str
    wave: str = "main"
    grade: int | GradeInTitle
    measure: str = "mean_score"
    category: str = "all"
    unit: Literal["points", "mark", "share"]
    n: Pattern
    mean: Pattern
    subjects: dict[str, str]
    optional: tuple[str, ...] = ()
    unknown_subjects: Literal["warn", "refuse"] = "warn"
    leading_zero: str = ""
    scale: Scale


class Declaration(Strict):
    """One layout for some years. `columns` maps our fields to patterns of headings, `aliases` kinds of codes."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    source: str
    target: Literal["group_results", "organisations"]
    years: tuple[int, ...] = ()
    school_year: int | tuple[YearFrom, ...] = ()
    year_pattern: Pattern | None = None
    header: Header = Header()
    columns: dict[str, Pattern]
    optional: tuple[str, ...] = ()
    ignore: tuple[Ignored, ...] = ()
    code_kind: str = ""
    codes: tuple[CodeRule, ...] = ()
    code_format: Pattern | None = None
    names: dict[str, Names] = {}
    glued_rows: GluedRows | None = None
    measures: Measures | None = None
    aliases: dict[str, Pattern] = {}

    @model_validator(mode="after")
    def _whole(self) -> Declaration:
        for wrong in (self._wrong_fields(), self._wrong_results(), self._wrong_register()):
            if wrong:
                raise ValueError(wrong)
        return self

    def _wrong_fields(self) -> str:
        allowed = RESULT_FIELDS if self.target == "group_results" else REGISTER_FIELDS
        strange = (set(self.columns) | set(self.names)) - allowed
        if strange:
            return f"неизвестные столбцы {sorted(strange)}; допустимы {sorted(allowed)}"
        unnamed = set(self.optional) - set(self.columns) - set(self.aliases)
        return f"optional называет необъявленные столбцы {sorted(unnamed)}" if unnamed else ""

    def _wrong_results(self) -> str:
        if self.target != "group_results":
            return ""
        if self.measures is None or not self.code_kind or not {"code", "name"} <= set(self.columns):
            return "для group_results нужны measures, code_kind и столбцы code, name"
        if not self.years or not self.school_year:
            return "для group_results нужны years и school_year"
        if not isinstance(self.school_year, int) and "content" in self.school_year and self.year_pattern is None:
            return "school_year: content требует year_pattern"
        return ""

    def _wrong_register(self) -> str:
        if self.target != "organisations":
            return ""
        if self.measures is not None or not {"org_id", "name"} <= set(self.columns):
            return "для organisations нужны столбцы org_id, name; measures не нужны"
        return ""


class _File(Strict):
    common: dict[str, Any] = {}
    layouts: tuple[dict[str, Any], ...]


def load_declarations(paths: Paths) -> tuple[Declaration, ...]:
    """All declarations of config/layouts, the workspace's files overlaying the shipped ones by file name."""
    found: dict[str, Declaration] = {}
    for path in paths.config_files("layouts"):
        for declaration in declarations_of(path):
            if declaration.id in found:
                raise WorkspaceError(
                    f"Раскладка «{declaration.id}» объявлена дважды.",
                    place=Place(path.name),
                    advice="дайте второй раскладке другой id.",
                )
            found[declaration.id] = declaration
    return tuple(found.values())


def declarations_of(path: Path) -> list[Declaration]:
    """The declarations of one file; WorkspaceError names the wrong keys."""
    file = load_model(_File, path)
    return [build_model(Declaration, _merged(file.common, item), path.name) for item in file.layouts]


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        lower = merged.get(key)
        merged[key] = _merged(lower, value) if isinstance(lower, dict) and isinstance(value, dict) else value
    return merged
