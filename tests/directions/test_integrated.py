"""Chapter 11: procedures together, risk zones, links, similar schools, findings that meet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from pipeline.directions import zones
from pipeline.directions.chapter import Chapter, Finding, Inputs
from pipeline.directions.panels import crossing, links, procedures, risk_map, similar_schools
from pipeline.errors import WorkspaceError
from pipeline.presentation.blocks import TableBlock, plain, text
from tests.directions.inputs import (
    PASSPORTS,
    RULES,
    SOURCE,
    bare,
    chapter,
    exact,
    findings,
    frame,
    handed_on,
    inputs,
    share,
    tables_of,
)

FEATURES = [feature.indicator for feature in RULES.context.features]


def vpr(org: int, part: int, whole: int, subject: str = "russian", grade: int = 4) -> dict[str, Any]:
    label = f"МБОУ «СОШ № {org}»"
    about = {"level": "organisation", "group": f"s{org}", "group_label": label, "subject": subject, "grade": grade}
    return share(part, whole, **about)


def oge(org: int, part: int, whole: int, subject: str = "russian") -> dict[str, Any]:
    row = vpr(org, part, whole, subject, 9)
    return {**row, "indicator": "oge_below_minimum", "procedure": "oge", "series": "oge"}


def form(indicator: str, org: int, part: int, whole: int) -> dict[str, Any]:
    """A share of the collection form."""
    about = {"procedure": "", "subject": "", "grade": 0, "series": "|"}
    label = {"group": f"s{org}", "group_label": f"МБОУ «СОШ № {org}»"}
    return share(part, whole, indicator, level="organisation", **about, **label)


def spaced(words: str) -> str:
    """With plain spaces."""
    return words.replace("\u00a0", " ").replace("\u202f", " ")


def cells(table: TableBlock) -> dict[str, list[str]]:
    return {spaced(row[0].text): [spaced(cell.text) for cell in row[1:]] for row in table.rows}


def words(panel: Any) -> dict[str, str]:
    return {one.id: spaced(plain(one.statement)) for one in panel.findings}


def table(panel: Any, name: str) -> TableBlock:
    return next(one for one in (*panel.monitoring, *panel.analysis) if getattr(one, "id", "") == name)


# --- procedures ---------------------------------------------------------------------------------------------------


def two_procedures() -> list[dict[str, Any]]:
    """School 5 is low in both, school 6 high in ВПР and low in ОГЭ, the others alike."""
    rows = [vpr(org, 10, 100) for org in (1, 2, 3, 4)] + [oge(org, 8, 100) for org in (1, 2, 3, 4)]
    return [*rows, vpr(5, 40, 100), oge(5, 40, 100), vpr(6, 0, 200), oge(6, 35, 100)]


def test_low_in_two_procedures_is_one_finding() -> None:
    panel = procedures.panel(inputs("integrated", *two_procedures()))
    said = words(panel)
    assert said["procedures.s5"].startswith("МБОУ «СОШ № 5»: доля участников ниже минимального уровня больше, чем")
    assert (
        "в ВПР и в ОГЭ: ВПР, русский язык — 40,0 % (30,9–49,8); ОГЭ, русский язык — 40,0 % (30,9–49,8)"
        in said["procedures.s5"]
    )
    assert cells(table(panel, "procedures"))["МБОУ «СОШ № 5»"] == ["40,0 % ▼ больше", "40,0 % ▼ больше"]
    assert cells(table(panel, "procedures"))["МБОУ «СОШ № 1»"] == ["10,0 % = не отличается", "8,0 % = не отличается"]


def test_procedures_that_disagree_are_a_sign_and_no_verdict() -> None:
    said = words(procedures.panel(inputs("integrated", *two_procedures())))["parted.s6"]
    assert "процедуры расходятся" in said
    assert "а не вывод о нарушении" in said


def test_grades_of_one_subject_are_taken_together() -> None:
    """2 of 20 in grade 4 and 6 of 20 in grade 5 are 8 of 40."""
    rows = [vpr(org, part, 20, grade=grade) for org in (1, 2, 3) for grade, part in ((4, 2), (5, 6))]
    panel = procedures.panel(inputs("integrated", *rows, *(oge(org, 3, 40) for org in (1, 2, 3))))
    assert cells(table(panel, "procedures"))["МБОУ «СОШ № 2»"][0] == "20 % = не отличается"


def test_one_procedure_alone_is_nothing_to_set_side_by_side() -> None:
    assert procedures.panel(inputs("integrated", *[vpr(org, 10, 100) for org in range(4)])).monitoring == ()


def test_schools_stand_by_name_and_not_by_result() -> None:
    rows = [vpr(org, org, 100) for org in (12, 2, 5)] + [oge(org, 50 - org, 100) for org in (12, 2, 5)]
    order = list(cells(table(procedures.panel(inputs("integrated", *rows)), "procedures")))
    assert order == ["МБОУ «СОШ № 2»", "МБОУ «СОШ № 5»", "МБОУ «СОШ № 12»"]


# --- zones of risk ------------------------------------------------------------------------------------------------


def against_the_country(*counts: tuple[int, int]) -> Inputs:
    rows = [vpr(org, part, whole) for org, (part, whole) in enumerate(counts, start=1)]
    return inputs("integrated", *rows, exact(0.05))


def test_every_cell_has_a_sign_and_a_word() -> None:
    """Real and large; real but small; large but unsure; better; few."""
    panel = risk_map.panel(against_the_country((30, 100), (780, 10_000), (3, 20), (0, 200), (5, 9)))
    found = [one[0] for name, one in cells(table(panel, "risk-map")).items() if name != "Муниципалитет"]
    assert found == ["▼ риск", "= обычно", "◆ внимание", "▲ лучше", "? мало"]


def test_a_risk_is_told_with_its_number_and_what_it_is_held_against() -> None:
    panel = risk_map.panel(against_the_country((30, 100), (5, 100)))
    assert words(panel)["risk.s1"] == (
        "МБОУ «СОШ № 1»: риск по 1 показателю: «2» ВПР, русский — 30,0 % (21,9–39,6) (РФ 5,0 %)."
    )
    assert cells(table(panel, "risk-named"))["МБОУ «СОШ № 1»"] == [
        "«2» ВПР, русский",
        "30,0 % (21,9–39,6)",
        "РФ 5,0 %",
        "25,0 п. п.",
    ]
    goal = words(panel)["next_goal"]
    assert goal.startswith(
        "Снизить долю: «2» ВПР, русский, в организации МБОУ «СОШ № 1», с 30,0 % (21,9–39,6) в сторону"
    )


def test_alike_schools_have_no_risk_named() -> None:
    """Eighteen schools around the country's share."""
    panel = risk_map.panel(against_the_country(*((3 + org % 5, 100) for org in range(18))))
    assert words(panel) == {}
    assert plain(table(panel, "risk-map").statement).startswith("Из 18 сравнений ни одно не даёт назвать риск")


def test_a_risk_that_many_comparisons_may_bring_asks_for_attention() -> None:
    """7 of 40 against 5 %: alone it is a risk; among forty schools at the country's share it is not."""
    alone = zones.columns(against_the_country((8, 40)))[0].cells["s1"]
    among = zones.columns(against_the_country((8, 40), *((1, 20),) * 40))[0].cells["s1"]
    assert alone.risk.zone == "red"
    assert among.risk.zone == "amber"
    assert among.risk.worse == alone.risk.worse


def test_without_a_norm_and_a_wider_value_the_other_schools_are_the_measure() -> None:
    rows = [oge(org, 4, 100) for org in range(2, 8)] + [oge(1, 40, 100)]
    column = zones.columns(inputs("integrated", *rows))[0]
    assert column.basis == "rest"
    assert column.cells["s1"].against == pytest.approx(6 * 4 / 600)
    assert column.cells["s1"].risk.zone == "red"


def test_grades_are_weighed_by_their_participants() -> None:
    """50 of grade 4 at 10 % and 150 of grade 8 at 20 % of the country: 35 of 200 are expected."""
    rows = [vpr(1, 5, 50, grade=4), vpr(1, 30, 150, grade=8), exact(0.1), exact(0.2, grade=8)]
    found = zones.columns(inputs("integrated", *rows))[0].cells["s1"]
    assert found.against == pytest.approx((50 * 0.1 + 150 * 0.2) / 200)


def test_kindergartens_are_not_compared_with_schools() -> None:
    rows = [form("teachers_category", org, 60, 100) for org in (1, 2)] + [form("teachers_category", 9, 1, 100)]
    column = zones.columns(inputs("integrated", *rows, vpr(1, 5, 100), vpr(2, 5, 100)))[-1]
    assert set(column.cells) == {"s1", "s2"}


def test_few_children_of_a_protected_group_are_not_printed() -> None:
    rows = [form("absent_often", org, 30, 400) for org in (1, 2)] + [form("absent_often", 3, 4, 400)]
    rows += [form("context_low_income", org, 30, 400) for org in (1, 2, 3)]
    panel = risk_map.panel(inputs("integrated", *rows))
    assert cells(table(panel, "risk-map"))["МБОУ «СОШ № 3»"] == ["•"]


def test_an_unknown_indicator_of_the_map_is_refused_by_name() -> None:
    given = against_the_country((5, 100))
    wrong = RULES.risks.indicators[0].model_copy(update={"indicator": "vpr_marks"})
    rules = replace(RULES, risks=RULES.risks.model_copy(update={"indicators": (wrong,)}))
    with pytest.raises(WorkspaceError, match="vpr_marks") as caught:
        risk_map.panel(replace(given, rules=rules))
    assert "risk_zones.yml" in str(caught.value)


def test_the_shipped_map_and_features_name_indicators_that_are_declared() -> None:
    named = {one.indicator for one in RULES.risks.indicators} | set(FEATURES)
    assert named - set(PASSPORTS) == set()
    assert all(PASSPORTS[one.indicator].better != "neutral" for one in RULES.risks.indicators)


# --- similar schools ----------------------------------------------------------------------------------------------


def passports(schools: int) -> list[dict[str, Any]]:
    """Social passports that differ a little from school to school, all features moving together."""
    rows = []
    for org in range(1, schools + 1):
        for feature in RULES.context.features:
            share_of = 60 + 3 * org if feature.favourable else 140 - 3 * org
            rows.append(form(feature.indicator, org, share_of + (org * 7) % 5, 400))
    return rows


def results(better: int, test: Any, others: Any) -> list[dict[str, Any]]:
    """Twelve schools alike in both procedures, one of them better in one."""
    rows = [others(org, 12, 100) for org in range(1, 13)]
    rows += [test(org, 12, 100) for org in range(1, 13) if org != better]
    return [*rows, test(better, 0, 200)]


def test_better_than_similar_ones_by_an_exam_is_a_practice_to_look_at() -> None:
    panel = similar_schools.panel(inputs("integrated", *passports(12), *results(6, oge, vpr)))
    said = words(panel)["practice.s6"]
    assert said.startswith("МБОУ «СОШ № 6»: при похожих условиях участников ниже минимального уровня меньше: ОГЭ")
    assert "могут похожие школы" in said


def test_better_by_its_own_vpr_alone_is_no_practice() -> None:
    panel = similar_schools.panel(inputs("integrated", *passports(12), *results(6, vpr, oge)))
    assert words(panel) == {}
    assert "не предложено школ — 1" in plain(panel.analysis[-1].items[0])
    assert "СОШ № 6" not in plain(panel.analysis[-1].items[0])


def test_a_school_whose_results_are_to_be_confirmed_is_not_proposed() -> None:
    marked = {"school_year": 2026, "org_id": "s6", "procedure": "vpr", "subject": "russian", "grade": 4, "marker": 1}
    clean = {"marked_schools": frame("marked_schools", {**SOURCE, **marked, "state": "observed", "n_markers": 1})}
    panel = similar_schools.panel(inputs("integrated", *passports(12), *results(6, oge, vpr), clean=clean))
    assert words(panel) == {}


def test_features_are_named_before_results_and_hold_none() -> None:
    panel = similar_schools.panel(inputs("integrated", *passports(12), *results(6, oge, vpr)))
    first = plain(panel.analysis[0].items[0])
    assert first.startswith("Похожими названы школы с близкими условиями. Признаки выбраны до взгляда на результаты")
    assert all(one.startswith("context_") for one in FEATURES)


def test_below_ten_schools_there_is_no_index() -> None:
    assert similar_schools.panel(inputs("integrated", *passports(9))).analysis == ()


# --- links --------------------------------------------------------------------------------------------------------


def test_vpr_is_never_set_beside_teachers_or_management() -> None:
    assert {result for group, _, result in links.PAIRS if group != "context"} == {"oge"}


def linked(schools: int) -> list[dict[str, Any]]:
    """The better the context, the fewer are under the minimum; exactly in order."""
    return [*passports(schools), *(oge(org, 40 - 3 * org, 100) for org in range(1, schools + 1))]


def test_a_link_of_twelve_schools_is_told_as_a_link_of_schools() -> None:
    panel = links.panel(inputs("integrated", *linked(12)))
    said = words(panel)["link.context.oge"]
    assert said.startswith("Чем благополучнее условия, тем меньше доля ниже порога ОГЭ: −")
    assert said.endswith("школ 12. Это связь между школами, а не причина.")


def test_without_an_index_below_ten_schools_no_p_is_printed() -> None:
    rows = [form("teachers_category", org, 40 + 5 * org, 100) for org in range(1, 8)]
    rows += [oge(org, 40 - 5 * org, 100) for org in range(1, 8)]
    panel = links.panel(inputs("integrated", *rows))
    lines = {row[1].text: [cell.text for cell in row] for row in table(panel, "links").rows}
    assert lines["С категорией"][3] == "7"
    assert lines["С категорией"][5] == "…"
    assert lines["С категорией"][7] == "мало школ"
    assert words(panel) == {}


def test_results_are_held_against_what_the_same_tests_give() -> None:
    """Two schools of one share that wrote different subjects: expected 10 % and 30 %."""
    rows = [oge(1, 10, 100), oge(2, 10, 100), oge(3, 30, 100, "mathematics"), oge(4, 30, 100, "mathematics")]
    held = links.results(inputs("integrated", *rows), "oge")
    assert [round(value, 9) for _, value in held.values()] == [0, 0, 0, 0]


# --- findings that meet -------------------------------------------------------------------------------------------


def found_by(code: str, kind: str, org: str) -> tuple[str, Chapter]:
    return code, replace(chapter(code), findings=(Finding("x", kind, text(f"{org}: {kind}"), org_id=org),))


def test_two_chapters_about_one_school_stand_together() -> None:
    earlier = handed_on(found_by("teachers", "risk", "s5"), found_by("career", "deficit", "s5"))
    panel = crossing.panel(replace(bare("integrated"), earlier=earlier))
    assert [row[1].text for row in panel.analysis[0].rows] == ["дефицит", "риск"]


def test_one_chapter_alone_or_only_strengths_are_not_a_meeting() -> None:
    one = handed_on(found_by("teachers", "risk", "s5"), found_by("career", "strength", "s5"))
    assert crossing.panel(replace(bare("integrated"), earlier=one)).analysis == ()


# --- the chapter --------------------------------------------------------------------------------------------------


def test_without_data_the_chapter_says_what_is_missing() -> None:
    made = chapter("integrated")
    assert "missing_sources" in findings(made)


def test_the_whole_chapter_is_drawn(drawn: None) -> None:
    rows = [*passports(12), *results(6, oge, vpr), exact(0.05)]
    made = chapter("integrated", *rows)
    assert {"procedures", "risk-map", "links", "similar-schools"} <= set(tables_of(made))
    assert isinstance(made.frames["risk_map"], pd.DataFrame)
