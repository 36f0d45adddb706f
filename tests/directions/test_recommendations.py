"""Rules of recommendations speak only where the interval allows, and name whom, what, by when."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.directions import recommendations
from pipeline.directions.rules import Rule, load_rules
from pipeline.errors import WorkspaceError
from pipeline.indicators.passport import load_passports
from pipeline.paths import shipped
from tests.directions.inputs import count, inputs, share

CONFIG = shipped("config")


def test_every_shipped_rule_names_a_declared_indicator_of_its_direction() -> None:
    passports = {p.id: p for p in load_passports(sorted((CONFIG / "indicators").glob("*.yml")))}
    for direction, rules in load_rules(sorted((CONFIG / "recommendations").glob("*.yml"))).items():
        for rule in rules:
            passport = passports[rule.indicator]
            assert direction in (passport.direction, *passport.also) or direction == "integrated"
            assert rule.level in passports[rule.indicator].levels
            dt.date(2027, *map(int, rule.due.split("-")))


def test_an_unknown_key_of_a_rule_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "achievement.yml"
    path.write_text("rules:\n  - {id: a, indicatr: vpr_mark_2}\n", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="indicatr"):
        load_rules([path])


def test_a_recommendation_becomes_a_finding_with_addressee_and_due() -> None:
    rule = Rule(
        id="school_low_base",
        indicator="vpr_mark_2",
        level="organisation",
        against="municipality",
        verdict="higher",
        addressee="руководителю организации",
        act="Составить план",
        due="02-01",
        evidence="план",
    )
    item = recommendations.Recommendation(
        rule, "demo-05", "МБОУ «СОШ № 5»", recommendations.text("Доля «2»: 44 %"), dt.date(2027, 2, 1)
    )
    (finding,) = recommendations.findings([item])
    assert (finding.kind, finding.org_id, finding.due) == ("recommendation", "demo-05", "2027-02-01")
    assert "".join(run.text for run in finding.statement) == "Составить план. Основание: Доля «2»: 44 %."
    assert recommendations.frame([item])["due"].tolist() == ["2027-02-01"]


# --- what the rows of a town support -------------------------------------------------------------------------------


def rule(**given: Any) -> Rule:
    about = {"indicator": "vpr_mark_2", "level": "organisation", "against": "municipality", "verdict": "higher"}
    words = {"addressee": "руководителю", "act": "Составить план", "due": "02-01", "evidence": "план"}
    return Rule.model_validate({"id": "low", **about, **words, **given})


def schools(number: int, part: int, **given: Any) -> list[dict[str, Any]]:
    about = [
        {"level": "organisation", "group": f"s{n}", "org_id": f"s{n}", "group_label": f"Школа {n}"}
        for n in range(number)
    ]
    return [share(part, 50, **one, **given) for one in about]


def lines(*rows: dict[str, Any], rule: Rule) -> list[list[str]]:
    found = recommendations.evaluate(inputs("achievement", *rows), (rule,))
    table = recommendations.table(inputs("achievement"), found)
    return [[cell.text.replace("\u00a0", " ").replace("\u202f", " ") for cell in row] for row in table[0].rows]


def test_an_organisation_stands_once_with_all_its_grounds() -> None:
    whole = [share(100, 1000), share(100, 1000, subject="mathematics")]
    rows = [*schools(1, 30), *schools(1, 35, subject="mathematics"), *whole]
    ((whom, act, basis, due, evidence),) = lines(*rows, rule=rule())
    assert (whom, act, due, evidence) == ("Школа 0: руководителю", "Составить план", "01.02.2027", "план")
    assert basis == (
        "Доля «2» в ВПР: русский язык, 4 класс — 60 % (46–72), в муниципалитете 10,0 %; "
        "математика, 4 класс — 70 % (56–81), в муниципалитете 10,0 %"
    )


def test_more_than_eight_organisations_stand_in_one_line() -> None:
    about = [{"group": f"o{n}", "org_id": f"o{n}", "group_label": f"Лицей {n}"} for n in (0, 1)]
    other = [share(40, 50, level="organisation", **one) for one in about]
    assert len(lines(*schools(6, 30), *other, share(300, 3000), rule=rule())) == 8
    ((whom, _, basis, *_),) = lines(*schools(7, 30), *other, share(300, 3000), rule=rule())
    named = [*(f"Школа {n}" for n in range(7)), "Лицей 0", "Лицей 1"]
    assert whom == f"Руководителю, 9 организаций: {', '.join(named)}"
    assert basis.endswith("(Школа 0); остальные значения — в файле данных таблицы")


def test_organisations_of_the_same_ground_share_a_line() -> None:
    ((whom, _, basis, *_),) = lines(*schools(3, 30), share(300, 3000), rule=rule())
    assert whom == "Руководителю, 3 организации: Школа 0, Школа 1, Школа 2"
    assert basis == "Доля «2» в ВПР: русский язык, 4 класс — 60 % (46–72), в муниципалитете 10,0 %"


def test_one_act_asked_for_by_two_rules_stands_once() -> None:
    """Two indicators of one school and one act: a line with both grounds, not two lines."""
    both = (rule(), rule(id="second", indicator="vpr_mark_5"))
    rows = [*schools(1, 30), share(100, 1000), *schools(1, 30, indicator="vpr_mark_5")]
    rows.append(share(100, 1000, "vpr_mark_5"))
    found = recommendations.evaluate(inputs("achievement", *rows), both)
    ((line,),) = [table.rows for table in recommendations.table(inputs("achievement"), found)]
    assert line[2].text.count(". Доля «5» в ВПР") == 1 and line[2].text.startswith("Доля «2» в ВПР")


def test_nothing_rests_on_an_earlier_year() -> None:
    rows = [*schools(1, 30, school_year=2025), share(100, 1000, school_year=2025)]
    assert recommendations.evaluate(inputs("achievement", *rows), (rule(),)) == []


def test_a_norm_of_the_passport_is_met_or_not() -> None:
    """Почеп: the independent assessment is due everywhere, its norm is 100 %, so 9 of 10 is under it."""
    about = {"procedure": "", "subject": "", "grade": 0, "series": "a"}
    below = rule(indicator="independent_assessment", level="municipality", against="norm", verdict="lower")
    for part, expected in ((9, 1), (10, 0)):
        given = inputs("heads", share(part, 10, "independent_assessment", **about))
        given = replace(given, profile=given.profile.model_copy(update={"code": "pochep"}))
        found = recommendations.evaluate(given, (below,))
        assert len(found) == expected
    given = inputs("heads", share(9, 10, "independent_assessment", **about))
    assert recommendations.evaluate(given, (below,)) == []  # the norm of one municipality is not borrowed


def test_a_full_count_is_held_against_the_number_of_the_rule() -> None:
    marked = rule(indicator="marked_schools", level="municipality", against="number", number=0)
    (found,) = recommendations.evaluate(inputs("objectivity", count(3)), (marked,))
    assert "".join(run.text for run in found.basis).endswith("3, порог правила 0")
    assert recommendations.evaluate(inputs("objectivity", count(0)), (marked,)) == []


def test_a_share_is_held_against_a_number_by_its_interval() -> None:
    half = rule(level="municipality", against="number", number=0.5)
    assert recommendations.evaluate(inputs("achievement", share(55, 100)), (half,)) == []  # 45–64 %
    assert len(recommendations.evaluate(inputs("achievement", share(65, 100)), (half,))) == 1  # 55–74 %


def test_a_number_without_its_kind_of_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="against: number"):
        rule(number=3)
    with pytest.raises(ValueError, match="against: number"):
        rule(against="number")
