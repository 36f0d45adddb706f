"""What the printed report is called and in which order its chapters stand.

The book is built from the territory's profile by the caller and travels inside the joined notebook
(`metadata.msoko`), so that an exporter needs nothing but the notebook.
"""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from pipeline.settings import Strict

STAMP = "Внутренняя редакция. Не для размещения на сайте"
SYNTHETIC = "Синтетические данные"


class Chapter(Strict):
    """A chapter. `code` is the notebook's (`01_results`, or `results`); `also` names notebooks printed inside the
    same chapter after it; an unprinted chapter is executed but left out."""

    code: str
    title: str
    part: str | None = None
    printed: bool = True
    also: tuple[str, ...] = ()


class Book(Strict):
    """Title page, running head, stamps and order of chapters of one edition of a report."""

    title: str
    subtitle: tuple[str, ...] = ()
    territory: str = ""
    report_year: int | None = None
    school_year: str = ""
    issuer: tuple[str, ...] = ()
    place: str = ""
    stamp: str = STAMP
    synthetic: bool = False
    synthetic_text: str = SYNTHETIC
    report_date: dt.date
    chapters: tuple[Chapter, ...] = ()
    issued: str = Field(default="", description="«31.12.2026» in the head of a document without title page")
    front_page: bool = Field(default=True, description="title page and contents are printed")
    fonts_inside: bool = Field(default=True, description="the HTML holds its fonts: a megabyte a file")

    @property
    def stamps(self) -> tuple[str, ...]:
        """Lines that stand on every page."""
        return tuple(line for line in (self.stamp, self.synthetic_text if self.synthetic else "") if line)

    @property
    def year_line(self) -> str:
        """«за 2026 год», empty without a year."""
        return f"за\N{NO-BREAK SPACE}{self.report_year}\N{NO-BREAK SPACE}год" if self.report_year else ""

    @property
    def school_line(self) -> str:
        """«2025/26 учебный год»; words are added when the book gives the years alone."""
        if not self.school_year or "год" in self.school_year:
            return self.school_year
        return f"{self.school_year}\N{NO-BREAK SPACE}учебный год"
