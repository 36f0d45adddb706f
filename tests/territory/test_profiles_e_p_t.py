"""Profiles of Е, П and Т: parts, order and names of chapters as their documents have them, goals with their items."""

from __future__ import annotations

import re

import pytest

from pipeline.paths import Paths
from pipeline.territory.profile import Profile, load_profile
from tests.structure.checkout import ROOT
from tests.territory.test_roadmaps import roadmap

CODES = ("eniseysk", "pochep", "taymyr")
RESULTS = "Механизмы управления качеством образовательных результатов"
ACTIVITY = "Механизмы управления качеством образовательной деятельности"


def profile(code: str) -> Profile:
    return load_profile(Paths(ROOT / "tests", code, 2026))


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("eniseysk", [RESULTS, "", RESULTS, RESULTS, RESULTS, ACTIVITY, ACTIVITY, "", ACTIVITY, ACTIVITY, "", ""]),
        ("taymyr", [*[RESULTS] * 4, ACTIVITY, ACTIVITY, "", ACTIVITY, ACTIVITY, "", "", ""]),
    ],
)
def test_two_parts(code: str, parts: list[str]) -> None:
    assert [plan.part for plan in profile(code).chapters] == parts


@pytest.mark.parametrize(
    ("code", "within", "hidden"),
    [
        ("eniseysk", {"objectivity": "achievement", "methodical": "teachers"}, []),
        ("pochep", {}, ["preschool"]),
        ("taymyr", {"methodical": "teachers"}, []),
    ],
)
def test_what_is_printed_inside_another_chapter_or_not_at_all(
    code: str, within: dict[str, str], hidden: list[str]
) -> None:
    chapters = profile(code).chapters
    assert {plan.direction: plan.within for plan in chapters if plan.within} == within
    assert [plan.direction for plan in chapters if not plan.printed] == hidden


@pytest.mark.parametrize("code", CODES)
def test_chapters_stand_in_the_order_of_the_sections_under_their_names(code: str) -> None:
    document = roadmap(code)
    official = {section.direction: section.official for section in document.sections if section.official}
    chapters = [plan for plan in profile(code).chapters if plan.printed and not plan.within]
    named = [plan.direction for plan in chapters if plan.direction in official]
    order = list(dict.fromkeys(section.direction for section in document.sections if section.official))
    assert named == order
    assert {plan.direction: plan.title for plan in chapters if plan.direction in official} == official


def goal_key(code: str, direction: str, item: str) -> str | None:
    """The roadmap item that a goal of a profile cites; None for clauses that the roadmap does not hold."""
    number = re.match(r"(\d+) (строки «Цели»|раздела )", item)
    section = next(part.id for part in roadmap(code).sections if part.direction == direction)
    if number:
        return f"Е-{section}-цели-{number[1]}" if code == "eniseysk" else f"П-{section}-{number[1]}"
    line = re.fullmatch(r"(7\.\d\.\d), строка (\d+)", item)
    return f"Т-{line[1]}-{line[2]}" if line else None


@pytest.mark.parametrize("code", CODES)
def test_goals_cite_items_of_their_own_direction(code: str) -> None:
    document = roadmap(code)
    for plan in profile(code).chapters:
        for goal in plan.goals:
            assert goal.document
            if plan.direction in ("integrated", "management_cycle"):
                continue  # goals of the document as a whole
            item = document.item(goal_key(code, plan.direction, goal.item) or "")
            assert plan.direction in (document.direction_of(item), *item.also)
            assert item.component == "goals" or code != "taymyr"  # Е prints indicators among goals, П has no goals


def test_every_goal_row_of_e_is_a_goal_of_its_profile() -> None:
    told = [
        goal_key("eniseysk", plan.direction, goal.item)
        for plan in profile("eniseysk").chapters
        for goal in plan.goals
        if "строки" in goal.item
    ]
    assert told == [item.key for item in roadmap("eniseysk").items if "-цели-" in item.key]
