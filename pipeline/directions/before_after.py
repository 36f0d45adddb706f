"""The indicator that a measure named, before and after it: which rows are compared and what their intervals allow.

A measure that several organisations took alike is judged over all of them together. Those that were chosen for a bad
year come back by themselves (regression to the mean): so the value after is held against the years before that year
too. What similar organisations without the measure did meanwhile is in `like_schools`; by these verdicts alone nothing
is «because of».
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.directions import judgement, sensitive
from pipeline.directions.acts import Act
from pipeline.directions.chapter import Inputs
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.statistics.detectable import detectable_share
from pipeline.statistics.intervals import CONFIDENCE, wilson

Row = Mapping[str, Any]
Tone = Literal["better", "worse", "same", "unknown", ""]
CELLS_AT_MOST = 4  # rows of one measure: an indicator may have a value for each subject and grade
SPRING = (3, 1)  # what is done from this day on can only be seen in the procedures of the next school year
WORDS = {"better": "улучшился больше погрешности", "worse": "ухудшился больше погрешности"}
UNJUDGED = "судить нельзя"
ADDED = ("numerator", "denominator", "n")


@dataclass(frozen=True)
class Change:
    """One value of the indicator before and after a measure of these acts (one organisation each, or one for all).

    `said` is the verdict in words, `parts` are the rows behind a sum, `earlier` the years before `before` as one;
    `stands`: the change is proven against those years too.
    """

    acts: tuple[Act, ...]
    before: Row | None
    after: Row | None
    tone: Tone
    said: str
    confidence: float = CONFIDENCE
    parts: tuple[Row, ...] = ()
    earlier: Row | None = None
    stands: bool = False

    @property
    def act(self) -> Act:
        return self.acts[0]

    @property
    def proven(self) -> bool:
        return self.tone in WORDS


def changes(inputs: Inputs, found: Sequence[Act]) -> list[Change]:
    """What happened to the indicator of every measure that names one, and of every decision without such a measure."""
    return [change for group in alike(named(inputs, found)) for change in _of_alike(inputs, group)]


def named(inputs: Inputs, found: Sequence[Act]) -> list[Act]:
    """Acts with an indicator of ours; a decision that only repeats its measure's indicator is left to the measure."""
    known = [act for act in found if act.indicator in inputs.passports]
    measured = {(act.year, act.indicator, act.org_id) for act in known if act.kind == "measure"}
    return [
        act
        for act in known
        if act.kind == "measure" or (act.kind == "decision" and (act.year, act.indicator, act.org_id) not in measured)
    ]


def alike(found: Sequence[Act]) -> list[tuple[Act, ...]]:
    """Acts that say the same of several organisations, together."""
    groups: dict[tuple[object, ...], list[Act]] = {}
    for act in found:
        several = act.org_id is not None
        key = (act.kind, act.title, act.indicator, first_affected(act)) if several else (act.id, act.year)
        groups.setdefault(key, []).append(act)
    return [tuple(group) for group in groups.values()]


def first_affected(act: Act) -> int:
    """The first school year whose results the measure could have changed."""
    late = act.taken_on is not None and act.taken_on[:10] >= dt.date(act.year, *SPRING).isoformat()
    return act.year + 1 if late else act.year


def _of_alike(inputs: Inputs, group: tuple[Act, ...]) -> list[Change]:
    if len(group) == 1:
        return _of_act(inputs, group[0], 1)
    together = _together(inputs, [act for act in group if act.progress != "cancelled"])
    told = {act for change in together for act in change.acts}
    apart = [act for act in group if act not in told]
    return [*together, *(change for act in apart for change in _of_act(inputs, act, len(apart)))]


def _of_act(inputs: Inputs, act: Act, of: int) -> list[Change]:
    """The changes of one act; `of` acts alike are looked at together."""
    if act.progress == "cancelled":
        return [_nothing(act, "мера отменена")]
    lines = _lines(inputs, act)
    whole = [line for line in lines.values() if line.before is not None and line.after is not None]
    if not whole:
        return [_incomplete(inputs, act, list(lines.values()))]
    whole.sort(key=lambda line: -((line.after or {})["n"] or 0))
    looks = of * min(len(whole), CELLS_AT_MOST)
    return [_judged(inputs, (act,), line, looks) for line in whole[:CELLS_AT_MOST]]


@dataclass(frozen=True)
class Line:
    """The years of one value: those before the last before the measure, that last one, the newest after it."""

    earlier: tuple[Row, ...] = ()
    before: Row | None = None
    after: Row | None = None

    def with_row(self, row: Row, first: int) -> Line:
        """The line with one more year, later than those it has."""
        if row["school_year"] >= first:
            return Line(self.earlier, self.before, row)
        return Line((*self.earlier, self.before) if self.before is not None else (), row, None)


def _lines(inputs: Inputs, act: Act) -> dict[tuple[Any, ...], Line]:
    """The values of an act's indicator by subject, grade and category."""
    level, first = ("organisation" if act.org_id else "municipality"), first_affected(act)
    lines: dict[tuple[Any, ...], Line] = {}
    rows = inputs.rows(indicator=act.indicator, level=level)
    for row in sorted(rows, key=lambda row: int(row["school_year"])):
        if row["value"] is None or row["task"] or (act.org_id and row["org_id"] != act.org_id):
            continue
        key = tuple(row[name] for name in judgement.KEY)
        lines[key] = lines.get(key, Line()).with_row(row, first)
    return lines


def _together(inputs: Inputs, alike: Sequence[Act]) -> list[Change]:
    """All organisations of a measure as one: those counted in the same two years of one series."""
    groups: dict[tuple[Any, ...], list[tuple[Act, Line]]] = {}
    for act in alike:
        for key, line in _lines(inputs, act).items():
            if (years := _counted_years(line)) is not None:
                groups.setdefault((*key, *years), []).append((act, line))
    several = sorted((one for one in groups.values() if len(one) > 1), key=lambda one: -len(one))[:CELLS_AT_MOST]
    return [_judged_together(inputs, one, len(several)) for one in several]


def _counted_years(line: Line) -> tuple[int, int] | None:
    """Both years of a share that may be summed over organisations; None when it may not."""
    before, after = line.before, line.after
    if before is None or after is None or before["series"] != after["series"] or after["kind"] != "share":
        return None
    if before["numerator"] is None or after["numerator"] is None:
        return None
    return int(before["school_year"]), int(after["school_year"])


def _judged_together(inputs: Inputs, group: Sequence[tuple[Act, Line]], looks: int) -> Change:
    lines = [line for _, line in group]
    before = [line.before for line in lines if line.before is not None]
    after = [line.after for line in lines if line.after is not None]
    whole = Line(tuple(row for line in lines for row in line.earlier), added(before), added(after))
    return _judged(inputs, tuple(act for act, _ in group), whole, looks, (*before, *after))


def added(rows: Sequence[Row]) -> Row:
    """Counted shares of several organisations as one; its key in the table of indicators is none."""
    sums = {name: float(sum(row[name] for row in rows)) for name in ADDED}
    lower, upper = (float(bound) for bound in wilson(sums["numerator"], sums["denominator"]))
    value = sums["numerator"] / sums["denominator"] if sums["denominator"] else None
    return {**rows[0], **sums, "n": int(sums["n"]), "value": value, "lower": lower, "upper": upper}


def rest(whole: Row, part: Row) -> Row | None:
    """The municipality without the part; None where the counts do not allow it."""
    if whole["numerator"] is None or part["numerator"] is None:
        return None
    numerator, n = whole["numerator"] - part["numerator"], whole["denominator"] - part["denominator"]
    if not (n > 0 and 0 <= numerator <= n):
        return None
    return {**whole, "numerator": numerator, "denominator": n, "n": int(n), "value": float(numerator) / float(n)}


def _nothing(act: Act, said: str, before: Row | None = None, after: Row | None = None) -> Change:
    return Change((act,), before, after, "unknown", f"{UNJUDGED}: {said}")


def _incomplete(inputs: Inputs, act: Act, lines: Sequence[Line]) -> Change:
    if not lines:
        return _nothing(act, "показатель не посчитан")
    pair = (lines[0].before, lines[0].after)
    before, after = (row if row is None or not sensitive.hidden(inputs, row) else None for row in pair)
    if lines[0].before is not None:
        return _nothing(act, "после меры показатель ещё не измеряли", before=before)
    return _nothing(act, "до меры показатель не измеряли", after=after)


def _judged(inputs: Inputs, alike: tuple[Act, ...], line: Line, looks: int, parts: tuple[Row, ...] = ()) -> Change:
    """The change with its verdict. `looks`: how many changes of this measure are judged at once (Bonferroni)."""
    before, after = line.before, line.after
    if before is None or after is None:
        raise ValueError("a change is judged between two rows")
    if sensitive.hidden(inputs, before) or sensitive.hidden(inputs, after):
        return _nothing(alike[0], f"одно из чисел {sensitive.fewer(inputs)}, значения не печатаются")
    if before["series"] != after["series"]:
        return _nothing(alike[0], "ряд прерван, значения несопоставимы", before, after)
    confidence = 1 - (1 - CONFIDENCE) / looks
    verdict = judgement.against_row(after, before, inputs.compare_from, confidence)
    if verdict == "insufficient":
        why = "мало участников" if after["kind"] == "share" else "разброс этого показателя неизвестен"
        return _nothing(alike[0], why, before, after)
    tone = claims.tone(verdict, inputs.passports[str(after["indicator"])].better)
    if tone not in WORDS:
        said = _unproven(inputs, before, after, verdict, confidence)
        return Change(alike, before, after, "same" if verdict == "same" else "", said, confidence, parts)
    earlier = _earlier(line, after)
    stands = earlier is not None and judgement.against_row(after, earlier, inputs.compare_from, confidence) == verdict
    said = _proven(tone, before, earlier, stands)
    return Change(
        alike, before, after, "better" if tone == "better" else "worse", said, confidence, parts, earlier, stands
    )


def _earlier(line: Line, after: Row) -> Row | None:
    """The years before the last one before the measure, as one; None when there is none of this series."""
    rows = [row for row in line.earlier if row["series"] == after["series"] and row["numerator"] is not None]
    return added(rows) if rows and after["kind"] == "share" else None


def _proven(tone: str, before: Row, earlier: Row | None, stands: bool) -> str:
    """The verdict, and what the years before say of it: a bad year passes by itself."""
    if earlier is None:
        return f"{WORDS[tone]}; более ранних лет нет, возврат к среднему не исключить"
    year = ru.school_year(int(before["school_year"]))
    if stands:
        return f"{WORDS[tone]} и против {year}, и против прежних лет ({claims.value_text(earlier)})"
    return (
        f"{WORDS[tone]} против {year}, но не против прежних лет ({claims.value_text(earlier)}): "
        "похоже на возврат к среднему"
    )


def _unproven(inputs: Inputs, before: Row, after: Row, verdict: str, confidence: float) -> str:
    """No proven change: which one these numbers of participants would have shown."""
    if verdict != "same":
        return f"{claims.CHANGED[verdict]} больше погрешности"
    better = inputs.passports[str(after["indicator"])].better
    same = "не изменился с учётом погрешности"
    if before["unit"] != "share" or better == "neutral":
        return same
    found = detectable_share(
        float(before["value"]), int(before["n"]), int(after["n"]), higher=better == "higher", confidence=confidence
    )
    if found is None:
        return f"{same}: при таком числе участников не было бы видно никакого улучшения"
    return f"{same}; было бы видно улучшение до{ru.NBSP}{ru.percent(found, int(min(before['n'], after['n'])))}"
