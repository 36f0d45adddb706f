"""Rows under a declared heading as `group_results`: one row per organisation and subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import InputError, Place
from pipeline.ingest.layouts.declared_match import Match, Pair, token
from pipeline.ingest.layouts.declared_model import GradeInTitle, MaxScore, Measures
from pipeline.ingest.layouts.declared_remarks import Found
from pipeline.ingest.layouts.declared_rows import Row, codes, data_rows, names
from pipeline.ingest.layouts.sheets import Part
from pipeline.ingest.layouts.values import UNREADABLE, Value, text, value
from pipeline.ingest.reading import Remark
from pipeline.ingest.workbook import Cell

if TYPE_CHECKING:
    import pandas as pd

DATE_LIKE = re.compile(r"0\d[.,]\d+")
Outcome = tuple[float | None, str, int | None]


@dataclass(frozen=True)
class Subject:
    """A pair of columns with what is true of all its rows."""

    pair: Pair
    grade: int
    max_score: float | None
    scale: str


def read_results(match: Match, measures: Measures, year: int, file: str) -> Part:
    """The frame of one sheet; `org_settlement` is an extra column that the organisations need."""
    import pandas as pd

    found = Found(file, match.sheet.name)
    rows = data_rows(match, found)
    organisations, repairs = _organisations(match, rows, file, found)
    subjects = [_subject(match, measures, pair, file) for pair in match.pairs]
    cells = _Cells(measures, rows, found)
    frames = [_frame(organisations, measures, subject, year, cells) for subject in subjects]
    for column in match.unknown:
        found.note("unknown_column", match.data - 1, column)
    frame = pd.concat(frames).sort_index(kind="stable", ignore_index=True)
    return Part(match.sheet.name, {"group_results": frame}, (), len(rows), (*repairs, *found.remarks()))


def _organisations(match: Match, rows: Sequence[Row], file: str, found: Found) -> tuple[pd.DataFrame, list[Remark]]:
    """What is true of each row whatever the subject."""
    import pandas as pd

    code, repairs = codes(match, rows, found)
    name = names(match, "name", rows)
    texts: dict[str, Sequence[str | None]] = {
        "org_alias_code": code,
        "org_name": name,
        "group_label": [label or key for label, key in zip(name, code, strict=True)],
        "municipality": names(match, "municipality", rows),
        "region": names(match, "region", rows),
        "org_settlement": names(match, "settlement", rows),
    }
    constants = {"org_alias_kind": match.declaration.code_kind, "source_file": file, "source_sheet": match.sheet.name}
    texts |= {column: [constant] * len(rows) for column, constant in constants.items()}
    frame = pd.DataFrame(texts, dtype="str")
    frame["source_row"] = pd.Series([row.number + 1 for row in rows], dtype="Int64")
    return frame, repairs


class _Cells:
    """Reading of pairs of cells; equal texts are parsed once."""

    def __init__(self, measures: Measures, rows: Sequence[Row], found: Found) -> None:
        self._measures, self._rows, self._found = measures, rows, found
        self._known: dict[tuple[type, Cell], Value] = {}

    def outcomes(self, pair: Pair) -> list[Outcome]:
        """(value, state, n) of each row."""
        return [self._outcome(row, pair) for row in self._rows]

    def decimals(self, pair: Pair) -> int:
        """Decimals of the column: the most that any cell shows, since trailing zeros are often cut."""
        shown = {text(row.cell(pair.mean)).replace(",", ".").partition(".")[2] for row in self._rows}
        return max((len(part) for part in shown if part.isdigit()), default=0)

    def _outcome(self, row: Row, pair: Pair) -> Outcome:
        count = self._value(row, pair.n)
        mean = self._value(row, pair.mean)
        if UNREADABLE in (count.state, mean.state):
            return None, "blank", None
        n = count.whole
        if count.number is not None and (n is None or n < 0):
            self._found.note("not_a_number", row.number, pair.n)
            return None, "blank", None
        if n == 0:
            return self._nobody(row, pair, mean)
        if mean.number is None:
            if n is not None:
                self._found.note("mean_missing", row.number, pair.mean)
            return None, mean.state, n
        return self._observed(row, pair, mean, n)

    def _nobody(self, row: Row, pair: Pair, mean: Value) -> Outcome:
        if mean.number:
            self._found.note("value_without_participants", row.number, pair.mean)
        return None, "absent", 0

    def _observed(self, row: Row, pair: Pair, mean: Value, n: int | None) -> Outcome:
        if n is None:
            self._found.note("count_missing", row.number, pair.n)
        elif mean.number == 0:
            self._found.note("zero_mean", row.number, pair.mean)
        return mean.real, "observed", n

    def _value(self, row: Row, column: int) -> Value:
        cell = row.cell(column)
        key = (type(cell), cell)
        parsed = self._known.get(key)
        if parsed is None:
            parsed = self._known[key] = self._parsed(cell)
        if parsed.state == UNREADABLE:
            self._found.note("not_a_number", row.number, column)
        elif isinstance(cell, str) and not self._measures.leading_zero and DATE_LIKE.fullmatch(cell.strip()):
            self._found.note("looks_like_date", row.number, column)
        return parsed

    def _parsed(self, cell: Cell) -> Value:
        parsed = value(cell)
        return Value(UNREADABLE) if parsed.state == "not_attempted" else parsed


def _frame(organisations: pd.DataFrame, measures: Measures, subject: Subject, year: int, cells: _Cells) -> pd.DataFrame:
    import pandas as pd

    from pipeline.tables import DTYPES, GROUP_RESULTS, ORG_REFERENCE

    values, states, counts = zip(*cells.outcomes(subject.pair), strict=True) if len(organisations) else ((), (), ())
    constants = {
        "procedure": measures.procedure,
        "school_year": year,
        "wave": measures.wave,
        "subject": subject.pair.subject,
        "grade": subject.grade,
        "level": "organisation",
        "measure": measures.measure,
        "category": measures.category,
        "unit": measures.unit,
        "decimals": cells.decimals(subject.pair),
        "max_score": subject.max_score,
        "scale": subject.scale,
    }
    own = [column for column in GROUP_RESULTS.columns if column.name not in (*organisations, "org_id")]
    filled = {column.name: constants.get(column.name) for column in own}
    filled |= {"value": list(values), "state": list(states), "n": list(counts)}
    frame = pd.DataFrame(filled, index=organisations.index, dtype="object")
    frame = frame.astype({column.name: DTYPES[column.kind] for column in own}).join(organisations)
    order = [name for name in GROUP_RESULTS.names if name != "org_id"]
    return frame[[*order, *ORG_REFERENCE, "org_settlement"]]


def _subject(match: Match, measures: Measures, pair: Pair, file: str) -> Subject:
    grade = _grade(match, measures.grade, file)
    top = _max_score(match, measures, pair, file)
    scale = measures.scale.id.format(grade=grade, max=f"{top:g}" if top is not None else "")
    return Subject(pair, grade, top, scale)


def _grade(match: Match, grade: int | GradeInTitle, file: str) -> int:
    if isinstance(grade, int):
        return grade
    for cell in _texts(match):
        said = re.search(grade.title, cell)
        if said and said["grade"] in grade.values:
            return grade.values[said["grade"]]
    raise InputError(
        "В заголовке над таблицей не найден класс.",
        place=Place(file, match.sheet.name or None),
        advice="верните строку заголовка из исходного файла или допишите класс в раскладку (grade.values).",
    )


def _max_score(match: Match, measures: Measures, pair: Pair, file: str) -> float | None:
    """The stated maximum; None when the layout says that the file states none."""
    rule = measures.scale.max_score
    if rule is None:
        return None
    stated = _stated(match, measures, pair, rule)
    if stated is None:
        raise InputError(
            f"Не найден максимальный балл по предмету «{pair.subject}».",
            place=Place(file, match.sheet.name or None),
            advice="верните его из исходного файла или исправьте max_score в раскладке.",
        )
    return stated


def _stated(match: Match, measures: Measures, pair: Pair, rule: MaxScore) -> float | None:
    if rule.constant is not None or rule.title is None:
        return rule.constant if rule.constant is not None else pair.max_score
    subjects = {token(name): code for name, code in measures.subjects.items()}
    for row in match.above:
        said = re.search(rule.title, " ".join(text(cell) for cell in row if text(cell)))
        if said and subjects.get(token(said["subject"])) == pair.subject:
            return float(said["max"])
    return None


def _texts(match: Match) -> list[str]:
    return [text(cell) for row in match.above for cell in row if text(cell)]
