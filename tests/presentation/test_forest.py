"""The forest of effects: what is drawn, what is beyond, what is said."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.presentation.forest import _reach, forest


def rows(*lines: tuple[float, float, float, float, str]) -> pd.DataFrame:
    columns = ["value", "lower", "upper", "detectable", "tone"]
    return pd.DataFrame(list(lines), columns=columns).assign(label=[f"Мера {n}" for n in range(len(lines))])


SEEN, WIDE = (0.12, 0.08, 0.16, 0.05, "better"), (0.1, -0.9, 0.9, 0.95, "unknown")


def test_every_tone_has_a_word_and_only_those_drawn() -> None:
    svg = forest("f", rows(SEEN, (0.0, -0.1, 0.1, 0.12, "same")), "Улучшение, п. п.")
    for word in ("видно улучшение", "не видно", "было бы видно от", "Мера 0", "Мера 1", "Улучшение, п. п."):
        assert word in svg
    assert "видно ухудшение" not in svg
    assert "нельзя судить" not in svg


def test_ticks_are_signed_points() -> None:
    svg = forest("f", rows(SEEN), "Улучшение, п. п.")
    assert "+10" in svg
    assert "−10" in svg


def test_what_cannot_be_judged_does_not_squeeze_the_rest() -> None:
    """The judged line reaches .16: the axis ends at 1.6 times that, with room; alone the wide one has its own."""
    assert _reach(rows(SEEN, WIDE)) == pytest.approx(0.16 * 1.6 * 1.12)
    assert _reach(rows(WIDE)) == pytest.approx(0.95 * 1.12)


def test_nothing_to_draw_says_so() -> None:
    assert "Нет данных для рисунка" in forest("f", rows(), "п. п.")
