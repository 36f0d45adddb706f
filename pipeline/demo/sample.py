"""A synthetic municipality: eighteen schools, kindergartens, five years of files as a department would have them.

Nobody in it exists. The same seed gives the same bytes; what a source would publish is computed from the same pupils,
so the files agree with each other. What is planted on purpose is in `truths`, everything else is noise.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.demo.answers import answers
from pipeline.demo.exams import write_oge
from pipeline.demo.pupils import Population
from pipeline.demo.registers import records
from pipeline.demo.territory import YEARS, register_rows
from pipeline.demo.vpr import write_vpr
from pipeline.ingest.layouts.declared_register import write_register
from pipeline.ingest.layouts.municipal_form import municipal_form
from pipeline.paths import Paths

SEED = 20261122


def write_demo(root: Path, seed: int = SEED) -> list[Path]:
    """Fill `root`/<year>/ with files in the real layouts; gives the files written."""
    population = Population(seed)
    written: list[Path] = []
    for year in YEARS:
        folder = root / str(year)
        folder.mkdir(parents=True, exist_ok=True)
        written += write_vpr(folder, population, year)
        written.append(write_oge(folder, population, year))
        written.append(_form(folder, population, year))
    written.append(_register(root / str(YEARS[-1])))
    return written


def _form(folder: Path, population: Population, year: int) -> Path:
    """The collection form of a year, filled by everybody."""
    path = folder / f"Форма сбора {year} заполненная.xlsx"
    form = municipal_form(Paths(folder, "demo", year))
    form.write(path, year, list(register_rows()), answers(population, year), records(population, year))
    return path


def _register(folder: Path) -> Path:
    path = folder / "Реестр организаций.xlsx"
    write_register(path, register_rows())
    return path


__all__ = ["SEED", "YEARS", "write_demo"]
