"""Heads: a profile of organisations, never a rating, never ВПР; what is lacking is named, few children are not."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.directions import heads
from pipeline.directions.chapter import Chapter
from pipeline.directions.panels import profile
from pipeline.directions.panels.profile import Component
from pipeline.presentation.blocks import plain
from tests.directions.form_rows import fact, found, of, part, register, words
from tests.directions.inputs import PASSPORTS, chapter, figures, findings, inputs, said, tables_of

KINDS = register(s1="школа", s2="школа", s3="школа", k1="детский сад")
ROWS = [
    fact("s1", "heads_attested", True),
    fact("s2", "heads_attested", False),
    fact("s3", "heads_attested", True),
    fact("k1", "heads_attested", False),
    part("heads_attested", 2, 4),
    of("s1", "inspection_remarks_closed", 3, 3),
    of("s2", "inspection_remarks_closed", 1, 4),
    part("inspection_remarks_closed", 4, 7),
]


def made(*rows: dict[str, Any]) -> Chapter:
    return chapter("heads", *ROWS, *rows, clean={"organisations": KINDS})


def test_every_kind_of_organisations_has_a_grid_of_its_own() -> None:
    shown = figures(made())
    grids = [one for name, one in shown.items() if name.startswith("heads-profile")]
    assert [words(one.title) for one in grids] == [
        "Профиль управления (детский сад): у всех «да» на 0 из 1 вопроса",
        "Профиль управления (школа): у всех «да» на 0 из 1 вопроса",
    ]
    assert words(grids[1].alt) == (
        "s1: Устранены замечания — 3/3, Руководители аттестованы — да; "
        "s2: Устранены замечания — 1/4, Руководители аттестованы — нет; "
        "s3: Устранены замечания — …, Руководители аттестованы — да."
    )
    assert "не рейтинг" in plain(grids[0].statement)


def test_what_is_lacking_stands_with_its_organisations_by_name() -> None:
    table = tables_of(made())["heads-profile-lacking"]
    assert [[words(cell.text) for cell in line] for line in table.rows] == [
        ["Качество управления", "Устранены замечания", "1 из 2", "s2 (1 из 4)"],
        ["Квалификация в управлении", "Руководители аттестованы", "2 из 4", "k1, s2"],
    ]


def test_findings_say_what_is_rarest_with_the_share_of_the_municipality() -> None:
    told = found(findings(made()))
    assert told["heads_profile.yes"].endswith("доля организаций, руководитель которых аттестован, — 2 из 4 (15–85 %).")
    assert told["heads_profile.plan"].endswith("доля устранённых замечаний проверок, — 4 из 7 (25–84 %).")
    assert all(finding.org_id is None for finding in made().findings if finding.id.startswith("heads_profile"))


def test_the_profile_holds_no_sum_no_rank_and_no_vpr() -> None:
    names = {indicator for component in heads.COMPONENTS for indicator in component.indicators}
    assert names <= set(PASSPORTS)
    assert not [name for name in names if "vpr" in name]
    frame = made().frames["heads_profile"]
    assert not {"rank", "sum", "total", "score"} & set(frame.columns)
    assert any("не складывается" in line for line in said(made(), "analysis"))


@pytest.mark.parametrize(("x", "n", "shown"), [(5, 8, "<10"), (12, 30, "40"), (28, 30, "<10")])
def test_few_children_with_disabilities_are_not_told(x: int, n: int, shown: str) -> None:
    chapter_ = made(of("s1", "ovz_conditions", x, n), part("ovz_conditions", x, n))
    assert f"Условия для учеников с ОВЗ — {shown}" in words(figures(chapter_)[_school_grid(chapter_)].alt)
    assert ("менее 10 детей" in words(figures(chapter_)[_school_grid(chapter_)].subtitle)) is (shown == "<10")
    frame = chapter_.frames["heads_profile"]
    (line,) = frame[frame["indicator"] == "ovz_conditions"].to_dict("records")
    assert (words(str(line.get("said"))) == "менее 10") is (shown == "<10")
    assert (line["numerator"] != line["numerator"]) is (shown == "<10")  # nan: the number is not in the data file


def _school_grid(chapter_: Chapter) -> str:
    return next(name for name, one in figures(chapter_).items() if "(школа)" in one.title)


def test_without_answers_the_chapter_says_who_supplies_them() -> None:
    empty = chapter("heads")
    assert list(findings(empty)) == ["missing_sources"]
    assert not figures(empty)


def test_everything_fulfilled_leaves_nothing_to_say() -> None:
    rows = (fact("s1", "heads_attested", True), part("heads_attested", 1, 1))
    panel = profile.panel(inputs("heads", *rows), (Component("К", ("heads_attested",), ("heads_attested",)),), "p", "П")
    assert (panel.findings, panel.analysis) == ((), ())
