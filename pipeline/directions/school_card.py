"""The card of one organisation: its findings, indicators, recommendations, measures, and what it did not supply.

Pure: prepared data in, blocks and frames out. Nobody else's name stands in a card: what names another organisation is
left out and counted. No ranks; comparisons only with the municipality and with the organisation's own past.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from pipeline.directions import card_chart, card_register, card_rows, sensitive
from pipeline.directions.card_register import Asked, Organisation, Sheets
from pipeline.directions.card_rows import CardRules, Line, Rows
from pipeline.directions.chapter import Inputs, statement_of
from pipeline.directions.lead import ORDER
from pipeline.directions.parts import Row
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Paragraphs, Text, plain, text
from pipeline.presentation.claims import records

AT_MOST = 6
NOT_SAID = ("recommendation", "decision", "goal")  # kinds of findings that have a section of their own, or none
SHORTEST = 6  # letters of a name that can be told from a common word
DOUBTS = ("objectivity.signs.", "objectivity.later_exam.")  # findings that ask for a second check of ВПР
DOUBTED = "Результаты ВПР этой организации просят перепроверки: до неё их отличие в лучшую сторону лучшим не названо."
VPR_LIMITS = (
    "Результаты ВПР не служат для оценки учителей и руководителей, начисления выплат и рейтингов "
    "(письмо Рособрнадзора от 18.04.2025 № 02-86)."
)


@dataclass(frozen=True)
class Card:
    """Headings with their blocks, and the data files of the card by the end of their names."""

    organisation: Organisation
    sections: tuple[tuple[str, tuple[Block, ...]], ...]
    frames: Mapping[str, pd.DataFrame]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Material:
    """What all cards of a run are made from, looked up once."""

    inputs: Inputs
    rules: CardRules
    rows: Rows
    findings: Mapping[str, Sequence[Row]]
    sheets: Sheets = ()
    said: Callable[[str, str, str], str] = field(default=lambda table, column, code: code)
    names: Mapping[str, str] = field(default_factory=dict)  # every spelling of a name → org_id
    any_name: re.Pattern[str] | None = None  # the longest of them first

    def mentions_others(self, words: str, org_id: str) -> bool:
        """Does a text name an organisation other than this one?"""
        found = self.any_name.findall(_bare(words)) if self.any_name else ()
        return any(self.names[name] != org_id for name in found)


def prepare(
    inputs: Inputs,
    rules: CardRules,
    findings: pd.DataFrame,
    asked: Sequence[Asked] = (),
    said: Callable[[str, str, str], str] = lambda table, column, code: code,
) -> Material:
    """Look up everything that a card needs. `findings` are those of all chapters, `asked` the sheets of the form."""
    by_org: dict[str, list[Row]] = {}
    for record in records(findings[findings["org_id"].notna()]):
        by_org.setdefault(str(record["org_id"]), []).append(record)
    names = _names(inputs.clean["organisations"])
    longest_first = sorted(names, key=len, reverse=True)
    return Material(
        inputs=inputs,
        rules=rules,
        rows=card_rows.gather(inputs, rules),
        findings=by_org,
        sheets=card_register.sheets(inputs, asked),
        said=said,
        names=names,
        any_name=re.compile("|".join(rf"{re.escape(name)}(?!\w)" for name in longest_first)) if names else None,
    )


def _names(register: pd.DataFrame) -> dict[str, str]:
    found = {}
    for org_id, name in register[["org_id", "name"]].dropna().itertuples(index=False):
        for spelling in (str(name), ru.organisation(str(name))):
            if len(_bare(spelling)) >= SHORTEST:
                found[_bare(spelling)] = str(org_id)
    return found


def _bare(words: str) -> str:
    return " ".join(words.split()).lower()


def organisations(material: Material, kinds_of: Callable[[str | None], tuple[str, ...]]) -> list[Organisation]:
    """Who gets a card: existed in the school year and has an indicator, a finding or an answer; in order of names.

    An organisation whose kind the register does not say is taken for a school; the department itself gets none.
    """
    year = material.inputs.settings.school_year
    told = (
        set(material.rows.own)
        | set(material.findings)
        | {org_id for _, answers in material.sheets for org_id in answers}
    )
    found = []
    for org_id, codes in material.inputs.clean["organisations"].groupby("org_id", sort=True):
        last = records(codes.iloc[-1:])[0]
        ends = None if codes["valid_to"].isna().any() else str(codes["valid_to"].max())
        kinds = kinds_of(last["org_type"]) or ("school",)
        if org_id in told and kinds != ("department",) and (ends is None or ends >= f"{year - 1}-09-01"):
            found.append(Organisation(str(org_id), ru.organisation(str(last["name"])), kinds))
    return sorted(found, key=lambda one: (one.kinds[0] != "school", _natural(one.name)))


def _natural(name: str) -> tuple[Any, ...]:
    """№ 2 before № 10."""
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name))


def card(material: Material, organisation: Organisation, stem: str) -> Card:
    """The card; `stem` is what the names of its files begin with."""
    inputs, org_id = material.inputs, organisation.org_id
    lines = _doubted(material, org_id, card_rows.lines(inputs, material.rows, org_id))
    shown = card_rows.chosen(material.rows, lines, material.rules.rows_at_most)
    drawn = card_chart.chart(inputs, material.rules, material.rows, org_id, stem)
    files = card_register.files(material.rows.own.get(org_id, ()), material.sheets, org_id)
    sections = (
        ("Коротко", _lead(material, organisation, lines)),
        ("Показатели", (*_indicators(material, org_id, shown, lines, stem), *drawn.blocks)),
        ("Рекомендации", card_register.recommendations(inputs, _kind(material, org_id, "recommendation"))),
        ("Меры и решения", card_register.decisions(material.inputs, material.said, org_id, _foreign(material, org_id))),
        ("Чего не хватает в данных", card_register.missing(material.sheets, organisation)),
        ("Как читать", _reading(inputs, lines)),
    )
    frames = {**({"": card_rows.frame(inputs, lines)} if lines else {}), **drawn.frames}
    return Card(organisation, tuple(one for one in sections if one[1]), frames, files)


def _doubted(material: Material, org_id: str, lines: Sequence[Line]) -> list[Line]:
    """Lines of ВПР are marked where a sign asks that the works of this school be checked again first."""
    own = [str(one["id"]) for one in material.findings.get(org_id, ())]
    if not any(one.startswith(DOUBTS) for one in own):
        return list(lines)
    return [replace(line, doubted=line.row["procedure"] == "vpr") for line in lines]


def _foreign(material: Material, org_id: str) -> Callable[[str], bool]:
    return lambda words: material.mentions_others(words, org_id)


def _kind(material: Material, org_id: str, kind: str) -> list[Row]:
    """The organisation's findings of a kind that name nobody else."""
    own = [one for one in material.findings.get(org_id, ()) if one["kind"] == kind]
    return [one for one in own if not material.mentions_others(plain(statement_of(one)), org_id)]


def _lead(material: Material, organisation: Organisation, lines: Sequence[Line]) -> tuple[Block, ...]:
    """«Коротко»: findings of the chapters, then what differs from the municipality, then what is unknown."""
    org_id = organisation.org_id
    findings = [one for one in material.findings.get(org_id, ()) if one["kind"] not in NOT_SAID]
    findings = sorted(findings, key=lambda one: (-one["weight"], ORDER.get(str(one["kind"]), 9), str(one["id"])))
    said: list[Text] = [statement_of(one) for one in findings]
    said = [one for one in said if not material.mentions_others(plain(one), org_id)]
    keys = {run.key for one in said for run in one if run.key}
    claimed = [line for line in lines if line.claims_something and claims.key_of(line.row) not in keys]
    said += card_rows.statements(material.inputs, claimed)
    rest = len(said) - AT_MOST
    more = text(f"Ещё отличий: {ru.number(rest)} — в таблице показателей.") if rest > 0 else ()
    return (Paragraphs(tuple(one for one in (*said[:AT_MOST], more, _unknown(lines)) if one), role="lead"),)


def _unknown(lines: Sequence[Line]) -> Text:
    """How much could be compared at all."""
    if not lines:
        return text("Показателей организации за год нет: файлы, в которых она названа, их не содержат.")
    compared = [line for line in lines if line.verdict not in (None, "insufficient")]
    if not compared:
        return text("Сравнить с муниципалитетом нельзя ни один показатель: участников мало или интервал неизвестен.")
    same = sum(line.verdict == "same" for line in compared)
    return text(
        f"Сравнить с муниципалитетом можно {ru.part(len(compared), len(lines))} "
        f"{ru.plural(len(lines), 'показателя', 'показателей', 'показателей')}; из них не отличаются с учётом "
        f"погрешности — {ru.number(same)}."
    )


def _indicators(
    material: Material, org_id: str, shown: Sequence[Line], lines: Sequence[Line], stem: str
) -> tuple[Block, ...]:
    rest, few = len(lines) - len(shown), material.rows.few.get(org_id, 0)
    notes = [
        f"Ещё показателей: {ru.number(rest)} — в файле {stem}.csv рядом с карточкой." if rest else "",
        f"Не печатаются показатели о малых группах детей (одно из чисел {sensitive.fewer(material.inputs)}): "
        f"{ru.number(few)}."
        if few
        else "",
        DOUBTED if any(line.doubted for line in lines) else "",
    ]
    said = tuple(text(note) for note in notes if note)
    table = (card_rows.table(material.inputs, shown, stem),) if shown else ()
    return (*table, *((Paragraphs(said, role="note"),) if said else ()))


def _reading(inputs: Inputs, lines: Sequence[Line]) -> tuple[Block, ...]:
    limits = inputs.rules.publication
    items = [
        "В скобках — интервал 95 %: в этих пределах доля колебалась бы от выпуска к выпуску даже без перемен в работе. "
        f"Если участников меньше {limits.percent.value}, печатаются числа вместо процента; сравнения — от "
        f"{limits.compare.value} участников.",
        "«Выше», «ниже», «вырос», «снизился» сказано только там, где отличие больше случайного, с поправкой на то, что "
        "сравниваются все организации сразу. «Признак» — основание для перепроверки, а не вывод о нарушении.",
        "Организации не ранжируются: в карточке нет ни мест, ни сравнений с другими организациями по именам.",
    ]
    if any(line.row["procedure"] == "vpr" for line in lines):
        items.append(VPR_LIMITS)
    return (Paragraphs(tuple(text(item) for item in items), role="note"),)
