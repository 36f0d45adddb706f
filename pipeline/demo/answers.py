"""Answers of every organisation to the collection form of a year, from the rules and the model of pupils."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.demo import truths
from pipeline.demo.answers_school import SCHOOL_TABLES, Rules
from pipeline.demo.answers_staff import (
    KINDERGARTEN,
    METHODICAL,
    OBSERVATION,
    PLACES,
    STAFF_TABLES,
    SURVEY,
    SURVEY_OF_SMALL,
)
from pipeline.demo.chance import binomial, stream
from pipeline.demo.pupils import UPPER, Population
from pipeline.demo.rules import Asked, Rule
from pipeline.demo.territory import ADDITIONAL, DEPARTMENT, KINDERGARTENS, Kindergarten, Other, School, schools
from pipeline.ingest.layouts.form_cells import Answer, observed
from pipeline.ingest.layouts.form_item_page import Key

Answers = Mapping[str, Mapping[Key, Answer]]
# Organisations that sent a form without this sheet: nobody knows why.
UNSENT = {(2023, "demo-10", "upbringing"), (2025, "demo-16", "career"), (2026, "demo-ds-06", "training")}


@dataclass(frozen=True)
class Respondent:
    """Who fills a form: its facts by name and the rules of its sheets, in the order in which wholes come first."""

    org_id: str
    level: float
    facts: Mapping[str, int]
    tables: Mapping[str, Rules]
    number: int = 0  # of a school


def answers(population: Population, year: int) -> Answers:
    """table → whose → answer, for everybody who exists in the year."""
    found: dict[str, dict[Key, Answer]] = {}
    for respondent in _respondents(population, year):
        for table, key, answer in _said(population.seed, respondent, year):
            if (year, respondent.org_id, table) not in UNSENT:
                found.setdefault(table, {})[key] = answer
    return found


def _respondents(population: Population, year: int) -> Iterator[Respondent]:
    for school in schools(year):
        yield _school(population, school, year)
    yield from map(_kindergarten, KINDERGARTENS)
    yield from map(_additional, ADDITIONAL)
    facts = {"schools": len(schools(year)), "subject_areas": 9, **_children(population.seed, year)}
    yield Respondent(DEPARTMENT.org_id, 0.0, facts, {"methodical": METHODICAL, "preschool": PLACES})


def _school(population: Population, school: School, year: int) -> Respondent:
    def total(first: int, last: int) -> int:
        return population.total(school, year, range(first, last + 1))

    pupils = total(1, 11)
    luck = stream(population.seed, school.org_id, "facts", year)
    facts = {
        "pupils": pupils,
        "classes": population.classes(school, year),
        "pupils_primary": total(1, 4),
        "pupils_basic": total(5, 9),
        "pupils_upper": population.total(school, year, UPPER),
        "pupils_4_11": total(4, 11),
        "pupils_6_11": total(6, 11),
        "pupils_8_11": total(8, 11),
        "grade_9": total(9, 9),
        "pupils_11": total(11, 11),
        "ovz": binomial(luck, pupils, 0.055),
        "context_language": binomial(luck, pupils, 0.05),
        "families": round(pupils * 0.82),
        "teachers": max(6, round(pupils / 14.5) + luck.randint(-1, 1)),
        "spare": binomial(luck, round(pupils / 14.5), 0.05),
        "two": 2 if pupils > 250 else 1,
        "nothing": 0,
    }
    tables = {**SCHOOL_TABLES, **STAFF_TABLES, "satisfaction": SURVEY, "observation": OBSERVATION}
    return Respondent(school.org_id, school.level, facts, tables, school.number)


def _kindergarten(garden: Kindergarten) -> Respondent:
    children = garden.under_3 + garden.from_3
    facts = {
        "under_3": garden.under_3,
        "from_3": garden.from_3,
        "children": children,
        "families": round(children * 0.9),
        "teachers": max(4, round(children / 10)),
        "spare": garden.number % 3,
        "two": 1,
    }
    tables = {**STAFF_TABLES, "preschool": KINDERGARTEN, "satisfaction": SURVEY_OF_SMALL}
    return Respondent(garden.org_id, garden.level, facts, tables)


def _additional(other: Other) -> Respondent:
    facts = {"teachers": other.staff, "families": other.staff * 20, "spare": 1, "two": 1}
    return Respondent(other.org_id, other.level, facts, {**STAFF_TABLES, "satisfaction": SURVEY_OF_SMALL})


def _children(seed: int, year: int) -> dict[str, int]:
    luck = stream(seed, "children", year)
    return {"population_under_3": luck.randint(905, 935), "population_from_3": luck.randint(1330, 1370)}


def _said(seed: int, who: Respondent, year: int) -> Iterator[tuple[str, Key, Answer]]:
    """Every cell of one respondent; a later rule may name what an earlier one gave."""
    known = dict(who.facts)
    silent: set[str] = set()
    for table, rules in who.tables.items():
        for item, rule in rules.items():
            groups: Mapping[str, Rule] = rule if isinstance(rule, Mapping) else {"": rule}
            for group, one in groups.items():
                shift = truths.form_shift(who.number, table, item, year)
                asked = Asked(seed, who.org_id, who.level, year, table, group, item, known, shift)
                place = f"{table}.{item}/{group}"
                value = None if _of_silent(one, asked, silent) else one(asked)
                if value is None:
                    silent.add(place)
                else:
                    known[place] = value
                answer = Answer("not_attempted") if value is None else observed(value)
                yield table, Key(who.org_id, "year", group, item), answer


def _of_silent(rule: Rule, asked: Asked, silent: set[str]) -> bool:
    """A part of what was not held was not held either."""
    return f"{asked.table}.{getattr(rule, 'whole', '')}/{asked.group}" in silent


__all__ = ["Answers", "answers"]
