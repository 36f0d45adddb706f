"""Which organisations' marks of ВПР lean from the journal's otherwise than the others': one picture of all works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.journal_rows import INDICATORS, counts, of_level
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Run, Text, text
from pipeline.presentation.small_dots import small_dots
from pipeline.statistics import shrinkage_shares
from pipeline.statistics.objectivity import journal_marks

Row = Mapping[str, Any]
ROWS_AT_MOST, WORKS_AT_MOST, NAMES_AT_MOST = 24, 8, 6
SIDES = {"higher": "выше относительно журнала", "lower": "ниже относительно журнала"}
OFTEN = 2  # works: of a hundred comparisons one school may differ by luck once
COLUMNS = ["group", "label", "panel", "n", "value", "lower", "upper", "verdict", "apart", "key"]
SHRUNK = {"raised_shrunk": 0, "lowered_shrunk": 1}  # place in the triple of counts
HOW = (
    "Перекос организации — доля повысивших минус доля понизивших, интервал 95 % по Agresti и Min (2005). Отмечены те, "
    "у кого перекос отличается от остальных организаций вместе: по интервалу разности 99,8 % (Zou, Donner 2008). В "
    "файле данных — и доли повысивших и понизивших, притянутые к общим тем сильнее, чем меньше участников "
    "(эмпирический Байес)."
)


def panel(inputs: Inputs, works: Sequence[Sequence[Row]]) -> Panel:
    """One picture of the newest works; a finding that names those who differ from the others."""
    shown = [work for work in works if any(row["level"] == "organisation" for row in work)][-WORKS_AT_MOST:]
    lines = [pd.DataFrame(_lines(inputs, work), columns=[*COLUMNS, *SHRUNK]) for work in shown]
    frame = pd.concat([part for part in lines if len(part)] or [pd.DataFrame(columns=COLUMNS)], ignore_index=True)
    if frame["group"].nunique() < 2:
        return Panel()
    return Panel(
        monitoring=(_figure(inputs, frame, shown),),
        findings=_finding(inputs, frame) if inputs.settings.edition == "internal" else (),
        frames={"journal_schools": frame.drop(columns="key")},
    )


def _lines(inputs: Inputs, work: Sequence[Row]) -> list[list[Any]]:
    """Every organisation of a work that may be compared, beside the others together."""
    by_group: dict[str, dict[str, Row]] = {}
    for row in work:
        if row["level"] == "organisation":
            by_group.setdefault(str(row["group"]), {})[INDICATORS[row["indicator"]]] = row
    known = {group: counted for group, rows in by_group.items() if (counted := counts(rows)) is not None}
    total = [sum(column) for column in zip(*known.values(), strict=True)]
    shrunk = _shrunk(known)
    lines = []
    for group, own in known.items():
        if own[2] < inputs.compare_from:
            continue
        rest = (total[0] - own[0], total[1] - own[1], total[2] - own[2])
        verdict = journal_marks.leaning(own, rest, inputs.compare_from, judgement.OF_MANY)
        found = journal_marks.asymmetry(*own)
        row = by_group[group]["confirmed"]
        label = ru.organisation(" ".join(str(row["group_label"]).split()))
        panel_title = ru.capitalised(scope_of(inputs, row))
        numbers = [own[2], found.value, found.lower, found.upper]
        apart = verdict in SIDES
        lines.append([group, label, panel_title, *numbers, verdict, apart, claims.key_of(row), *shrunk[group]])
    return lines


def _shrunk(known: Mapping[str, tuple[int, int, int]]) -> dict[str, list[float]]:
    """Shares of the raised and of the lowered, each drawn to the others' as far as its numbers are small."""
    sizes = [own[2] for own in known.values()]
    values = [shrinkage_shares.shrink([own[place] for own in known.values()], sizes).value for place in SHRUNK.values()]
    return {group: [float(part[order]) for part in values] for order, group in enumerate(known)}


def _figure(inputs: Inputs, frame: pd.DataFrame, works: Sequence[Sequence[Row]]) -> FigureBlock:
    order = _order(frame)
    drawn = frame[frame["group"].isin(order[:ROWS_AT_MOST])]
    ranked = drawn.assign(place=drawn["group"].map({group: place for place, group in enumerate(order)}))
    titles = list(dict.fromkeys(frame["panel"]))
    ranked["turn"] = ranked["panel"].map({title: turn for turn, title in enumerate(titles)})
    ranked = ranked.sort_values(["turn", "place"], kind="stable")
    labels = dict(zip(frame["group"], _short(frame), strict=True))
    rows = ranked.assign(label=ranked["group"].map(labels))
    everything = [row for work in works for row in work if row["level"] in ("municipality", "organisation")]
    more = f"; показаны {ru.part(ROWS_AT_MOST, len(order))}" if len(order) > ROWS_AT_MOST else ""
    return FigureBlock(
        id="journal-schools",
        title=_title(frame),
        subtitle="Доля повысивших отметку минус доля понизивших, п. п., по работам; интервал 95 %; организации — по "
        f"убыванию числа участников{more}; меньше {inputs.compare_from} участников — не показаны",
        alt=_alt(frame),
        svg=small_dots(
            rows[["panel", "label", "value", "lower", "upper", "apart"]],
            _usual(works, inputs),
            ("организация", "отличается от остальных", "муниципалитет"),
            "Влево — отметка ВПР чаще ниже журнальной, вправо — чаще выше, п. п.",
        ),
        source=parts.source_line(everything),
        statement=_statement(inputs, frame),
        how=(text(HOW),),
        data=f"data/{inputs.direction.number}_journal_schools.csv",
    )


def _order(frame: pd.DataFrame) -> list[str]:
    """By participants of all works; where not all fit, those who differ come among the shown."""
    sizes = frame.groupby("group", sort=True).agg(n=("n", "sum"), apart=("apart", "max"))
    by_size = sizes.sort_values("n", ascending=False, kind="stable")
    if len(by_size) <= ROWS_AT_MOST:
        return [str(group) for group in by_size.index]
    first = by_size[by_size["apart"]].index[:ROWS_AT_MOST]
    kept = {*first, *by_size[~by_size["apart"]].index[: ROWS_AT_MOST - len(first)]}
    return [
        str(group) for group in [*(g for g in by_size.index if g in kept), *(g for g in by_size.index if g not in kept)]
    ]


def _short(frame: pd.DataFrame) -> list[str]:
    """Names without the legal form and the login, as long as they stay apart."""
    return [_bare(label) for label in frame["label"]]


def _bare(label: str) -> str:
    """«МБОУ «СОШ № 5» (edu…)» → «СОШ № 5»."""
    inner = label.split("(")[0].strip()
    if "«" in inner and inner.endswith("»"):
        inner = inner[inner.index("«") + 1 : -1]
    return inner or label


def _usual(works: Sequence[Sequence[Row]], inputs: Inputs) -> dict[str, float]:
    found = {}
    for work in works:
        own = of_level(work, "municipality")
        known = counts(own)
        if known is not None:
            title = ru.capitalised(scope_of(inputs, own["confirmed"]))
            found[title] = (known[0] - known[1]) / known[2]
    return found


def _apart(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Organisation → its works where it differs, those of most works first."""
    chosen = frame[frame["apart"].astype(bool)]
    groups = {str(group): part for group, part in chosen.groupby("group", sort=True)}
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))


def _title(frame: pd.DataFrame) -> str:
    outside = len(_apart(frame))
    if not outside:
        return "ВПР и журнал: отличий организаций больше погрешности нет"
    verb = ru.plural(outside, "отличается", "отличаются", "отличаются")
    counted = ru.counted(outside, "организация", "организации", "организаций")
    return f"ВПР и журнал: от остальных {verb} {counted} из {ru.number(frame['group'].nunique())}"


def _alt(frame: pd.DataFrame) -> str:
    low, high = (ru.points(value, 50) for value in (frame["value"].min(), frame["value"].max()))
    return (
        f"Работ {frame['panel'].nunique()}, организаций {frame['group'].nunique()}; повысившие минус понизившие — "
        f"от {low} до {high}. {_title(frame)}."
    )


def _statement(inputs: Inputs, frame: pd.DataFrame) -> Text:
    named = _apart(frame)
    if not named:
        return text("Сдвиг отметок ни у одной организации не отличается от остальных больше погрешности.")
    if inputs.settings.edition != "internal":
        return text(EXPLAINED)
    return text("Отличаются от остальных: ", *_named(named, frame), f". {EXPLAINED}")


EXPLAINED = (
    "Честные объяснения: «2» в журнале почти не бывает, поэтому где больше «2» за работу, там сдвиг вниз ожидаем, а "
    "где ученики сильнее — вверх; бывают и разные требования к текущим отметкам, и разная проверка работ."
)


def _named(named: Mapping[str, pd.DataFrame], frame: pd.DataFrame) -> list[str | Run]:
    """«СОШ № 6 — выше относительно журнала в 5 из 8 работ; …»."""
    said: list[str | Run] = []
    for part in list(named.values())[:NAMES_AT_MOST]:
        said += ["; " if said else "", *_words(part, frame)]
    rest = len(named) - NAMES_AT_MOST
    return [*said, " и ещё ", Run(ru.number(rest), key=str(frame["key"].iloc[0]))] if rest > 0 else said


def _words(part: pd.DataFrame, frame: pd.DataFrame) -> list[str | Run]:
    wrote = int((frame["group"] == part["group"].iloc[0]).sum())
    said: list[str | Run] = [Run(str(part["label"].iloc[0]), key=str(part["key"].iloc[0])), " — "]
    for side, words in SIDES.items():
        works = int((part["verdict"] == side).sum())
        if works:
            counted = Run(ru.part(works, wrote), key=str(part["key"].iloc[0]))
            said += ["" if len(said) == 2 else ", ", f"{words} в{ru.NBSP}", counted, " работ"]
    return said


def _finding(inputs: Inputs, frame: pd.DataFrame) -> tuple[Finding, ...]:
    named = {group: part for group, part in _apart(frame).items() if len(part) >= OFTEN}
    if not named:
        return ()
    return (
        Finding(
            id="journal.schools",
            kind="sign",
            statement=text(
                "Отметки ВПР отходят от журнальных иначе, чем в остальных организациях: ",
                *_named(named, frame),
                ". Это основание сверить, а не вывод о причине.",
            ),
            strength="интервал 99,8 %",
            addressee="муниципальному координатору ВПР",
        ),
    )
