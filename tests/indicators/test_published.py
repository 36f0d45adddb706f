"""Published aggregates: value as printed, numerator recovered or not, interval only where it is known."""

import json
from dataclasses import replace

import pytest

from tests.indicators.frames import TOWN, computed, marks, means, only

SCHOOL = [
    {"level": "organisation", "group": "s1", "category": "2", "value": 0.1236, "n": 89},
    {"level": "organisation", "group": "s1", "category": "3", "value": 0.5281, "n": 89},
    {"level": "organisation", "group": "s1", "category": "4", "value": 0.2697, "n": 89},
    {"level": "organisation", "group": "s1", "category": "5", "value": 0.0787, "n": 89},
]
WHOLE = {"level": "country", "group": "Вся выборка", "category": "2", "value": 0.0506, "n": 1722202}


def test_numerator_is_recovered_and_gets_an_interval() -> None:
    row = only(computed("vpr_mark_2", group_results=marks(*SCHOOL)))
    assert (row["value"], row["published"]) == (0.1236, "12,36 %")
    assert (row["numerator"], row["denominator"], row["n"]) == (11, 89, 89)
    assert (row["numerator_basis"], row["method"], row["confidence"], row["status"]) == (
        "recovered",
        "wilson",
        0.95,
        "ok",
    )
    assert row["lower"] < 11 / 89 < row["upper"]


def test_sum_of_categories_keeps_its_parts() -> None:
    found = computed("vpr_quality", "vpr_base", group_results=marks(*SCHOOL))
    quality = only(found, indicator="vpr_quality")
    assert quality["value"] == 0.3484  # 26.97 + 7.87, as published
    assert quality["numerator"] == 24 + 7
    assert quality["published"] is None
    assert only(found, indicator="vpr_base")["numerator"] == 89 - 11


def test_missing_category_leaves_the_sum_missing() -> None:
    row = only(computed("vpr_quality", group_results=marks(*SCHOOL[:3])))
    assert (row["value"], row["numerator"], row["lower"]) == (None, None, None)
    assert row["status"] == "no_data"


def test_large_comparator_carries_no_interval() -> None:
    row = only(computed("vpr_mark_2", group_results=marks(WHOLE)))
    assert (row["value"], row["group"], row["group_label"]) == (0.0506, "RU", "РФ")
    assert (row["numerator"], row["numerator_basis"]) == (None, "published")
    assert (row["lower"], row["upper"], row["confidence"], row["method"]) == (None, None, None, "")


def city(*own: tuple[int, float, int], town: tuple[float, int]) -> dict[str, object]:
    """Marks «2» of schools (number, share, participants) and of the municipality."""
    rows = [{"level": "organisation", "group": f"s{place}", "category": "2", "value": v, "n": n} for place, v, n in own]
    whole = {"level": "municipality", "group": "Город", "category": "2", "value": town[0], "n": town[1]}
    return only(computed("vpr_mark_2", group_results=marks(*rows, whole)), level="municipality")


THREE = [(1, 0.25, 8000), (2, 0.375, 8000), (3, 0.25, 8000)]  # 2000, 3000 and 2000


def test_a_city_is_counted_by_its_schools_where_its_percent_fits_several_counts() -> None:
    """29.17 % of 24 000 is 7000, 7001 or 7002 by the percent alone."""
    row = city(*THREE, town=(0.2917, 24_000))
    assert (row["numerator"], row["denominator"], row["numerator_basis"]) == (7000, 24_000, "recovered")
    assert (
        only(computed("vpr_mark_2", group_results=marks({**WHOLE, "value": 0.2917, "n": 24_000})))["numerator"] is None
    )


@pytest.mark.parametrize(
    ("own", "town"),
    [
        (THREE, (0.2917, 24_100)),  # somebody is missing
        (THREE, (0.2927, 24_000)),  # the sum contradicts what is published
        ([*THREE[:2], (3, 0.3333, 20_000)], (0.3241, 36_000)),  # a school's own count is not known
    ],
)
def test_where_schools_do_not_make_the_city_its_count_stays_unknown(
    own: list[tuple[int, float, int]], town: tuple[float, int]
) -> None:
    row = city(*own, town=town)
    assert (row["value"], row["numerator"], row["numerator_basis"]) == (town[0], None, "published")


def test_region_under_ten_thousand_has_one() -> None:
    region = {"level": "region", "group": "Край", "category": "2", "value": 0.1000, "n": 1000}
    row = only(computed("vpr_mark_2", group_results=marks(region)))
    assert (row["numerator"], row["method"]) == (100, "wilson")


@pytest.mark.parametrize("named", [{"group": "reg00_m001"}, {"group": "Город(reg00_m001)"}, {"group": "ГОРОД"}])
def test_municipality_is_known_by_name_or_code(named: dict[str, str]) -> None:
    own = {"level": "municipality", "category": "2", "value": 0.1357, "n": 3162, **named}
    other = {"level": "municipality", "group": "reg00_m002", "category": "2", "value": 0.2, "n": 100}
    row = only(computed("vpr_mark_2", group_results=marks(own, other)))
    assert (row["group"], row["group_label"], row["numerator"]) == ("town", "Город", 429)


def test_schools_of_other_municipalities_are_left_out() -> None:
    other = {**SCHOOL[0], "group": "s2", "municipality": "Село"}
    found = computed("vpr_mark_2", group_results=marks({**SCHOOL[0], "municipality": "город"}, other))
    assert found["group"].tolist() == ["s1"]


@pytest.mark.parametrize(("state", "status"), [("suppressed", "suppressed"), ("blank", "no_data")])
def test_unobserved_value_says_why(state: str, status: str) -> None:
    row = only(computed("vpr_mark_2", group_results=marks({**SCHOOL[0], "value": None, "state": state})))
    assert (row["value"], row["status"], row["lower"]) == (None, status, None)


def test_nobody_is_no_data_not_zero() -> None:
    row = only(computed("vpr_mark_2", group_results=marks({**SCHOOL[0], "value": 0.0, "n": 0})))
    assert (row["value"], row["status"]) == (None, "no_data")


def test_zero_is_a_value() -> None:
    row = only(computed("vpr_mark_2", group_results=marks({**SCHOOL[0], "value": 0.0})))
    assert (row["value"], row["numerator"], row["lower"], row["status"]) == (0.0, 0, 0.0, "ok")


def test_inputs_name_file_sheet_and_rows() -> None:
    row = only(computed("vpr_base", group_results=marks(*SCHOOL)))
    assert json.loads(row["inputs"]) == [
        {"file": "ф.xlsx", "sheet": "лист", "rows": 3, "first_row": 10, "organisations": 1}
    ]


# --- published counts: «Сравнение отметок с отметками по журналу» -----------------------------------------------
REGION = {"level": "region", "group": "Край", "measure": "journal_agreement", "n": 29589, "scale": None}
JOURNAL = [
    {**REGION, "category": "lowered", "value": 0.3722, "count": 11011},
    {**REGION, "category": "confirmed", "value": 0.6067, "count": 17951},
    {**REGION, "category": "raised", "value": 0.0211, "count": 624},
]


def test_published_counts_are_shares_of_those_with_both_marks() -> None:
    """29589 wrote, 11011 + 17951 + 624 = 29586 have a journal mark: only the latter gives 37.22 %."""
    row = only(computed("journal_lowered", group_results=marks(*JOURNAL)))
    assert (row["value"], row["numerator"], row["denominator"], row["n"]) == (0.3722, 11011, 29586, 29586)
    assert (row["numerator_basis"], row["lower"]) == ("counted", None)


def test_count_that_contradicts_its_percent_is_not_used() -> None:
    wrong = [{**JOURNAL[0], "count": 9000}, *JOURNAL[1:]]
    row = only(computed("journal_lowered", group_results=marks(*wrong)))
    assert (row["value"], row["numerator"], row["numerator_basis"]) == (0.3722, None, "published")


# --- means without spread ---------------------------------------------------------------------------------------
LAND = replace(TOWN, country="BG", country_label="България", means_allowed=True, means_reason="только средние")


def test_means_are_weighted_with_n_and_have_no_interval() -> None:
    table = means(
        {"group": "s1", "value": 50.0, "n": 30, "municipality": "Город"},
        {"group": "s2", "value": 80.0, "n": 10, "municipality": "Город"},
        {"group": "s3", "value": 20.0, "n": 60, "municipality": "Село"},
    )
    found = computed("external_mean", "external_participants", "external_orgs", context=LAND, group_results=table)
    mean = found[found["indicator"] == "external_mean"]
    town, country = only(mean, level="municipality"), only(mean, level="country")
    assert town["value"] == (50 * 30 + 80 * 10) / (30 + 10)
    assert country["value"] == (50 * 30 + 80 * 10 + 20 * 60) / (30 + 10 + 60)
    assert set(mean["status"]) == {"spread_unknown"}
    assert mean["lower"].isna().all()
    assert sorted(mean[mean["level"] == "organisation"]["group"]) == ["s1", "s2"]
    assert only(found, indicator="external_participants", level="country")["value"] == 30 + 10 + 60
    assert only(found, indicator="external_orgs", level="municipality")["value"] == 2


def test_school_without_a_mean_is_left_out_and_seen() -> None:
    table = means(
        {"group": "s1", "value": 50.0, "n": 30, "municipality": "Город"},
        {"group": "s2", "value": None, "state": "blank", "n": 10, "municipality": "Город"},
    )
    row = only(computed("external_mean", context=LAND, group_results=table), level="municipality")
    assert (row["value"], row["n"], row["denominator"]) == (50.0, 30, 40)


def test_means_on_two_scales_are_not_averaged() -> None:
    table = means(
        {"group": "s1", "value": 50.0, "n": 30, "municipality": "Город", "scale": "nvo7-65"},
        {"group": "s2", "value": 80.0, "n": 10, "municipality": "Город", "scale": "nvo7-100"},
    )
    row = only(computed("external_mean", context=LAND, group_results=table), level="municipality")
    assert (row["value"], row["status"]) == (None, "not_applicable")


def test_an_unrelated_school_changes_only_the_country() -> None:
    town = [{"group": "s1", "value": 50.0, "n": 30, "municipality": "Город"}]
    other = {"group": "s9", "value": 90.0, "n": 5, "municipality": "Село"}
    alone = computed("external_mean", context=LAND, group_results=means(*town))
    together = computed("external_mean", context=LAND, group_results=means(*town, other))
    inner = alone[alone["level"] != "country"].reset_index(drop=True)
    assert inner.equals(together[together["level"] != "country"].reset_index(drop=True))


def test_means_are_refused_where_the_profile_does_not_allow_them() -> None:
    table = means({"group": "s1", "value": 50.0, "n": 30, "municipality": "Город"})
    assert computed("external_mean", group_results=table).empty


def test_later_years_than_the_report_are_not_read() -> None:
    table = marks(SCHOOL[0], {**SCHOOL[0], "school_year": 2027}, {**SCHOOL[0], "school_year": 2024})
    assert computed("vpr_mark_2", group_results=table)["school_year"].tolist() == [2024, 2026]


def test_two_waves_are_not_mixed() -> None:
    autumn = {**SCHOOL[0], "wave": "autumn", "value": 0.5, "n": 10}
    assert only(computed("vpr_mark_2", group_results=marks(SCHOOL[0], autumn)))["value"] == 0.1236
    assert only(computed("vpr_mark_2", group_results=marks(autumn)))["value"] == 0.5
