"""The gate: a critical check that failed and was not waived stops the run with one message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from pipeline.errors import DisagreementError, GateError, MsokoError, Place, YearConflictError
from pipeline.validation.ledger import CheckResult, Severity, counted

SHOWN = 5

# Remarks of readers that have an exit code of their own; the first one present decides, everything else is GateError.
ERRORS: dict[str, type[MsokoError]] = {
    "year_conflict": YearConflictError,
    "files_disagree": DisagreementError,
}


@dataclass(frozen=True)
class Verdict:
    """All results of a run and what they mean for it."""

    results: tuple[CheckResult, ...]

    @property
    def critical(self) -> tuple[CheckResult, ...]:
        """Checks that stop the run."""
        return tuple(result for result in self.results if result.stops)

    @property
    def waived(self) -> tuple[CheckResult, ...]:
        return tuple(result for result in self.results if not result.passed and result.waived_by)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        return self._open("warning")

    @property
    def remarks(self) -> tuple[CheckResult, ...]:
        """Failed checks that only inform."""
        return self._open("info")

    @property
    def passes(self) -> bool:
        return not self.critical

    def _open(self, severity: Severity) -> tuple[CheckResult, ...]:
        failed = (result for result in self.results if not result.passed and not result.waived_by)
        return tuple(result for result in failed if result.severity == severity)


def from_remark(code: str, severity: Severity, message: str, place: Place, advice: str = "") -> CheckResult:
    """A remark of a reader as a ledger row. A remark is by nature something found, so it has not passed."""
    if severity not in get_args(Severity):
        raise ValueError(f"{code}: unknown severity {severity!r}")
    located = (place,) if str(place) else ()
    files = (place.file,) if place.file else ()
    return CheckResult(code, "reader", "", severity, False, 1, 1, message, advice, located, files=files)


def judge(results: Iterable[CheckResult]) -> Verdict:
    """The verdict, or the one error that lists what must be mended. Store the results before asking."""
    verdict = Verdict(tuple(results))
    if not verdict.passes:
        raise stop(verdict.critical)
    return verdict


def stop(critical: tuple[CheckResult, ...]) -> MsokoError:
    """One error over all critical results: what, where and advice of the first ones, the number of the rest."""
    present = {result.id for result in critical}
    kind = next((ERRORS[code] for code in ERRORS if code in present), GateError)
    leading = sorted(critical, key=lambda result: ERRORS.get(result.id) is not kind)
    lines = [_lines(number, result) for number, result in enumerate(leading[:SHOWN], start=1)]
    if len(leading) > SHOWN:
        lines.append(f"И ещё {counted(len(leading) - SHOWN, ('проверка', 'проверки', 'проверок'))}.")
    total = counted(len(leading), ("критическая проверка", "критические проверки", "критических проверок"))
    return kind(
        f"Отчёт не собран: не пройдено: {total}.\n" + "\n".join(lines),
        place=leading[0].places[0] if len(leading) == 1 and leading[0].places else None,
        advice="исправьте названное в исходных файлах и запустите снова; если источник исправить нельзя, запишите "
        "решение в config/corrections (как — в README этой папки). Прежний отчёт не тронут.",
    )


def _lines(number: int, result: CheckResult) -> str:
    parts = [f"{number}. {result.message.rstrip('.')} [{result.id}]."]
    if result.places:
        more = " и другие" if result.failed > len(result.places) else ""
        parts.append(f"   Где: {'; '.join(map(str, result.places))}{more}.")
    if result.advice:
        parts.append(f"   Что делать: {result.advice.rstrip('.')}.")
    return "\n".join(parts)
