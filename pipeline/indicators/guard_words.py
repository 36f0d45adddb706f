"""What words betray: a harmful construction may hide behind a code of its own, hardly behind what readers are told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.indicators.passport import Passport

VPR = re.compile(r"\bвпр\b|всероссийск\w*\s+проверочн", re.I)
MEAN = re.compile(
    r"(?:средн\w+|усредн\w+)\s+(?:\w+\s+)?(?:балл|отметк|оценк|результат|процент|дол[яиюей]\b)|в среднем|ср\.\s*балл",
    re.I,
)
PORTION = re.compile(r"%|\bпроцент|\bдол[яиюей]\b|\bкоэффициент|\bиндекс", re.I)
RATING = re.compile(
    r"рейтинг|р[аэ]нкинг|ранжир|\bранг|\bтоп\b|\bтоп[- ]?\d|лидер|аутсайдер|перцентил"
    r"|\b(?:место|позици\w+) (?:\w+ )?(?:в|среди|по) "  # «места в саду» and «призовые места» are no ranks
    r"|(?:лучш|худш)\w* (?:школ|организац|учител|педагог|руковод)",
    re.I,
)
PEOPLE = re.compile(r"учител|педагог|руководител|директор|завуч", re.I)
PAY = re.compile(r"стимулир|оплат\w* труда|зарплат|заработн|надбав|доплат|премирован", re.I)
JUDGED = re.compile(r"взыскани|выговор|аттестаци\w* (?:педагог|учител|руковод|директор)|соответстви\w* должност", re.I)


def words_of(passport: Passport) -> str:
    """Everything that a reader is told an indicator is; the note may say what it is not."""
    earlier = (alias.title for alias in passport.aliases)
    return "\n".join((passport.title, passport.short, passport.numerator, passport.denominator, *earlier))


def found_in(pattern: re.Pattern[str], text: str) -> str:
    """The first words of the text that the pattern knows, to the end of the last; empty when there are none."""
    found = re.search(rf"(?:{pattern.pattern})\w*", text, re.I)
    return found[0].strip() if found else ""
