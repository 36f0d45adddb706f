"""Russian typography of numbers, and nothing else: rounding once, half away from zero, when printed.

Rules: report.md «Numbers». Narrow non-breaking spaces in thousands and before %, decimal comma, minus «−», dash «–».
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
NARROW = "\u202f"
MINUS = "\u2212"
DASH = "\u2013"
PERCENT_FROM = 20
DECIMAL_FROM = 100


def typeset(sentence: str) -> str:
    """Non-breaking spaces where Russian typography asks for them: after №, before % and before a dash."""
    return sentence.replace("№ ", f"№{NBSP}").replace(" %", f"{NARROW}%").replace(" — ", f"{NBSP}— ")


_LEGAL_FORM = re.compile(r"муниципальное\s+(бюдж|авто|каз)\w+\s+общеобразовательное\s+учреждение", re.IGNORECASE)
_SCHOOL = re.compile(r"(средняя|основная|начальная)\s+общеобразовательная\s+школа", re.IGNORECASE)

_BULGARIAN = re.compile(r"\b(средно|основно|начално)\s+училище\b", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d+)\.(?=[^\s\d])")
_QUOTE = re.compile('["„“”]')
_QUOTED = re.compile(r'\s*["„“”]\s*([^"„“”]+?)\s*["„“”]')
PAIR = 2


def number(value: float | int | Decimal, decimals: int = 0) -> str:
    """A number with a decimal comma: 12345.678, 1 → «12 345,7»."""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    sign = MINUS if exact < 0 else ""
    whole, _, fraction = f"{abs(exact):f}".partition(".")
    groups = _thousands(whole)
    return sign + groups + ("," + fraction if fraction else "")


def _thousands(digits: str) -> str:
    if len(digits) < 5:
        return digits
    head = len(digits) % 3 or 3
    return NARROW.join([digits[:head], *(digits[i : i + 3] for i in range(head, len(digits), 3))])


def percent(share: float, n: int | None = None) -> str:
    """A share 0–1 as percent: whole below 100 participants, one decimal from 100 (or n unknown)."""
    decimals = 0 if n is not None and n < DECIMAL_FROM else 1
    return f"{number(Decimal(str(share)) * 100, decimals)}{NARROW}%"


def share(value: float, n: int | None, numerator: float | None) -> str:
    """A share as the internal edition prints it: «3 из 17» below 20 participants, else percent."""
    if n is not None and n < PERCENT_FROM and numerator is not None:
        return part(numerator, n)
    return percent(value, n)


def part(count: float, whole: float) -> str:
    """«3 из 17»."""
    return f"{number(count)}{NBSP}из{NBSP}{number(whole)}"


def interval(lower: float, upper: float, n: int | None = None) -> str:
    """Bounds of a share in percent, in brackets, without the unit: «(9,8–15,6)»."""
    decimals = 0 if n is not None and n < DECIMAL_FROM else 1
    low, high = (Decimal(str(bound)) * 100 for bound in (lower, upper))
    return bounds(low, high, decimals)


def bounds(lower: float | Decimal, upper: float | Decimal, decimals: int) -> str:
    """Bounds of a value in its own units, in brackets, as exact as the value is printed: «(4,12–4,25)»."""
    low, high = number(lower, decimals), number(upper, decimals)
    if MINUS in low + high:  # a dash beside a minus is read as one more minus
        return f"(от{NBSP}{low} до{NBSP}{high})"
    return f"({low}{DASH}{high})"


def points(difference: float | Decimal, n: int | None = None) -> str:
    """A difference of shares in percentage points with its sign: «+3,2 п. п.»."""
    decimals = 0 if n is not None and n < DECIMAL_FROM else 1
    return f"{signed(Decimal(str(difference)) * 100, decimals)}{NBSP}п.{NBSP}п."


def signed(value: float | Decimal, decimals: int = 0) -> str:
    """A number with its sign; what rounds to zero has none."""
    printed = number(value, decimals)
    return f"+{printed}" if value > 0 and printed.strip("0,") else printed


def plural(count: int, one: str, few: str, many: str) -> str:
    """Russian plural of a noun without the number: plural(3, "школа", "школы", "школ")."""
    tail, teens = abs(count) % 10, abs(count) % 100
    if tail == 1 and teens != 11:
        return one
    if 2 <= tail <= 4 and not 12 <= teens <= 14:
        return few
    return many


def counted(count: int, one: str, few: str, many: str) -> str:
    """A number with its noun: «3 школы»."""
    return f"{number(count)}{NBSP}{plural(count, one, few, many)}"


def school_year(year: int) -> str:
    """2026 → «2025/26»."""
    return f"{year - 1}/{year % 100:02d}"


def date(iso: str) -> str:
    """2026-04-20 → «20.04.2026»."""
    year, month, day = iso[:10].split("-")
    return f"{day}.{month}.{year}"


def years(values: list[int]) -> str:
    """Years as ranges: [2018, 2019, 2021] → «2018–2019, 2021»."""
    spans: list[list[int]] = []
    for year in sorted(set(values)):
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(a) if a == b else f"{a}{DASH}{b}" for a, b in spans)


def listed(items: list[str], limit: int = 5) -> str:
    """«а, б и ещё 3» for long lists."""
    if len(items) <= limit:
        return ", ".join(items)
    return f"{', '.join(items[:limit])} и ещё {len(items) - limit}"


def organisation(name: str) -> str:
    """The title of a school with its usual words as initials, «МБОУ «СОШ № 5»», «ОУ «Христо Ботев»»; a pair of straight
    quotes as guillemets."""
    short = _LEGAL_FORM.sub(lambda found: f"М{found[1][0].upper()}ОУ", name)
    short = _SCHOOL.sub(lambda found: f"{found[1][0].upper()}ОШ", short)
    short = _BULGARIAN.sub(lambda found: f"{found[1][0].upper()}У", _NUMBERED.sub(r"\1. ", short))
    return _QUOTED.sub(r" «\1»", short).strip() if len(_QUOTE.findall(short)) == PAIR else short


def capitalised(sentence: str) -> str:
    """First letter upper, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


PROCEDURES = {
    "vpr": "ВПР",
    "oge": "ОГЭ",
    "ege": "ЕГЭ",
    "gve": "ГВЭ",
    "nvo": "НВО",
    "dzi": "ДЗИ",
}
DIAGNOSTICS = {
    "start": "стартовая диагностика",
    "final": "итоговая диагностика",
    "regional": "региональная диагностика",
    "niko": "НИКО",
    "pisa": "модель PISA",
    "metasubject": "метапредметная работа",
    "literacy": "функциональная грамотность",
}


def procedure(code: str) -> str:
    return {**PROCEDURES, **DIAGNOSTICS}.get(code, code)
