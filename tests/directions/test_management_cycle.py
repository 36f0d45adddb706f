"""Chapter 12: state of the roadmap on a time line, the grid with evidence, recommendations → measures → decisions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from pipeline.directions import registry, roadmap_table
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.panels import timeline
from pipeline.presentation.timeline import COLOURS, Bar
from pipeline.presentation.timeline import timeline as drawing
from pipeline.territory.roadmap import Roadmap, load_roadmap
from tests.directions.inputs import EMPTY, PATHS, SOURCE, figures, findings, frame, goal, inputs, said, share, tables_of
from tests.directions.test_closing import act, document

ITEMS: list[dict[str, Any]] = [
    {"key": "Г-1", "title": "Сделать", "component": "goals", "due": {"kind": "date", "to": "2026-03-01"}},
    {"key": "Г-2", "title": "Повторять", "component": "analysis", "due": {"kind": "recurrence", "every": "year"}},
    {"key": "Г-3", "title": "Вести", "component": "measures", "due": {"kind": "none"}},
    {"key": "Г-4", "title": "Длить", "component": "measures", "due": {"kind": "period", "from": "2025-01-01"}},
    {"key": "Г-5", "title": "Забыть", "component": "decisions", "due": {"kind": "date", "to": "2027-03-01"}},
]
ROADMAP = Roadmap.model_validate(
    {
        "document": "Г",
        "title": "Карта города",
        "sections": [{"id": "1", "title": "Раздел", "direction": "achievement"}],
        "items": [{"number": str(n), "section": "1", **item} for n, item in enumerate(ITEMS, start=1)],
    }
)
PROGRESS = (
    {"item": "Г-1", "progress": "not_done"},
    {"item": "Г-2", "progress": "done", "evidence": "Д-1"},
    {"item": "Г-3", "progress": "done"},
    {"item": "Г-4", "progress": "in_progress"},
)


def words(line: str) -> str:
    return line.replace("\u00a0", " ").replace("\u202f", " ")


def given(*acts: dict[str, Any], papers: tuple[dict[str, Any], ...] = (), roadmap: Roadmap | None = ROADMAP) -> Inputs:
    reported = [{"school_year": 2026, **SOURCE, **one} for one in PROGRESS] if roadmap else []
    clean: dict[str, pd.DataFrame] = {
        "roadmap": frame("roadmap", *reported),
        "decisions": frame("decisions", *acts),
        "documents": frame("documents", *papers),
    }
    return replace(inputs("management_cycle", clean=EMPTY | clean), roadmap=roadmap)


def made(*acts: dict[str, Any], **more: Any) -> Chapter:
    return registry.analyse(given(*acts, **more))


def lines(done: Chapter, table: str) -> list[list[str]]:
    return [[words(cell.text) for cell in line] for line in tables_of(done)[table].rows]


def test_states_are_counted_and_what_asks_for_an_act_is_listed() -> None:
    done = made(papers=(document(),))
    assert words(findings(done)["roadmap_state"]) == (
        "В дорожной карте 5 мероприятий: исполнено — 1; исполнено, документа нет — 1; в работе — 1; просрочено — 1; "
        "нет сведений — 1."
    )
    assert [(line[0], line[-1]) for line in lines(done, "roadmap-attention")] == [
        ("Г-1", "просрочено"),
        ("Г-3", "исполнено, документа нет"),
        ("Г-5", "нет сведений"),
    ]
    assert words(goal(done)) == (
        "Исполнить просроченное (1), подтвердить документом исполненное (1), сообщить о пунктах, о которых сведений "
        "нет (1)."
    )
    assert words(said(done, "effect")[-1]).startswith("Предлагаемая цель следующего цикла: исполнить просроченное (1)")


def test_the_time_line_has_a_bar_an_item_under_its_section() -> None:
    part = [(ROADMAP.sections[0], list(ROADMAP.items))]
    ((section, items),) = part
    states = {item.key: "в работе" for item in items}
    bars = timeline._bars(section, items, states, (2025.0, 2027.0))
    assert [(bar.label, bar.heading) for bar in bars[:2]] == [("Раздел", True), ("Г-1 Сделать", False)]
    once, every, never, open_end = bars[1:5]
    assert once.start is None and once.end == pytest.approx(2026 + 59 / 366 + 1 / 365)  # 1 March is day 60
    assert every.recurs and [int(day) for day in every.days] == [2025, 2026]  # the ends of two years
    assert (never.start, never.end, never.days) == (None, None, ())
    assert (open_end.start, open_end.end) == (2025.0, None)


def test_a_chart_of_every_shipped_roadmap_is_readable(drawn: None) -> None:
    """No figure is longer than a page, no item is lost, labels are short."""
    for code, items in (("lesnoy", 85), ("eniseysk", 99), ("kemerovo_okrug", 48)):
        roadmap = load_roadmap(PATHS, code)
        parts = timeline._parts(roadmap)
        assert sum(len(section_items) for part in parts for _, section_items in part) == items
        assert all(sum(len(found) + 1 for _, found in part) <= timeline.ROWS_AT_MOST for part in parts)
    bars = [Bar("Раздел", heading=True), Bar("Г-1", 2025.0, 2026.0, "просрочено"), Bar("Г-2", state="нет сведений")]
    svg = drawing("x", bars, (2025.0, 2027.0), 2026.5)
    assert "просрочено" in svg and "нет сведений" in svg and "Раздел" in svg


def test_the_figure_says_what_its_bars_show() -> None:
    figure = figures(made(papers=(document(),)))["roadmap-timeline-1"]
    assert words(figure.title).startswith("Дорожная карта по срокам: исполнено — 1; исполнено, документа нет — 1;")
    assert words(figure.subtitle) == "Карта города; 5 пунктов; «Раздел»; состояние на 31.12.2026"
    assert "Г-1: срок не указан — просрочено" in words(figure.alt)


def test_the_grid_names_documents_and_empty_cells() -> None:
    papers = (
        document(direction="achievement", component="goals"),
        document("Д-2", direction="achievement", component="goals", number=None, date="2025-10-01", school_year=2026),
        document("Д-3", direction="heads", component="measures", published_at="https://example.invalid/3"),
        document("Д-4"),
    )
    done = made(papers=papers)
    grid = {line[0]: line[1:] for line in lines(done, "roadmap-grid")}
    achievement = grid["Оценка качества подготовки обучающихся"]
    assert achievement[0] == "приказ 01.10.2025; ещё 1 (1)"  # two documents, one item of the roadmap
    assert achievement[6] == "нет (2)"  # measures: two items, no document
    assert grid["Эффективность руководителей образовательных организаций"][6] == "приказ № 15 10.09.2024"
    assert len(grid) == 12
    assert words(findings(done)["evidence"]) == (
        "Документом подтверждены 2 из 108 клеток сетки «направление — составляющая цикла»; без документа — 106."
    )
    first = lines(done, "roadmap-documents")[0]
    assert len(lines(done, "roadmap-documents")) == 2  # those that the grid names; two more are in the data
    assert first == ["приказ от 01.10.2025", "О мерах", "управление образования"] + [
        "Оценка качества подготовки обучающихся: цели",
        "не размещён",
    ]


def advice(name: str, **given_: Any) -> dict[str, Any]:
    about = {"kind": "recommendation", "school_year": 2026, "addressee": "школа", "indicator": None}
    return act(name, **{**about, **given_})


def test_recommendations_are_followed_through_measures_to_decisions() -> None:
    acts = (
        advice("1", progress="answered"),
        advice("2", progress="sent", addressee=None),
        advice("3", progress="planned"),
        act("1м", parent="1", school_year=2026, progress="done", indicator=None),
        act("1р", kind="decision", parent="1м", school_year=2026, act="Д-1", indicator=None),
    )
    done = made(*acts, papers=(document(),))
    assert lines(done, "acts-addressees") == [
        ["Школа", "2", "1 из 2", "1 из 1", "1 из 2"],
        ["Адресат не назван", "1", "1 из 1", "0 из 1", "0 из 1"],
        ["Всего", "3", "2 из 3", "1 из 2", "1 из 3"],
    ]
    first, second, _ = lines(done, "acts-chains")
    assert first == [
        "1. Практикум — получен ответ",
        "1м. Практикум — исполнено",
        "1р. Практикум — исполнено; приказ № 15 от 10.09.2024; управление образования",
    ]
    assert second[1:] == ["нет", "нет"]
    assert words(findings(done)["recommendations"]) == (
        "Рекомендаций в работе 3: направлено адресатам 2, без ответа 1, без меры и решения 2."
    )
    assert lines(done, "acts-directions") == [
        ["Оценка качества подготовки обучающихся", "1", "1 из 1", "0", "1", "1 из 1"]
    ]


def test_a_number_used_again_next_year_belongs_to_its_own_chain() -> None:
    acts = (
        advice("1", progress="sent", school_year=2025),
        advice("1", progress="answered"),
        act("5", parent="1", school_year=2026, indicator=None),
    )
    done = made(*acts)
    old, new = lines(done, "acts-chains")
    assert (old[1], new[1]) == ("нет", "5. Практикум — исполнено")


def test_without_a_roadmap_the_registers_speak_and_without_both_nothing_does() -> None:
    done = made(advice("1", progress="sent"), roadmap=None)
    assert any("Дорожная карта в профиле территории не названа" in line for line in said(done, "monitoring"))
    assert "acts-chains" in tables_of(done)
    assert [finding.id for finding in made(roadmap=None).findings] == ["missing_sources"]


def test_a_roadmap_that_nobody_reported_on_says_so_once() -> None:
    silent = replace(given(), clean=EMPTY)
    done = registry.analyse(silent)
    assert "roadmap-attention" not in tables_of(done)
    assert any(line.startswith("Сведений об исполнении нет ни по одному пункту") for line in said(done, "monitoring"))
    assert silent.settings.as_of == dt.date(2026, 12, 31)


def test_whatever_a_block_names_as_its_data_is_handed_on() -> None:
    own = inputs("management_cycle", share(3, 4, "roadmap_done"))
    done = registry.analyse(replace(given(), indicators=own.indicators))
    named = {block.data for part in done.sections.values() for block in part if getattr(block, "data", "")}
    assert "data/12_indicators.csv" in named
    assert named <= {f"data/12_{name}.csv" for name in done.frames}


@pytest.mark.parametrize(
    ("day", "evidence", "state"),
    [
        ("2026-03-01", "Д-1", "исполнено"),
        ("2026-03-02", "Д-1", "исполнено позже срока"),
        (None, "Д-1", "исполнено"),
        ("2026-03-02", None, "исполнено, документа нет"),
    ],
)
def test_done_after_its_last_day_is_said(day: str | None, evidence: str | None, state: str) -> None:
    record = {"progress": "done", "done_on": day, "evidence": evidence}
    assert roadmap_table.state(ROADMAP.items[0], record, dt.date(2026, 12, 31)) == state
    assert roadmap_table.state(ROADMAP.items[1], record, dt.date(2026, 12, 31)) in (
        "исполнено",
        state,
    )  # has no last day
    assert state in COLOURS


def test_outcomes_count_measures_and_not_their_values() -> None:
    """One measure in two schools, of two subjects (mathematics fell, russian did not); one without an indicator."""
    where = {"level": "organisation", "procedure": "vpr", "grade": 4}
    fell = {2023: 40, 2024: 40, 2025: 15}
    rows = [
        share(count if subject == "mathematics" else 40, 100, "vpr_mark_2", subject=subject, school_year=year)
        | where
        | {"group": org, "org_id": org, "group_label": org, "series": subject}
        for org in ("s1", "s2")
        for subject in ("mathematics", "russian")
        for year, count in fell.items()
    ]
    taken = [act(f"2025-{org}", org_id=org) for org in ("s1", "s2")] + [act("2025-9", indicator=None, title="Иное")]
    done = registry.analyse(inputs("management_cycle", *rows, clean={"decisions": frame("decisions", *taken)}))
    assert lines(done, "acts-effects")[0][1:] == ["1 из 2", "0", "0", "1", "0", "0", "0"]
