"""A tiny invented territory, its workspace and the door: what every test of bad input starts from."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.ingest.layouts.declared_register import RegisterRow, write_register
from pipeline.ingest.layouts.fisoko_frame import Heading
from pipeline.ingest.layouts.fisoko_marks import MarkRow, MarkStatistics
from pipeline.ingest.layouts.rcoi_writer import ExamBlock, ExamPupil
from pipeline.ingest.layouts.rcoi_writer import write as write_protocol
from pipeline.paths import Paths

CODE, YEAR = "pole", 2026
DISTRICT, REGION = "Полевской муниципальный округ", "Вымышленная область"
SCHOOL, LOGIN = "МБОУ «СОШ № 1»", "edu990001"
SURNAME = "Верхнеудинский"
PROFILE = f"""
code: {CODE}
name:
  nominative: {DISTRICT}
  genitive: Полевского муниципального округа
  dative: Полевскому муниципальному округу
  prepositional: Полевском муниципальном округе
region: {REGION}
municipalities: [reg99_m001, {DISTRICT}, "101"]
synthetic: true
"""
# 3, 9, 12 and 6 pupils of 30: the percents that a source prints of whole pupils.
SHARES = (10.0, 30.0, 40.0, 20.0)


@dataclass(frozen=True)
class Place:
    """A workspace of the territory; `drop` is the drop folder of the report year."""

    root: Path

    @property
    def drop(self) -> Path:
        return self.root / "data" / "raw" / CODE / str(YEAR)

    @property
    def paths(self) -> Paths:
        return Paths(self.root, CODE, YEAR)

    @property
    def profile(self) -> Path:
        return self.root / "config" / "territories" / f"{CODE}.yml"

    @property
    def register(self) -> Path:
        return self.drop / "Реестр.xlsx"

    @property
    def marks(self) -> Path:
        return self.drop / "2826001.xlsx"

    def copy(self, target: Path) -> Place:
        shutil.copytree(self.root, target)
        return Place(target)

    def touch(self) -> None:
        """Change a setting that no number depends on, so that there is something to do."""
        self.profile.write_text(f"{PROFILE}department: Отдел\n", encoding="utf-8")

    def published(self) -> dict[str, str]:
        """Hash of every file of the published reports and of the pointer; nothing else may lie there."""
        folder = self.paths.reports
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): digest(path) for path in files}

    def checks(self) -> list[dict[str, Any]]:
        """The stored ledger of checks that did not pass."""
        stored = json.loads((self.paths.clean / "checks.json").read_text(encoding="utf-8"))
        return [check for check in stored if not check["passed"]]

    def inventory(self) -> dict[str, dict[str, Any]]:
        """Records of the stored inventory by file name without folders."""
        stored = json.loads((self.paths.clean / "run_inventory.json").read_text(encoding="utf-8"))
        return {Path(record["file"]).name: record for record in stored}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make(root: Path) -> Place:
    """A workspace with one «Статистика по отметкам» and the register of the one school in it."""
    place = Place(root)
    place.drop.mkdir(parents=True)
    place.profile.parent.mkdir(parents=True)
    place.profile.write_text(PROFILE, encoding="utf-8")
    write_marks(place.marks)
    write_register(place.register, [RegisterRow(org_id="pole-1", name=SCHOOL, org_type="", fisoko=LOGIN)])
    return place


def write_marks(
    path: Path,
    *,
    year: int = YEAR,
    subject: str = "Русский язык",
    school: str = f"{SCHOOL}({LOGIN})",
    shares: Sequence[float] = SHARES,
) -> None:
    """One «Статистика по отметкам»: the whole sample, the region, the district and its one school."""
    rows = [
        MarkRow("Вся выборка", 35000, 1700000, (5.2, 32.4, 44.6, 17.8)),
        MarkRow(REGION, 420, 15400, (6.1, 34.0, 43.0, 16.9)),
        MarkRow(f"{DISTRICT}(reg99_m001)", 1, 30, tuple(shares)),
        MarkRow(school, None, 30, tuple(shares)),
    ]
    MarkStatistics().write(path, Heading(year, subject, 4, 25, dt.date(year, 4, 20)), rows)


def write_exam(path: Path, pupils: Iterable[ExamPupil], *, year: int = YEAR) -> None:
    """A protocol of ОГЭ with one block."""
    write_protocol(path, 99, REGION, [ExamBlock(1, "Русский язык", dt.date(year, 6, 4), tuple(pupils))])


def pupil(number: int, *, surname: str = SURNAME, municipality: int = 101) -> ExamPupil:
    return ExamPupil(
        school=101001,
        class_label="9А",
        municipality=municipality,
        surname=f"{surname}{number}",
        name="Имя",
        patronymic="Отчество",
        primary=20,
        mark=4,
    )
