"""The ledger on disk and as a table: sorted, byte-stable, without clock, ids of a run or raw values."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import Place
from pipeline.validation.ledger import SEVERITIES, SEVERITY_TITLES, CheckResult

if TYPE_CHECKING:
    import pandas as pd

FILE = "checks.json"
OUTCOMES = ("пройдена", "не пройдена", "принята решением", "не проверялось")
COLUMNS = (
    "id",
    "origin",
    "table",
    "severity",
    "outcome",
    "passed",
    "evaluated",
    "failed",
    "message",
    "advice",
    "places",
    "waived_by",
    "waived_why",
)


def ordered(results: Iterable[CheckResult]) -> list[CheckResult]:
    """Failed before passed within severity, then by table, id and text: the same order on every run."""
    return sorted(
        results,
        key=lambda item: (
            not item.stops,
            item.passed,
            SEVERITIES.index(item.severity),
            item.table,
            item.id,
            item.message,
            tuple(map(str, item.places)),
        ),
    )


def dump(results: Iterable[CheckResult]) -> str:
    """JSON text of the ledger, one object a check."""
    return json.dumps([asdict(item) for item in ordered(results)], ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def save(results: Iterable[CheckResult], path: Path) -> None:
    """Write the ledger beside and move it in place, so that a killed run leaves the old one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".part")
    fresh.write_text(dump(results), encoding="utf-8", newline="\n")
    fresh.replace(path)


def load(path: Path) -> list[CheckResult]:
    """The ledger that `save` wrote; an absent file is an empty ledger."""
    if not path.exists():
        return []
    return [_result(record) for record in json.loads(path.read_text(encoding="utf-8"))]


def _result(record: dict[str, Any]) -> CheckResult:
    places = tuple(Place(**place) for place in record["places"])
    return CheckResult(**{**record, "places": places, "files": tuple(record["files"])})


def summary(results: Sequence[CheckResult]) -> list[dict[str, str | int]]:
    """Counts for chapter 00: one record per table and severity with a count of each outcome."""
    counts = Counter((item.table, item.severity, item.outcome) for item in results)
    groups = sorted({(item.table, SEVERITIES.index(item.severity)) for item in results})
    return [
        {"table": table, "severity": SEVERITIES[rank]}
        | {outcome: counts[table, SEVERITIES[rank], outcome] for outcome in OUTCOMES}
        for table, rank in groups
    ]


def frame(results: Iterable[CheckResult]) -> pd.DataFrame:
    """The ledger as a table for the notebook: severity in words, places as one text."""
    import pandas as pd

    rows = [
        asdict(item)
        | {
            "severity": SEVERITY_TITLES[item.severity],
            "outcome": item.outcome,
            "places": "; ".join(map(str, item.places)),
        }
        for item in ordered(results)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
