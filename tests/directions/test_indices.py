"""Indices that a territory has set: groups that no weights overturn; a bad setting is an error that says what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.directions.chapter import Inputs
from pipeline.directions.panels import indices
from pipeline.errors import WorkspaceError
from pipeline.indicators.index_rules import IndexRule, load_indices
from pipeline.paths import Paths
from pipeline.presentation.blocks import Paragraphs, TableBlock, plain
from tests.directions.inputs import RULES, inputs, share
from tests.directions.test_integrated import form, spaced

NAMES = ("absent_often", "repeated_year", "vacancies_share")
RULE: dict[str, Any] = {
    "id": "readiness",
    "title": "Индекс готовности",
    "source": "приказ № 1",
    "below": 0.33,
    "above": 0.67,
    "components": [{"indicator": one, "worst": 0.5, "best": 0.0, "source": "пункт 2"} for one in NAMES],
}


def town(*shares: tuple[int, int, int], **given: Any) -> Inputs:
    """Schools with three shares of 100 each, and the index."""
    rows = [
        form(name, org, x, 100) for org, part in enumerate(shares, start=1) for name, x in zip(NAMES, part, strict=True)
    ]
    made = inputs("integrated", *rows)
    return replace(made, rules=replace(RULES, indices=(IndexRule(**{**RULE, **given}),)))


def alike(x: int, schools: int) -> list[tuple[int, int, int]]:
    return [(x, x, x)] * schools


def test_none_is_shipped_and_none_is_shown() -> None:
    assert RULES.indices == ()
    assert indices.panel(inputs("integrated", form("absent_often", 1, 5, 100))).analysis == ()


def test_groups_of_schools_that_no_weights_overturn() -> None:
    """0–50 % against the posts: 45 of 100 are .1, 25 are .5, 5 are .9; one is high in two and low in one."""
    panel = indices.panel(town(*alike(45, 3), *alike(25, 3), *alike(5, 3), (5, 5, 49)))
    (table,) = panel.analysis
    assert isinstance(table, TableBlock)
    groups = [spaced(row[1].text) for row in table.rows]
    assert groups == ["нижняя"] * 3 + ["средняя"] * 3 + ["верхняя"] * 3 + ["не определена"]
    assert "нижняя — 3; средняя — 3; верхняя — 3; не определена — 1; нет данных — 0" in spaced(plain(table.statement))
    assert not any("место" in head.title.lower() for head in table.heads)
    assert panel.findings == ()
    assert list(panel.frames["index_readiness"]["index"][:3]) == pytest.approx([0.1] * 3)


def test_a_missing_indicator_or_few_participants_leave_a_school_without_a_group() -> None:
    made = town(*alike(25, 7))
    gone = (made.indicators["group"] == "s1") & (made.indicators["indicator"] == "absent_often")
    panel = indices.panel(replace(made, indicators=made.indicators[~gone]))
    assert panel.analysis[0].rows[0][1].text == "нет данных"  # type: ignore[attr-defined]


def test_few_schools_are_a_sentence() -> None:
    (said,) = indices.panel(town(*alike(25, 3))).analysis
    assert isinstance(said, Paragraphs)
    assert "групп нет — организаций со всеми показателями слишком мало" in spaced(plain(said.items[0]))


def test_of_another_territory_it_is_not_shown() -> None:
    assert indices.panel(town(*alike(25, 7), territories=("eniseysk",))).analysis == ()


@pytest.mark.parametrize(
    ("indicator", "words"),
    [("no_such", "нет"), ("vpr_quality", "нельзя использовать"), ("oge_participants", "не доля")],
)
def test_a_component_that_cannot_be_used_is_refused_by_name(indicator: str, words: str) -> None:
    wrong = [*RULE["components"][1:], {**RULE["components"][0], "indicator": indicator}]
    with pytest.raises(WorkspaceError, match=words) as caught:
        indices.panel(town(*alike(25, 7), components=wrong))
    assert indicator in str(caught.value)
    assert "indices.yml" in str(caught.value)


BAD = {
    "components: []": "components",
    "below: 0.7": "below меньше above",
    "worst: 0.0": "worst и best",
    "wieght: 3": "wieght",
}


@pytest.mark.parametrize(("line", "words"), BAD.items())
def test_a_bad_setting_says_which_key(line: str, words: str, tmp_path: Path) -> None:
    key = line.split(":")[0]
    plain_rule = {"id": "readiness", "title": "Индекс", "source": "приказ", "below": 0.3, "above": 0.6}
    parts = [{"indicator": one, "worst": 0.5, "best": 0.0, "source": "пункт"} for one in NAMES]
    rule: dict[str, Any] = {**plain_rule, "components": parts}
    value: Any = [] if key == "components" else float(line.split(":")[1])
    if key == "worst":
        parts[0] = {**parts[0], "worst": value}
    else:
        rule[key] = value
    target = tmp_path / "config" / "norms" / "indices.yml"
    target.parent.mkdir(parents=True)
    import yaml

    target.write_text(yaml.safe_dump({"indices": [rule]}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(WorkspaceError, match=words):
        load_indices(Paths(tmp_path, "demo", 2026))


def test_an_id_stands_once(tmp_path: Path) -> None:
    parts = "".join(f"      - {{indicator: {one}, worst: 0.5, best: 0.0, source: п}}\n" for one in NAMES)
    one = f"  - id: a\n    title: И\n    source: п\n    below: 0.3\n    above: 0.6\n    components:\n{parts}"
    target = tmp_path / "config" / "norms" / "indices.yml"
    target.parent.mkdir(parents=True)
    target.write_text("indices:\n" + one, encoding="utf-8")
    assert [rule.id for rule in load_indices(Paths(tmp_path, "demo", 2026))] == ["a"]
    target.write_text("indices:\n" + one * 2, encoding="utf-8")
    with pytest.raises(WorkspaceError, match="дважды"):
        load_indices(Paths(tmp_path, "demo", 2026))


def test_classes_of_one_school_are_pooled_by_their_pupils() -> None:
    """10 of 100 and 30 of 50: 40 of 150."""
    rows = [
        share(
            10, 100, "oge_below_minimum", level="organisation", group="s1", procedure="oge", subject="russian", grade=9
        ),
        share(
            30, 50, "oge_below_minimum", level="organisation", group="s1", procedure="oge", subject="physics", grade=9
        ),
    ]
    component = {"indicator": "oge_below_minimum", "worst": 0.5, "best": 0.0, "source": "пункт 2"}
    rule = IndexRule(**{**RULE, "components": [component, *RULE["components"][1:]]})
    _, values = indices._values(inputs("integrated", *rows), rule)
    assert values[0, 0] == pytest.approx(40 / 150)
