"""docs/demands.md is true: the count on top, passports, directions, files, data files and citations that it names.

Wrong count: `.venv/bin/python -m tests.structure.test_demands` prints the table that belongs on top.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
import yaml

from pipeline.indicators.passport import load_passports
from pipeline.paths import Paths
from pipeline.territory.profile import load_directions
from tests.structure.checkout import ROOT, modules

TEXT = (ROOT / "docs" / "demands.md").read_text(encoding="utf-8")
PATHS = Paths(ROOT / "tests", "demo", 2026)
CODES = {direction.code: direction for direction in load_directions(PATHS).directions}
PASSPORTS = {passport.id for passport in load_passports(PATHS.config_files("indicators"))}
STATES = ("есть", "частично", "ещё нет")
HEAD = ["Требование", "Кто", "Где; чего нет", "Итог"]
WHOLE = "Всего"
KEYS = {
    item["key"]
    for path in PATHS.config_files("roadmaps")
    for item in yaml.safe_load(path.read_text(encoding="utf-8"))["items"]
} | {"Т-5.3"}  # §5.3 has no measures of its own
Table = list[list[str]]


def rows(block: str) -> Table:
    """Cells of the lines of a table, without the line under the head."""
    lines = [line for line in block.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def sections() -> dict[str, Table]:
    """Title → demands."""
    parts = re.split(r"^## (.+)$", TEXT, flags=re.MULTILINE)
    return {title: rows(block) for title, block in zip(parts[1::2], parts[2::2], strict=True)}


def counted() -> Table:
    """The count of all sections, as it must be printed."""
    found = {title: Counter(row[-1] for row in table[1:]) for title, table in sections().items()}
    found[WHOLE] = sum(found.values(), Counter())
    return [[title, str(states.total()), *(str(states[state]) for state in STATES)] for title, states in found.items()]


def named(pattern: str) -> set[str]:
    return set(re.findall(rf"`({pattern})`", TEXT))


def cited() -> Iterator[tuple[str, str]]:
    for table in sections().values():
        for row in table[1:]:
            yield from ((row[0], one.strip()) for one in row[1].split(","))


@pytest.mark.parametrize("title", list(sections()))
def test_a_table_has_its_head_and_a_state_in_every_row(title: str) -> None:
    head, *demands = sections()[title]
    assert head == HEAD
    assert demands
    assert [row for row in demands if len(row) != len(HEAD) or not all(row) or row[-1] not in STATES] == []


def test_the_count_on_top_is_counted_from_the_tables() -> None:
    head, *printed = rows(TEXT.split("\n## ", 1)[0])
    assert head == ["Раздел", "требований", *STATES]
    assert printed == counted()


def test_each_of_the_fourteen_directions_has_demands() -> None:
    found = {match[2]: match[1] for title in sections() if (match := re.match(r"(\d\d)\. .+ \(`(\w+)`\)$", title))}
    assert found == {code: direction.number for code, direction in CODES.items()}


def test_passports_and_directions_exist() -> None:
    words = {"period", "municipal_totals"}  # a key and a value that docs/indicators.md explains
    assert sorted(named(r"[a-z][a-z0-9_]*") - PASSPORTS - set(CODES) - words) == []


def test_files_of_the_repository_exist() -> None:
    files = named(r"(?:config|docs|tests|pipeline)/[^`]+")
    assert len(files) > 10
    assert sorted(name for name in files if not (ROOT / name).exists()) == []


def test_data_files_are_those_that_directions_write() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules("pipeline/directions"))
    stems = {name: re.sub(r"^\d\d_|\.csv$|_years\.csv$", "", name) for name in named(r"\d\d_\w+\.csv")}
    assert len(stems) > 20
    assert sorted(name for name, stem in stems.items() if not re.search(rf"\b{stem}\b", code)) == []
    assert {name[:2] for name in stems} <= {direction.number for direction in CODES.values()}


@pytest.mark.parametrize(("demand", "key"), list(cited()))
def test_a_citation_is_a_document_or_an_item_of_its_roadmap(demand: str, key: str) -> None:
    letters = {item.partition("-")[0] for item in KEYS}
    whole = key in letters or key == "все"
    assert whole or key in KEYS or any(item.startswith(f"{key}-") for item in KEYS), demand


def as_table(lines: Sequence[Sequence[str]], heads: Sequence[str]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *lines))


if __name__ == "__main__":
    print(as_table(counted(), ["Раздел", "требований", *STATES]))
