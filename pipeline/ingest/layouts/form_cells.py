"""One cell of the collection form: what an answer looks like in it, and what was meant by what stands there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.ingest.items import Item
from pipeline.ingest.layouts.form_model import Form, RegisterColumn
from pipeline.ingest.layouts.values import UNREADABLE, iso_date, plain, text, value
from pipeline.ingest.workbook import Cell

NOT_HELD = "не проводилось"
HIDDEN = "*"
YES, NO = "да", "нет"
# Zero and «нет» are answers. A dash says as little as an empty cell.
_WORDS = {
    **dict.fromkeys(("", "-", "–", "—", "н/д", "нет данных", "нет сведений"), "blank"),
    **dict.fromkeys((NOT_HELD, "не проводился", "не проводилась", "не проводились"), "not_attempted"),
    **dict.fromkeys((HIDDEN, "скрыто"), "suppressed"),
}
# «Петрова А. И.», «А. И. Петрова», «Петрова Анна Ивановна»; not «имени А. С. Пушкина».
_PERSON = re.compile(
    r"(?<!им\. )(?<!имени )\b(?:[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s)?[А-ЯЁ]\.\s?[А-ЯЁ]\.(?:\s?[А-ЯЁ][а-яё]+)?"
    r"|\b(?:[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s)?[А-ЯЁ][а-яё]+\s[А-ЯЁ][а-яё]+(?:ович|евич|ьич|ична|овна|евна)[а-яё]{0,2}\b"
)
NAMELESS = "…"


@dataclass(frozen=True)
class Answer:
    """A value with its state; only an observed one has a number. Unreadable cells have the state UNREADABLE."""

    state: str = "blank"
    value: float | None = None

    @property
    def given(self) -> bool:
        return self.state != "blank"


BLANK = Answer()


def observed(number: float) -> Answer:
    return Answer("observed", float(number))


def said(item: Item, answer: Answer) -> Cell:
    """The cell that holds an answer to an item."""
    if answer.value is None:
        return written(answer)
    if item.kind == "yes_no":
        return YES if answer.value else NO
    return item.levels[int(answer.value)] if item.kind == "level" else _number(answer.value)


def written(answer: Answer) -> Cell:
    """A number, or the word of a state that has none."""
    words: Mapping[str, Cell] = {"not_attempted": NOT_HELD, "suppressed": HIDDEN}
    return words.get(answer.state) if answer.value is None else _number(answer.value)


def _number(number: float) -> Cell:
    return int(number) if number.is_integer() and abs(number) < 10**15 else number


def heard(item: Item, cell: Cell) -> Answer:
    """What was answered to an item; UNREADABLE when the cell fits none of its possible answers."""
    if item.numeric:
        return number_in(cell, whole=item.kind == "count")
    choices = {YES: 1, NO: 0} if item.kind == "yes_no" else {plain(word): one for one, word in item.levels.items()}
    words = plain(cell)
    if words in choices:
        return observed(choices[words])
    if isinstance(cell, bool):
        return observed(cell) if item.kind == "yes_no" else Answer(UNREADABLE)
    found = number_in(cell, whole=True)
    return found if found.value is None or found.value in choices.values() else Answer(UNREADABLE)


def number_in(cell: Cell, *, whole: bool, least: float = 0, most: float | None = None) -> Answer:
    """A number that is not negative (and whole, where it is a count), or a state; «5,06 %» is 0.0506."""
    words = plain(cell)
    if words in _WORDS:
        return Answer(_WORDS[words])
    found = value(cell)
    percent = words.endswith("%")
    if found.state != "observed" or found.number is None or (whole and (found.whole is None or percent)):
        return Answer(UNREADABLE)
    number = found.share if percent else found.real
    if number is None or number < least or (most is not None and number > most):
        return Answer(UNREADABLE)
    return observed(number)


def shown(column: RegisterColumn, stored: object, form: Form, lists: Mapping[str, Mapping[str, str]]) -> Cell:
    """The cell of a register column: words for codes, dates as dates. `stored` is the clean table's value."""
    if stored is None or stored == column.blank:
        return None
    known = lists.get(column.words) or form.list_of(column)
    if column.kind == "code":
        return f"{stored} — {known[str(stored)]}" if str(stored) in known else str(stored)
    if column.kind in ("subject", "direction", "choice"):
        return known.get(str(stored), str(stored))
    if column.kind == "date":
        return dt.date.fromisoformat(str(stored))
    if isinstance(stored, Answer):
        return written(stored)
    return stored if isinstance(stored, int | float) else str(stored)


def meant(column: RegisterColumn, cell: Cell, form: Form) -> str | int | float | None:
    """The clean value of a register cell, None for an empty one; ValueError when it cannot be understood.

    Numbers and organisations are read elsewhere: they carry a state or a reference.
    """
    words = text(cell)
    if not words:
        return column.blank
    if column.kind == "date":
        return _known(iso_date(cell))
    if column.kind == "code":
        return words.split(" — ")[0]
    if column.kind in ("subject", "direction", "choice"):
        return _code(column, words, form)
    return words


def without_people(words: str) -> str:
    """The text with names of people cut out: those who act are named by office."""
    return _PERSON.sub(NAMELESS, words)


def _code(column: RegisterColumn, words: str, form: Form) -> str:
    choices = form.list_of(column)
    codes = {plain(word): code for code, word in choices.items()} | {code: code for code in choices}
    found = codes.get(plain(words))
    return words if found is None and column.open else _known(found)


def _known(found: str | None) -> str:
    if found is None:
        raise ValueError
    return found


__all__ = ["BLANK", "NOT_HELD", "Answer", "heard", "meant", "number_in", "observed", "said", "shown", "without_people"]
