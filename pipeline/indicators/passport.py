"""A declared passport: what an indicator is, from what it is made, who asks for it and how it must not be used."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, StrictInt, ValidationError, model_validator

from pipeline.errors import Place, WorkspaceError
from pipeline.indicators.form_sources import FORM, FormRate
from pipeline.indicators.guard import harm
from pipeline.indicators.guard_nested import Question, Questions, nested_harm
from pipeline.indicators.register_sources import REGISTER
from pipeline.indicators.series import SeriesKind
from pipeline.indicators.sources import KINDS, Source, TasksBelow
from pipeline.settings import Strict, read_yaml

DirectionCode = Literal[
    "data_quality",
    "achievement",
    "objectivity",
    "low_results",
    "talent",
    "career",
    "heads",
    "teachers",
    "methodical",
    "upbringing",
    "preschool",
    "integrated",
    "management_cycle",
    "annual_report",
]
Use = Literal["teachers", "heads", "pay", "ranks"]
USES: tuple[Use, ...] = ("teachers", "heads", "pay", "ranks")
WHOLE = ("procedure", "subject", "grade")
Unit = Literal[
    "share",
    "per_100",
    "per_1000",
    "per_class",
    "points",
    "mark",
    "pupils",
    "teachers",
    "people",
    "families",
    "organisations",
    "participations",
    "markers",
    "tasks",
    "works",
    "events",
    "places",
    "programmes",
    "items",
    "records",
    "documents",
]
PARTS = ("share", "per_100", "per_1000", "per_class")  # units of what has a numerator and a denominator


class Document(Strict):
    """A source document (letters as in GLOSSARY.md) and its item that asks for the indicator; «К-7.1» says both."""

    document: Literal["Л", "Е", "П", "Т", "К"]
    item: str

    @model_validator(mode="before")
    @classmethod
    def _said_in_one_word(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        letter, _, item = given.partition("-")
        return {"document": letter, "item": item}

    def __str__(self) -> str:
        return f"{self.document}-{self.item}"


class Alias(Strict):
    """An earlier name of what is measured (a federal project was renamed); `until` is its last school year."""

    title: str
    until: StrictInt


class Passport(Strict):
    """One indicator. `numerator` and `denominator` are words for readers; `sources` say the same to the engine.

    `also`: other directions whose chapters show it. `aliases`: earlier names, so that a renamed project is not lost.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    short: str
    direction: DirectionCode
    also: tuple[DirectionCode, ...] = ()
    aliases: tuple[Alias, ...] = ()
    kind: Literal["share", "mean", "count", "rate", "ordinal"]
    unit: Unit
    better: Literal["higher", "lower", "neutral"]
    numerator: str = ""
    denominator: str = ""
    sources: tuple[Source, ...] = Field(min_length=1)
    breakdowns: tuple[Literal["procedure", "subject", "grade", "task"], ...] = ("procedure", "subject", "grade")
    levels: tuple[Literal["country", "region", "municipality", "organisation"], ...]
    period: Literal["year", "half_year", "quarter"] = "year"
    series: SeriesKind = "test"
    norm: str | None = None
    documents: tuple[Document, ...] = ()
    forbidden: tuple[Use, ...] = ()
    means_of_scores: bool = False
    uses_marks: bool = False
    regulation_document: str | None = None
    objectivity_confirmed: str | None = None
    publication: Literal["usual", "sensitive", "municipal_totals"] = "usual"
    note: str = ""

    @property
    def for_reference_only(self) -> bool:
        """Marks are printed «справочно» until a regulation is named and objectivity is confirmed by a document."""
        return self.uses_marks and not (self.regulation_document and self.objectivity_confirmed)

    @property
    def tables(self) -> frozenset[str]:
        """Clean tables the indicator reads."""
        items = (
            table for source in self.sources if isinstance(source, (*FORM, *REGISTER)) for table, *_ in source.asked
        )
        named = (source.table for source in self.sources if not isinstance(source, TasksBelow))
        return frozenset((*named, *items))

    @model_validator(mode="after")
    def _fits_together(self) -> Passport:
        if problem := _shape(self) or harm(self):
            raise ValueError(problem)
        return self


def _shape(passport: Passport) -> str:
    """Kinds, units and words must agree."""
    wrong = [source.type for source in passport.sources if passport.kind not in KINDS[source.type]]
    if wrong:
        return f"источник {wrong[0]} не даёт показателя вида {passport.kind}"
    if any(source.type.startswith("published") for source in passport.sources) and set(WHOLE) - set(
        passport.breakdowns
    ):
        return "опубликованные значения нельзя складывать: нужны разрезы procedure, subject, grade"
    if "task" in passport.breakdowns and passport.tables - {"task_scores"}:
        return "разрез task есть только у таблицы task_scores"
    if passport.kind in ("share", "ordinal") and passport.better == "neutral" and not _of_form(passport):
        return "у доли должно быть названо, что лучше: higher или lower"
    if passport.kind in ("share", "rate", "ordinal") and not (passport.numerator and passport.denominator):
        return "у доли нужны слова для числителя (numerator) и знаменателя (denominator)"
    if (passport.unit in PARTS) != (passport.kind in ("share", "rate", "ordinal")):
        return f"единица {passport.unit} не подходит виду {passport.kind}"
    if unfit := _per(passport):
        return unfit
    if any(isinstance(source, TasksBelow) for source in passport.sources) and not passport.norm:
        return "показателю по норме нужна норма (norm)"
    return ""


def _of_form(passport: Passport) -> bool:
    """Of the collection form: a feature of a school's context has no better side; a share of results always has."""
    return all(isinstance(source, (*FORM, *REGISTER)) for source in passport.sources)


def _per(passport: Passport) -> str:
    """A rate of a form is per class, per 100 or 1000, and its unit says so."""
    wanted = {_unit_of(source) if isinstance(source, FormRate) else "share" for source in passport.sources}
    rate = passport.unit != "share" and passport.unit in PARTS
    if passport.unit in PARTS and wanted != {passport.unit}:
        return f"единица {passport.unit} не подходит источнику: нужна {', '.join(sorted(wanted))}"
    return "показатель на 100 или 1000 бывает только у одного источника" if rate and len(passport.sources) > 1 else ""


def _unit_of(source: FormRate) -> str:
    return "per_class" if source.per == 1 else f"per_{source.per}"


def load_passports(files: Iterable[Path], items: Iterable[Path] = ()) -> tuple[Passport, ...]:
    """All passports of the files, in order of files. A file has `passports` and perhaps `shared` (keys that several
    of its passports repeat, taken by YAML anchors).

    `items`: files of the collection form's questions; with them, what the questions tell is guarded too.
    Raises WorkspaceError with the file, the id and the key when one does not fit, when an id is given twice, or when a
    derived indicator names one that is not declared.
    """
    questions = _questions(items)
    loaded: dict[str, tuple[Passport, str]] = {}
    for path in files:
        for position, item in enumerate(_items(path), start=1):
            passport = _build(item, path.name, position)
            if passport.id in loaded:
                raise _refusal(path.name, passport.id, f"этот код уже есть в файле «{loaded[passport.id][1]}»")
            loaded[passport.id] = (passport, path.name)
    known = {passport.id: passport for passport, _ in loaded.values()}
    for passport, file in loaded.values():
        for source in passport.sources:
            if isinstance(source, TasksBelow) and source.indicator not in loaded:
                raise _refusal(file, passport.id, f"sources: показатель «{source.indicator}» не объявлен")
        if problem := nested_harm(passport, questions, known):
            raise _refusal(file, passport.id, f"sources: {problem}")
    return tuple(known.values())


def _questions(files: Iterable[Path]) -> Questions:
    """(table, item) → what the guard must know of a question of the form."""
    return {
        (table["table"], item["id"]): Question(
            item.get("title", ""), item["kind"], item.get("unit", ""), table.get("groups", {})
        )
        for table in map(read_yaml, files)
        for item in table["items"]
    }


def _items(path: Path) -> list[Any]:
    data = read_yaml(path)
    named = set(data) - {"shared"} if isinstance(data, dict) else set()
    if named != {"passports"} or not isinstance(data["passports"], list):
        raise WorkspaceError(
            "Файл паспортов показателей должен состоять из одного списка passports.",
            place=Place(path.name),
            advice="возьмите за образец config/indicators/achievement.yml.",
        )
    return data["passports"]


def _build(item: Any, file: str, position: int) -> Passport:
    try:
        return Passport.model_validate(item)
    except ValidationError as error:
        name = item.get("id") if isinstance(item, dict) else None
        wrong = "; ".join(_explain(found) for found in error.errors()[:5])
        raise _refusal(file, str(name or f"№ {position}"), wrong) from error


def _refusal(file: str, name: str, reason: str) -> WorkspaceError:
    return WorkspaceError(
        f"Паспорт показателя «{name}» не принят: {reason}.",
        place=Place(file),
        advice="исправьте названный ключ; как объявить показатель, описано в docs/indicators.md.",
    )


def _explain(found: Any) -> str:
    """One fault of pydantic in Russian: key and reason."""
    key = ".".join(map(str, found["loc"]))
    known = {"extra_forbidden": "неизвестный ключ", "missing": "ключ обязателен"}
    if found["type"] == "value_error":
        reason = str(found["ctx"]["error"])
    elif found["type"] in ("literal_error", "union_tag_invalid"):
        context = found["ctx"]
        reason = f"допустимы значения {context.get('expected') or context.get('expected_tags')}".replace(" or ", ", ")
    else:
        reason = known.get(found["type"], "значение не подходит по типу или виду")
    return f"{key}: {reason}" if key else reason
