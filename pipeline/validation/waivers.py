"""Known errors of the sources that an office decided to accept: `config/corrections/<territory>.yml`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import Field, field_validator

from pipeline.errors import Place, WorkspaceError
from pipeline.paths import Paths
from pipeline.settings import Strict, load_model
from pipeline.validation.crosschecks import CROSSCHECKS
from pipeline.validation.ledger import CheckResult
from pipeline.validation.suites import Suite

_PERSON = re.compile(r"[А-ЯЁ]\.\s?[А-ЯЁ]\.|[А-ЯЁ][а-яё]+(ович|евич|ична|овна|евна)\b")


class Waiver(Strict):
    """One decision: which check is accepted, where, why, by which office and when. Dates as 2026-12-31."""

    check: str = Field(min_length=1)
    table: str = ""
    file: str = ""
    action: Literal["accept"]
    reason: str
    office: str
    date: dt.date
    valid_until: dt.date | None = None

    @field_validator("reason", "office")
    @classmethod
    def _said(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("не может быть пустым")
        if _PERSON.search(text):
            raise ValueError("похоже на имя человека; назовите должность или орган")
        return text.strip()

    @property
    def why(self) -> str:
        until = f", действует по {self.valid_until:%d.%m.%Y}" if self.valid_until else ""
        return f"{self.reason} (решение от {self.date:%d.%m.%Y}{until})"

    def covers(self, result: CheckResult) -> bool:
        """The right check and table; files are judged by `apply`, since several waivers may share a check."""
        return self.check == result.id and self.table in ("", result.table)


class Corrections(Strict):
    corrections: tuple[Waiver, ...] = ()


@dataclass(frozen=True)
class Waivers:
    """The decisions of one territory; `file` is the name of the file they stand in."""

    waivers: tuple[Waiver, ...] = ()
    file: str = ""


def load_waivers(paths: Paths) -> Waivers:
    """Decisions of `paths.territory`; no file means none. A decision without office or reason is a WorkspaceError."""
    path = paths.config(f"corrections/{paths.territory}.yml")
    if not path.exists():
        return Waivers()
    return Waivers(load_model(Corrections, path).corrections, path.name)


def known_checks(suites: Mapping[str, Suite], reader_codes: Iterable[str] = ()) -> frozenset[str]:
    """Ids of all checks that exist: expectations, crosschecks, remarks of readers."""
    expectations = (identifier for suite in suites.values() for identifier in suite.ids)
    return frozenset([*expectations, *CROSSCHECKS, *reader_codes])


def apply(
    waivers: Waivers, results: Sequence[CheckResult], known: Collection[str], as_of: dt.date
) -> list[CheckResult]:
    """Mark failed checks that a decision accepts; a decision that did nothing becomes an info result.

    `known` are the ids of all checks that exist (see `known_checks`); an id outside it
    is a WorkspaceError. A decision about a file accepts a check only if all files with failed rows are accepted.
    """
    _check_known(waivers, {*known, *(result.id for result in results)})
    valid = [waiver for waiver in waivers.waivers if waiver.valid_until is None or waiver.valid_until >= as_of]
    judged = [_judged(result, valid) for result in results]
    used = {waiver for result in results for waiver in _accepting(result, valid)}
    unused = [waiver for waiver in waivers.waivers if waiver not in used]
    return judged + [_unused(waiver, waivers.file, waiver in valid) for waiver in unused]


def _check_known(waivers: Waivers, known: Collection[str]) -> None:
    for waiver in waivers.waivers:
        if waiver.check not in known:
            raise WorkspaceError(
                f"Решение о проверке «{waiver.check}» не принято: такой проверки нет.",
                place=Place(waivers.file),
                advice="перепишите код проверки из таблицы проверок в главе о качестве данных.",
            )


def _accepting(result: CheckResult, waivers: Iterable[Waiver]) -> list[Waiver]:
    """Decisions that together accept this failed check; none when some file is left out."""
    if result.passed:
        return []
    covering = [waiver for waiver in waivers if waiver.covers(result)]
    whole = [waiver for waiver in covering if not waiver.file]
    named = [waiver for waiver in covering if waiver.file in result.files]
    accepted = {waiver.file for waiver in named}
    if whole:
        return whole
    return named if result.files and accepted >= set(result.files) else []


def _judged(result: CheckResult, waivers: Iterable[Waiver]) -> CheckResult:
    accepting = _accepting(result, waivers)
    if not accepting:
        return result
    offices = "; ".join(dict.fromkeys(waiver.office for waiver in accepting))
    return replace(result, waived_by=offices, waived_why="; ".join(waiver.why for waiver in accepting))


def _unused(waiver: Waiver, file: str, valid: bool) -> CheckResult:
    why = "проверка пройдена или ошибка есть и в других файлах" if valid else "срок решения истёк"
    return CheckResult(
        id="waiver_unused",
        origin="crosscheck",
        table="",
        severity="info",
        passed=False,
        evaluated=1,
        failed=1,
        message=f"Решение о проверке «{waiver.check}» не понадобилось или не подействовало: {why}",
        advice="удалите решение, если оно больше не нужно, или уточните, к какому файлу оно относится",
        places=(Place(file or None),),
        files=(file,) if file else (),
    )
