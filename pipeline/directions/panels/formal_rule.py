"""The formal rule of the list, exactly as its act puts it, and beside it how likely its verdict is to be true.

Without an act there is no rule: the chapter says so. A threshold that is crossed by 3 of 8 pupils says little of the
school; the probability that the true share is over the line tells how much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.directions import listed, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels import rule_history, rule_reading, similar_schools
from pipeline.directions.panels.panel import Panel, joined
from pipeline.directions.panels.rule_reading import Found, Low
from pipeline.indicators.school_rules import ListRule
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Block, Cell, Head, Paragraphs, TableBlock, Tone, text
from pipeline.statistics.intervals import wilson

ROWS_AT_MOST = 30
LOW_AT_MOST = 3
SURE, UNSURE = 0.9, 0.1
NOT_ENTERED = (
    "Формальное правило, по которому школа относится к школам с низкими результатами, за этот год не внесено: его "
    "ставит региональный приказ, и без номера и даты приказа признаки не считаются."
)
TRAINING = "учебное правило, не приказ"
INVENTED = "приказа нет, правило придумано для вымышленных данных"
READINGS: Mapping[str, str] = {"all": "оба условия", "any": "одно из условий"}
LIMITED = "Сопоставление ограничено: объективность результатов части школ не подтверждена."


def panel(inputs: Inputs) -> Panel:
    """The rules in force in the report year for this territory, school by school; else that there is none."""
    year, code, synthetic = inputs.settings.school_year, inputs.profile.code, inputs.profile.synthetic
    rules = [rule for rule in inputs.rules.lists if rule.holds(year, code, synthetic=synthetic)]
    if not rules:
        return Panel(monitoring=(Paragraphs((text(NOT_ENTERED),), role="note"),))
    return joined(tuple(_of_rule(inputs, rule) for rule in rules))


def _of_rule(inputs: Inputs, rule: ListRule) -> Panel:
    reading = rule_reading.read(inputs, rule)
    found = list(reading.of_year(inputs.settings.school_year).values())
    if not found:
        return Panel(monitoring=(Paragraphs((text(f"{_act(rule)}: результатов, к которым его применить, нет."),)),))
    internal = inputs.settings.edition == "internal"
    table = (_table(inputs, rule, found),) if internal else (Paragraphs((text(_counted(rule, found)),)),)
    mine = Panel(
        monitoring=(*table, *_limited(inputs, found)),
        findings=tuple(_finding(rule, one) for one in found if one.all),
        frames={f"rule_{rule.id}": _frame(rule, found)},
    )
    return joined((mine, rule_history.panel(inputs, reading)))


def _act(rule: ListRule) -> str:
    if rule.training:
        return f"{rule.title}: {INVENTED}"
    return f"{rule.title} ({rule.act.issuer}, № {rule.act.number} от {ru.date(rule.act.date.isoformat())})"


def _counted(rule: ListRule, found: Sequence[Found]) -> str:
    named = sum(one.all for one in found)
    apart = sum(one.any and not one.all for one in found)
    said = f"Признак по правилу — у {ru.number(named)} из {ru.counted(len(found), 'школы', 'школ', 'школ')}."
    if apart:
        said += f" Ещё у {ru.number(apart)} признак зависит от прочтения правила: показаны оба."
    return f"{said} Перечень утверждает приказ: признак лишь показывает, на что он опирается."


def _condition(rule: ListRule) -> str:
    """The rule in words, as it is applied."""
    unit = "предмет и класс" if rule.unit == "test" else "процедура целиком"
    parts = []
    if rule.in_year is not None:
        parts.append(f"низких результатов за год не меньше {ru.number(rule.in_year)}")
    if rule.same_in_years is not None:
        years = ru.counted(rule.same_in_years, "год", "года", "лет")
        parts.append(f"один и тот же результат низок {years} подряд")
    how = {"all": " и ", "any": " или ", "unclear": " и (или) "}[rule.joined]
    return (
        f"Результат ({unit}) низок, если доля участников ниже минимума не меньше {ru.percent(rule.threshold, 10)}; "
        f"доля сравнивается точно, без округления. Признак: {how.join(parts)}."
    )


def _table(inputs: Inputs, rule: ListRule, found: Sequence[Found]) -> TableBlock:
    shown = [one for one in found if one.low or max(one.probabilities) >= UNSURE][:ROWS_AT_MOST]
    return TableBlock(
        id=f"rule-{rule.id}".replace("_", "-"),
        caption=f"Формальный признак: {rule.title}",
        heads=(
            Head("Школа", width=1.4),
            Head("Низкие результаты года: доля (интервал 95 %)", width=2.6),
            Head("Низких подряд", "right", 0.8),
            Head("Признак", width=1.3),
            Head("Вероятность, что он верен", width=1.5),
            Head("В перечне", width=0.9),
        ),
        rows=tuple(_line(inputs, rule, one) for one in shown),
        source=text(f"{_act(rule)}. Показаны школы, о которых правило что-то говорит; по алфавиту."),
        statement=text(_counted(rule, found)),
        how=(
            text(_condition(rule)),
            text(
                "Вероятность — по бета-распределению с априорным по всем школам: выполнено ли правило, если вместо "
                "наблюдённых долей взять истинные. Больше 0,9 — признак надёжен, от 0,1 до 0,9 — пограничен, меньше — "
                "не подтверждён: порог перейдён, скорее всего, случайно."
            ),
        ),
        legend=(f"{MARKS['no_data']} — школа не ответила; {MARKS['not_applicable']} — правило этого не спрашивает",),
        data=f"data/{inputs.direction.number}_rule_{rule.id}.csv",
    )


def _line(inputs: Inputs, rule: ListRule, one: Found) -> tuple[Cell, ...]:
    on = listed.answers(inputs, listed.LOW).get(inputs.settings.school_year, {}).get(one.org)
    tone: Tone = "worse" if one.all and one.probability > SURE else ""
    return (
        Cell(one.name),
        _low_cell(inputs, one.low),
        Cell(ru.number(len(one.flag.repeated)) if rule.same_in_years else MARKS["not_applicable"]),
        Cell(_reading(one), tone=tone),
        Cell(_probability(rule, one), sort=one.probability),
        Cell(MARKS["no_data"] if on is None else "да" if on else "нет"),
    )


def _low_cell(inputs: Inputs, low: Sequence[Low]) -> Cell:
    """«Математика, 5 класс: 31 % (18–47)», the likeliest first."""
    ordered = sorted(low, key=lambda one: -one.probability)
    said = [f"{_unit_name(inputs, one.unit)}: {_share(one)}" for one in ordered[:LOW_AT_MOST]]
    if len(ordered) > LOW_AT_MOST:
        said.append(f"ещё {ru.number(len(ordered) - LOW_AT_MOST)}")
    key = ";".join(one.key for one in ordered[:LOW_AT_MOST])
    return Cell("; ".join(said) or MARKS["blank"], key=key, sort=float(len(low)), tone="" if low else "muted")


def _unit_name(inputs: Inputs, unit: str) -> str:
    procedure, *test = unit.split("|")
    if not test:
        return ru.procedure(procedure)
    row = {"subject": test[0], "grade": int(test[1]), "school_year": inputs.settings.school_year}
    return f"{ru.procedure(procedure)}, {scope_of(inputs, row)}"


def _share(one: Low) -> str:
    lower, upper = (float(bound) for bound in wilson(one.share.numerator, one.share.n))
    percent = f"{ru.NARROW}%" if one.share.n < ru.PERCENT_FROM else ""
    interval = ru.interval(lower, upper, one.share.n)[:-1]
    return f"{ru.share(one.share.value or 0.0, one.share.n, one.share.numerator)} {interval}{percent})"


def zone(probability: float) -> str:
    """The word of a probability: sure over .9, not confirmed under .1."""
    return "надёжен" if probability > SURE else "не подтверждён" if probability < UNSURE else "пограничен"


def _chance(probability: float) -> str:
    """Two digits that never claim certainty."""
    if probability > 0.99:
        return "больше 0,99"
    return "меньше 0,01" if probability < 0.01 else ru.number(probability, 2)


def _probability(rule: ListRule, one: Found) -> str:
    said = [
        (f"{_chance(p)}, {zone(p)}", READINGS[how]) for p, how in zip(one.probabilities, rule.readings, strict=True)
    ]
    if len({words for words, _ in said}) == 1:
        return said[0][0]
    return "; ".join(f"{how} — {words}" for words, how in said)


def _reading(one: Found) -> str:
    if len(set(one.readings)) == 1:
        return "есть" if one.any else "нет"
    return "зависит от прочтения: оба условия — нет, одно — есть"


def _limited(inputs: Inputs, found: Sequence[Found]) -> tuple[Block, ...]:
    """Flags that rest on works the school marks itself, where other schools' results are not confirmed."""
    doubtful = similar_schools.doubtful(inputs)
    flagged = [one for one in found if one.any and one.org not in doubtful]
    if not doubtful or not flagged:
        return ()
    own = [one.name for one in flagged if one.own_marks]
    internal = inputs.settings.edition == "internal"
    said = LIMITED
    if own:
        who = ru.listed(own, 6) if internal else ru.counted(len(own), "школы", "школ", "школ")
        said += (
            f" Без ВПР, которые школа проверяет сама, признака ({who}) не было бы. Школа, которая "
            "оценивает честно, попадает в перечень чаще той, чьи результаты завышены; проверьте такие признаки по ОГЭ "
            "и выборочной перепроверкой."
        )
    return (Paragraphs((text(said),), role="warning"),)


def _finding(rule: ListRule, one: Found) -> Finding:
    low = ru.counted(len(one.low), "низкий результат", "низких результата", "низких результатов")
    return Finding(
        id=f"rule.{rule.id}.{one.org}",
        kind="risk" if one.probability >= UNSURE else "sign",
        statement=text(
            f"{one.name}: есть формальный признак «{rule.title}»: {low} за год; вероятность, что он верен, "
            f"{_chance(one.probability)} — {zone(one.probability)}."
        ),
        strength=TRAINING if rule.training else f"правило: № {rule.act.number} от {ru.date(rule.act.date.isoformat())}",
        org_id=one.org,
        weight=weight.GAP * one.probability,
    )


def _frame(rule: ListRule, found: Sequence[Found]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "org_id": one.org,
                "organisation": one.name,
                "low": ";".join(low.unit for low in one.low),
                "low_counts": ";".join(f"{low.share.numerator}/{low.share.n}" for low in one.low),
                "repeated": ";".join(one.flag.repeated),
                "flag_strict": one.all,
                "flag_wide": one.any,
                **{f"probability_{how}": p for how, p in zip(rule.readings, one.probabilities, strict=True)},
                "zone": zone(one.probability),
                "rests_on_own_marks": one.own_marks,
            }
            for one in found
        ]
    )
