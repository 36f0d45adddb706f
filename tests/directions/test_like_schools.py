"""A measure beside similar schools without it: what is seen, what only came back, what cannot be judged."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pipeline.directions import acts, before_after, like_schools
from pipeline.directions.like_schools import Compared
from pipeline.directions.panels import forest
from pipeline.presentation.blocks import FigureBlock, Paragraphs, plain
from tests.directions.inputs import chapter, findings, frame, inputs, share, tables_of
from tests.directions.test_closing import act, organisation, words

YEARS = (2022, 2023, 2024, 2025, 2026)
OGE = {"procedure": "oge", "subject": "mathematics", "grade": 9, "series": "oge"}
TREATED, OTHERS = ("t1", "t2", "t3", "t4"), tuple(f"o{number:02d}" for number in range(1, 11))
WAVE = (0, 3, -2, 1, -1, 2, -3)


def school(org: str, counts: dict[int, int], n: int = 200, **given: Any) -> list[dict[str, Any]]:
    where = {"level": "organisation", "group": org, "org_id": org, "group_label": org}
    return [
        share(count, n, "oge_below_minimum", school_year=year, **{**OGE, **where, **given})
        for year, count in counts.items()
    ]


def district(
    *, bad_year: int = 0, effect: int = 0, level: int = 40, wave: int = 1, **given: Any
) -> list[dict[str, Any]]:
    """Ten steady schools and four that stood as they do, with a bad 2024 and a change from 2025 on."""
    rows = []
    for place, org in enumerate((*TREATED, *OTHERS)):
        counts = {year: max(0, level + place * 5 % 14 + wave * WAVE[(place + year) % 7]) for year in YEARS}
        if org in TREATED:
            counts[2024] += bad_year
            counts |= {year: counts[year] + effect for year in (2025, 2026)}
        rows += school(org, counts, **given)
    return rows


def measures(*orgs: str, **given: Any) -> dict[str, pd.DataFrame]:
    taken = [act(f"М-{org}", org_id=org, indicator="oge_below_minimum", **given) for org in orgs]
    names = [organisation(org, org) for org in (*TREATED, *OTHERS)]
    return {"decisions": frame("decisions", *taken), "organisations": frame("organisations", *names)}


def compared(*rows: dict[str, Any], registered: dict[str, pd.DataFrame]) -> list[Compared]:
    given = inputs("achievement", *rows, clean=registered)
    return like_schools.compared(given, before_after.changes(given, acts.acts(given)))


def test_a_measure_that_worked_is_seen() -> None:
    """Twelve points off of about twenty; the others as they were."""
    (found,) = compared(*district(effect=-24), registered=measures(*TREATED))
    assert found.word == "видно улучшение"
    assert found.years == ((2022, 2023), (2025, 2026))
    assert found.skipped == 2024
    assert found.effect.value == pytest.approx(-0.12, abs=0.02)
    assert found.effect.upper < 0
    assert found.effect.treated == 4
    assert found.treated is not None
    assert found.others is not None
    by_hand = [sum(40 + place * 5 % 14 + WAVE[(place + year) % 7] for year in (2022, 2023)) / 400 for place in range(4)]
    assert found.treated.before == pytest.approx(sum(by_hand) / 4)


def test_a_bad_year_that_passed_is_not_seen() -> None:
    """Sixteen points worse in 2024 only: against that year a great success, against similar schools nothing."""
    done = chapter("achievement", *district(bad_year=32), clean=measures(*TREATED))
    told = {name: words(one) for name, one in findings(done).items() if name.startswith("effect.")}
    ((name, said),) = told.items()
    assert name == "effect.2025.М-t1.mathematics.9.unseen"
    assert "действия меры не видно, изменение похоже на возврат к среднему" in said
    finding = next(one for one in done.findings if one.id == name)
    assert (finding.kind, finding.weight) == ("sign", 0.1)


def test_what_was_seen_is_told_with_its_comparison() -> None:
    done = chapter("achievement", *district(effect=-24), clean=measures(*TREATED))
    said = words(findings(done)["effect.2025.М-t1.mathematics.9"])
    assert "Против похожих школ без меры разность −12," in said
    assert "действие меры видно" in said
    assert "сравнение не исключает" in said
    ((_, own, others, gap, seen, verdict),) = [
        [words(cell.text) for cell in line] for line in tables_of(done)["achievement-effect-schools"].rows
    ]
    assert " → " in own and " → " in others
    assert gap.startswith("−12,") and "(от −" in gap
    assert seen.endswith("п. п.")
    assert verdict.startswith("видно улучшение: случайно — в ")
    assert "против 2023/24 один возврат к среднему дал бы" in verdict
    assert list(done.frames["measures_forest"]["word"]) == ["видно улучшение"]


def test_a_measure_after_which_it_grew_worse() -> None:
    (found,) = compared(*district(effect=24), registered=measures(*TREATED))
    assert found.word == "видно ухудшение"


@pytest.mark.parametrize(
    ("rows", "registered", "reason"),
    [
        (district(effect=-24), measures("t1"), "школ слишком мало: и самый ясный исход мог быть случайным"),
        (district(effect=-24), measures(*TREATED, *OTHERS), "похожих школ без меры нет"),
        ([one for one in district(effect=-24) if one["school_year"] > 2023], measures(*TREATED), like_schools.ONE_YEAR),
        (district(level=-4, wave=5), measures(*TREATED), like_schools.BLIND),
    ],
)
def test_where_it_cannot_be_judged_the_reason_stands(rows: Any, registered: Any, reason: str) -> None:
    found = compared(*rows, registered=registered)
    assert {one.word for one in found} == {"нельзя судить"}
    assert found[0].reason == reason


def test_a_measure_of_the_whole_municipality_has_nobody_beside() -> None:
    whole = [share(count, 500, "oge_below_minimum", school_year=y, **OGE) for y, count in ((2024, 100), (2025, 60))]
    registered = {"decisions": frame("decisions", act(indicator="oge_below_minimum"))}
    (found,) = compared(*whole, registered=registered)
    assert (found.word, found.reason) == ("нельзя судить", like_schools.EVERYWHERE)


def test_schools_with_another_measure_for_the_same_are_no_comparison() -> None:
    registered = measures(*TREATED)
    other = act("Д-1", org_id="o01", indicator="oge_below_minimum", title="Другое", kind="decision")
    more = frame("decisions", *registered["decisions"].to_dict("records"), other)
    found = compared(*district(effect=-24), registered={**registered, "decisions": more})
    first = next(one for one in found if len(one.change.acts) == 4)
    assert first.effect.controls <= 9
    assert first.word == "видно улучшение"


def test_the_forest_says_what_it_shows(drawn: None) -> None:
    done = chapter("management_cycle", *district(effect=-24), clean=measures(*TREATED))
    figure, before = [one for one in done.blocks("effect") if isinstance(one, FigureBlock)]
    assert before.id == "measures-before"
    assert figure.title == "Помогла ли мера: видно улучшение — 1"
    assert "−12," in figure.alt
    assert plain(figure.statement).startswith("Видно улучшение — «Практикум» (математика, 9")
    assert "было бы видно от" in figure.svg
    assert words(findings(done)["measures"]).startswith(
        "Меры против похожих школ без них: «Практикум» — видно улучшение, −12,"
    )


def test_without_a_line_to_draw_the_words_stand_alone() -> None:
    whole = [share(count, 500, "oge_below_minimum", school_year=y, **OGE) for y, count in ((2024, 100), (2025, 60))]
    registered = {"decisions": frame("decisions", act(indicator="oge_below_minimum"))}
    done = chapter("management_cycle", *whole, clean=registered)
    said = [plain(item) for one in done.blocks("effect") if isinstance(one, Paragraphs) for item in one.items]
    assert any(line.startswith("Нельзя судить (мера касается всего муниципалитета)") for line in said)


def test_the_forest_has_its_data() -> None:
    done = chapter("management_cycle", *district(effect=-24), clean=measures(*TREATED))
    assert done.frames["measures_forest"]["effect"].tolist() == pytest.approx([-0.12], abs=0.02)


# --- before the measure -------------------------------------------------------------------------------------------


def helped(*rows: dict[str, Any], orgs: tuple[str, ...] = TREATED) -> Any:
    given = inputs("management_cycle", *rows, clean=measures(*orgs, direction="achievement"))
    return forest.panel(given)


def test_schools_that_went_alike_before_the_measure_are_drawn_and_told() -> None:
    panel = helped(*district(effect=-24))
    _, figure = panel.analysis
    assert isinstance(figure, FigureBlock)
    assert figure.id == "measures-before"
    assert "до меры школы с ней и без неё менялись одинаково с учётом погрешности" in plain(figure.statement)
    assert figure.svg.count(">мера</text>") == 1
    rows = panel.frames["measures_before"]
    own = rows[rows["line"] == "школы с мерой"].set_index("year")["value"]
    by_hand = sum(40 + place * 5 % 14 + WAVE[(place + 2023) % 7] for place in range(4)) / 4 / 200
    assert own[2023] == pytest.approx(by_hand)
    assert list(own.index) == list(YEARS)
    frame_of_forest = panel.frames["measures_forest"].iloc[0]
    assert frame_of_forest["wild_reason"] == "школ с мерой или без неё меньше шести"


def drifting(org: str, place: int) -> dict[int, int]:
    """Those with the measure fell by twenty points from 2022 to 2023, before it; by the mean of both they are alike."""
    apart = {2022: 20, 2023: -20} if org in TREATED else {}
    return {year: 60 + place * 5 % 14 + WAVE[(place + year) % 7] + apart.get(year, 0) for year in YEARS}


def test_schools_that_went_apart_before_the_measure_make_the_verdict_doubtful() -> None:
    rows = [row for place, org in enumerate((*TREATED, *OTHERS)) for row in school(org, drifting(org, place))]
    blocks = helped(*rows).analysis
    said = " ".join(plain(block.statement) for block in blocks if isinstance(block, FigureBlock))
    assert "менялись по-разному ещё до меры" in said
    assert "вывод о её действии ненадёжен" in said


def test_six_schools_with_a_measure_have_a_second_opinion() -> None:
    """Twelve points off in six of fourteen schools; the bootstrap says so too."""
    six = (*TREATED, *OTHERS[:2])
    rows = [
        row
        for place, org in enumerate((*TREATED, *OTHERS, "p1", "p2", "p3", "p4"))
        for row in school(
            org,
            {
                year: 40 + place * 5 % 14 + WAVE[(place + year) % 7] - (24 if org in six and year > 2024 else 0)
                for year in YEARS
            },
        )
    ]
    (found,) = compared(*rows, registered=measures(*six))
    assert found.seen
    assert found.wild.p < 0.05
    assert "второе мнение, бутстрап по школам" in forest.verdict(found)
    assert "не подтверждает" not in forest.verdict(found)


def test_a_fall_that_the_second_comparison_does_not_show_is_not_called_one() -> None:
    """Schools chosen by a last year that lasts: a bad 2024 goes on in all schools alike, with a measure or without."""
    rows = []
    for place, org in enumerate((*TREATED, *OTHERS)):
        lasting = 24 if org in TREATED else 8 * (place % 3)
        counts = {year: 40 + place * 5 % 14 + (lasting if year > 2023 else 0) for year in YEARS}
        counts[2026] += WAVE[place % 7]
        rows += school(org, counts)
    (found,) = compared(*rows, registered=measures(*TREATED))
    assert found.effect.lower > 0
    assert found.second.lower <= 0
    assert (found.word, found.doubted) == ("не видно", True)
    assert "если учесть и последний год до меры, отличие не подтверждается" in forest.verdict(found)


@pytest.mark.parametrize(("effect", "counts"), [(-24, ["1", "0"]), (0, ["0", "1"])])
def test_the_table_of_outcomes_says_what_similar_schools_say(effect: int, counts: list[str]) -> None:
    done = chapter("management_cycle", *district(effect=effect), clean=measures(*TREATED))
    (line,) = tables_of(done)["acts-effects"].rows
    assert [words(cell.text) for cell in line][1:] == ["1 из 1", *counts, "0", "0", "0", "0"]
