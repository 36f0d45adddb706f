"""What must hold of every report, whatever it is about."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

from tests.real.evidence import holding, outputs, plain
from tests.real.running import Made, Tally

STAMP = "Внутренняя редакция"
DIRECTIONS = {"01": "Оценка качества подготовки", "02": "Объективность процедур"}
LEFTOVERS = re.compile(r"\b(?:nan|NaN|None|NaT|inf|Infinity|Traceback)\b|<NA>")
POINT = re.compile(r"\d\.\d+ ?%")


def check(made: Made, tally: Tally) -> None:
    report = made.report
    tally.same("HTML loads nothing from a network", report.loads(), [])
    tally.same("every figure has an alternative text", report.unlabelled_figures(), [])
    pages = report.pdf_pages
    unstamped = [number for number, page in enumerate(pages, start=1) if STAMP not in plain(page)]
    tally.check(f"every page of the PDF ({len(pages)}) carries «{STAMP}»", len(pages) > 3 and not unstamped, unstamped)
    tally.check(f"the HTML carries «{STAMP}»", STAMP in report.page)
    for name, text in (("HTML", report.page), ("PDF", report.pdf)):
        tally.same(f"{name}: no leftovers of the program", LEFTOVERS.findall(text), [])
        tally.same(f"{name}: no percent with a decimal point", POINT.findall(text), [])
    folders = {str(made.workspace), str(made.workspace.resolve()), str(made.workspace.parent)}
    written = [path for path in outputs(made.workspace) if path.is_relative_to(made.folder)]
    tally.same("no absolute path in any file of the report", holding(written, folders), {})
    _directions(made, tally)
    _passport(made, tally)
    _links(made, tally)


def _directions(made: Made, tally: Tally) -> None:
    """A direction that has data is not listed among those that have none."""
    found = re.search(r"Без источников [^.]*\.", made.report.page)
    lacking = found.group() if found else ""
    for number, title in DIRECTIONS.items():
        if (made.folder / "data" / f"{number}_indicators.csv").exists():
            tally.check(f"«{title}» is not called a direction without sources", title not in lacking, lacking)


def _passport(made: Made, tally: Tally) -> None:
    """The passport lists what was read and what was written."""
    passport = json.loads((made.folder / "passport.json").read_text(encoding="utf-8"))
    raw = made.workspace / "data" / "raw"
    own = {
        path.relative_to(raw).as_posix()
        for owner in (made.territory, "_shared")
        for path in (raw / owner).rglob("*")
        if path.is_file()
    }
    tally.same("passport.json lists the files of the drop folder", {file["path"] for file in passport["files"]}, own)
    written = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*") if path.is_file()}
    listed = {output["path"] for output in passport["outputs"]} | {"passport.json", "run.json"}
    tally.same("passport.json lists the files of the report", listed, written)


def _links(made: Made, tally: Tally) -> None:
    """Every page of the run folder leads only to files that lie in it."""
    pages = sorted(made.folder.rglob("*.html"))
    found = {
        f"{page.name}: {address}"
        for page in pages
        for address in re.findall(r'<a [^>]*?href="([^"#][^"]*)"', page.read_text(encoding="utf-8"))
        if not (page.parent / unquote(address)).is_file()
    }
    tally.check("there are a page of the run, справки and cards", len(pages) > 3, [page.name for page in pages])
    tally.same("every link of every page leads to a file", found, set())
