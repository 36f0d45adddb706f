"""Suites of Great Expectations as plain JSON: read, checked against what Great Expectations would silently drop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from pipeline.errors import Place, WorkspaceError
from pipeline.paths import shipped
from pipeline.settings import Strict, build_model
from pipeline.tables import CLEAN
from pipeline.validation.ledger import SEVERITIES, SEVERITY_TITLES

FOLDER = "expectations"


class Meta(Strict):
    """What a reader sees of an expectation.

    `id` is `<table>.<name>`; `title` says what is checked, `message` what is wrong, `advice` what to do.
    `optional`: the column may be empty in a whole territory, then the check is «не проверялось», not failed.
    """

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    message: str = Field(min_length=1)
    advice: str = Field(min_length=1)
    optional: bool = False


class Expectation(Strict):
    """One expectation: type and kwargs as Great Expectations knows them, severity, words for readers."""

    type: str
    kwargs: dict[str, Any]
    severity: str
    meta: Meta

    @property
    def conditional(self) -> bool:
        """Looks only at the rows of its `row_condition`, so it may rightly have nothing to look at."""
        return "row_condition" in self.kwargs

    @property
    def configuration(self) -> dict[str, Any]:
        """As Great Expectations takes it; results are found again by `meta.id`."""
        return {"type": self.type, "kwargs": self.kwargs, "severity": self.severity, "meta": {"id": self.meta.id}}


class Suite(Strict):
    """Expectations of one clean table; `file` is the name of the JSON file they came from."""

    name: str
    expectations: tuple[Expectation, ...]
    file: str = ""

    @property
    def ids(self) -> list[str]:
        return [expectation.meta.id for expectation in self.expectations]


def load_suites(workspace: Path | None = None) -> dict[str, Suite]:
    """All suites by table: shipped ones, overlaid by `<workspace>/expectations` file by file.

    Raises WorkspaceError with file and expectation when a suite says something that would never be checked.
    """
    files = {path.name: path for path in sorted(shipped(FOLDER).glob("*.json"))}
    if workspace is not None:
        files |= {path.name: path for path in sorted((workspace / FOLDER).glob("*.json"))}
    suites = {path.stem: read_suite(path) for _, path in sorted(files.items())}
    for table in CLEAN:
        if table not in suites:
            raise WorkspaceError(
                f"Нет проверок для таблицы «{table}»: ни одного файла {FOLDER}/{table}.json.",
                advice="верните файл с проверками из поставки.",
            )
    return suites


def read_suite(path: Path) -> Suite:
    """One suite file, every declaration checked; what is wrong is named with file and expectation."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        line = f"строка {error.lineno}" if isinstance(error, json.JSONDecodeError) else None
        raise WorkspaceError(
            "Файл проверок не читается: нарушена разметка JSON.",
            place=Place(path.name, cell=line),
            advice="проверьте запятые, кавычки и скобки или верните файл из поставки.",
        ) from error
    suite = build_model(Suite, data, path.name).model_copy(update={"file": path.name})
    check_declared(suite)
    return suite


def check_declared(suite: Suite) -> None:
    """Refuse an unknown table, an empty suite, repeated or foreign ids, an unknown severity."""
    if suite.name not in CLEAN or suite.file != f"{suite.name}.json":
        raise refusal(suite, f"имя набора «{suite.name}» не совпадает с именем файла или такой таблицы нет")
    if not suite.expectations:
        raise refusal(suite, "в наборе нет ни одной проверки, и любые данные прошли бы")
    seen: set[str] = set()
    for expectation in suite.expectations:
        identifier = expectation.meta.id
        if identifier in seen or not identifier.startswith(f"{suite.name}."):
            raise refusal(suite, f"id повторяется или не начинается с «{suite.name}.»", identifier)
        if expectation.severity not in SEVERITIES:
            raise refusal(suite, f"важность «{expectation.severity}» неизвестна ({', '.join(SEVERITIES)})", identifier)
        seen.add(identifier)


def refusal(suite: Suite, why: str, identifier: str = "") -> WorkspaceError:
    """The error of a suite that cannot be trusted."""
    subject = f"Проверка «{identifier}» не принята" if identifier else "Набор проверок не принят"
    return WorkspaceError(
        f"{subject}: {why}.",
        place=Place(suite.file or f"{suite.name}.json"),
        advice=f"исправьте файл в папке {FOLDER} рабочей папки или верните файл из поставки.",
    )


def catalogue(suites: Mapping[str, Suite]) -> list[tuple[str, str, str, str]]:
    """Every declared expectation: id, table, severity in words, what is checked."""
    return [
        (expectation.meta.id, table, SEVERITY_TITLES[expectation.severity], expectation.meta.title)
        for table, suite in suites.items()
        for expectation in suite.expectations
    ]
