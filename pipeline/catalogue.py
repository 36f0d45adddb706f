"""What the report can count: all declared passports in words, by direction, on a page or on a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline import tables
from pipeline.errors import UsageError
from pipeline.indicators.form_sources import FORM
from pipeline.indicators.norms import Norm, load_rules
from pipeline.indicators.passport import Passport, load_passports
from pipeline.indicators.register_sources import REGISTER
from pipeline.indicators.sources import Source, TasksBelow, procedures
from pipeline.ingest.items import load_items
from pipeline.paths import Paths
from pipeline.territory.profile import Direction, Directions, load_directions

BETTER = {"higher": "лучше больше", "lower": "лучше меньше", "neutral": ""}
UNITS = {"per_100": "на 100", "per_1000": "на 1000", "per_class": "на один класс"}
LEVELS = {"country": "страна", "region": "регион", "municipality": "муниципалитет", "organisation": "организация"}
CUTS = {"procedure": "процедура", "subject": "предмет", "grade": "класс", "task": "задание"}
PERIODS = {"year": "", "half_year": "по полугодиям", "quarter": "по четвертям"}
FORBIDDEN = {"teachers": "педагоги", "heads": "руководители", "pay": "оплата труда"}
PUBLICATION = {
    "usual": "",
    "sensitive": "открыто — от 10 человек",
    "municipal_totals": "открыто — только общий итог",
}
REFERENCE = "справочно, пока не названы порядок процедуры и подтверждение объективности"
BORROWS = "Своих показателей нет: глава собирает показатели остальных."
COUNTED = "полный счёт"
MEANS = "среднее: только где разрешено профилем"
HEADS = ("показатель", "кого считаем / среди кого", "откуда", "по чему", "документы", "ограничения")
PAGE = """# Показатели

Страница сделана командой `msoko indicators --page` из паспортов `config/indicators`; руками её не правят. Подробно об
одном направлении на экране:

```sh
msoko indicators --direction talent
```

Всего показателей: {count}. Буквы документов: Л — Лесной МО, Е — Енисейск, П — Почепский район, Т — Таймырский район,
К — Кемеровский МО; после буквы — пункт. «Не для» — кого и что по показателю не оценивают; рейтингов не составляют ни по
одному. Все значения — по годам. «Открыто» — что выйдет в открытой редакции; где не сказано иначе, действуют общие
пороги `config/norms/publication.yml`: до 20 участников — «3 из 17» без процента, сравнивают от 10.
"""


@dataclass(frozen=True)
class Entry:
    """One indicator in words; `facts` by HEADS, empty where there is nothing to say."""

    code: str
    title: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A direction with its own indicators and the titles of those borrowed from others."""

    direction: Direction
    entries: tuple[Entry, ...]
    borrowed: tuple[str, ...]


def catalogue(paths: Paths, direction: str = "") -> tuple[Part, ...]:
    """All directions in order, or the one named by code or number; UsageError when there is none such."""
    directions = load_directions(paths)
    passports = load_passports(paths.config_files("indicators"), paths.config_files("items"))
    words = _Words(
        directions,
        {name: table.title for name, table in load_items(paths).items()},
        {norm.id: _norm(norm) for norm in load_rules(paths).norms},
    )
    return tuple(_part(one, passports, words) for one in _asked(directions, direction))


def page(parts: Sequence[Part]) -> str:
    """The whole catalogue as a page of Markdown."""
    lines = [PAGE.format(count=sum(len(part.entries) for part in parts))]
    for part in parts:
        lines += [f"## {part.direction.number}. {part.direction.title}", ""]
        if part.entries:
            lines += [_row(HEADS), _row(["---"] * len(HEADS)), *(_row(_cells(entry)) for entry in part.entries), ""]
        if part.borrowed:
            lines += [f"Показываются и здесь: {'; '.join(part.borrowed)}.", ""]
        if not part.entries and not part.borrowed:
            lines += [BORROWS, ""]
    return "\n".join(lines).rstrip() + "\n"


def screen(parts: Sequence[Part]) -> list[str]:
    """Lines for a terminal: titles of all directions, or everything of a single one."""
    whole = len(parts) == 1
    lines: list[str] = []
    for part in parts:
        lines += ["", f"{part.direction.number}. {part.direction.title} ({part.direction.code})"]
        lines += [] if part.entries else [f"  {BORROWS}"]
        for entry in part.entries:
            lines += [f"  {entry.title} [{entry.code}]"]
            if whole:
                lines += [f"      {head}: {fact}" for head, fact in zip(HEADS[1:], entry.facts, strict=True) if fact]
        if whole and part.borrowed:
            lines += ["  Показываются и здесь:", *(f"    {title}" for title in part.borrowed)]
    count = sum(len(part.entries) for part in parts)
    return [*lines[1:], "", f"Всего показателей: {count}."]


@dataclass(frozen=True)
class _Words:
    """Names that passports refer to: directions with their sources, sheets of the form, norms."""

    directions: Directions
    sheets: Mapping[str, str]
    norms: Mapping[str, str]


def _norm(norm: Norm) -> str:
    """What is asked for, where it is written and how sure that is."""
    whose = f", только {', '.join(norm.territories)}" if norm.territories else ""
    return f"{norm.title} — {norm.source.rstrip('.')}{whose}"


def _asked(directions: Directions, asked: str) -> tuple[Direction, ...]:
    found = tuple(one for one in directions.directions if asked in ("", one.code, one.number))
    if not found:
        known = ", ".join(f"{one.number} {one.code}" for one in directions.directions)
        raise UsageError(f"Направления «{asked}» нет.", advice=f"есть: {known}.")
    return found


def _part(direction: Direction, passports: Sequence[Passport], words: _Words) -> Part:
    own = tuple(_entry(one, words) for one in passports if one.direction == direction.code)
    borrowed = tuple(one.short for one in passports if direction.code in one.also)
    return Part(direction, own, borrowed)


def _entry(passport: Passport, words: _Words) -> Entry:
    over = " / ".join(part for part in (passport.numerator, passport.denominator) if part)
    facts = (
        "; ".join(
            part
            for part in (over or passport.note or COUNTED, BETTER[passport.better], UNITS.get(passport.unit, ""))
            if part
        ),
        "; ".join(dict.fromkeys(_origin(source, passport, words) for source in passport.sources)),
        _cuts(passport),
        ", ".join(map(str, passport.documents)),
        "; ".join(part for part in _limits(passport, words) if part),
    )
    return Entry(passport.id, f"{passport.title}{_formerly(passport)}", facts)


def _formerly(passport: Passport) -> str:
    """Earlier names of a renamed project, each with the last school year in which it bore it."""
    names = [f"«{alias.title}» по {alias.until - 1}/{alias.until % 100:02d}" for alias in passport.aliases]
    return f" (прежде {', '.join(names)})" if names else ""


def _cuts(passport: Passport) -> str:
    """Levels and breakdowns; tables of the form have none of the latter but their own groups."""
    of_form = all(isinstance(source, (*FORM, *REGISTER)) for source in passport.sources)
    cuts = [] if of_form else [CUTS[name] for name in passport.breakdowns]
    grouped = any(
        getattr(source, "each_group", False) or getattr(source, "category", None) for source in passport.sources
    )
    parts = [LEVELS[name] for name in passport.levels] + cuts + (["разрезы формы"] if grouped and of_form else [])
    return ", ".join(part for part in (*parts, PERIODS[passport.period]) if part)


def _limits(passport: Passport, words: _Words) -> tuple[str, ...]:
    people = [FORBIDDEN[use] for use in passport.forbidden if use in FORBIDDEN]
    return (
        f"норма: {words.norms.get(passport.norm, passport.norm)}" if passport.norm else "",
        f"не для: {', '.join(people)}" if people else "",
        PUBLICATION[passport.publication],
        REFERENCE if passport.for_reference_only else "",
        MEANS if passport.means_of_scores else "",
    )


def _origin(source: Source, passport: Passport, words: _Words) -> str:
    """The sheet of the form, or the file as directions.yml names it."""
    if isinstance(source, TasksBelow):
        return f"показатель {source.indicator}"
    if isinstance(source, (*FORM, *REGISTER)):
        return f"форма: {words.sheets.get(source.table) or tables.CLEAN[source.table].title}"
    named, measure = procedures(source.where), getattr(source, "measure", None)
    own_first = sorted(words.directions.directions, key=lambda one: one.code != passport.direction)
    for found in (given for one in own_first for given in one.sources if source.table in given.tables):
        fits = not (given_procedures := set(found.procedures)) or not named or given_procedures & named
        if fits and (not found.measures or measure in found.measures):
            return found.title
    return tables.CLEAN[source.table].title


def _cells(entry: Entry) -> list[str]:
    return [f"{entry.title} `{entry.code}`", *(fact or "—" for fact in entry.facts)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
