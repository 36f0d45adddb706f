"""03 Школы с низкими результатами и в неблагоприятных условиях."""

from __future__ import annotations

from pipeline.directions import cycle
from pipeline.directions.chapter import Chapter, Inputs


def analyse(inputs: Inputs) -> Chapter:
    return cycle.chapter(inputs, ())
