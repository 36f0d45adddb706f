"""The fixture `reference`, and the option that writes what it recorded into docs/references.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import PurePosixPath
from typing import Any

import pytest

from tests.statistics.references import COMMAND, DOCUMENT, PROPERTY, Check, Row, compared, missing, written


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--references", action="store_true", help="write the table of published numbers")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--references", False) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Writer(), "references-writer")


class Writer:
    """Collects the rows of all tests, also of parallel workers, and writes them when everything passed."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.rows += [Row(*value) for name, value in report.user_properties if name == PROPERTY]  # type: ignore[misc]

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if exitstatus == 0:
            document = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.is_file() else ""
            DOCUMENT.write_text(written(document, self.rows), encoding="utf-8", newline="\n")


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Iterator[Check]:
    """A check against a published number; what it compared is a row of docs/references.md."""
    node = request.node
    rows: list[Row] = []
    path = PurePosixPath(node.nodeid.split("::")[0].replace("\\", "/"))
    family = "/".join(path.with_suffix("").parts[2:]).replace("test_", "")

    def check(what: str, ours: Any, published: Any, source: str, **by: Any) -> None:
        how = by.pop("abs", 0.0), by.pop("rel", 0.0), by.pop("decimals", None)
        row, agree = compared((family, node.originalname), what, (ours, published), source, how)
        rows.append(row)
        node.user_properties.append((PROPERTY, list(astuple(row))))
        assert agree, f"{row.what}: ours {row.ours}, published {row.published}, allowed {row.allowed}"

    yield check
    absent = [row.what for row in rows if missing(row)] if not request.config.getoption("--references", False) else []
    assert not absent, f"not in docs/references.md: {absent}; to renew it: {COMMAND}"
