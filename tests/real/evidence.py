"""What a reader gets, read back without the code that wrote it: pages, texts, tables, bytes."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
from bs4 import BeautifulSoup
from pypdf import PdfReader

SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
LOADING = {"src", "srcset", "poster", "data", "background", "xlink:href"}
FOLDED = ["script", "style", "details", "head"]
LINKS = ("link", "use", "image")
Row = dict[str, str]


def plain(text: str) -> str:
    """Text with one kind of space and without soft hyphens."""
    return SPACES.sub(" ", text.replace("\u00ad", "")).strip()


def whole(pages: list[str]) -> str:
    """Text of pages with words that were hyphenated at line ends made whole."""
    return plain(re.sub(r"(?<=\w)[-\u2010\u00ad]\n(?=\w)", "", "\n".join(pages)))


@cache
def pdf_pages(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


@dataclass(frozen=True)
class Report:
    """A published report folder."""

    folder: Path

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup((self.folder / "report.html").read_text(encoding="utf-8"), "html.parser")

    @cached_property
    def page(self) -> str:
        """What stands on the page before anything is unfolded."""
        hidden = {id(text) for tag in self.soup(FOLDED) for text in tag.find_all(string=True)}
        return plain(" ".join(str(text) for text in self.soup.find_all(string=True) if id(text) not in hidden))

    @cached_property
    def how(self) -> str:
        """All that is folded under «Как посчитано»."""
        return plain(" ".join(tag.get_text(" ") for tag in self.soup.select("details.ms-how")))

    @cached_property
    def pdf_pages(self) -> list[str]:
        return pdf_pages(self.folder / "report.pdf")

    @cached_property
    def pdf(self) -> str:
        return whole(self.pdf_pages)

    def pdf_chapter(self, title: str) -> str:
        """Text of the pages whose running head names the chapter."""
        return whole([page for page in self.pdf_pages if any(title in plain(line) for line in page.splitlines()[:3])])

    def rows(self, name: str) -> list[Row]:
        """A data file of the report: `;`, decimal comma, BOM."""
        with (self.folder / "data" / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, delimiter=";"))

    def chapter(self, title: str) -> str:
        """Text of one chapter of the page, from its heading to the next of the same rank."""
        heading = next(tag for tag in self.soup.find_all(["h1", "h2"]) if title in plain(tag.get_text(" ")))
        tags = [heading]
        for tag in heading.find_all_next():
            if tag.name == heading.name:
                break
            tags.append(tag)
        return plain(" ".join(str(text) for tag in tags for text in tag.find_all(string=True, recursive=False)))

    def loads(self) -> list[str]:
        """Addresses that opening the page would fetch from a network."""
        found = []
        for tag in self.soup.find_all(True):
            named = LOADING | ({"href"} if tag.name in LINKS else set())
            found += [str(value) for name, value in tag.attrs.items() if name in named]
        styles = " ".join([*(tag.get_text() for tag in self.soup("style")), *_inline_styles(self.soup)])
        found += re.findall(r"url\(\s*['\"]?([^'\")]+)", styles) + re.findall(r"@import\s+['\"]([^'\"]+)", styles)
        scripts = " ".join(tag.get_text() for tag in self.soup("script"))
        found += re.findall(r"(?:fetch|import|open)\(\s*['\"]([^'\"]+)", scripts)
        return [address for address in found if re.match(r"\s*(?:https?:)?//", address)]

    def unlabelled_figures(self) -> list[str]:
        """Pictures without an alternative text, and figures without a picture that has one."""
        pictures = [tag for tag in self.soup.find_all(["img", "svg"]) if tag.get("aria-hidden") != "true"]
        silent = [tag for tag in pictures if not _alternative(tag)]
        empty = [
            tag
            for tag in self.soup.find_all("figure")
            if not tag.find("table") and not any(_alternative(inner) for inner in tag.find_all(["img", "svg"]))
        ]
        return [str(tag)[:120] for tag in [*silent, *empty]]

    def figures(self) -> int:
        return sum(1 for tag in self.soup.find_all(["img", "svg"]) if _alternative(tag))


def _inline_styles(soup: BeautifulSoup) -> list[str]:
    return [str(tag["style"]) for tag in soup.find_all(style=True)]


def _alternative(tag: Any) -> str:
    return str(tag.get("alt") or tag.get("aria-label") or "").strip()


def number(text: str) -> float:
    """A number of a data file: «0,1357»."""
    return float(text.replace(",", "."))


def indicator_rows(workspace: Path, territory: str, year: int) -> list[dict[str, Any]]:
    """The table of indicators of a run, read by pyarrow alone."""
    file = workspace / "data" / "processed" / territory / str(year) / "2_indicators" / "indicators.parquet"
    rows: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
    return rows


def outputs(workspace: Path) -> Iterator[Path]:
    """Every file that runs made in a workspace: all but data/raw and what the workspace was given."""
    given = (workspace / "data" / "raw", workspace / "config")
    for path in sorted(workspace.rglob("*")):
        if path.is_file() and not any(folder in path.parents for folder in given):
            yield path


def readings(path: Path) -> Iterator[str]:
    """Everything a file says, in each way it could be read: as bytes of three encodings, unpacked, unescaped."""
    raw = path.read_bytes()
    for encoding in ("utf-8", "utf-16-le", "cp1251"):
        yield raw.decode(encoding, "ignore")
    yield raw[1:].decode("utf-16-le", "ignore")
    if path.suffix == ".pdf":
        text = "\n".join(pdf_pages(path))
        yield from (text, re.sub(r"[\s\u00ad\u2010-]+", "", text))
    elif path.suffix == ".parquet":
        yield json.dumps(parquet.read_table(io.BytesIO(raw)).to_pylist(), ensure_ascii=False, default=str)
    elif path.suffix in (".ipynb", ".json"):
        yield "\n".join(_strings(json.loads(raw)))
    elif path.suffix == ".html":
        yield html.unescape(raw.decode("utf-8"))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from (name, *_strings(item))
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def holding(paths: Iterator[Path] | list[Path], wanted: set[str]) -> dict[str, set[str]]:
    """File name → which of the wanted texts it holds, in any reading."""
    found: dict[str, set[str]] = {}
    for path in paths:
        for reading in readings(path):
            hits = {text for text in wanted if text in reading}
            if hits:
                found.setdefault(path.name, set()).update(hits)
    return found
