"""Frozen settings of one run, built once at the door."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import Place, UsageError, WorkspaceError
from pipeline.paths import Paths

YEARS = range(2000, 2100)
EDITIONS = ("internal", "public")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where PyYAML was built with it
# Beginnings of pydantic's names of errors → what an analyst reads.
REASONS = {
    "extra_forbidden": "неизвестный ключ",
    "missing": "ключ обязателен",
    "string_pattern": "написано не по образцу",
    "string_too_short": "не может быть пустым",
    "string": "нужна строка",
    "bool": "нужно true или false",
    "int": "нужно целое число",
    "float": "нужно число",
    "date": "нужна дата вида 2026-12-31",
    "tuple": "нужен список",
    "list": "нужен список",
    "dict": "нужны ключи со значениями",
    "model": "нужны ключи со значениями",
    "literal": "такого варианта нет",
    "greater": "число слишком мало",
    "less": "число слишком велико",
}
Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """Base of everything read from YAML: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RunSettings(Strict):
    """Parameters of a run. Dates are parameters, never the clock, so that a rerun gives the same bytes."""

    territory: str
    report_year: int
    edition: Literal["internal", "public"] = "internal"
    as_of: dt.date
    report_date: dt.date

    @property
    def school_year(self) -> int:
        """2026 means 2025/26."""
        return self.report_year

    def parameters(self) -> dict[str, str | int]:
        """What is injected into every notebook: literals only."""
        return {
            "territory": self.territory,
            "report_year": self.report_year,
            "edition": self.edition,
            "as_of": self.as_of.isoformat(),
            "report_date": self.report_date.isoformat(),
        }


def run_settings(
    territory: str,
    report_year: int,
    edition: str = "internal",
    as_of: str | None = None,
    report_date: str | None = None,
) -> RunSettings:
    """Check the parameters of a run; dates default to 31 December of the report year."""
    if edition not in EDITIONS:
        raise UsageError(f"Редакция «{edition}» неизвестна.", advice="укажите internal.")
    if edition == "public":
        raise UsageError(
            "Открытая редакция ещё не готова: защита малых групп не сделана.",
            advice="соберите внутреннюю редакцию (--edition internal) и не размещайте её на сайте.",
        )
    check_year(report_year)
    last_day = f"{report_year}-12-31"
    return RunSettings(
        territory=territory,
        report_year=report_year,
        edition="internal",
        as_of=_date("as_of", as_of or last_day),
        report_date=_date("report_date", report_date or as_of or last_day),
    )


def check_year(year: int) -> None:
    """A report year is written with four digits; UsageError."""
    if year not in YEARS:
        raise UsageError(f"Год «{year}» не годится.", advice="пишите четыре цифры, например: msoko check lesnoy 2026")


def _date(name: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"Параметр {name}: «{text}» не дата.", advice="пишите дату как 2026-12-31.") from error


def read_yaml(path: Path) -> Any:
    """Parse a YAML file; a syntax error becomes a WorkspaceError that names the line."""
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=LOADER)
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(
            "Файл настроек не читается: он закрыт для чтения или сохранён не в кодировке UTF-8.",
            place=Place(path.name),
            advice="пересохраните его как текст в UTF-8 и проверьте права на чтение.",
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        cell = f"строка {mark.line + 1}" if mark else None
        raise WorkspaceError(
            "Файл настроек не читается: нарушена разметка YAML.",
            place=Place(path.name, cell=cell),
            advice="проверьте отступы, кавычки и двоеточия в этой строке.",
        ) from error


def load_model(model: type[Model], path: Path) -> Model:
    """Read one YAML file into a strict model; unknown keys and wrong types become a WorkspaceError."""
    if not path.exists():
        raise WorkspaceError(f"Нет файла настроек «{path.name}».", advice="создайте его по образцу соседних файлов.")
    return build_model(model, read_yaml(path), path.name)


def build_model(model: type[Model], data: Any, file: str) -> Model:
    """Validate already parsed data; the error lists each wrong key."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        # a misspelt key explains the missing ones, so it is named first
        found = sorted(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
        wrong = "; ".join(f"{'.'.join(map(str, item['loc'])) or 'корень'}: {_reason(item)}" for item in found[:5])
        raise WorkspaceError(
            f"Настройки в файле «{file}» не приняты: {wrong}.",
            place=Place(file),
            advice="исправьте названные ключи; допустимые ключи описаны в docs/config.md.",
        ) from error


def _reason(item: Any) -> str:
    if item["type"] == "value_error":  # said by a validator of ours, in Russian
        return f"недопустимое значение ({item['ctx']['error']})"
    kind = next((words for start, words in REASONS.items() if item["type"].startswith(start)), "")
    return kind if kind in ("неизвестный ключ", "ключ обязателен") else f"недопустимое значение{kind and f' ({kind})'}"


class Subject(Strict):
    """A school subject: stable code → Russian title, short name in charts, spellings met in files."""

    title: str
    short: str
    genitive: str = ""
    aliases: tuple[str, ...] = ()


class Subjects(Strict):
    subjects: dict[str, Subject]

    def code(self, spelling: str) -> str | None:
        """The code of a subject by any of its spellings, ignoring case and spaces; None when unknown.

        Titles and aliases come before short names: two school systems may share «химия» as a caption in charts.
        """
        wanted = _plain(spelling)
        for code, subject in self.subjects.items():
            if wanted in {_plain(name) for name in (subject.title, *subject.aliases)}:
                return code
        return next((code for code, subject in self.subjects.items() if wanted == _plain(subject.short)), None)

    def title(self, code: str) -> str:
        return self.subjects[code].title if code in self.subjects else code


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("ё", "е").split())


def load_subjects(paths: Paths) -> Subjects:
    """All `config/norms/subjects*.yml`, merged."""
    merged: dict[str, Subject] = {}
    for path in paths.config_files("norms", "subjects*.yml"):
        merged |= load_model(Subjects, path).subjects
    return Subjects(subjects=merged)
