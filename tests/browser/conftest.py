"""Chromium with the network off, and the run folder to look at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
SWITCHES = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND")
KINDS = {"report": "report.html", "index": "index.html", "notes": "notes/*.html", "cards": "cards/*.html"}
SOURCES = [path for path in (ROOT / "pipeline").rglob("*.*") if path.suffix != ".pyc"]


def lacking(what: str) -> NoReturn:
    """Skip aloud on a machine that lacks `what`; fail where looking is a must."""
    if os.environ.get("MSOKO_LOOK") == "must":
        pytest.fail(f"нет {what}, а MSOKO_LOOK=must требует посмотреть отчёт", pytrace=False)
    pytest.skip(f"нет {what}: отчёт глазами читателя не проверен")


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The newest finished report of the demo, or the folder that MSOKO_REPORT names."""
    if named := os.environ.get("MSOKO_REPORT"):
        return Path(named).resolve()
    edition = ROOT / "reports" / "demo" / "2026" / "internal"
    latest = edition / "latest"
    if not latest.is_file():
        lacking("готового отчёта (make report)")
    folder = edition / latest.read_text(encoding="utf-8").strip()
    if (folder / "run.json").stat().st_mtime < max(path.stat().st_mtime for path in SOURCES):
        lacking("отчёта, сделанного нынешним кодом (make report)")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system, headless."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("пакета playwright (extra browser)")
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        lacking("программы Chromium")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, args=list(SWITCHES))
        yield chromium
        chromium.close()


@dataclass
class Heard:
    """What went wrong behind a page: console errors, uncaught exceptions, requests that left the disk or failed."""

    faults: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", lambda said: self._add("console", said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self._add("exception", str(error)))
        page.on("requestfailed", lambda request: self._add("failed", request.url))
        page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(("file:", "data:")):
            self._add("fetched", request.url)

    def _add(self, kind: str, words: str) -> None:
        self.faults.append(f"{kind}: {words[:200]}")


Opener = Callable[..., "contextmanager[Page]"]


@pytest.fixture(scope="session")
def opened(browser: Browser) -> Opener:
    """`with opened(path, width=360) as page`: a file from disk, offline; what went wrong behind it fails the test."""

    @contextmanager
    def open_file(path: Path, *, width: int = 1280, anchor: str = "") -> Iterator[Page]:
        heard = Heard()
        context = browser.new_context(viewport={"width": width, "height": 800}, offline=True, reduced_motion="reduce")
        page = context.new_page()
        heard.listen(page)
        try:
            page.goto(path.as_uri() + anchor)
            yield page
        finally:
            context.close()
        assert heard.faults == []

    return open_file


@pytest.fixture(scope="session", params=KINDS)
def documents(request: pytest.FixtureRequest, run_folder: Path) -> list[Path]:
    """Documents of one kind: of those that one template makes, the shortest and one of middling length."""
    found = sorted(run_folder.glob(KINDS[request.param]), key=lambda path: path.stat().st_size)
    if not found:
        lacking(f"документов {KINDS[request.param]} в готовом отчёте")
    return list(dict.fromkeys((found[0], found[len(found) // 2])))


@pytest.fixture(scope="session")
def report(run_folder: Path) -> Path:
    """report.html of the run."""
    return run_folder / "report.html"
