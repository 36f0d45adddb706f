"""A chapter over answers of the collection form shows them and claims nothing; without answers it says so."""

from __future__ import annotations

from pipeline.directions import registry, surveyed
from pipeline.presentation.blocks import Paragraphs, TableBlock, plain
from tests.directions.inputs import inputs, share


def test_without_answers_the_chapter_is_the_honest_empty_one() -> None:
    made = surveyed.analyse(inputs("career"))
    assert [finding.id for finding in made.findings] == ["missing_sources"]
    (said,) = made.sections["lead"]
    assert isinstance(said, Paragraphs)
    assert "Данных для ответа за год нет" in plain(said.items[0])


def test_answers_are_shown_with_their_interval_and_nothing_is_claimed() -> None:
    answered = share(30, 60, "bilet_share", procedure="", subject="", grade=0)
    made = registry.analyse(inputs("career", answered))
    (table,) = made.sections["indicators"]
    assert isinstance(table, TableBlock)
    (line,) = table.rows
    assert line[1].text.startswith("50\u202f% (38")  # Wilson 30 of 60: 0.377–0.623
    assert made.findings == ()
    assert made.frames["indicators"]["value"].tolist() == [0.5]
