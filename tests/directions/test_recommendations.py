"""Rules of recommendations speak only where the interval allows, and name whom, what, by when."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.directions import recommendations
from pipeline.directions.rules import Rule, load_rules
from pipeline.errors import WorkspaceError
from pipeline.indicators.passport import load_passports
from pipeline.paths import shipped

CONFIG = shipped("config")


def test_every_shipped_rule_names_a_declared_indicator_of_its_direction() -> None:
    passports = {p.id: p for p in load_passports(sorted((CONFIG / "indicators").glob("*.yml")))}
    for direction, rules in load_rules(sorted((CONFIG / "recommendations").glob("*.yml"))).items():
        for rule in rules:
            assert passports[rule.indicator].direction == direction
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
