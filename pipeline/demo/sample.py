"""A synthetic municipality: eighteen schools, kindergartens, five years of files as a department would have them.

Nobody in it exists. The same seed gives the same bytes; what a source would publish is computed from the same pupils,
so the files agree with each other. What is planted on purpose is in `truths`, everything else is noise.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.demo import dirt, lists
from pipeline.demo.answers import answers
from pipeline.demo.exams import AGAIN_FROM, write_ege_again, write_ege_protocol, write_oge
from pipeline.demo.pupils import Population
from pipeline.demo.registers import records
from pipeline.demo.territory import YEARS, register_rows
from pipeline.demo.vpr import write_vpr
from pipeline.ingest.layouts.municipal_form import municipal_form
from pipeline.paths import Paths

SEED = 20261122
LAST = YEARS[-1]


def write_demo(root: Path, seed: int = SEED, years: Iterable[int] | None = None) -> list[Path]:
    """Fill `root`/<year>/ with files in the real layouts; gives the files written. A part of the years is quicker."""
    population = Population(seed)
    return [path for year in years or YEARS for path in _year(root / str(year), population, year)]


def _year(folder: Path, population: Population, year: int) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    reports = write_vpr(folder, population, year)
    exams = [write_oge(folder, population, year), write_ege_protocol(folder, population, year)]
    if year >= AGAIN_FROM:
        exams.append(write_ege_again(folder, population, year))
    written = [*reports, *exams, lists.write_marked(folder, year), _form(folder, population, year)]
    if year == LAST:
        written += [lists.write_register(folder), *lists.write_school_forms(folder, population)]
        written += dirt.soil_folder(folder, reports[0])
        dirt.soil_form(_form_path(folder, year))
    return written


def _form_path(folder: Path, year: int) -> Path:
    return folder / f"Форма сбора {year} заполненная.xlsx"


def _form(folder: Path, population: Population, year: int) -> Path:
    """The collection form of a year, filled by everybody."""
    path = _form_path(folder, year)
    form = municipal_form(Paths(folder, "demo", year))
    form.write(path, year, list(register_rows()), answers(population, year), records(population, year))
    return path


__all__ = ["SEED", "YEARS", "write_demo"]
