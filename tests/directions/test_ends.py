"""The end of a chapter and its «Главное» speak of the same: no problem beside a goal of another, no sign forgotten."""

from __future__ import annotations

from pipeline.directions import lead
from pipeline.directions.chapter import Chapter, Finding
from pipeline.directions.integrated import _one_goal
from pipeline.directions.panels import next_goal, risk_map
from pipeline.directions.panels.panel import Panel
from pipeline.presentation.blocks import Paragraphs, Run, TableBlock, plain, text
from tests.directions.inputs import SOURCE, chapter, exact, frame, inputs
from tests.directions.test_integrated import vpr


def lines(panel: Panel) -> list[str]:
    return [
        plain(line).replace("\u00a0", " ")
        for block in panel.analysis
        if isinstance(block, Paragraphs)
        for line in block.items
    ]


def problem(name: str, key: str, weight: float, kind: str = "risk") -> Finding:
    return Finding(name, kind, text(f"{name}: ", Run("12", key=key)), weight=weight)


def goal(key: str) -> Finding:
    return Finding("next_goal", "goal", text("Снизить с ", Run("12", key=key)))


def test_the_problem_printed_is_the_one_that_the_goal_answers() -> None:
    """The heavier problem has no goal of its own: it is not set beside the goal of another."""
    said = lines(
        next_goal.panel(inputs("talent"), [problem("Первая", "a", 0.9), problem("Вторая", "b", 0.1), goal("b")])
    )
    assert said == ["Проблема: Вторая: 12", "Предлагаемая цель следующего цикла: снизить с 12"]


def test_signs_alone_are_checked_again_and_not_kept_as_an_achievement() -> None:
    sign = Finding("signs.s1", "sign", text("Признаки"), weight=0.5)
    said = lines(next_goal.panel(inputs("objectivity"), [sign]))
    assert said[0] == next_goal.ONLY_SIGNS
    assert "перепроверить" in said[1] and "удержать" not in said[1]


def test_of_several_goals_the_one_of_the_heaviest_problem_is_kept() -> None:
    panels = [
        Panel(findings=(problem("Карта", "b", 0.1), goal("b"))),
        Panel(findings=(problem("Процедуры", "a", 0.9), goal("a"))),
    ]
    kept = [one for panel in _one_goal(panels) for one in panel.findings if one.kind == "goal"]
    assert [one.keys for one in kept] == [["a"]]


def test_what_a_measure_did_is_told_in_the_lead() -> None:
    """The effect is found at the end of a chapter, after its «Главное» was first written."""
    did = Finding("effect.2025.м.x.0", "strength", text("После меры показатель изменился"), weight=0.2)
    advice = Finding("recommendation.x", "recommendation", text("Сделать"), weight=0.9)
    before = Chapter("talent", chapter("talent").strip, {"lead": ()}, (problem("Первая", "a", 0.9), advice, did))
    after = lead.with_effects(inputs("talent"), before)
    (block,) = after.sections["lead"]
    assert isinstance(block, Paragraphs)
    assert [plain(line) for line in block.items] == ["Первая: 12", "После меры показатель изменился"]
    assert lead.with_effects(inputs("talent"), Chapter("talent", before.strip, {}, (advice,))).sections == {}


def test_the_risk_map_does_not_call_better_what_is_to_be_checked_again() -> None:
    rows = [vpr(1, 0, 200), vpr(2, 0, 200), vpr(3, 30, 100), exact(0.05)]
    marker = {
        "org_id": "s1",
        "school_year": 2026,
        "procedure": "vpr",
        "subject": "russian",
        "grade": 4,
        "marker": 1,
        "n_markers": 1,
    }
    listed = frame("marked_schools", {**SOURCE, **marker, "state": "observed"})
    (map_,) = (
        block
        for block in risk_map.panel(inputs("integrated", *rows, clean={"marked_schools": listed})).monitoring
        if isinstance(block, TableBlock) and block.id == "risk-map"
    )
    found = {row[0].text.replace("\u00a0", " "): row[1].text.replace("\u00a0", " ") for row in map_.rows}
    assert found["МБОУ «СОШ № 1»"] == risk_map.CHECK
    assert found["МБОУ «СОШ № 2»"] == "▲ лучше"
    assert found["МБОУ «СОШ № 3»"] == "▼ риск"
    assert any(line.startswith(risk_map.CHECK) for line in map_.legend)
