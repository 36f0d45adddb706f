"""Groups of schools by their conditions: told where they are stable, else why there are none; the index is checked."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipeline.directions import schools
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels import context_groups, similar_schools
from pipeline.directions.panels.context_groups import Conditions
from pipeline.presentation.blocks import plain
from pipeline.statistics.clusters import Clusters, Stability
from tests.directions.inputs import RULES, inputs, share

FEATURES = RULES.context.features
PUPILS = 400


def form(indicator: str, org: int, part: int) -> dict[str, Any]:
    about = {"procedure": "", "subject": "", "grade": 0, "series": "|"}
    label = {"group": f"s{org}", "group_label": f"МБОУ «СОШ № {org}»"}
    return share(part, PUPILS, indicator, level="organisation", **about, **label)


def exam(org: int, part: int) -> dict[str, Any]:
    label = {"group": f"s{org}", "group_label": f"МБОУ «СОШ № {org}»", "grade": 9, "series": "oge"}
    return share(part, PUPILS, "oge_below_minimum", level="organisation", procedure="oge", **label)


def town(conditions: list[float], seed: int = 1) -> list[dict[str, Any]]:
    """Passports of schools whose conditions (in logits, high is easy) all features follow with a little noise."""
    chance, rows = np.random.default_rng(seed), []
    for org, level in enumerate(conditions, start=1):
        for feature in FEATURES:
            logit = -1.0 + (level if feature.favourable else -level) + chance.normal(0, 0.15)
            rows.append(form(feature.indicator, org, round(PUPILS / (1 + np.exp(-logit)))))
    return rows


def conditions(given: Inputs) -> Conditions:
    found = schools.context(given)
    assert found is not None
    return context_groups.conditions(given, found)


def said(given: Inputs) -> list[str]:
    lines = (plain(one) for one in context_groups.group_words(given, conditions(given)))
    return [line.replace("\u00a0", " ").replace("\u202f", " ") for line in lines]


TWO = [-1.0] * 10 + [1.0] * 10


def test_two_groups_far_apart_are_told_with_their_schools() -> None:
    """Schools 1–10 have the harder conditions, 11–20 the easier: group 1 is the hardest."""
    given = inputs("integrated", *town(TWO))
    first, hard, easy = said(given)
    assert first.startswith("По условиям школы делятся на 2 группы: они складываются снова")
    assert "а не как школа работает" in first
    assert hard.startswith("Группа 1: 10 школ, индекс условий от −")
    assert "СОШ № 1, СОШ № 2" in hard
    assert "СОШ № 11" in easy and "СОШ № 11" not in hard
    assert conditions(given).labels == {f"s{org}": 1 if org <= 10 else 2 for org in range(1, 21)}


def test_a_public_edition_counts_schools_and_names_none() -> None:
    given = inputs("integrated", *town(TWO))
    public = replace(given, settings=given.settings.model_copy(update={"edition": "public"}))
    assert not any("СОШ" in line for line in said(public))
    assert said(public)[1].startswith("Группа 1: 10 школ, индекс условий от −")


def test_schools_that_differ_smoothly_are_no_groups() -> None:
    """Twenty-four schools evenly along one line."""
    smooth = inputs("integrated", *town(list(np.linspace(-1, 1, 24))))
    (line,) = said(smooth)
    assert line.startswith("Устойчивых групп школ по условиям нет: ")
    assert line.endswith("поэтому школа сравнивается со своими ближайшими соседями, где они есть.")
    assert conditions(smooth).labels == {}


def test_why_there_are_no_groups_is_told() -> None:
    given = inputs("integrated", *town(TWO))
    found = conditions(given)
    one = replace(found, groups=Clusters("none"))
    assert "не лучше, чем одна общая группа" in plain(context_groups.group_words(given, one)[0])
    loose = replace(found, groups=Clusters("none", stability=Stability(0.61, (0.8, 0.52))))
    assert "по всем группам 0,61, наименьшее по одной 0,52; устойчивы от 0,75" in plain(
        context_groups.group_words(given, loose)[0]
    )


@pytest.mark.parametrize(("number", "sought"), [(15, False), (16, True)])
def test_below_sixteen_schools_groups_are_not_sought(number: int, sought: bool) -> None:
    (line, *_) = said(inputs("integrated", *town(TWO[: number - 8] + TWO[-8:])))
    assert ("не искали: для этого нужно не меньше 16 школ" in line) is not sought


def test_groups_do_not_hang_on_the_order_of_schools() -> None:
    rows = town(TWO)
    assert conditions(inputs("integrated", *rows[::-1])).labels == conditions(inputs("integrated", *rows)).labels


def test_the_index_stands_beside_weights_from_a_regression_of_results() -> None:
    """Results that follow conditions exactly weigh the features so that schools keep their order."""
    levels = list(np.linspace(-1, 1, 20))
    results = [exam(org, round(PUPILS * (0.3 - 0.2 * level))) for org, level in enumerate(levels, start=1)]
    found = conditions(inputs("integrated", *town(levels), *results))
    assert found.weighed is not None
    assert (found.weighed.procedure, found.weighed.schools) == ("oge", 20)
    assert found.weighed.agrees > 0.95
    against = [exam(org, round(PUPILS * (0.3 + 0.2 * level))) for org, level in enumerate(levels, start=1)]
    opposite = conditions(inputs("integrated", *town(levels), *against)).weighed
    assert opposite is not None and opposite.agrees < -0.95
    words = plain(context_groups.index_words(found))
    assert "веса взяты из регрессии результатов (ОГЭ, школ 20), — " in words
    assert "Результаты в индекс не входят" in words


def test_a_regression_is_not_run_on_too_few_schools() -> None:
    """Five features ask for fifteen schools; the index itself is told all the same."""
    levels = list(np.linspace(-1, 1, 20))
    given = inputs("integrated", *town(levels), *(exam(org, 100 + org) for org in range(1, 15)))
    found = conditions(given)
    assert found.weighed is None
    assert "регрессии" not in plain(context_groups.index_words(found))


def test_features_that_do_not_go_together_make_the_index_doubtful() -> None:
    """Each feature of a school is drawn by itself: Bartlett's test finds nothing, and the reader is told."""
    chance = np.random.default_rng(5)
    rows = [form(one.indicator, org, int(chance.integers(60, 340))) for org in range(1, 25) for one in FEATURES]
    found = conditions(inputs("integrated", *rows))
    assert found.context.adequacy.p > 0.05
    assert "Признаки мало связаны между собой" in plain(context_groups.index_words(found))
    assert "критерий Бартлетта" in plain(context_groups.how(found.context)[0])


def test_the_data_file_holds_the_group_of_each_school_and_what_it_rests_on() -> None:
    panel = similar_schools.panel(inputs("integrated", *town(TWO), *(exam(org, 40) for org in range(1, 21))))
    assert list(panel.frames["similar_schools"]["group"]) == [1] * 10 + [2] * 10
    measures = panel.frames["context_index"].set_index("measure")["value"]
    assert (measures["schools"], measures["stable_groups"], measures["bartlett_df"]) == (20, 2, 10)
    assert measures["median_adjusted_rand"] >= 0.75 and measures["smallest_jaccard"] >= 0.75
    assert 0.5 < measures["kaiser_meyer_olkin"] < 1


def test_forty_schools_are_grouped_in_under_a_second() -> None:
    given = inputs("integrated", *town(list(np.linspace(-1, 1, 40))))
    found = schools.context(given)
    assert found is not None
    started = time.process_time()
    context_groups.conditions(given, found)
    assert time.process_time() - started < 1
