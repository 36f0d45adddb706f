"""The roadmap on a time line, so many sections a figure that its rows stay readable."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.directions import roadmap_table
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, text
from pipeline.presentation.timeline import LETTERS, Bar, timeline
from pipeline.territory.roadmap import Due, Item, Roadmap, Section

ROWS_AT_MOST = 40  # headings and items of one figure: a page
DAYS_AT_MOST = 24  # moments of a recurring item that are drawn
EVERY = {"quarter": ("03-31", "06-30", "09-30", "12-31"), "half_year": ("06-30", "12-31"), "year": ("12-31",)}


def panel(inputs: Inputs, roadmap: Roadmap) -> Panel:
    """Figures over all items in the order of the document; the sections of one figure are named in its title."""
    found = roadmap_table.progress(inputs)
    states = {one.key: roadmap_table.state(one, found.get(one.key), inputs.settings.as_of) for one in roadmap.items}
    span = _span(roadmap, inputs.settings.as_of)
    parts = _parts(roadmap)
    figures = tuple(_figure(inputs, roadmap, part, states, span, place) for place, part in enumerate(parts, start=1))
    frame = pd.DataFrame(
        [
            {
                "item": one.key,
                "title": one.title,
                "due": one.due_as_written,
                "from": one.due.start,
                "to": one.due.end,
                "state": states[one.key],
            }
            for one in roadmap.items
        ]
    )
    return Panel(monitoring=figures, frames={"timeline": frame})


Part = list[tuple[Section, list[Item]]]


def _parts(roadmap: Roadmap) -> list[Part]:
    """Sections with their items, cut into figures; a section longer than a page is cut inside."""
    parts: list[Part] = [[]]
    rows = 0
    for section in roadmap.sections:
        items = [item for item in roadmap.items if item.section == section.id]
        for start in range(0, len(items), ROWS_AT_MOST - 1):
            piece = items[start : start + ROWS_AT_MOST - 1]
            if rows and rows + len(piece) + 1 > ROWS_AT_MOST:
                parts.append([])
                rows = 0
            parts[-1].append((section, piece))
            rows += len(piece) + 1
    return [part for part in parts if part]


def _figure(
    inputs: Inputs, roadmap: Roadmap, part: Part, states: Mapping[str, str], span: tuple[float, float], place: int
) -> FigureBlock:
    bars = [bar for section, items in part for bar in _bars(section, items, states, span)]
    shown = [item for _, items in part for item in items]
    counts = Counter(states[item.key] for item in shown)
    said = "; ".join(f"{word} — {ru.number(counts[word])}" for word in roadmap_table.STATES if counts[word])
    ends = dict.fromkeys((part[0][0].title, part[-1][0].title))
    titles = " — ".join(f"«{title}»" for title in ends)
    return FigureBlock(
        id=f"roadmap-timeline-{place}",
        title=f"Дорожная карта по срокам: {said}",
        subtitle=f"{roadmap.title}; {ru.counted(len(shown), 'пункт', 'пункта', 'пунктов')}; {titles}; "
        f"состояние на {ru.date(inputs.settings.as_of.isoformat())}",
        alt="; ".join(f"{item.key}: {item.due_as_written or 'срок не указан'} — {states[item.key]}" for item in shown)
        + ".",
        svg=timeline(f"roadmap-timeline-{place}", bars, span, _year(inputs.settings.as_of)),
        source=text(
            "Сроки — дорожная карта, состояние — форма сбора. Полоса — от начала до последнего дня; ромб — один "
            "день; тонкая линия — повторяется, засечки — назначенные дни; точки — срок по календарю не проверить."
        ),
        data=f"data/{inputs.direction.number}_timeline.csv",
    )


def _bars(section: Section, items: Sequence[Item], states: Mapping[str, str], span: tuple[float, float]) -> list[Bar]:
    return [
        Bar(_short(section.title, LETTERS), heading=True),
        *(_bar(item, states[item.key], span) for item in items),
    ]


def _bar(item: Item, state: str, span: tuple[float, float]) -> Bar:
    due = item.due
    return Bar(
        label=f"{item.key} {_short(item.title, LETTERS - len(item.key))}",
        start=_year(due.start) if due.start else None,
        end=_year(due.end) + 1 / 365 if due.end else None,
        state=state,
        days=_days(due, span),
        recurs=due.kind == "recurrence",
    )


def _short(title: str, letters: int) -> str:
    if len(title) <= letters:
        return title
    return f"{title[:letters].rsplit(' ', 1)[0].rstrip(',;:')}…"


def _days(due: Due, span: tuple[float, float]) -> tuple[float, ...]:
    """When a recurring item is due inside the span: on its days, else at the ends of its periods."""
    if due.kind != "recurrence":
        return ()
    marks = due.by or EVERY.get(str(due.every), ())
    first = max(span[0], _year(due.start)) if due.start else span[0]
    last = min(span[1], _year(due.end)) if due.end else span[1]
    years = range(int(first), int(last) + 1)
    found = [_year(dt.date.fromisoformat(f"{year}-{_day(mark, year)}")) for year in years for mark in marks]
    inside = [day for day in sorted(found) if first <= day <= last]
    return tuple(inside) if len(inside) <= DAYS_AT_MOST else ()


def _day(mark: str, year: int) -> str:
    """The day of a month; 29 February only in a year that has one."""
    return "02-28" if mark == "02-29" and year % 4 else mark


def _span(roadmap: Roadmap, as_of: dt.date) -> tuple[float, float]:
    """From the first day that the document names to its last or the day of the report, whole years."""
    days = [day for item in roadmap.items for day in (item.due.start, item.due.end) if day]
    days += [roadmap.act.date] if roadmap.act.date else []
    return float(min([*days, as_of]).year), float(max([*days, as_of]).year + 1)


def _year(day: dt.date) -> float:
    """A day as a year with a fraction."""
    return day.year + (day.timetuple().tm_yday - 1) / 366
