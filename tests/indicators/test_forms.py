"""Items of the collection form as indicators; every expectation is the sum itself, written out."""

import json
import math

import pytest

from tests.indicators.forms import BLANK, NOT_HELD, cell, passport, sheet, table, tried
from tests.indicators.frames import only

SHARE = {"type": "form_share", "table": "career", "numerator": ["bilet"], "denominator": ["pupils_6_11"]}
ENTERED = {
    "type": "form_share",
    "table": "destinations",
    "numerator": ["to_colleges"],
    "denominator": ["graduates"],
    "groups": ["grade_9", "grade_11"],
}


def gaps(row: dict) -> dict[str, int]:
    first = json.loads(row["inputs"])[0]
    return {name: first[name] for name in ("not_answered", "contradictory") if name in first}


def test_share_of_a_school_and_of_all_schools_together() -> None:
    found = tried(
        SHARE, career=sheet("career", s1={"bilet": 12, "pupils_6_11": 40}, s2={"bilet": 3, "pupils_6_11": 60})
    )
    town = only(found, level="municipality")
    assert (town["numerator"], town["denominator"], town["value"]) == (12 + 3, 40 + 60, 15 / 100)
    assert (town["n"], town["numerator_basis"], town["method"], town["status"]) == (100, "counted", "wilson", "ok")
    assert only(found, group="s1")["value"] == 12 / 40


def test_wilson_of_a_counted_share() -> None:
    """81 of 263 (Newcombe 1998, table I): 0.2553–0.3662."""
    row = only(tried(SHARE, career=sheet("career", s1={"bilet": 81, "pupils_6_11": 263})), level="municipality")
    assert row["lower"] == pytest.approx(0.2552885, abs=1e-7)
    assert row["upper"] == pytest.approx(0.3662096, abs=1e-7)


@pytest.mark.parametrize(
    "said", [{"bilet": BLANK, "pupils_6_11": 60}, {"bilet": 3, "pupils_6_11": BLANK}, {"bilet": 3}]
)
def test_school_with_a_blank_is_out_of_both_parts_and_counted(said: dict) -> None:
    found = tried(SHARE, career=sheet("career", s1={"bilet": 12, "pupils_6_11": 40}, s2=said))
    town = only(found, level="municipality")
    assert (town["numerator"], town["denominator"]) == (12, 40)
    assert gaps(town) == {"not_answered": 1}
    school = only(found, group="s2")
    assert (school["value"], school["status"]) == (None, "no_data")


def test_nobody_answered_is_no_data_and_not_zero() -> None:
    found = tried(SHARE, career=sheet("career", s1={"bilet": BLANK, "pupils_6_11": 40}))
    town = only(found, level="municipality")
    assert (town["value"], town["numerator"], town["status"]) == (None, None, "no_data")
    assert gaps(town) == {"not_answered": 1}


def test_zero_of_many_is_zero_and_zero_of_none_does_not_apply() -> None:
    found = tried(SHARE, career=sheet("career", s1={"bilet": 0, "pupils_6_11": 40}, s2={"bilet": 0, "pupils_6_11": 0}))
    assert only(found, group="s1")["value"] == 0
    assert (only(found, group="s2")["value"], only(found, group="s2")["status"]) == (None, "not_applicable")
    assert only(found, level="municipality")["denominator"] == 40 + 0
    assert gaps(only(found, level="municipality")) == {}


def test_not_held_is_zero_above_and_leaves_out_below() -> None:
    above = tried(
        SHARE, career=sheet("career", s1={"bilet": 10, "pupils_6_11": 40}, s2={"bilet": NOT_HELD, "pupils_6_11": 60})
    )
    assert only(above, level="municipality")["value"] == (10 + 0) / (40 + 60)
    below = tried(
        SHARE,
        career=sheet("career", s1={"bilet": 10, "pupils_6_11": 40}, s2={"bilet": NOT_HELD, "pupils_6_11": NOT_HELD}),
    )
    town = only(below, level="municipality")
    assert (town["value"], gaps(town)) == (10 / 40, {})
    assert only(below, group="s2")["status"] == "not_applicable"


def test_more_above_than_below_is_a_contradiction() -> None:
    found = tried(
        SHARE, career=sheet("career", s1={"bilet": 10, "pupils_6_11": 40}, s2={"bilet": 61, "pupils_6_11": 60})
    )
    town = only(found, level="municipality")
    assert (town["numerator"], town["denominator"], gaps(town)) == (10, 40, {"contradictory": 1})
    assert only(found, group="s2")["status"] == "no_data"


def test_groups_are_added_up_and_one_blank_group_is_a_blank() -> None:
    answers = {"to_colleges/grade_9": 20, "to_colleges/grade_11": 4, "graduates/grade_9": 50, "graduates/grade_11": 16}
    found = tried(
        ENTERED, destinations=sheet("destinations", s1=answers, s2={**answers, "to_colleges/grade_11": BLANK})
    )
    town = only(found, level="municipality")
    assert (town["numerator"], town["denominator"]) == (20 + 4, 50 + 16)
    assert gaps(town) == {"not_answered": 1}


def test_each_group_may_stand_for_itself() -> None:
    answers = {"to_colleges/grade_9": 20, "to_colleges/grade_11": 4, "graduates/grade_9": 50, "graduates/grade_11": 16}
    found = tried({**ENTERED, "each_group": True}, destinations=sheet("destinations", s1=answers))
    values = {row["category"]: row["value"] for _, row in found[found["level"] == "municipality"].iterrows()}
    assert values == {"grade_9": 20 / 50, "grade_11": 4 / 16}


def test_denominator_may_stand_on_another_sheet() -> None:
    source = {**SHARE, "denominator_table": "context", "denominator": ["pupils_total"]}
    career = sheet("career", s1={"bilet": 12}, s2={"bilet": 5})
    found = tried(source, career=career, context=sheet("context", s1={"pupils_total": 80}))
    town = only(found, level="municipality")
    assert (town["value"], gaps(town)) == (12 / 80, {"not_answered": 1})


def test_groups_over_a_whole_without_groups() -> None:
    source = {
        "type": "form_share",
        "table": "staff",
        "numerator": ["teachers_category"],
        "denominator": ["teachers"],
        "groups": ["first", "highest"],
        "denominator_groups": [],
    }
    staff = sheet("staff", s1={"teachers_category/first": 6, "teachers_category/highest": 4, "teachers": 20})
    assert only(tried(source, staff=staff), level="municipality")["value"] == (6 + 4) / 20
    apart = tried({**source, "each_group": True}, staff=staff)
    values = {row["category"]: row["value"] for _, row in apart[apart["level"] == "municipality"].iterrows()}
    assert values == {"first": 6 / 20, "highest": 4 / 20}


def test_rate_of_persons_is_a_share_times_a_thousand() -> None:
    """1 of 29: Wilson 0.0061132–0.1717552 (Newcombe 1998), so 6.1132–171.7552 per 1000."""
    source = {
        "type": "form_rate",
        "table": "upbringing",
        "numerator": ["on_registers"],
        "denominator": ["all"],
        "per": 1000,
    }
    row = only(tried(source, upbringing=sheet("upbringing", s1={"on_registers": 1, "all": 29})), level="municipality")
    assert row["value"] == pytest.approx(1000 * 1 / 29)
    assert (row["lower"], row["upper"]) == (pytest.approx(6.1132, abs=1e-4), pytest.approx(171.7552, abs=1e-4))
    assert (row["unit"], row["kind"], row["method"]) == ("per_1000", "rate", "wilson")


def test_rate_of_events_may_exceed_the_persons() -> None:
    """No event: the upper exact Poisson bound is −ln 0.025; the lower bound of one event is −ln 0.975."""
    source = {
        "type": "form_rate",
        "table": "upbringing",
        "numerator": ["conflicts"],
        "denominator": ["all"],
        "per": 100,
    }
    changes = {"unit": "per_100"}
    none = tried(
        {**source, "counts": "events"}, changes=changes, upbringing=sheet("upbringing", s1={"conflicts": 0, "all": 50})
    )
    row = only(none, level="municipality")
    assert (row["value"], row["lower"], row["method"]) == (0, 0, "poisson")
    assert row["upper"] == pytest.approx(-math.log(0.025) / 50 * 100)
    many = tried(
        {**source, "counts": "events"}, changes=changes, upbringing=sheet("upbringing", s1={"conflicts": 3, "all": 2})
    )
    assert only(many, level="municipality")["value"] == 3 / 2 * 100


def test_sum_lacks_nothing() -> None:
    source = {"type": "form_count", "table": "career", "items": ["workplaces"]}
    whole = tried(source, career=sheet("career", s1={"workplaces": 7}, s2={"workplaces": NOT_HELD}))
    assert (only(whole, level="municipality")["value"], only(whole, level="municipality")["n"]) == (7 + 0, 7)
    lacking = tried(source, career=sheet("career", s1={"workplaces": 7}, s2={"workplaces": BLANK}))
    town = only(lacking, level="municipality")
    assert (town["value"], town["status"], gaps(town)) == (None, "no_data", {"not_answered": 1})
    assert only(lacking, group="s1")["value"] == 7


def test_levels_are_shares_of_organisations_and_never_a_mean() -> None:
    source = {"type": "form_levels", "table": "preschool", "item": "level_family", "scale": [1, 2, 3, 4, 5]}
    answers = {f"d{place}": {"level_family": level} for place, level in enumerate((3, 3, 5, 2, NOT_HELD, BLANK, 9))}
    found = tried(source, preschool=sheet("preschool", **answers))
    town = found[found["level"] == "municipality"]
    assert {row["category"]: (row["numerator"], row["denominator"]) for _, row in town.iterrows()} == {
        "1": (0, 4),
        "2": (1, 4),
        "3": (2, 4),
        "4": (0, 4),
        "5": (1, 4),
    }
    assert gaps(town.iloc[0].to_dict()) == {"not_answered": 1, "contradictory": 1}
    assert set(found["kind"]) == {"ordinal"}
    school = only(found, group="d0")
    assert (school["category"], school["value"], school["n"], school["lower"]) == ("3", 1, 1, None)


def test_share_of_organisations_that_reach_a_threshold() -> None:
    source = {"type": "form_reached", "table": "heads", "items": ["head_attested"]}
    heads = sheet(
        "heads", s1={"head_attested": 1}, s2={"head_attested": 0}, s3={"head_attested": 1}, s4={"head_attested": BLANK}
    )
    found = tried(source, heads=heads)
    town = only(found, level="municipality")
    assert (town["numerator"], town["denominator"], gaps(town)) == (2, 3, {"not_answered": 1})
    assert {row["group"]: row["value"] for _, row in found[found["status"] == "ok"].iterrows()} == {
        "town": 2 / 3,
        "s1": 1,
        "s2": 0,
        "s3": 1,
    }
    base = {**source, "table": "preschool", "items": ["level_family"], "at_least": 3}
    kindergartens = sheet("preschool", d1={"level_family": 2}, d2={"level_family": 3}, d3={"level_family": 4})
    assert only(tried(base, preschool=kindergartens), level="municipality")["value"] == 2 / 3


def test_lists_over_the_years_who_entered_stayed_and_left() -> None:
    said = {2025: {"s1": 1, "s2": 0, "s3": 1, "s4": 1}, 2026: {"s1": 1, "s2": 1, "s3": 0, "s5": 1}}
    rows = [cell(org, "shnor_listed", "", value, year) for year, orgs in said.items() for org, value in orgs.items()]
    context = table("context", rows)

    def number(change: str | None) -> dict[int, float | None]:
        source = {"type": "form_organisations", "table": "context", "items": ["shnor_listed"], "change": change}
        found = tried({name: value for name, value in source.items() if value}, context=context)
        return {row["school_year"]: None if row["status"] != "ok" else row["value"] for _, row in found.iterrows()}

    assert number(None) == {2025: 3, 2026: 3}
    assert number("entered") == {2025: None, 2026: 1}  # s2; of s5 last year says nothing
    assert number("stayed") == {2025: None, 2026: 1}  # s1
    assert number("left") == {2025: None, 2026: 1}  # s3


def test_only_schools_of_the_list() -> None:
    source = {**SHARE, "listed": {"table": "context", "item": "shnor_listed"}}
    career = sheet("career", s1={"bilet": 12, "pupils_6_11": 40}, s2={"bilet": 3, "pupils_6_11": 60})
    found = tried(source, career=career, context=sheet("context", s1={"shnor_listed": 1}, s2={"shnor_listed": 0}))
    assert set(found["group"]) == {"town", "s1"}
    assert only(found, level="municipality")["value"] == 12 / 40


def test_only_organisations_that_have_a_row_on_another_sheet() -> None:
    staff = sheet("staff", **{org: {"young_teachers": 1, "teachers": 10} for org in ("s1", "d1", "d2")})
    preschool = sheet("preschool", d1={"monitored": 0}, d2={"monitored": BLANK})
    source = {"type": "form_share", "table": "staff", "numerator": ["young_teachers"], "denominator": ["teachers"]}
    among = {"table": "preschool", "item": "monitored"}
    found = tried({**source, "among": among}, staff=staff, preschool=preschool)
    assert set(found["group"]) == {"town", "d1", "d2"}  # a blank cell is a row too
    assert only(found, level="municipality")["denominator"] == 10 + 10


def test_other_periods_and_years_after_the_report_stay_out() -> None:
    rows = [cell("s1", item, "", 5) for item in ("bilet", "pupils_6_11")]
    rows += [{**cell("s1", item, "", 9), "period": "half_1"} for item in ("bilet", "pupils_6_11")]
    rows += [cell("s1", item, "", 7, 2027) for item in ("bilet", "pupils_6_11")]
    found = tried(SHARE, career=table("career", rows))
    assert only(found, level="municipality")["denominator"] == 5
    half = tried({**SHARE, "period": "half_1"}, career=table("career", rows))
    assert only(half, level="municipality")["denominator"] == 9


def test_order_of_rows_means_nothing_and_a_blank_school_moves_no_value() -> None:
    said = {f"s{place}": {"bilet": place, "pupils_6_11": 20 + place} for place in range(7)}
    given = sheet("career", **said)
    plain = tried(SHARE, career=given)
    shuffled = tried(SHARE, career=given.sample(frac=1, random_state=3))
    columns = ["group", "value", "lower", "upper", "numerator", "denominator"]
    assert plain[columns].equals(shuffled[columns])
    more = tried(SHARE, career=sheet("career", **said, x1={"bilet": BLANK, "pupils_6_11": 900}))
    assert more.loc[more["level"] == "municipality", columns].equals(
        plain.loc[plain["level"] == "municipality", columns]
    )


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({**SHARE, "each_group": True}, "each_group"),
        ({**SHARE, "levels": ["region"]}, "уровни"),
        ({**SHARE, "table": "results"}, "table"),
        ({**SHARE, "numerator": []}, "numerator"),
        ({"type": "form_levels", "table": "preschool", "item": "x", "scale": [2, 1]}, "возрастанию"),
        ({"type": "form_levels", "table": "preschool", "item": "x", "scale": [1, 2], "groups": ["a"]}, "groups"),
        ({"type": "form_rate", "table": "career", "numerator": ["a"], "denominator": ["b"], "per": 10}, "per"),
    ],
)
def test_what_a_source_of_the_form_may_not_say(wrong: dict, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        passport(wrong)


def test_unit_kind_and_per_must_agree() -> None:
    rate = {"type": "form_rate", "table": "career", "numerator": ["a"], "denominator": ["b"], "per": 100}
    with pytest.raises(ValueError, match="per_100"):
        passport(rate)
    with pytest.raises(ValueError, match="не даёт показателя вида share"):
        passport({"type": "form_levels", "table": "preschool", "item": "x", "scale": [1, 2]}, kind="share")


def test_answers_about_vpr_judge_no_head_and_forbid_all_uses() -> None:
    source = {"type": "form_share", "table": "observation", "numerator": ["a"], "denominator": ["b"], "groups": ["vpr"]}
    for place in ({"direction": "heads"}, {"direction": "objectivity", "also": ["teachers"]}):
        with pytest.raises(ValueError, match="о руководителях и педагогах"):
            passport(source, **place)
    with pytest.raises(ValueError, match="должен запрещать"):
        passport(source, direction="objectivity", forbidden=["ranks"])
