"""«Помогла ли мера»: its schools beside similar ones without it, a table in chapters and a forest in chapter 12."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import acts, before_after, like_schools, weight
from pipeline.directions.before_after import Change
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import category_of, scope_of
from pipeline.directions.like_schools import Compared, Means
from pipeline.directions.panels import pre_trend
from pipeline.directions.panels.marks import wrapped
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import forest
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, FigureBlock, Head, Paragraphs, TableBlock, Text, Tone, text

Row = Mapping[str, Any]
ROWS_AT_MOST = 16
STEM = "measures_forest"
TONES: dict[str, Tone] = {"видно улучшение": "better", "видно ухудшение": "worse", "не видно": "same"}
HEADS = (
    Head("Мера и показатель", width=2.4),
    Head("В её школах", "right", 1.2),
    Head("В похожих без неё", "right", 1.2),
    Head("Разность изменений (интервал)", "right", 1.5),
    Head("Было бы видно от", "right", 1),
    Head("Вывод", width=2.2),
)
SOURCE = (
    "Реестр мер и таблица показателей; средние по школам: каждая считается один раз. «До» — годы до меры без "
    "последнего: часто именно за неудачный последний год школы и выбирают. Похожие — ближайшие по значению до меры и "
    "по условиям, ни одна не взята дважды. Случайность — по всем раскладам меры внутри наборов похожих школ. Видно "
    "было бы — в четырёх случаях из пяти. Ухудшение названо, только когда так же выходит и против ожидаемого по всем "
    "годам до меры."
)


def value_name(inputs: Inputs, change: Change) -> str:
    """The indicator with its subject and grade, «Ниже порога ОГЭ: математика, 9 класс»; years stand with the values."""
    short = inputs.passports[str(change.act.indicator)].short
    row = change.after or change.before
    if row is None:
        return ru.capitalised(short)
    return ru.capitalised(": ".join(filter(None, (short, _scope(inputs, row)))))


def _scope(inputs: Inputs, row: Row) -> str:
    scope = scope_of(inputs, {**row, "school_year": inputs.settings.school_year})
    return ", ".join(filter(None, (category_of(inputs, row), scope)))


def tone_of(found: Compared) -> Tone:
    return TONES.get(found.word, "unknown")


def table(inputs: Inputs, code: str, found: Sequence[Compared]) -> tuple[TableBlock, ...]:
    """Measures that have schools beside them; nothing when none has."""
    shown = [one for one in found if one.treated is not None][:ROWS_AT_MOST]
    if not shown:
        return ()
    rest = sum(one.treated is not None for one in found) - len(shown)
    more = f" Ещё {ru.counted(rest, 'строка', 'строки', 'строк')} — в файле данных." if rest else ""
    return (
        TableBlock(
            id=f"{code}-effect-schools",
            caption="Школы с мерой и похожие школы без неё",
            heads=HEADS,
            rows=tuple(_line(inputs, one) for one in shown),
            source=text(SOURCE + more),
            data=f"data/{inputs.direction.number}_{STEM}.csv",
        ),
    )


def _line(inputs: Inputs, found: Compared) -> tuple[Cell, ...]:
    return (
        Cell(f"{found.change.act.id}. {found.change.act.title}. {value_name(inputs, found.change)}"),
        Cell(_path(found.treated)),
        Cell(_path(found.others)),
        Cell(difference(found), sort=found.effect.value),
        Cell(_size(found.effect.detectable)),
        Cell(verdict(found), tone=tone_of(found)),
    )


def _path(means: Means | None) -> str:
    return "…" if means is None else f"{ru.percent(means.before)} → {ru.percent(means.after)}"


def _size(value: float) -> str:
    return "…" if value != value else ru.points(abs(value)).lstrip("+")


def difference(found: Compared) -> str:
    """«−1,5 п. п. (−1,7…−1,2)»; without an interval the difference alone."""
    one = found.effect
    if one.value != one.value:
        return "…"
    if one.lower != one.lower:
        return ru.points(one.value)
    low, high = (ru.signed(bound * 100, 1) for bound in (one.lower, one.upper))
    return f"{ru.points(one.value)} (от{ru.NBSP}{low} до{ru.NBSP}{high})"


def verdict(found: Compared) -> str:
    """The word with what supports it, and what would have come back by itself."""
    if not found.judged:
        return f"{found.word}: {found.reason}"
    schools = f"школ{ru.NBSP}с{ru.NBSP}мерой {found.effect.treated}, без{ru.NBSP}неё {found.effect.controls}"
    least = ", меньше быть не могло" if found.effect.p <= found.effect.smallest_p * (1 + 1e-9) else ""
    chance = f"случайно — в{ru.NBSP}{ru.percent(found.effect.p)} раскладов{least}"
    return f"{found.word}: {chance}{_second(found)}{_doubt(found)}; {schools}{_returned(found)}{_alone(found)}"


def _alone_in_it(found: Compared) -> str:
    """A difference that only the comparison without the last year before the measure shows."""
    return ", с учётом последнего года до меры не подтверждается" if found.doubted else ""


def _doubt(found: Compared) -> str:
    """Why a difference that stands out is not called one."""
    if not found.doubted:
        return ""
    said = ""
    if not found.second.reason:
        low, high = (ru.signed(bound * 100, 1) for bound in (found.second.lower, found.second.upper))
        said = f" ({ru.points(found.second.value)}, от{ru.NBSP}{low} до{ru.NBSP}{high})"
    return f"; если учесть и последний год до меры, отличие не подтверждается{said}"


def _second(found: Compared) -> str:
    """The bootstrap over schools, where six or more have the measure and as many have not."""
    if found.wild.reason or found.wild.throws == 0:
        return ""
    doubt = ", оно вывода не подтверждает" if found.seen and found.wild.p > 1 - found.effect.confidence else ""
    return f" (второе мнение, бутстрап по школам, — в{ru.NBSP}{ru.percent(found.wild.p)} бросков{doubt})"


def _returned(found: Compared) -> str:
    """Expected regression to the mean from the last year before, where that year is not in the baseline."""
    if found.returned is None or found.skipped is None:
        return ""
    year = ru.school_year(found.skipped)
    return f"; против {year} один возврат к среднему дал бы {ru.points(found.returned.expected)}"


def _alone(found: Compared) -> str:
    return f"; похожих нет у {ru.number(found.alone)}" if found.alone else ""


def panel(inputs: Inputs) -> Panel:
    """The forest over all measures of the register with its sentence; a sentence alone when nothing can be drawn."""
    taken = [act for act in acts.acts(inputs) if act.kind in like_schools.TAKEN]
    found = like_schools.compared(inputs, before_after.changes(inputs, taken)) if taken else []
    if not found:
        return Panel()
    drawn = [one for one in found if one.effect.lower == one.effect.lower][:ROWS_AT_MOST]
    if not drawn:
        return Panel((), (Paragraphs((_statement(inputs, found),)),), frames={STEM: frame(inputs, found)})
    rows = _rows(inputs, drawn)
    figure = FigureBlock(
        id="measures-forest",
        title=f"Помогла ли мера: {_title(found)}",
        subtitle=f"{inputs.profile.name.nominative}, школы с мерой против похожих без неё, улучшение — вправо",
        alt="; ".join(
            f"{' '.join(str(label).split())}: {difference(one)}"
            for label, one in zip(rows["label"], drawn, strict=True)
        )
        + ".",
        svg=forest.forest(STEM, rows, "Улучшение сверх похожих школ, п. п."),
        source=text(SOURCE),
        statement=_statement(inputs, found),
        data=f"data/{inputs.direction.number}_{STEM}.csv",
    )
    before = pre_trend.panel(inputs, found)
    return Panel(
        analysis=(figure, *before.analysis),
        findings=_finding(found),
        frames={STEM: frame(inputs, found), **before.frames},
    )


def _finding(found: Sequence[Compared]) -> tuple[Finding, ...]:
    """The measures that similar schools allow to judge, each with its difference; none when there are none."""
    judged = [one for one in found if one.judged]
    if not judged:
        return ()
    said = "; ".join(f"«{one.change.act.title}» — {one.word}, {difference(one)}{_alone_in_it(one)}" for one in judged)
    return (
        Finding(
            id="measures",
            kind="strength" if any(one.word == "видно улучшение" for one in judged) else "sign",
            statement=text(f"Меры против похожих школ без них: {said}."),
            strength="похожие школы, все расклады меры",
            weight=weight.GAP,
        ),
    )


def _title(found: Sequence[Compared]) -> str:
    better, unseen, unknown = (
        sum(one.word == word for one in found) for word in ("видно улучшение", "не видно", "нельзя судить")
    )
    worse = len(found) - better - unseen - unknown
    parts = (("видно улучшение", better), ("видно ухудшение", worse), ("не видно", unseen), ("нельзя судить", unknown))
    return ", ".join(f"{word} — {ru.number(count)}" for word, count in parts if count)


def _statement(inputs: Inputs, found: Sequence[Compared]) -> Text:
    """The measures by what may be said of them."""
    groups: dict[str, list[str]] = {}
    for one in found:
        word = f"{one.word}{_alone_in_it(one)}" if one.judged else f"{one.word} ({one.reason})"
        scope = _scope(inputs, one.change.after or {})
        groups.setdefault(word, []).append(f"«{one.change.act.title}»{f' ({scope})' if scope else ''}")
    said = "; ".join(f"{word} — {', '.join(dict.fromkeys(names))}" for word, names in groups.items())
    return text(f"{ru.capitalised(said)}. Сравнение с похожими школами — не опыт: другие причины оно не исключает.")


def _rows(inputs: Inputs, drawn: Sequence[Compared]) -> pd.DataFrame:
    """Better is more: effects of shares of which less is better are turned."""
    turned = [-1.0 if inputs.passports[str(one.change.act.indicator)].better == "lower" else 1.0 for one in drawn]
    turned_ends = [(sign * one.effect.lower, sign * one.effect.upper) for one, sign in zip(drawn, turned, strict=True)]
    return pd.DataFrame(
        {
            "label": [f"{wrapped(one.change.act.title)}\n{wrapped(value_name(inputs, one.change))}" for one in drawn],
            "value": [sign * one.effect.value for one, sign in zip(drawn, turned, strict=True)],
            "lower": [min(ends) for ends in turned_ends],
            "upper": [max(ends) for ends in turned_ends],
            "detectable": [one.effect.detectable for one in drawn],
            "tone": [tone_of(one) for one in drawn],
        }
    )


def frame(inputs: Inputs, found: Sequence[Compared]) -> pd.DataFrame:
    """One row a measure and value: the comparison as data, in shares."""
    return pd.DataFrame(
        [
            {
                "measure": one.change.act.id,
                "title": one.change.act.title,
                "organisations": ";".join(act.org_id or "" for act in one.change.acts),
                "indicator": one.change.act.indicator,
                "subject": (one.change.after or {}).get("subject"),
                "grade": (one.change.after or {}).get("grade"),
                "years_before": ";".join(map(str, one.years[0])),
                "years_after": ";".join(map(str, one.years[1])),
                "treated_before": one.treated.before if one.treated else None,
                "treated_after": one.treated.after if one.treated else None,
                "similar_before": one.others.before if one.others else None,
                "similar_after": one.others.after if one.others else None,
                "effect": one.effect.value,
                "lower": one.effect.lower,
                "upper": one.effect.upper,
                "confidence": one.effect.confidence,
                "p": one.effect.p,
                "smallest_p": one.effect.smallest_p,
                "detectable": one.effect.detectable,
                "wild_p": one.wild.p,
                "wild_reason": one.wild.reason,
                "second_effect": one.second.value,
                "second_lower": one.second.lower,
                "second_upper": one.second.upper,
                "second_reason": one.second.reason,
                "drift_before": one.drift.value,
                "drift_lower": one.drift.lower,
                "drift_upper": one.drift.upper,
                "regression_expected": one.returned.expected if one.returned else None,
                "schools": one.effect.treated,
                "similar_schools": one.effect.controls,
                "word": one.word,
                "reason": one.reason,
            }
            for one in found
        ]
    )
