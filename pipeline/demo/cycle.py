"""Registers of the management cycle: state of the roadmap, documents, recommendations with measures and decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.demo import truths

Record = Mapping[str, object]
OFFICE = "Управление образования (вымышленное)"
CENTRE = "Методический центр (вымышленный)"
# Items of the roadmap by year: (state, was it confirmed by a document, note). No entry: nobody said anything.
DONE, UNCONFIRMED, GOING, NOT = ("done", True), ("done", False), ("in_progress", False), ("not_done", False)
STATES: Mapping[int, Mapping[int, tuple[str, bool]]] = {
    2022: {1: GOING, 23: GOING},
    2023: {1: DONE, 2: DONE, 4: DONE, 6: GOING, 14: DONE, 16: UNCONFIRMED, 20: DONE, 23: DONE, 24: UNCONFIRMED},
    2024: {1: DONE, 2: DONE, 4: DONE, 5: DONE, 6: DONE, 7: DONE, 10: GOING, 12: UNCONFIRMED, 14: DONE, 16: DONE}
    | {20: DONE, 23: DONE, 24: DONE},
    2025: {1: DONE, 2: DONE, 3: GOING, 4: DONE, 5: UNCONFIRMED, 6: DONE, 7: DONE, 10: GOING, 12: DONE, 14: DONE}
    | {15: GOING, 16: DONE, 18: GOING, 20: DONE, 21: NOT, 23: DONE, 24: DONE},
    2026: {1: DONE, 2: DONE, 3: DONE, 4: DONE, 5: UNCONFIRMED, 6: DONE, 7: DONE, 9: GOING, 10: GOING, 12: DONE}
    | {13: NOT, 14: DONE, 15: UNCONFIRMED, 16: DONE, 17: GOING, 18: DONE, 20: DONE, 21: NOT, 23: DONE, 24: DONE},
}
NOTES = {
    13: "проект приказа на согласовании",
    21: "перенесено: нет помещения",
    9: "набор участников идёт, ведёт Вымышленная А. А.",
}
MISTYPED = (2026, 2)  # a decision whose act is named by a key that no document has
# what confirms an item: (kind, title, direction, component, published)
EVIDENCE: Mapping[int, tuple[str, str, str, str, bool]] = {
    1: ("order", "О показателях подготовки обучающихся", "achievement", "indicators", True),
    2: ("report", "Справка о результатах ВПР и ОГЭ", "achievement", "analysis", True),
    3: ("report", "Отчёты школ о дополнительных занятиях по математике", "achievement", "measures", False),
    4: ("regulation", "Порядок наблюдения за процедурами", "objectivity", "methods", True),
    5: ("protocol", "Протокол муниципальной комиссии по перепроверке", "objectivity", "monitoring", False),
    6: ("order", "О поддержке школ с низкими результатами", "low_results", "goals", True),
    7: ("letter", "Адресные рекомендации школам перечня", "low_results", "recommendations", False),
    12: ("report", "Профиль управления организаций", "heads", "monitoring", False),
    14: ("report", "Справка о диагностике дефицитов", "teachers", "monitoring", False),
    16: ("order", "О наставниках молодых педагогов", "methodical", "measures", False),
    18: ("report", "Отчёты школ об учёте пропусков", "upbringing", "measures", False),
    20: ("report", "Отчёт о мониторинге качества детских садов", "preschool", "monitoring", True),
    23: ("regulation", "Положение о муниципальной системе оценки качества", "management_cycle", "goals", True),
    24: ("report", "Ежегодный доклад", "management_cycle", "decisions", True),
}
LASTING = {1: 2023, 4: 2023, 6: 2024, 23: 2023}  # documents that are adopted once
# direction, what is recommended, addressee, measure, decision
YEARLY = (
    (
        "achievement",
        "Разобрать задания, с которыми не справилось большинство",
        "школьные методические объединения",
        "Провести разбор заданий по предметам",
        "О плане работы методических объединений",
    ),
    (
        "objectivity",
        "Обучить наблюдателей до начала процедур",
        "руководители школ",
        "Провести обучение наблюдателей",
        "О графике наблюдения за процедурами",
    ),
    (
        "talent",
        "Составить маршруты для учеников из базы одарённых",
        "заместители руководителей школ",
        "Составить маршруты вместе с Домом детского творчества",
        "",
    ),
    (
        "teachers",
        "Включить в заявку на курсы найденные дефициты",
        "руководители организаций",
        "Согласовать заявку с результатами диагностики",
        "О заявке на повышение квалификации",
    ),
    ("preschool", "Уточнить программы по областям с низким уровнем", "заведующие детскими садами", "", ""),
)


@dataclass(frozen=True)
class Chain:
    """A recommendation and what followed from it."""

    direction: str
    title: str
    addressee: str
    measure: str
    decision: str
    org_id: str | None = None
    indicator: str | None = None


def roadmap(year: int) -> list[Record]:
    """The state of every item that somebody reported on; the others stay blank."""
    return [_state(number, year) for number in range(1, 25)]


def _state(number: int, year: int) -> Record:
    row: dict[str, object] = {"item": f"В-{number}"}
    known = STATES[year].get(number)
    if known is None:
        return row
    progress, confirmed = known
    key = _evidence_key(number, year) if confirmed else None
    done_on = f"{LASTING.get(number, year)}-05-{1 + number:02}" if progress == "done" else None
    note = NOTES.get(number) if progress != "done" else None
    return row | {"progress": progress, "done_on": done_on, "evidence": key, "responsible": OFFICE, "note": note}


def _evidence_key(number: int, year: int) -> str:
    return f"Д-{LASTING.get(number, year)}-{number}"


def documents(year: int) -> list[Record]:
    """Documents of a year: what confirms the roadmap, and the acts of decisions."""
    confirmed = [number for number, state in STATES[year].items() if state[1] and LASTING.get(number, year) == year]
    rows = [_document(number, year) for number in confirmed]
    acts = [(number, chain) for number, chain in enumerate(_chains(year), start=1) if chain.decision]
    return rows + [
        {
            "document": f"П-{year}-{number}",
            "kind": "order",
            "number": f"{40 + number}-в",
            "date": f"{year - 1}-09-{number:02}",
            "title": f"{chain.decision} (вымышленный приказ)",
            "direction": chain.direction,
            "component": "decisions",
            "office": OFFICE,
        }
        for number, chain in acts
    ]


def _document(number: int, year: int) -> Record:
    kind, title, direction, component, published = EVIDENCE[number]
    return {
        "document": _evidence_key(number, year),
        "kind": kind,
        "number": f"{number}-в" if kind != "report" else None,
        "date": f"{year}-05-{1 + number:02}",
        "title": f"{title} (вымышленный документ)",
        "direction": direction,
        "component": component,
        "office": CENTRE if kind == "report" else OFFICE,
        "published_at": f"https://example.invalid/demo/{year}/{number}" if published else None,
    }


def _chains(year: int) -> list[Chain]:
    """Recommendations of a year: the usual ones and, when the two measures began, those of their schools."""
    chains = [Chain(*usual) for usual in YEARLY]
    if year != truths.MEASURE_FROM:
        return chains
    worked = [
        Chain(
            "upbringing",
            "Уменьшить пропуски без уважительной причины",
            "руководитель школы",
            "Ежедневный учёт пропусков и помощь социального педагога",
            "Об учёте пропусков",
            f"demo-{number:02d}",
            truths.WORKED_ITEM,
        )
        for number in truths.WORKED_SCHOOLS
    ]
    idle = [
        Chain(
            "achievement",
            "Помочь ученикам, которые не справились с математикой",
            "руководитель школы",
            "Дополнительные занятия по математике два раза в неделю",
            "О дополнительных занятиях",
            f"demo-{number:02d}",
            "oge_below_minimum",
        )
        for number in truths.IDLE_SCHOOLS
    ]
    return [*chains, *worked, *idle]


def decisions(year: int) -> list[Record]:
    """Recommendation → measure → decision, each its own row."""
    return [row for number, chain in enumerate(_chains(year), start=1) for row in _rows(number, chain, year)]


def _rows(number: int, chain: Chain, year: int) -> Iterator[Record]:
    last = year == 2026
    common = {"direction": chain.direction, "org_id": chain.org_id, "indicator": chain.indicator}
    common |= {"responsible": OFFICE, "due": f"{year}-06-{number:02}"}
    yield common | {
        "decision": f"{year}-{number}",
        "kind": "recommendation",
        "title": chain.title,
        "addressee": chain.addressee,
        "taken_on": f"{year - 1}-08-{number:02}",
        "progress": "sent" if number == 3 else "answered",
    }
    if chain.measure:
        yield common | {
            "decision": f"{year}-{number}м",
            "kind": "measure",
            "parent": f"{year}-{number}",
            "title": chain.measure,
            "taken_on": f"{year - 1}-09-{number:02}",
            "progress": "planned" if last and number == 4 else "done",
        }
    if chain.decision:
        yield common | {
            "decision": f"{year}-{number}р",
            "kind": "decision",
            "parent": f"{year}-{number}м" if chain.measure else f"{year}-{number}",
            "title": chain.decision,
            "taken_on": f"{year - 1}-09-{number:02}",
            "progress": "planned" if last and number == 4 else "done",
            "act": f"П-{year}-{number}" if (year, number) != MISTYPED else f"П-{year}-0{number}",
        }
