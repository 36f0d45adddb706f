"""Answers that contradict one another are told with organisation, file and row, each once."""

from pipeline.indicators.form_faults import form_faults
from pipeline.indicators.passport import Passport
from tests.indicators.forms import BLANK, cell, passport, sheet, table
from tests.indicators.frames import TOWN

SHARE = {"type": "form_share", "table": "career", "numerator": ["bilet"], "denominator": ["pupils_6_11"]}
LEVELS = {"type": "form_levels", "table": "preschool", "item": "level_family", "scale": [1, 2, 3]}


def named(identifier: str) -> Passport:
    return passport(SHARE, id=identifier)


def test_one_contradiction_is_said_once_for_all_its_indicators() -> None:
    career = sheet("career", s1={"bilet": 61, "pupils_6_11": 60}, s2={"bilet": BLANK, "pupils_6_11": 1})
    (fault,) = form_faults({"career": career}, [named("first"), named("second")], TOWN)
    assert (fault.code, fault.org_id, fault.school_year) == ("form_numerator_above_denominator", "s1", 2026)
    assert fault.indicators == ("first", "second")
    assert str(fault.place) == "файл «ф.xlsx», лист «лист», строка 5"
    assert "61 и 60" in fault.message


def test_sheets_are_compared_with_one_another() -> None:
    across = passport({**SHARE, "denominator_table": "context", "denominator": ["pupils_total"]})
    given = {"career": sheet("career", s1={"bilet": 12}), "context": sheet("context", s1={"pupils_total": 11})}
    assert [fault.org_id for fault in form_faults(given, [across], TOWN)] == ["s1"]


def test_level_outside_its_scale() -> None:
    given = {"preschool": sheet("preschool", d1={"level_family": 4}, d2={"level_family": 3})}
    (fault,) = form_faults(given, [passport(LEVELS)], TOWN)
    assert (fault.code, fault.org_id) == ("form_level_out_of_scale", "d1")


def test_events_may_be_more_than_pupils_and_other_municipalities_are_not_ours() -> None:
    rate = {"type": "form_rate", "table": "career", "numerator": ["bilet"], "denominator": ["pupils_6_11"], "per": 1000}
    career = sheet("career", s1={"bilet": 61, "pupils_6_11": 60})
    assert form_faults({"career": career}, [passport({**rate, "counts": "events"})], TOWN) == ()
    assert len(form_faults({"career": career}, [passport(rate)], TOWN)) == 1
    foreign = [
        {**cell("s1", item, "", said), "municipality": "Село"} for item, said in (("bilet", 2), ("pupils_6_11", 1))
    ]
    assert form_faults({"career": table("career", foreign)}, [named("first")], TOWN) == ()
