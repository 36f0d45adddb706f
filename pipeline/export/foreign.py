"""Tables of notebooks that are not ours (a DataFrame, a Styler) as table blocks, so that they fit a page too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag


def cleaned(html: str) -> str:
    """HTML without what a printed page cannot hold."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(["script", "style", "link", "iframe", "img"]):
        tag.decompose()
    for tag in soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"]):
        tag.name = "strong"  # a heading inside an output is no heading of the document
        tag.wrap(soup.new_tag("p"))
    return str(soup)


def tables(html: str) -> list[dict[str, Any]]:
    """Tables of foreign HTML that is nothing but tables (a DataFrame, its Styler); empty if there is more to it."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(["script", "style", "link"]):
        tag.decompose()
    found = soup.find_all("table")
    outside = soup.get_text(" ", strip=True)
    inside = " ".join(text for text in (tag.get_text(" ", strip=True) for tag in found) if text)
    shape = [tag.get_text(strip=True) for tag in soup.find_all("p")]  # pandas: «5 rows × 3 columns»
    if not found or len(outside) - len(inside) > sum(map(len, shape)) + 8 * len(shape) + 8:
        return []
    return [_foreign_table(tag) for tag in found if tag.find_parent("table") is None]


def _foreign_table(tag: Tag) -> dict[str, Any]:
    grid = _grid(tag)
    top = len(tag.select("thead tr")) or (1 if tag.find("th") else 0)
    columns = max((len(row) for row in grid), default=0)
    padded = [row + [""] * (columns - len(row)) for row in grid]
    titles = [" ".join(dict.fromkeys(row[i] for row in padded[:top] if row[i])) for i in range(columns)]
    aligns = ["right" if _numeric([row[i] for row in padded[top:]]) else "left" for i in range(columns)]
    heads = [{"title": title, "align": align, "width": 1.0} for title, align in zip(titles, aligns, strict=True)]
    rows = [[{"text": text} for text in row] for row in padded[top:]]
    caption = tag.caption.get_text(" ", strip=True) if tag.caption else ""
    return {"kind": "tableblock", "id": "", "caption": caption, "number": "", "heads": heads, "rows": rows}


def _grid(tag: Tag) -> list[list[str]]:
    """Texts of a table's cells with spans written out."""
    grid: list[list[str]] = []
    held: dict[int, tuple[int, str]] = {}
    for line in tag.find_all("tr"):
        cells = line.find_all(["th", "td"], recursive=False)
        row: list[str] = []
        while cells or len(row) in held:
            if len(row) in held:
                left, text = held.pop(len(row))
                if left > 1:
                    held[len(row)] = (left - 1, text)
                row.append("")
                continue
            cell = cells.pop(0)
            text = cell.get_text(" ", strip=True)
            for step in range(int(str(cell.get("colspan", "1")))):
                if int(str(cell.get("rowspan", "1"))) > 1:
                    held[len(row)] = (int(str(cell["rowspan"])) - 1, text)
                row.append(text if step == 0 else "")
        grid.append(row)
    return grid


def _numeric(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text]
    return bool(filled) and all(text[0].isdigit() or text[0] in "-−+" or text in ("NaN", "None") for text in filled)
