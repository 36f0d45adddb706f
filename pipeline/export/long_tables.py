"""Long tables on paper: a chapter shows the first rows, an appendix at the end of the document holds the table whole.

A district has two hundred schools: each must find its own row, and the chapter must still be read. In the HTML a table
scrolls, sorts and is searched, so there it stays whole where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.presentation.text import counted, typeset

Json = dict[str, Any]
LONG = 80  # rows: more than about two pages
SHOWN, SHOWN_ACROSS = 15, 10  # first rows printed in the chapter: upright and on a page that lies across
TITLE = "Таблицы полностью"
ROWS = ("строка", "строки", "строк")


def is_long(payload: Mapping[str, Any]) -> bool:
    """A numbered table of a chapter that would go on for pages."""
    return bool(payload.get("number")) and len(payload["rows"]) > LONG


def beginning(payload: Mapping[str, Any], shown: int = SHOWN) -> Json:
    """The table with its first rows; `more` says how many are left, `whole` names the table in the appendix."""
    left = len(payload["rows"]) - shown
    more = typeset(f"Здесь первые {counted(shown, *ROWS)}, ещё {counted(left, *ROWS)} — в приложении «{TITLE}»")
    return {**payload, "rows": payload["rows"][:shown], "more": more, "whole": whole_id(payload)}


def whole(payload: Mapping[str, Any]) -> Json:
    """The table for the appendix: all rows, without what already stands under its beginning."""
    kept = {name: value for name, value in payload.items() if name not in ("how", "statement", "data")}
    return {**kept, "id": whole_id(payload), "caption": f"{payload['caption']} (полностью)"}


def whole_id(payload: Mapping[str, Any]) -> str:
    return f"{payload['id']}-whole"


def heading(*, as_matter: bool) -> Json:
    """The heading of the appendix, of the rank that the document's own headings have."""
    role = "matter" if as_matter else "section"
    about = {"level": 2, "number": "", "title": TITLE, "words": TITLE, "anchor": "whole-tables", "compact": False}
    return {"kind": "heading", "role": role, "room": 50.0, **about}
