"""What the documents in docs/ru tell: an invented district from an empty folder to a report, and what may go wrong."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest.layouts.declared_register import RegisterRow, write_register
from pipeline.ingest.layouts.fisoko_frame import Heading
from pipeline.ingest.layouts.fisoko_marks import MarkRow, MarkStatistics
from pipeline.ingest.layouts.rcoi_writer import ExamBlock, ExamPupil
from pipeline.ingest.layouts.rcoi_writer import write as write_protocol

CODE, YEAR = "mytown", 2026
DISTRICT, REGION = "Мой район", "Моя область"
CASES = {"genitive": "Моего района", "dative": "Моему району", "prepositional": "Моём районе"}
SCHOOLS = (("school-1", "МБОУ «СОШ № 1»", "edu990001", "101001"), ("school-2", "МБОУ «СОШ № 2»", "edu990002", "101002"))
SHARES = ((10.0, 30.0, 40.0, 20.0), (5.0, 35.0, 40.0, 20.0))
PUPILS = (30, 20)


@dataclass(frozen=True)
class Story:
    """The analyst's folder. Each method is what the analyst does by hand between two commands."""

    root: Path

    def drop(self, year: int = YEAR) -> Path:
        return self.root / "data" / "raw" / CODE / str(year)

    @property
    def profile(self) -> Path:
        return self.root / "config" / "territories" / f"{CODE}.yml"

    def fill_profile(self) -> None:
        """Write the cases into the empty quotes, as the comments say."""
        text = self.profile.read_text(encoding="utf-8-sig")
        for case, words in CASES.items():
            text = text.replace(f'{case}: ""', f'{case}: "{words}"')
        self.profile.write_text(text, encoding="utf-8-sig")

    def add_spelling(self, spelling: str) -> None:
        text = self.profile.read_text(encoding="utf-8-sig")
        self.profile.write_text(text.replace(f'  - "{DISTRICT}"', f'  - "{DISTRICT}"\n  - "{spelling}"'), "utf-8-sig")

    def fill_register(self) -> None:
        rows = [RegisterRow(org, name, "школа", login, rcoi) for org, name, login, rcoi in SCHOOLS]
        write_register(self.drop() / "Реестр организаций.xlsx", rows)

    def put_files(self, year: int = YEAR) -> None:
        write_marks(self.drop(year) / f"Русский язык 4 класс {year}.xlsx", year, "Русский язык")
        write_exam(self.drop(year) / f"Протокол ОГЭ {year}.xls", year)

    def put_last_years_file(self) -> None:
        write_marks(self.drop() / "Математика 4 класс.xlsx", YEAR - 1, "Математика")

    def move_last_years_file(self) -> None:
        shutil.move(self.drop() / "Математика 4 класс.xlsx", self.drop(YEAR - 1))


def write_marks(path: Path, year: int, subject: str, *, first: tuple[float, ...] = SHARES[0]) -> None:
    """One «Статистика по отметкам» with both schools."""
    schools = zip(SCHOOLS, PUPILS, (first, SHARES[1]), strict=True)
    rows = [
        MarkRow("Вся выборка", 35000, 1700000, (5.2, 32.4, 44.6, 17.8)),
        MarkRow(REGION, 420, 15400, (6.1, 34.0, 43.0, 16.9)),
        MarkRow(f"{DISTRICT}(reg99_m001)", 2, sum(PUPILS), (8.0, 32.0, 40.0, 20.0)),
        *(MarkRow(f"{name}({login})", None, pupils, shares) for (_, name, login, _), pupils, shares in schools),
    ]
    MarkStatistics().write(path, Heading(year, subject, 4, 25, dt.date(year, 4, 20)), rows)


def write_exam(path: Path, year: int) -> None:
    """A protocol of ОГЭ with pupils of the first school; the municipality stands in it as a bare code."""
    pupils = tuple(ExamPupil(101001, "9А", 101, f"Ученик{n}", "Имя", "Отчество", 20, 4) for n in range(1, 13))
    write_protocol(path, 99, REGION, [ExamBlock(1, "Русский язык", dt.date(year, 6, 4), pupils)])
