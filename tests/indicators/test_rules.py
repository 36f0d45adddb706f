"""Dated rules: thresholds, norms with years and sources, series of comparable values and their breaks."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from pipeline.errors import WorkspaceError
from pipeline.indicators.norms import load_norms
from pipeline.indicators.series import FACTS, breaks, series_keys
from tests.indicators.frames import RULES, computed, marks, only

SCHOOL = {"level": "organisation", "group": "s1", "category": "2", "value": 0.1236, "n": 89}


def test_thresholds_of_publication() -> None:
    limits = RULES.publication
    assert (limits.print_count.value, limits.print_count_sensitive.value) == (5, 10)
    assert (limits.compare.value, limits.percent.value, limits.one_decimal.value) == (10, 20, 100)
    assert (limits.histogram.value, limits.comparator_exact.value) == (20, 10000)
    assert all(getattr(limits, name).source for name in type(limits).model_fields)


def test_norm_holds_only_in_its_years() -> None:
    norm = RULES.norm("task_sufficient_level", 2026)
    assert norm is not None
    assert (norm.levels["basic"].level, norm.levels["basic"].insufficient_below) == (0.60, 0.57)
    assert (norm.levels["advanced"].level, norm.levels["advanced"].insufficient_below) == (0.30, 0.285)
    assert norm.trust == "B"
    assert RULES.norm("task_sufficient_level", 2025) is None
    assert RULES.norm("unknown", 2026) is None


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [((2020, None), (2026, None), True), ((2020, 2025), (2026, None), False), ((2026, 2026), (2020, 2026), True)],
)
def test_two_norms_for_one_year_are_refused(
    tmp_path: Path, first: tuple[int, int | None], second: tuple[int, int | None], clash: bool
) -> None:
    def norm(years: tuple[int, int | None]) -> dict[str, object]:
        return {
            "id": "n",
            "title": "Норма",
            "from_year": years[0],
            "to_year": years[1],
            "source": "приказ",
            "trust": "A",
            "levels": {"basic": {"level": 0.5}},
        }

    path = tmp_path / "tasks_x.yml"
    path.write_text(yaml.safe_dump({"norms": [norm(first), norm(second)]}, allow_unicode=True), encoding="utf-8")
    if clash:
        with pytest.raises(WorkspaceError, match="дважды"):
            load_norms([path])
    else:
        assert len(load_norms([path])) == 2


def key(kind: str = "test", **facts: object) -> str:
    plain = {"procedure": "vpr", "subject": "russian", "grade": 5, "school_year": 2024, "scale": None, "max_score": 38}
    frame = pd.DataFrame([{**plain, "exam_date": "2024-03-19", **facts}], columns=FACTS)
    return str(series_keys(frame, kind, RULES.series).iloc[0])  # type: ignore[arg-type]


def test_autumn_tested_the_programme_of_the_class_before() -> None:
    assert key(school_year=2021, exam_date="2020-09-21") == "vpr|russian|4||38"
    assert key(school_year=2023, exam_date="05.10.2022") == "vpr|russian|4||38"
    assert key(school_year=2021, exam_date="2021-04-15") == "vpr|russian|5||38"
    assert key(school_year=2022, exam_date="2021-09-21") == "vpr|russian|5||38"
    assert key(procedure="oge", exam_date="2020-09-21") == "oge|russian|5||38"


def test_version_and_scale_are_in_the_key() -> None:
    assert key(school_year=2024) == "vpr|russian|5||38"
    assert key(school_year=2025) == key(school_year=2026) == "vpr|russian|5|2025|38"
    assert key(school_year=2026, max_score=24) == "vpr|russian|5|2025|24"
    assert key(scale="vpr-marks-2-5", max_score=None) == "vpr|russian|5||vpr-marks-2-5"
    assert key(procedure="nvo", scale="nvo7-100", max_score=100) == key(
        procedure="nvo", scale="nvo7-100", max_score=None
    )


def test_counts_have_no_scale_and_tasks_no_second_year() -> None:
    assert key("register", max_score=24) == key("register", school_year=2026, max_score=38)
    assert key("single_year", school_year=2025) != key("single_year", school_year=2026)


def test_changed_key_is_a_break_and_a_gap_is_not() -> None:
    rows = [{**SCHOOL, "school_year": year, "max_score": top} for year, top in ((2021, 38), (2023, 38), (2024, 24))]
    found = breaks(computed("vpr_mark_2", group_results=marks(*rows)))
    row = only(found)
    assert (row["previous_year"], row["school_year"]) == (2023, 2024)
    assert (row["previous"], row["series"]) == ("vpr|russian|4||vpr-marks-2-5:38", "vpr|russian|4||vpr-marks-2-5:24")


def test_no_break_in_a_steady_series() -> None:
    rows = [{**SCHOOL, "school_year": year} for year in (2025, 2026)]
    assert breaks(computed("vpr_mark_2", group_results=marks(*rows))).empty


def test_norm_of_one_municipality_is_not_borrowed_by_another() -> None:
    norm = RULES.norm("union_leader_meetings", 2026, "lesnoy")
    assert norm is not None
    assert norm.levels["all"].level == 2
    assert RULES.norm("union_leader_meetings", 2026, "pochep") is None
    assert RULES.norm("union_leader_meetings", 2026) is None
    assert RULES.norm("task_sufficient_level", 2026, "lesnoy") == RULES.norm("task_sufficient_level", 2026)
    sources = {name: RULES.norm("independent_assessment", 2026, name) for name in ("pochep", "eniseysk")}
    assert all(found is not None and name[:5] in found.territories[0] for name, found in sources.items())
