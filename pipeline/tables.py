"""The clean tables: their columns, keys and states. Long and tidy, each row knows its source.

A table is declared once, here. `conform` brings a frame to the declared columns, order and types, or fails;
`write` and `read` keep it as Parquet with the schema version, so that an older file is rebuilt, not misread.

Years: `school_year` 2026 means 2025/26. Shares are 0–1, scores come with `max_score`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.form_tables import FORM_TABLES
from pipeline.schema import SOURCE, Column, Table, columns

SCHEMA_VERSION = "1"

# Five states of a value, plus the one of subjects drawn at random. Zero is a value: observed.
STATES = ("observed", "blank", "absent", "not_attempted", "suppressed", "not_drawn")
LEVELS = ("country", "region", "municipality", "organisation")
STATUSES = (
    "ok",
    "no_data",
    "too_few",
    "spread_unknown",
    "not_applicable",
    "not_drawn",
    "break_in_series",
    "suppressed",
)
DTYPES: dict[str, Any] = {"text": "str", "int": "Int64", "real": "Float64", "flag": "boolean"}


class SchemaError(Exception):
    """A frame does not fit its table: a mistake of ours, not of the analyst."""


_PROCEDURE = """
procedure text Процедура
school_year int Учебный год
wave text Этап
subject text Предмет
grade int Класс
"""

_PARTICIPANT = """
org_id text Организация
participant text Участник (псевдоним)
"""

ORGANISATIONS = Table(
    "organisations",
    "Организации и их коды",
    ("org_id", "alias_kind", "alias_code"),
    columns(
        """
org_id text Организация
name text Наименование
alias_kind text Вид кода
alias_code text Код
org_type text? Вид организации
municipality text? Муниципалитет
region text? Регион
settlement text? Населённый пункт
provisional flag Временная запись
valid_from text? Действует с
valid_to text? Действует по
"""
        + SOURCE.strip()
    ),
)

RESULTS = Table(
    "results",
    "Результаты участников",
    ("procedure", "school_year", "wave", "subject", "grade", "org_id", "participant"),
    columns(
        _PROCEDURE.strip()
        + _PARTICIPANT.rstrip()
        + """
municipality text? Муниципалитет
region text? Регион
class_label text? Класс (номер в параллели или литера)
variant text? Вариант
category text? Категория участника
state text Состояние результата
primary_score real? Первичный балл
max_score real? Максимальный первичный балл
test_score real? Тестовый балл
mark int? Отметка
mark_state text Состояние отметки
journal_mark int? Отметка по журналу
journal_mark_state text Состояние отметки по журналу
scale text? Шкала
exam_date text? Дата
"""
        + SOURCE.strip()
    ),
)

TASK_SCORES = Table(
    "task_scores",
    "Баллы за задания",
    ("procedure", "school_year", "wave", "subject", "grade", "org_id", "participant", "task"),
    columns(
        _PROCEDURE.strip()
        + _PARTICIPANT.rstrip()
        + """
task text Задание
task_order int Порядок задания
task_level text? Уровень сложности
score real? Балл
max_score real? Максимальный балл
state text Состояние
"""
        + SOURCE.strip()
    ),
)

GROUP_RESULTS = Table(
    "group_results",
    "Сводные результаты, как опубликованы",
    ("procedure", "school_year", "wave", "subject", "grade", "level", "group", "measure", "category"),
    columns(
        _PROCEDURE.strip()
        + """
level text Уровень
group text Группа
group_label text Группа, как напечатана
org_id text? Организация
municipality text? Муниципалитет
region text? Регион
measure text Показатель источника
category text Категория
value real? Значение
state text Состояние
unit text Единица
decimals int? Знаков после запятой в источнике
count int? Число участников в категории
n int? Число участников
n_orgs int? Число организаций
max_score real? Максимальный балл
scale text? Шкала
exam_date text? Дата
"""
        + SOURCE.strip()
    ),
)

MARKED_SCHOOLS = Table(
    "marked_schools",
    "Официальный список организаций с признаками необъективности",
    ("school_year", "org_id", "procedure", "subject", "grade"),
    columns(
        """
school_year int Учебный год
org_id text Организация
procedure text Процедура
subject text Предмет
grade int Класс
municipality text? Муниципалитет
region text? Регион
marker int? Маркер
state text Состояние
n_markers int? Количество маркеров в источнике
"""
        + SOURCE.strip()
    ),
)

INDICATORS = Table(
    "indicators",
    "Показатели",
    (
        "indicator",
        "territory",
        "school_year",
        "procedure",
        "subject",
        "grade",
        "level",
        "group",
        "task",
        "category",
    ),
    columns(
        """
indicator text Показатель
direction text Направление
territory text Территория
school_year int Учебный год
period text Период
procedure text Процедура
subject text Предмет
grade int Класс
level text Уровень
group text Группа
group_label text Группа, как печатать
org_id text? Организация
task text Задание
category text Категория
series text Ряд сопоставимых значений
kind text Вид
unit text Единица
numerator real? Числитель
denominator real? Знаменатель
n int? Число участников
numerator_basis text? Откуда числитель
value real? Значение
published text? Как напечатано в источнике
lower real? Нижняя граница
upper real? Верхняя граница
confidence real? Доверительная вероятность
method text? Метод интервала
status text Состояние
max_score real? Максимальный балл
inputs text Источники
"""
    ),
)

FINDINGS = Table(
    "findings",
    "Выводы",
    ("id",),
    columns(
        """
id text Код
direction text Направление
territory text Территория
org_id text? Организация
kind text Вид
statement text Вывод (части с привязкой к показателям, JSON)
indicators text Ключи показателей (JSON)
strength text Сила свидетельства
addressee text? Адресат
due text? Срок
weight real Вес для отбора в «Главное за год»
"""
    ),
)

COUNTRY_SCHOOLS = Table(
    "country_schools",
    "Средние результаты школ страны",
    ("procedure", "subject", "grade", "school_year", "org_id"),
    columns(
        """
procedure text Процедура
subject text Предмет
grade int Класс
school_year int Учебный год
org_id text Организация
series text Ряд сопоставимых значений
unit text Единица
n int Число участников
value real Среднее
"""
    ),
)

EXPORTED = (ORGANISATIONS, RESULTS, TASK_SCORES, GROUP_RESULTS, MARKED_SCHOOLS)
CLEAN = {table.name: table for table in (*EXPORTED, *FORM_TABLES)}
TABLES = CLEAN | {table.name: table for table in (INDICATORS, FINDINGS, COUNTRY_SCHOOLS)}

# What a reader of files gives instead of `org_id`; ingest.organisations turns these into `org_id`.
ORG_REFERENCE = ("org_alias_kind", "org_alias_code", "org_name")


def empty(name: str) -> pd.DataFrame:
    """A frame with the declared columns and no rows."""
    return _empty(name).copy()


@cache
def _empty(name: str) -> pd.DataFrame:
    return conform(name, pd.DataFrame(columns=TABLES[name].names))


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with declared columns, order and types. Missing optional columns are added as missing values.

    Raises SchemaError for unknown columns, absent required ones, or a value that does not fit its type.
    """
    table = TABLES[name]
    unknown = set(frame.columns) - set(table.names)
    absent = {column.name for column in table.columns if column.required} - set(frame.columns)
    if unknown or absent:
        raise SchemaError(f"{name}: unknown columns {sorted(unknown)}, absent columns {sorted(absent)}")
    built = {column.name: _typed(name, frame, column) for column in table.columns}
    return pd.DataFrame(built, columns=table.names).reset_index(drop=True)


def _typed(name: str, frame: pd.DataFrame, column: Column) -> pd.Series[Any]:
    typed: pd.Series[Any]
    if column.name not in frame.columns:
        typed = pd.Series(pd.NA, index=frame.index).astype(DTYPES[column.kind])
        return typed
    try:
        typed = frame[column.name].astype(DTYPES[column.kind])
    except (TypeError, ValueError) as error:
        raise SchemaError(f"{name}.{column.name}: does not fit {column.kind}") from error
    if column.required and typed.isna().any():
        raise SchemaError(f"{name}.{column.name}: {int(typed.isna().sum())} missing values in a required column")
    return typed


def combine(name: str, frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Several conformed frames as one; no frames give an empty table."""
    filled = [frame for frame in frames if len(frame)]
    return conform(name, pd.concat(filled, ignore_index=True)) if filled else empty(name)


def write(name: str, frame: pd.DataFrame, path: Path) -> None:
    """Write a conformed frame as Parquet sorted by its key (by source for pupils: nothing is ordered by pseudonyms)."""
    table = TABLES[name]
    order = [column for column in table.key if column != "participant"]
    order += [column for column in ("source_file", "source_sheet", "source_row") if column in table.names]
    ready = conform(name, frame).sort_values(order, kind="stable", ignore_index=True)
    arrow = pa.Table.from_pandas(ready, preserve_index=False)
    arrow = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), b"msoko_schema": SCHEMA_VERSION.encode()})
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(arrow, path, compression="zstd")


def read(name: str, path: Path) -> pd.DataFrame:
    """Read a table written by `write`; an absent file is an empty table, an older schema raises SchemaError."""
    if not path.exists():
        return empty(name)
    arrow = pq.read_table(path)
    if (arrow.schema.metadata or {}).get(b"msoko_schema") != SCHEMA_VERSION.encode():
        raise SchemaError(f"{name}: {path.name} was written with another schema version")
    return conform(name, arrow.to_pandas())
