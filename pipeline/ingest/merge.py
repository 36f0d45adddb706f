"""Several frames of one clean table as one: the same row from two files counts once, a contradiction is critical.

Rows with one key are compared by their values; labels (names of groups and places, decimals shown) and sources may
differ, and a value that only one of the files states completes the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.errors import Place
from pipeline.form_tables import FORM_TABLES
from pipeline.ingest.reading import Remark
from pipeline.tables import CLEAN, combine, conform

_SOURCE = ("source_file", "source_sheet", "source_row")
_LABELS = frozenset(
    {"group_label", "municipality", "region", "settlement", "decimals", "exam_date", "name", "task_order", *_SOURCE}
)
_FORMS = frozenset(table.name for table in FORM_TABLES)
# Cannot stand in a file name.
_SEPARATOR = "\0"
_UNSAID = ("participant", "category", "wave", "level")
_PROCEDURES = {"vpr": "ВПР", "oge": "ОГЭ", "ege": "ЕГЭ"}
_MEASURES = {"mark_share": "доли отметок", "journal_agreement": "отметки и журнал", "mean_score": "средний балл"}
# So many contradictions are listed one by one.
LISTED = 10


Words = Callable[[str, str, str], str]


def _as_is(table: str, column: str, code: str) -> str:
    return code


def merge(
    name: str, frames: Iterable[pd.DataFrame], subject: Callable[[str], str] = str, words: Words = _as_is
) -> tuple[pd.DataFrame, tuple[Remark, ...]]:
    """One conformed frame with a unique key, and remarks on what stood twice; `subject` is code → title, `words` the
    same for the codes of the collection form (table, column, code).

    Of rows with one key the fullest is kept, of equally full ones the first. A form that several offices fill in parts
    holds blank cells for all that the others answer: those say nothing and contradict nobody.
    """
    table = CLEAN[name]
    joined = combine(name, frames)
    if joined.empty:
        return joined, ()
    groups = joined.groupby(list(table.key), sort=False).ngroup()
    twice = groups.duplicated(keep=False)
    if not twice.any():
        return joined, ()
    repeated, group = joined[twice], groups[twice]
    stated = _stated(name, repeated)
    values = [column for column in table.names if column not in table.key and column not in _LABELS]
    differs = {column: _differs(stated[column], group) for column in values}
    wrong = pd.DataFrame(differs, index=repeated.index).any(axis=1)
    fullness = stated[values].notna().sum(axis=1)
    order = pd.DataFrame({"group": group, "empty": -fullness}).sort_values(["group", "empty"], kind="stable")
    kept = order.drop_duplicates("group").index
    merged = pd.concat([joined[~twice], repeated.loc[kept]]).sort_index()
    remarks = _same(name, repeated[~wrong], group[~wrong])
    remarks += _disagree(name, repeated[wrong], group[wrong], differs, lambda row: _what(name, row, subject, words))
    return conform(name, merged), tuple(remarks)


def _stated(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with what they say: a blank cell of a form is no statement."""
    if name not in _FORMS or "state" not in rows.columns:
        return rows
    return rows.assign(state=rows["state"].mask(rows["state"] == "blank"))


def _differs(values: pd.Series, group: pd.Series) -> pd.Series:
    """True for all rows of a group whose present values are not one."""
    codes = pd.Series(pd.factorize(values)[0], index=values.index)
    present = codes.where(codes >= 0)
    by_group = present.groupby(group)
    return by_group.transform("max") > by_group.transform("min")


def _same(name: str, rows: pd.DataFrame, group: pd.Series) -> list[Remark]:
    """Remarks on rows that agree: repeated inside one file, or standing in several."""
    if rows.empty:
        return []
    files: dict[int, dict[str, None]] = defaultdict(dict)
    for number, file in zip(group, rows["source_file"], strict=True):
        files[number][file] = None
    where = {number: _SEPARATOR.join(names) for number, names in files.items()}
    parts = rows.groupby(group.map(where), sort=False)
    return [_same_in(name, str(names).split(_SEPARATOR), part) for names, part in parts]


def _same_in(name: str, files: Sequence[str], rows: pd.DataFrame) -> Remark:
    title = CLEAN[name].title
    keys = len(rows.drop_duplicates(list(CLEAN[name].key)))
    about = _organisations(rows)
    if len(files) == 1:
        extra = len(rows) - keys
        message = f"В файле строки повторяются с теми же значениями ({title}): лишних {extra}{about}; учтены один раз."
        return Remark("same_rows_in_one_file", "warning", message, _place(rows.iloc[1]), "уберите повторы в источнике.")
    quoted = " и ".join(f"«{file}»" for file in files)
    message = f"Одни и те же строки стоят в файлах {quoted} ({title}): {keys}{about}; учтены один раз."
    return Remark("same_rows_in_two_files", "warning", message, Place(files[-1]), "оставьте в папке один из файлов.")


def _organisations(rows: pd.DataFrame) -> str:
    if "org_id" not in rows.columns or rows["org_id"].isna().all():
        return ""
    return f", организаций {rows['org_id'].nunique()}"


def _disagree(
    name: str, rows: pd.DataFrame, group: pd.Series, differs: dict[str, pd.Series], what: Callable[[pd.Series], str]
) -> list[Remark]:
    """One remark a contradiction for the first of them, then their number."""
    if rows.empty:
        return []
    parts = [part for _, part in rows.groupby(group, sort=False)]
    remarks = [_contradiction(name, part, differs, what) for part in parts[:LISTED]]
    if len(parts) > LISTED:
        message = f"Кроме названных, таких разногласий ещё {len(parts) - LISTED} ({CLEAN[name].title})."
        remarks.append(Remark("files_disagree", "critical", message, advice=_CHOOSE))
    return remarks


_CHOOSE = "узнайте, какой файл верен, и уберите другой из папки."


def _contradiction(
    name: str, rows: pd.DataFrame, differs: dict[str, pd.Series], what: Callable[[pd.Series], str]
) -> Remark:
    titles = {column.name: column.title for column in CLEAN[name].columns}
    columns = [titles[column].lower() for column, wrong in differs.items() if wrong.loc[rows.index].any()]
    where = "; ".join(f"«{row.source_file}», строка {row.source_row}" for row in rows.head(3).itertuples())
    first = rows.iloc[0]
    message = f"Разные значения одного и того же ({what(first)}): {', '.join(columns)}. {where}."
    place = replace(_place(first), cell=f"строка {first['source_row']}") if name in _FORMS else _place(first)
    return Remark("files_disagree", "critical", message, place, _CHOOSE)


def _what(name: str, row: pd.Series, subject: Callable[[str], str], words: Words) -> str:
    """The key in words, without pseudonyms; a group as the file prints it."""
    shown = [column for column in CLEAN[name].key if column not in _UNSAID]
    said = (_in_words(name, column, row, subject, words) for column in shown)
    return ", ".join(filter(None, said))


def _in_words(name: str, column: str, row: pd.Series, subject: Callable[[str], str], words: Words) -> str:
    value = str(row[column])
    known = {
        "procedure": _PROCEDURES.get(value, value),
        "school_year": f"{value} год",
        "subject": subject(value),
        "grade": f"{value} класс",
        "measure": _MEASURES.get(value, value),
    }
    if name in _FORMS:
        return known.get(column) or words(name, column, value)
    return {**known, "group": str(row.get("group_label", value))}.get(column, value)


def _place(row: pd.Series) -> Place:
    return Place(str(row["source_file"]), str(row["source_sheet"]) or None, f"A{row['source_row']}")
