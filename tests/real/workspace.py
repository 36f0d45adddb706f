"""Workspaces out of the real files beside the repository: which file lies in which drop folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

TERRITORIES = Path(__file__).parent / "territories"
LAYOUTS, BULGARIA, DAGESTAN = "vpr-fioko-layouts", "bulgaria-exams", "vpr-dagestan-bias"

# file → drop folder below data/raw
RUSSIAN = {
    "F3_mark_statistics_RU4_2026.xlsx": "urus_martan/2026",
    "mark_vs_journal_MA4_2024.xlsx": "urus_martan/2024",
    "F1_individual_RU4_2026.xlsx": "ensk/2026",
    "oge_protocol_multi_block_anonymised.xls": "ensk/2026",
}


def russian(real: Path, root: Path) -> Path:
    """Workspace `root` with the files of ФИС ОКО and РЦОИ: territories `urus_martan` and `ensk`, 2026."""
    for name, folder in RUSSIAN.items():
        _drop(real / LAYOUTS / name, root, folder)
    return _with_profiles(root, ("urus_martan", "ensk"))


def bulgarian(real: Path, root: Path) -> Path:
    """Workspace `root` with the 21 national files by year: territories `gabrovo` and `stolichna`, 2023."""
    for path in sorted((real / BULGARIA).glob("*.csv")):
        _drop(path, root, f"_shared/{year_in(path.name)}")
    return _with_profiles(root, ("gabrovo", "stolichna"))


def dagestan(real: Path, root: Path) -> Path:
    """Workspace `root` with the list of marked schools of three years, for a territory without a profile."""
    _drop(real / DAGESTAN / "bias.xlsx", root, "dagestan_sample/multi")
    return root


def year_in(name: str) -> int:
    """The year that a file's name carries."""
    (found,) = re.findall(r"20\d\d", name)
    return int(found)


def _drop(file: Path, root: Path, folder: str) -> None:
    target = root / "data" / "raw" / folder
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target / file.name)


def _with_profiles(root: Path, codes: Iterable[str]) -> Path:
    target = root / "config" / "territories"
    target.mkdir(parents=True, exist_ok=True)
    for code in codes:
        shutil.copyfile(TERRITORIES / f"{code}.yml", target / f"{code}.yml")
    return root
