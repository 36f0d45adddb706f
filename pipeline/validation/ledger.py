"""The record of what was checked: one row a check, with its severity, result and the office that waived it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.errors import Place

Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True)
class CheckResult:
    """One check. `origin` is suite (Great Expectations), crosscheck or reader; `table` the clean table or "".

    `evaluated` rows were looked at, `failed` of them did not pass. `places` are up to five places in the source files,
    never values. `message` says in Russian what is wrong (or what was checked, when passed), `advice` what to do.
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

    @property
    def stops(self) -> bool:
        """A critical check that failed and was not waived stops the run."""
        return self.severity == "critical" and not self.passed and not self.waived_by
