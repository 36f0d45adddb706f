"""The indicator that a measure named, before and after it: which rows are compared and what their intervals allow.

A measure that several organisations took alike is judged over all of them together as well. A comparison with similar
organisations where nothing was done is not made here; until it is, no verdict says «because of».
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.directions import judgement, sensitive
from pipeline.directions.acts import Act
from pipeline.directions.chapter import Inputs
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.statistics.detectable import detectable_share
from pipeline.statistics.intervals import CONFIDENCE, wilson

Row = Mapping[str, Any]
Pair = tuple[Row | None, Row | None]
CELLS_AT_MOST = 4  # rows of one measure: an indicator may have a value for each subject and grade
SPRING = (3, 1)  # what is done from this day on can only be seen in the procedures of the next school year
WORDS = {"better": "улучшился больше погрешности", "worse": "ухудшился больше погрешности"}
UNJUDGED = "судить нельзя"
ADDED = ("numerator", "denominator", "n")


@dataclass(frozen=True)
class Change:
    """One value of the indicator before and after a measure of these acts (one organisation each, or one for all).

    `said` is the verdict in words; `tone` better, worse, same, unknown or empty; `parts` the rows behind a sum.
    """

    acts: tuple[Act, ...]
    before: Row | None
    after: Row | None
    tone: str
    said: str
    confidence: float = CONFIDENCE
    parts: tuple[Row, ...] = ()

    @property
    def act(self) -> Act:
        return self.acts[0]

    @property
    def proven(self) -> bool:
        return self.tone in WORDS


def changes(inputs: Inputs, found: Sequence[Act]) -> list[Change]:
    """What happened to the indicator of every measure that names one, and of every decision without such a measure."""
    return [change for alike in _alike(named(inputs, found)) for change in _of_alike(inputs, alike)]


def named(inputs: Inputs, found: Sequence[Act]) -> list[Act]:
    """Acts with an indicator of ours; a decision that only repeats its measure's indicator is left to the measure."""
    known = [act for act in found if act.indicator in inputs.passports]
    measured = {(act.year, act.indicator, act.org_id) for act in known if act.kind == "measure"}
    return [
        act
        for act in known
        if act.kind == "measure" or (act.kind == "decision" and (act.year, act.indicator, act.org_id) not in measured)
    ]


def _alike(found: Sequence[Act]) -> list[tuple[Act, ...]]:
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


def _of_alike(inputs: Inputs, alike: tuple[Act, ...]) -> list[Change]:
    if len(alike) == 1:
        return _of_act(inputs, alike[0], 1)
    done = tuple(act for act in alike if act.progress != "cancelled")
    return [*_together(inputs, done), *(change for act in alike for change in _of_act(inputs, act, len(alike)))]


def _of_act(inputs: Inputs, act: Act, of: int) -> list[Change]:
    """The changes of one act; `of` acts alike are looked at together."""
    if act.progress == "cancelled":
        return [_nothing(act, "мера отменена")]
    pairs = list(_pairs(inputs, act).values())
    whole = [(before, after) for before, after in pairs if before is not None and after is not None]
    if not whole:
        return [_incomplete(inputs, act, pairs)]
    whole.sort(key=lambda pair: -(pair[1]["n"] or 0))
    looks = of * min(len(whole), CELLS_AT_MOST)
    return [_judged(inputs, (act,), before, after, looks) for before, after in whole[:CELLS_AT_MOST]]


def _pairs(inputs: Inputs, act: Act) -> dict[tuple[Any, ...], Pair]:
    """The newest value before and the newest after the act, by subject, grade and category."""
    level, first = ("organisation" if act.org_id else "municipality"), first_affected(act)
    pairs: dict[tuple[Any, ...], Pair] = {}
    rows = inputs.rows(indicator=act.indicator, level=level)
    for row in sorted(rows, key=lambda row: int(row["school_year"])):
        if row["value"] is None or row["task"] or (act.org_id and row["org_id"] != act.org_id):
            continue
        key = tuple(row[name] for name in judgement.KEY)
        before, after = pairs.get(key, (None, None))
        pairs[key] = (row, after) if row["school_year"] < first else (before, row)
    return pairs


def _together(inputs: Inputs, alike: Sequence[Act]) -> list[Change]:
    """All organisations of a measure as one: those counted in the same two years of one series."""
    groups: dict[tuple[Any, ...], list[tuple[Act, Row, Row]]] = {}
    for act in alike:
        for key, (before, after) in _pairs(inputs, act).items():
            if before is None or after is None or before["series"] != after["series"]:
                continue
            if before["numerator"] is not None and after["numerator"] is not None and after["kind"] == "share":
                years = (before["school_year"], after["school_year"])
                groups.setdefault((*key, *years), []).append((act, before, after))
    several = sorted((one for one in groups.values() if len(one) > 1), key=lambda one: -len(one))[:CELLS_AT_MOST]
    return [
        _judged(
            inputs,
            tuple(act for act, _, _ in one),
            added([before for _, before, _ in one]),
            added([after for _, _, after in one]),
            len(several),
            tuple(row for _, *rows in one for row in rows),
        )
        for one in several
    ]


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


def _incomplete(inputs: Inputs, act: Act, pairs: Sequence[Pair]) -> Change:
    if not pairs:
        return _nothing(act, "показатель не посчитан")
    before, after = (row if row is None or not sensitive.hidden(inputs, row) else None for row in pairs[0])
    if pairs[0][0] is not None:
        return _nothing(act, "после меры показатель ещё не измеряли", before=before)
    return _nothing(act, "до меры показатель не измеряли", after=after)


def _judged(
    inputs: Inputs, alike: tuple[Act, ...], before: Row, after: Row, looks: int, parts: tuple[Row, ...] = ()
) -> Change:
    """The change with its verdict. `looks`: how many changes of this measure are judged at once (Bonferroni)."""
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
    said = WORDS.get(tone) or _unproven(inputs, before, after, verdict, confidence)
    return Change(alike, before, after, tone, said, confidence, parts)


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
