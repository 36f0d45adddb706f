"""Registers of the collection form as indicators; every expectation is the sum itself, written out."""

import json
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from tests.indicators.forms import passport, sheet, table, tried
from tests.indicators.frames import TOWN, only

PRIZES = {
    "type": "register_share",
    "table": "olympiad",
    "where": [{"column": "event", "eq": "vsosh"}],
    "category": "stage",
    "numerator": ["prize_winners", "winners"],
    "denominator": ["participants"],
    "levels": ["municipality", "organisation"],
}
ROADMAP = replace(TOWN, roadmap={"Л-1": "management_cycle", "Л-9": "achievement", "Л-10": "achievement"})
DONE = [{"column": "progress", "eq": "done"}]
WHOLE = {"type": "register_share", "table": "roadmap", "whole_roadmap": True, "hit": DONE}
NO_BREAKDOWNS = {"breakdowns": []}


def olympiad(*rows: dict[str, Any]) -> pd.DataFrame:
    plain = {"school_year": 2026, "org_id": "s1", "event": "vsosh", "stage": "municipal", "subject": "physics"}
    return table(
        "olympiad", [{**plain, "grade": place, "state": "observed", **row} for place, row in enumerate(rows, 7)]
    )


def roadmap(**progress: str) -> pd.DataFrame:
    rows = [
        {"school_year": 2026, "item": f"Л-{key[1:]}", "progress": said, "evidence": "д1" if said == "done" else None}
        for key, said in progress.items()
    ]
    return table("roadmap", rows)


def decisions(*rows: tuple[str, str, str, str | None, str | None]) -> pd.DataFrame:
    names = ("decision", "kind", "progress", "parent", "org_id")
    plain = {"school_year": 2026, "direction": "achievement", "title": "разобрать"}
    return table("decisions", [{**plain, **dict(zip(names, row, strict=True))} for row in rows])


def share_of(found: pd.DataFrame) -> tuple[float, float]:
    row = only(found, level="municipality")
    return row["numerator"], row["denominator"]


def test_prizes_over_participations_of_each_stage() -> None:
    rows = olympiad(
        {"participants": 10, "winners": 1, "prize_winners": 2},
        {"participants": 6, "winners": 0, "prize_winners": 1, "org_id": "s2"},
        {"participants": 40, "winners": 3, "prize_winners": 5, "stage": "school"},
    )
    found = tried(PRIZES, changes=NO_BREAKDOWNS, olympiad=rows)
    town = found[found["level"] == "municipality"]
    assert {row["category"]: (row["numerator"], row["denominator"]) for _, row in town.iterrows()} == {
        "municipal": (1 + 2 + 0 + 1, 10 + 6),
        "school": (3 + 5, 40),
    }
    assert set(town["method"]) == {"wilson"}
    assert only(found, group="s2")["value"] == 1 / 6


def test_subject_is_a_breakdown_where_the_passport_wants_it() -> None:
    rows = olympiad(
        {"participants": 10, "winners": 1, "prize_winners": 2},
        {"participants": 5, "winners": 1, "prize_winners": 1, "subject": "chemistry"},
    )
    found = tried(PRIZES, changes={"breakdowns": ["subject"], "levels": ["municipality"]}, olympiad=rows)
    assert {row["subject"]: row["value"] for _, row in found.iterrows()} == {"physics": 3 / 10, "chemistry": 2 / 5}
    assert set(found["grade"]) == {0}


def test_blank_and_contradictory_rows_are_left_out_and_counted() -> None:
    rows = olympiad(
        {"participants": 10, "winners": 1, "prize_winners": 2},
        {"participants": None, "winners": 1, "prize_winners": 2, "state": "blank"},
        {"participants": 2, "winners": 1, "prize_winners": 2},
        {"participants": None, "winners": None, "prize_winners": None, "state": "not_attempted"},
    )
    row = only(tried(PRIZES, changes=NO_BREAKDOWNS, olympiad=rows), level="municipality")
    assert (row["numerator"], row["denominator"]) == (3, 10)
    entry = json.loads(row["inputs"])[0]
    assert (entry["not_answered"], entry["contradictory"]) == (1, 1)


def test_sum_of_participations_lacks_nothing() -> None:
    source = {"type": "register_count", "table": "olympiad", "total": ["participants"]}
    changes = {**NO_BREAKDOWNS, "unit": "participations"}
    whole = tried(source, changes=changes, olympiad=olympiad({"participants": 10}, {"participants": 7}))
    assert only(whole, level="municipality")["value"] == 10 + 7
    blank = olympiad({"participants": 10}, {"participants": None, "state": "blank"})
    row = only(tried(source, changes=changes, olympiad=blank), level="municipality")
    assert (row["value"], row["status"]) == (None, "no_data")


def test_olympiad_of_listed_schools_only() -> None:
    source = {**PRIZES, "listed": {"table": "context", "item": "shnor_listed"}}
    rows = olympiad(
        {"participants": 10, "winners": 1, "prize_winners": 2},
        {"participants": 6, "winners": 0, "prize_winners": 1, "org_id": "s2"},
    )
    said = sheet("context", s1={"shnor_listed": 0}, s2={"shnor_listed": 1})
    assert share_of(tried(source, changes=NO_BREAKDOWNS, olympiad=rows, context=said)) == (1, 6)


def test_done_over_all_items_also_those_nobody_reports_on() -> None:
    found = tried(WHOLE, at=ROADMAP, changes=NO_BREAKDOWNS, roadmap=roadmap(i1="done", i9="in_progress"))
    assert share_of(found) == (1, 3)
    reported = {**WHOLE, "hit": [{"column": "progress", "not_null": True}]}
    found = tried(reported, at=ROADMAP, changes=NO_BREAKDOWNS, roadmap=roadmap(i1="done", i9="in_progress"))
    assert share_of(found) == (2, 3)


def test_items_by_direction_and_rows_of_no_roadmap() -> None:
    source = {**WHOLE, "category": "direction"}
    given = roadmap(i1="done", i9="done", i77="done")
    found = tried(source, at=ROADMAP, changes={**NO_BREAKDOWNS, "levels": ["municipality"]}, roadmap=given)
    values = {row["category"]: (row["numerator"], row["denominator"]) for _, row in found.iterrows()}
    assert values == {"achievement": (1, 2), "management_cycle": (1, 1)}
    strange = tried(WHOLE, at=ROADMAP, changes=NO_BREAKDOWNS, roadmap=roadmap(i77="done"))
    assert share_of(strange) == (0, 3)  # the form speaks only of items of another roadmap
    assert tried(WHOLE, changes=NO_BREAKDOWNS, roadmap=given).empty  # whose roadmap it is nobody said


def test_evidence_over_what_is_done() -> None:
    source = {
        "type": "register_share",
        "table": "roadmap",
        "where": DONE,
        "hit": [{"column": "evidence", "not_null": True}],
    }
    given = roadmap(i1="done", i9="done", i10="not_done")
    given["evidence"] = pd.Series(["д1", None, None], dtype="str")
    assert share_of(tried(source, changes=NO_BREAKDOWNS, roadmap=given)) == (1, 2)


def test_answered_over_sent_and_recommendations_that_were_followed() -> None:
    given = decisions(
        ("р1", "recommendation", "answered", None, "s1"),
        ("р2", "recommendation", "sent", None, "s1"),
        ("р3", "recommendation", "done", None, None),
        ("р4", "recommendation", "planned", None, "s2"),
        ("м1", "measure", "done", "р1", None),
        ("м2", "measure", "planned", "р1", None),
        ("у1", "decision", "done", "р4", None),
    )
    recommended = {"column": "kind", "eq": "recommendation"}
    answered = {
        "type": "register_share",
        "table": "decisions",
        "where": [recommended, {"column": "progress", "in": ["sent", "answered", "done"]}],
        "hit": [{"column": "progress", "in": ["answered", "done"]}],
        "levels": ["municipality", "organisation"],
    }
    found = tried(answered, changes=NO_BREAKDOWNS, decisions=given)
    assert share_of(found) == (2, 3)
    assert only(found, group="s1")["value"] == 1 / 2
    followed = {
        "type": "register_share",
        "table": "decisions",
        "where": [recommended],
        "followed_by": [{"column": "kind", "in": ["measure", "decision"]}],
    }
    assert share_of(tried(followed, changes=NO_BREAKDOWNS, decisions=given)) == (2, 4)
    number = {"type": "register_count", "table": "decisions", "category": "kind"}
    counted = tried(number, changes={**NO_BREAKDOWNS, "levels": ["municipality"]}, decisions=given)
    assert {row["category"]: row["value"] for _, row in counted.iterrows()} == {
        "recommendation": 4,
        "measure": 2,
        "decision": 1,
    }


def test_a_measure_follows_the_newest_recommendation_of_that_number() -> None:
    given = decisions(
        ("р1", "recommendation", "sent", None, None),
        ("р2", "recommendation", "sent", None, None),
        ("р1", "recommendation", "sent", None, None),
        ("м1", "measure", "planned", "р1", None),
        ("м2", "measure", "planned", "р2", None),
    )
    given["school_year"] = pd.Series([2025, 2025, 2026, 2026, 2026], dtype="Int64")
    source = {
        "type": "register_share",
        "table": "decisions",
        "where": [{"column": "kind", "eq": "recommendation"}],
        "followed_by": [{"column": "kind", "eq": "measure"}],
    }
    found = tried(source, changes=NO_BREAKDOWNS, decisions=given)
    assert {row["school_year"]: (row["numerator"], row["denominator"]) for _, row in found.iterrows()} == {
        2025: (1, 2),  # «р2», whose number is not used again
        2026: (1, 1),
    }


def test_documents_by_component_and_an_empty_register() -> None:
    rows = [
        {"document": f"д{place}", "school_year": 2026, "kind": "order", "title": "Приказ", "component": component}
        for place, component in enumerate(("measures", "measures", None))
    ]
    source = {"type": "register_count", "table": "documents", "category": "component"}
    changes = {**NO_BREAKDOWNS, "levels": ["municipality"], "unit": "documents"}
    found = tried(source, changes=changes, documents=table("documents", rows))
    assert {row["category"]: row["value"] for _, row in found.iterrows()} == {"measures": 2, "": 1}
    assert tried(source, changes=changes, documents=table("documents", [])).empty


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({**PRIZES, "numerator": ["medals"]}, "нет столбца «medals»"),
        ({**PRIZES, "denominator": []}, "нужно одно из двух"),
        ({**PRIZES, "hit": DONE}, "нет столбца «progress»"),
        ({**PRIZES, "hit": [{"column": "stage", "eq": "school"}]}, "нужно одно из двух"),
        ({**PRIZES, "whole_roadmap": True}, "whole_roadmap"),
        ({**WHOLE, "followed_by": DONE}, "followed_by"),
        ({**WHOLE, "levels": ["organisation"]}, "нет организаций"),
        ({**WHOLE, "table": "results"}, "table"),
        ({"type": "register_count", "table": "contests", "distinct": "org_id", "total": ["winners"]}, "distinct"),
    ],
)
def test_what_a_source_over_a_register_may_not_say(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        passport(wrong)
