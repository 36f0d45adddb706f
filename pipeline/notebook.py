"""The door of the notebooks: the only module of ours that they import (as `nb`).

    chapter = nb.open_chapter("achievement", territory=territory, report_year=report_year, edition=edition,
                              as_of=as_of, report_date=report_date)
    chapter.strip()
    chapter.show("lead")
    chapter.frame("vpr_russian_4_schools")      # the data behind a chart, as a pandas frame
    chapter.hand_on()

Under Papermill `hand_on` writes findings and frames for the notebooks after this one and for the report; in JupyterLab
it only says what would be written.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from IPython.display import display

from pipeline import tables
from pipeline.directions import registry
from pipeline.directions.chapter import SECTIONS, Chapter, Inputs, findings_frame
from pipeline.directions.store import load_inputs
from pipeline.errors import UsageError
from pipeline.paths import Paths, find_workspace
from pipeline.presentation.blocks import Block
from pipeline.presentation.notebook_style import styled
from pipeline.settings import run_settings

__all__ = ["SECTIONS", "ChapterView", "open_chapter"]


@dataclass(frozen=True)
class ChapterView:
    """A computed chapter that a notebook shows section by section."""

    chapter: Chapter
    inputs: Inputs

    def strip(self) -> None:
        """Show the strip under the title: sources, years, coverage, checks."""
        if _handoff():
            _show([self.chapter.strip])
        else:
            display(styled(self.chapter.strip), raw=True)  # type: ignore[no-untyped-call]

    def show(self, section: str) -> None:
        """Show the blocks of one section; `section` is a key of SECTIONS or of the chapter's own."""
        known = [*SECTIONS, *(name for name in self.chapter.sections if name not in SECTIONS)]
        if section not in known:
            raise UsageError(f"Раздела «{section}» нет.", advice=f"есть разделы: {', '.join(known)}.")
        _show(self.chapter.blocks(section))

    def frame(self, name: str) -> pd.DataFrame:
        """Data behind a chart or table, by the name of its file in `data/`."""
        if name not in self.chapter.frames:
            have = ", ".join(self.chapter.frames) or "ни одной"
            raise UsageError(f"Таблицы «{name}» в этой главе нет.", advice=f"есть таблицы: {have}.")
        return self.chapter.frames[name].copy()

    @property
    def findings(self) -> pd.DataFrame:
        """Findings of this chapter as the table that later notebooks read."""
        return findings_frame(self.chapter, self.inputs)

    def hand_on(self) -> None:
        """Write findings and frames into the folder of this run (MSOKO_HANDOFF), if there is one."""
        folder = _handoff()
        if not folder:
            print("Блокнот открыт для просмотра: выводы и данные графиков не записываются.")  # noqa: T201
            return
        target = Path(folder)
        tables.write("findings", self.findings, target / "findings.parquet")
        for name, frame in self.chapter.frames.items():
            _write_csv(frame, target / "data" / f"{self.inputs.direction.number}_{name}.csv")


def _handoff() -> str:
    """Folder of this run; empty when a person has opened the notebook."""
    return os.environ.get("MSOKO_HANDOFF", "")


def _show(blocks: Sequence[Block]) -> None:
    for block in blocks:
        display(block)  # type: ignore[no-untyped-call]


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    """For Excel: semicolon, decimal comma, UTF-8 with BOM. Exact values, nothing rounded."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False, sep=";", decimal=",", encoding="utf-8-sig", lineterminator="\n")


def open_chapter(
    direction: str, *, territory: str, report_year: int, edition: str, as_of: str, report_date: str
) -> ChapterView:
    """Compute the chapter of one direction from the prepared data of (territory, report year)."""
    pd.set_option("display.width", 120)
    settings = run_settings(territory, report_year, edition, as_of, report_date)
    paths = Paths(find_workspace(), territory, report_year, edition)
    inputs = load_inputs(paths, settings, direction)
    return ChapterView(registry.analyse(inputs), inputs)
