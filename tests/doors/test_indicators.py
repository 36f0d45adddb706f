"""The catalogue of indicators: the page in docs is what the passports say, the screen shows one direction whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalogue import FORBIDDEN, HEADS, catalogue, page, screen
from pipeline.errors import UsageError
from tests.bad_input.door import door
from tests.indicators.frames import PASSPORTS, PATHS
from tests.structure.checkout import ROOT

WHOLE = catalogue(PATHS)
PAGE = ROOT / "docs" / "ru" / "показатели.md"


def test_the_page_is_true() -> None:
    """Otherwise: msoko indicators --page > docs/ru/показатели.md"""
    assert PAGE.read_text(encoding="utf-8") == page(WHOLE)


def test_every_passport_stands_once_in_its_own_direction() -> None:
    placed = {entry.code: part.direction.code for part in WHOLE for entry in part.entries}
    assert placed == {passport.id: passport.direction for passport in PASSPORTS}
    assert sum(len(part.entries) for part in WHOLE) == len(PASSPORTS)
    assert len(WHOLE) == 14


def test_every_entry_says_who_is_counted_and_from_what() -> None:
    for entry in (entry for part in WHOLE for entry in part.entries):
        counted, origin, cuts, *_ = entry.facts
        assert counted, entry.code
        assert origin, entry.code
        assert cuts, entry.code


def test_a_row_by_hand() -> None:
    (part,) = catalogue(PATHS, "objectivity")
    entry = next(entry for entry in part.entries if entry.code == "journal_lowered")
    facts = dict(zip(HEADS[1:], entry.facts, strict=True))
    assert facts["откуда"] == "«Сравнение отметок с отметками по журналу» ВПР; «Индивидуальные результаты» ВПР"
    assert facts["документы"] == "Т-7.1.1, Л-18"
    assert facts["ограничения"].startswith(f"не для: {', '.join(FORBIDDEN.values())}; справочно")


def test_what_the_page_says_of_all_holds_for_all() -> None:
    """«Рейтингов не составляют ни по одному»: the page does not repeat it in each row."""
    assert [passport.id for passport in PASSPORTS if "ranks" not in passport.forbidden] == []


def test_a_direction_by_number_or_code_and_an_unknown_one() -> None:
    assert catalogue(PATHS, "04") == catalogue(PATHS, "talent")
    assert any(line.strip().startswith("откуда:") for line in screen(catalogue(PATHS, "talent")))
    assert not any(line.strip().startswith("откуда:") for line in screen(WHOLE))
    with pytest.raises(UsageError, match="«tallent» нет"):
        catalogue(PATHS, "tallent")


def test_the_command_works_before_there_is_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MSOKO_WORKSPACE", raising=False)
    outcome = door("indicators", "--direction", "13")
    assert "13. Сводные выводы" in outcome.out
    assert outcome.code == 0
    assert list(tmp_path.iterdir()) == []
