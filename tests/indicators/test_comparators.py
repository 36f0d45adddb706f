"""Values for comparison that an analyst wrote down stand beside our own, without an interval, with their reference."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from pipeline.indicators.comparators import comparator_faults
from pipeline.indicators.compute import compute
from tests.indicators.forms import passport, sheet, table
from tests.indicators.frames import TOWN, marks

SHARE = {"type": "form_share", "table": "career", "numerator": ["bilet"], "denominator": ["pupils_6_11"]}
GIVEN = {"career": sheet("career", s1={"bilet": 12, "pupils_6_11": 60})}


def written(**given: Any) -> dict[str, Any]:
    about = {"indicator": "tried", "school_year": 2026, "level": "region", "group": "", "subject": "", "grade": 0}
    return {**about, "value": 0.31, "n": 5000, "state": "observed", "reference": "Сборник, 2025", **given}


def rows(*lines: dict[str, Any], **given: pd.DataFrame) -> pd.DataFrame:
    return compute({**GIVEN, **given, "comparators": table("comparators", list(lines))}, [passport(SHARE)], TOWN)


def wider(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["level"].isin(("region", "country"))]


def test_a_written_value_is_a_row_of_its_level_without_an_interval() -> None:
    found = rows(written(), written(level="country", value=0.28, n=None))
    own = found[found["level"] == "municipality"].iloc[0]
    country, region = wider(found).sort_values("level").to_dict("records")
    assert (own["value"], own["numerator"]) == (0.2, 12)  # 12 of 60
    assert (region["value"], region["n"], region["group_label"]) == (0.31, 5000, "регион")
    assert (country["value"], country["group"], country["group_label"]) == (0.28, "RU", "РФ")
    for row in (country, region):
        assert pd.isna(row["lower"]) and pd.isna(row["numerator"])
        assert (row["kind"], row["unit"], row["status"]) == ("share", "share", "ok")
        assert (row["series"], row["published"]) == (own["series"], "Сборник, 2025")
        assert json.loads(row["inputs"])[0]["file"] == "ф.xlsx"


def test_only_the_same_year_subject_grade_and_category_are_joined() -> None:
    others = [{"school_year": 2025}, {"subject": "russian"}, {"grade": 4}, {"group": "x"}]
    assert wider(rows(*(written(**other) for other in others))).empty


def test_a_blank_value_and_an_impossible_share_are_no_rows() -> None:
    assert wider(rows(written(value=None, state="blank"), written(level="country", value=31.0))).empty


def test_a_published_file_goes_first() -> None:
    share = {"category": "2", "n": 100, "value": 0.1}
    published = marks(
        {"level": "municipality", "group": "reg00_m001", **share}, {"level": "country", "group": "Россия", **share}
    )
    source = {"type": "published_share", "table": "group_results", "measure": "mark_share", "categories": ["2"]}
    one = passport(source, levels=["country", "municipality"], series="test", direction="achievement")
    lines = [
        written(level="country", subject="russian", grade=4, value=0.5),
        written(level="region", subject="russian", grade=4, value=0.4),
    ]
    found = compute({"group_results": published, "comparators": table("comparators", lines)}, [one], TOWN)
    assert wider(found).set_index("level")["value"].to_dict() == {"country": 0.1, "region": 0.4}
    assert found["procedure"].unique().tolist() == ["vpr"]  # taken from the value that it stands beside
    assert found["series"].nunique() == 1


def test_values_nobody_takes_are_told() -> None:
    lines = [written(), written(indicator="ochem"), written(level="country", value=31.5)]
    unknown, impossible = comparator_faults(table("comparators", lines), [passport(SHARE)])
    assert (unknown.code, str(unknown.place)) == ("comparator_unknown", "файл «ф.xlsx», лист «лист», строка 6")
    assert unknown.message == "Значение для сравнения не учтено: показателя «ochem» нет."
    assert impossible.code == "comparator_out_of_scale"
    assert impossible.message.endswith("«проба» не может быть 31,5.")
