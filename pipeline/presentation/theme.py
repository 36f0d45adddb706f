"""One look for every chart: fonts that the PDF embeds, colour-blind-safe colours, stable SVG bytes.

Text stays text in the SVG (searchable); titles, sources and alt texts live in the block, not in the picture.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure

from pipeline.paths import PACKAGE

FONT = "PT Sans"
WIDTH = 6.5  # inches: the text width of an A4 page with margins 30 and 15 mm
INK, GREY, FAINT, ACCENT = "#1f2933", "#5b6670", "#d7dce0", "#1f5f8b"
# Marks keep their colours in every chart; ordered from dark red through pale to dark blue (safe for colour-blind).
MARK_COLOURS = {"2": "#b4432f", "3": "#efc27b", "4": "#a9cbe0", "5": "#2f6c9e"}
AGREEMENT_COLOURS = {"lowered": "#efc27b", "confirmed": "#d7dce0", "raised": "#2f6c9e"}
LABEL_ON = {"#b4432f": "white", "#2f6c9e": "white"}
TONE_COLOURS = {"worse": "#b4432f", "better": "#1f5f8b", "same": "#5b6670", "": "#5b6670"}

RC: dict[Any, Any] = {
    "font.family": FONT,
    "font.size": 9,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "svg.fonttype": "none",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.unicode_minus": True,
    "text.parse_math": False,  # a dollar in the name of a school is a dollar
}


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Make the shipped fonts known to matplotlib (no system font is used)."""
    for path in sorted((PACKAGE / "export" / "fonts").glob("PTS*.ttf")):
        font_manager.fontManager.addfont(str(path))


def draw(chart_id: str, height: float, paint: Callable[[Figure], None]) -> str:
    """Paint on a fresh figure and give SVG text: same data, same bytes; ids are salted by `chart_id`."""
    register_fonts()
    with mpl.rc_context({**RC, "svg.hashsalt": chart_id}):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        paint(figure)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return _fragment(buffer.getvalue())


def nothing(chart_id: str) -> str:
    """A chart of no rows says so."""

    def paint(figure: Figure) -> None:
        figure.text(0.5, 0.5, "Нет данных для рисунка", ha="center", va="center", color=GREY)

    return draw(chart_id, 0.6, paint)


def _fragment(svg: str) -> str:
    """The <svg> element alone, its comments dropped."""
    start = svg.index("<svg")
    return re.sub(r"<!--.*?-->\s*", "", svg[start:], flags=re.DOTALL).strip()
