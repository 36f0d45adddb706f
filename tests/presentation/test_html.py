"""Blocks as HTML: every kind, escaping, references, signs, pictures that do not disturb each other."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup

from pipeline.presentation.blocks import (
    KINDS,
    Block,
    Cell,
    FigureBlock,
    Head,
    Pairs,
    Paragraphs,
    Run,
    Strip,
    TableBlock,
    text,
)
from pipeline.presentation.html import added_sign, inline_svg, render, signs_used

TRICKY = "<script>alert('x')</script> & \"кавычки\" 'одинарные' # $ * _ \\ @ [ ]"
SVG = (
    '<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" width="468pt" height="200pt" '
    'viewBox="0 0 468 200"><metadata><x/></metadata><style>*{stroke-linejoin: round}</style>'
    '<defs><clipPath id="p1"><rect/></clipPath></defs><g clip-path="url(#p1)"><use href="#m1" onclick="x()"/>'
    "<text>Школа № 5</text></g></svg>"
)
TABLE = TableBlock(
    "t-1",
    f"Доли {TRICKY}",
    (Head("Показатель"), Head("Значение", "right")),
    ((Cell(TRICKY), Cell("12,4 % (9,8–15,6)", key="share/2", sort=0.124, tone="worse")),),
    source=text("ФИС ОКО"),
    statement=text("Доля ", Run("12,4 %", key="share/2"), ", см. ", Run("рисунок 2.1", ref="f-1")),
    how=(text("Интервал Уилсона."),),
    legend=("… нет данных",),
    data="data/файл 1.csv",
    number="Таблица 2.3",
)
FIGURE = FigureBlock("f-1", f"Вывод {TRICKY}", "Кто, год, n = 5", f"Описание {TRICKY}", SVG, source=text("ФИС ОКО"))
BLOCKS: tuple[Block, ...] = (
    Paragraphs((text(TRICKY),)),
    Strip((("Источники", text(TRICKY)),)),
    TABLE,
    FIGURE,
    Pairs("p-1", TRICKY, (("Имя", text(TRICKY)),)),
)


def soup(block: Block) -> BeautifulSoup:
    return BeautifulSoup(render(block.payload()), "html.parser")


def test_every_kind_of_block_is_drawn() -> None:
    assert {block.payload()["kind"] for block in BLOCKS} == set(KINDS)
    with pytest.raises(KeyError):
        render({"kind": "pie"})


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.payload()["kind"])
def test_words_are_escaped_and_come_back_whole(block: Block) -> None:
    made = soup(block)
    assert made.find("script") is None
    found = made.get_text() + " ".join(str(tag.get("aria-label", "")) for tag in made.find_all(True))
    assert TRICKY in found


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.payload()["kind"])
def test_a_block_read_back_from_a_notebook_is_drawn_the_same(block: Block) -> None:
    assert render(json.loads(json.dumps(block.payload()))) == render(block.payload())


@pytest.mark.parametrize("role", ["body", "lead", "list", "note", "warning", "empty"])
def test_every_role_of_paragraphs(role: str) -> None:
    made = soup(Paragraphs((text("Раз"), text("Два")), role))  # type: ignore[arg-type]
    assert made.select(f".ms-{role}")
    assert len(made.find_all("li" if role in ("lead", "list") else "p")) == (3 if role == "warning" else 2)


def test_a_table_has_caption_scopes_exact_values_and_its_keys() -> None:
    made = soup(TABLE)
    assert made.caption is not None
    assert made.caption.get_text().startswith("Таблица 2.3 — Доли")
    assert [tag["scope"] for tag in made.find_all("th")] == ["col", "col", "row"]
    cell = made.td
    assert cell is not None
    assert (cell["data-sort"], cell["data-key"], cell["data-align"]) == ("0.124", "share/2", "right")
    how = made.details
    assert how is not None
    assert "Интервал Уилсона." in how.get_text()
    assert how.code is not None
    assert how.code.get_text() == "share/2"
    assert how.a is not None
    assert how.a["href"] == "data/%D1%84%D0%B0%D0%B9%D0%BB%201.csv"
    assert "Источник: ФИС ОКО" in made.get_text()


def test_a_bound_number_keeps_its_key_and_a_reference_is_a_link() -> None:
    statement = soup(TABLE).select_one(".ms-statement")
    assert statement is not None
    assert statement.select_one("[data-key='share/2']") is not None
    assert statement.a is not None
    assert statement.a["href"] == "#f-1"


def test_an_interval_is_never_broken() -> None:
    assert '<span class="ms-nb">(9,8–15,6)</span>' in render(TABLE.payload())
    assert "ms-nb" not in render(Paragraphs((text("Слово — слово, по-русски"),)).payload())


@pytest.mark.parametrize(
    ("cell", "sign"),
    [
        (Cell("12", tone="worse"), "▼"),
        (Cell("−3,2 п. п.", tone="better"), "▲"),
        (Cell("ниже региона", tone="worse"), ""),
        (Cell("▼ ниже", tone="worse"), ""),
        (Cell("178", tone="same"), ""),
        (Cell("12"), ""),
    ],
)
def test_a_sign_stands_only_where_words_do_not_tell_the_tone(cell: Cell, sign: str) -> None:
    assert added_sign({"text": cell.text, "tone": cell.tone}) == sign


def test_the_legend_explains_the_signs_that_are_seen() -> None:
    rows = [[{"text": "1", "tone": "worse"}, {"text": "▲ выше", "tone": "better"}, {"text": "норма", "tone": "ok"}]]
    assert signs_used(rows) == ["▲ лучше", "▼ хуже"]
    assert "Обозначения: … нет данных; ▼ хуже." in soup(TABLE).get_text()


def test_a_sign_that_is_explained_already_is_not_explained_again() -> None:
    rows = [
        [{"text": "▲ меньше", "tone": "better"}, {"text": "✓ есть", "tone": "ok"}, {"text": "!1", "tone": "warning"}]
    ]
    assert signs_used(rows, ("▼ больше, ▲ меньше, чем в остальных",)) == ["! обратить внимание"]


def test_a_picture_is_one_described_image_with_ids_of_its_own() -> None:
    made = soup(FIGURE)
    assert made.svg is not None
    assert made.svg["role"] == "img"
    assert made.svg["aria-label"] == FIGURE.alt
    html = render(FIGURE.payload())
    assert 'id="f-1-p1"' in html
    assert "url(#f-1-p1)" in html
    assert 'href="#f-1-m1"' in html
    assert "#f-1-svg *" in html
    assert "Школа № 5" in html
    assert not re.search(r"<!DOCTYPE|<\?xml|<metadata|onclick|http", html)


def test_text_that_is_no_svg_leaves_the_description() -> None:
    assert inline_svg("нет рисунка", "f", "Описание <b>") == '<p class="ms-empty">Описание &lt;b&gt;</p>'
