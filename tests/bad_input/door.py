"""The command line as the analyst uses it, with stand-ins for what is slow and proved elsewhere."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline import assemble, check, cli, compute, documents, tables
from pipeline.execution import runner
from pipeline.validation.crosschecks import run_crosschecks
from pipeline.validation.engine import run_suites
from tests.bad_input.cases import CASES
from tests.bad_input.territory import CODE, SURNAME, YEAR, Place

CHECKOUT = Path(__file__).resolve().parents[2]
ENGLISH = re.compile(r"\b(?:error|invalid|traceback|exception|errno|should|cannot|no such)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Outcome:
    """What a command left on the screen and its exit code."""

    code: int
    out: str
    err: str

    @property
    def message(self) -> str:
        """The error as it is printed last."""
        return self.err[self.err.index("ОШИБКА") :] if "ОШИБКА" in self.err else ""


def door(*words: str) -> Outcome:
    """`msoko` with these words, in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before, sys.argv = sys.argv, ["msoko", *words]
    code = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        sys.argv = before
    printed = []
    for stream in (out, err):
        stream.flush()
        printed.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return Outcome(code, *printed)


def command(place: Place, name: str = "run", *more: str) -> Outcome:
    return door(name, CODE, str(YEAR), "--workspace", str(place.root), *more)


def stops(place: Place, case: str, *parts: str, name: str = "run") -> Outcome:
    """Run, and see that it stops as the table says, in words, and that the last report is untouched byte for byte."""
    before = place.published()
    outcome = command(place, name)
    says(outcome, case, *parts)
    assert str(place.root) not in outcome.out + outcome.err
    assert place.published() == before
    return outcome


def says(outcome: Outcome, case: str, *parts: str) -> None:
    """The exit code of the case, one Russian message with advice, no path, no traceback, no name of a pupil."""
    printed = outcome.out + outcome.err
    assert outcome.code == CASES[case].code, printed
    assert outcome.message.startswith(f"ОШИБКА {outcome.code}. "), printed
    assert outcome.err.count("ОШИБКА") == 1
    assert "Что делать: " in outcome.message
    for part in parts:
        assert part in outcome.message, printed
    for path in (str(CHECKOUT), str(Path.home()), tempfile.gettempdir(), sys.prefix):
        assert path not in printed
    assert SURNAME not in printed
    assert not ENGLISH.search(printed), printed


def goes_on(place: Place, *parts: str) -> Outcome:
    """Run to the end: a new whole report beside the old one, which is untouched."""
    before = place.published()
    outcome = command(place)
    assert outcome.code == 0, outcome.out + outcome.err
    for part in parts:
        assert part in outcome.err
    after = place.published()
    assert {name: after[name] for name in before if name != "latest"} | {"latest": before["latest"]} == before
    assert after["latest"] != before["latest"]
    assert not [name for name in after if Path(name).parts[0].startswith(".")]
    return outcome


def stand_ins(patch: pytest.MonkeyPatch) -> None:
    """What takes seconds and is proved elsewhere: checks of tables find nothing, indicators are none, the first and the
    last notebook are copied instead of executed, the report is two small files, beside it a card and a page."""
    patch.setattr(check, "run_suites", lambda suites, frames, progress: [])
    patch.setattr(check, "run_crosschecks", lambda frames, subject: [])
    patch.setattr(compute, "of_scope", lambda scope, passports: tables.empty("indicators"))
    patch.setitem(runner.execute.__kwdefaults__, "engine", engine)
    patch.setitem(runner.execute.__kwdefaults__, "notebooks", (runner.NOTEBOOKS[0], runner.NOTEBOOKS[-1]))
    patch.setattr(assemble, "export_report", export)
    patch.setattr(documents, "documents", papers)


def engine(task: Any, into: Any, living: Any) -> None:
    into.executed.write_text(task.source.read_text(encoding="utf-8"), encoding="utf-8")
    tables.write("findings", tables.empty("findings"), into.handoff / "findings.parquet")


def export(executed_dir: Path, book: Any, target: Path) -> None:
    for name in ("report.html", "report.pdf"):
        (target / name).write_text(f"{book.title} {len(list(executed_dir.iterdir()))}", encoding="utf-8")


def papers(paths: Any, settings: Any, made_from: Any, book: Any, folder: Path, say: Any) -> None:
    """One card and the page that leads to it."""
    for name in ("cards/org.html", "index.html"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(book.title, encoding="utf-8")


def with_checks(patch: pytest.MonkeyPatch) -> None:
    """The checks of tables as they are, Great Expectations among them."""
    patch.setattr(check, "run_suites", run_suites)
    patch.setattr(check, "run_crosschecks", run_crosschecks)
