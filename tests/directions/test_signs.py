"""Signs in the answers on the page of chapter 02: who is named, what is said beside, who is not tested."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from benchmarks.cheating_world import Cheating, World, district
from pipeline import tables
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels import answers, signs
from pipeline.directions.panels.panel import Panel
from pipeline.presentation.blocks import Paragraphs, TableBlock, plain
from tests.directions.inputs import SOURCE, TEST, inputs, share

SEED, HELPED, LARGE = 22, 10, 11
FORBIDDEN = ("списыв", "нарушил", "виновн", "худш", "фальсиф")


FILLED, LIFTED, ALL_LIFTED = Cheating("B", 0.8), Cheating("A", 0.9), Cheating("A", 0.6, part=1.0)


def clean(who: tuple[int, ...], kind: Cheating = FILLED) -> dict[str, pd.DataFrame]:
    """Results and points by tasks of an invented work in twelve schools; schools of `who` had the help of a kind,
    by default hard tasks filled in."""
    cheating = (replace(kind, who=who),) if who or kind.part == 1 else ()
    work = district(World(schools=12), cheating, np.random.default_rng(SEED)).procedure
    pupils = [
        {
            **TEST,
            **SOURCE,
            "org_id": f"s{school}",
            "participant": str(place),
            "class_label": str(room),
            "state": "observed",
            "primary_score": float(total),
            "max_score": 20.0,
            "mark": int(mark),
            "mark_state": "observed",
            "journal_mark_state": "absent",
        }
        for place, (school, room, total, mark) in enumerate(
            zip(work.school, work.room, work.totals, work.marks, strict=True)
        )
    ]
    points = [
        {
            **{name: pupil[name] for name in (*TEST, *SOURCE, "org_id", "participant", "state")},
            "task": f"{task:02}",
            "task_order": task,
            "score": float(work.scores[place, task]),
            "max_score": float(work.maxima[task]),
        }
        for place, pupil in enumerate(pupils)
        for task in range(len(work.maxima))
    ]
    return {
        "results": tables.conform("results", pd.DataFrame(pupils)),
        "task_scores": tables.conform("task_scores", pd.DataFrame(points)),
    }


def town(who: tuple[int, ...], kind: Cheating = FILLED) -> Inputs:
    rows = [share(1, 10, level="organisation", group=f"s{place}") for place in range(12)]
    return inputs("objectivity", *rows, clean=clean(who, kind))


def of(given: Inputs) -> Panel:
    return signs.panel(given, signs.searched(given))


@cache
def found(who: tuple[int, ...] = ()) -> Panel:
    return of(town(who))


def words(panel: Panel) -> str:
    return json.dumps([block.payload() for block in (*panel.monitoring, *panel.analysis)], ensure_ascii=False)


def table(panel: Panel, name: str) -> TableBlock:
    return next(block for block in panel.monitoring if isinstance(block, TableBlock) and block.id == name)


def test_the_helped_school_and_no_other_is_named() -> None:
    panel = found((HELPED,))
    assert [finding.org_id for finding in panel.findings] == [f"s{HELPED}"]
    (finding,) = panel.findings
    assert finding.kind == "sign"
    assert 0.1 <= finding.weight <= 3
    assert "основание для перепроверки" in plain(finding.statement)
    (row,) = table(panel, "signs").rows
    assert f"s{HELPED}" in row[0].text
    assert "трудные задания" in row[2].text
    assert row[4].text in (signs.HONEST["filled"], signs.HONEST["copied"])
    assert row[5].text == "нет"
    assert panel.frames["signs"]["org_id"].tolist() == [f"s{HELPED}"]


def test_heap_of_a_school_is_said_to_be_seen_without_the_others() -> None:
    panel = of(town((LARGE,), LIFTED))
    (row,) = table(panel, "signs").rows
    assert "видно и без сравнения с другими школами" in row[2].text
    assert "не доказано больше того" in words(panel)


def test_heap_of_the_whole_district_is_told_though_no_school_stands_out() -> None:
    panel = of(town((), ALL_LIFTED))
    assert panel.findings == ()
    said = next(plain(item) for item in panel.analysis[0].items if "По всем школам вместе" in plain(item))  # type: ignore[union-attr]
    assert "больше, чем даёт честная вторая проверка" in said
    assert "над границей стоят около" in said


def test_words_never_accuse() -> None:
    for panel in (found((HELPED,)), found()):
        assert not [word for word in FORBIDDEN if word in words(panel).lower()]


def test_nothing_found_is_said_with_what_would_have_been_seen() -> None:
    panel = found()
    assert panel.findings == ()
    first = panel.monitoring[0]
    assert isinstance(first, Paragraphs)
    assert "не найдено" in plain(first.items[0])
    assert "не доказывает" in plain(first.items[0])
    cells = [cell.text for row in table(panel, "signs-power").rows for cell in row[1:]]
    assert cells
    assert all(cell == "нет школ" or "никогда" in cell or "всегда" in cell or "%" in cell for cell in cells)


def test_same_data_same_signs() -> None:
    again = of(town((HELPED,)))
    assert words(again) == words(found((HELPED,)))


def test_outside_the_internal_edition_nobody_is_named() -> None:
    town_inputs = town((HELPED,))
    public = replace(town_inputs, settings=town_inputs.settings.model_copy(update={"edition": "public"}))
    panel = of(public)
    assert panel.findings == ()
    assert f"s{HELPED}" not in words(panel)
    assert "1 организации" in words(panel).replace("\u00a0", " ")
    assert panel.frames == {}


def test_without_points_by_tasks_there_is_no_panel() -> None:
    assert of(inputs("objectivity")) == Panel()


def test_works_are_read_as_they_stand() -> None:
    frames = clean(())
    scores = frames["task_scores"]
    first = (scores["participant"] == "0") & (scores["task"] == "00")
    scores.loc[first, ["score", "state"]] = [None, "not_attempted"]
    second = (scores["participant"] == "1") & (scores["task"] == "00")
    scores.loc[second, ["score", "state"]] = [None, "absent"]
    (work,) = answers.written(frames, 2026)
    # A task left out earned nothing; a pupil whose work lacked a task is not compared.
    assert len(work.procedure.school) == len(frames["results"]) - 1
    assert work.procedure.maxima.tolist() == [1, 1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2]
    assert work.procedure.cuts.tolist() == [7, 11, 15]
    assert work.organisations == tuple(sorted(f"s{place}" for place in range(12)))
    assert answers.written(frames, 2025) == []
