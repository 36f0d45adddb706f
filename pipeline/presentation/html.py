"""A block as HTML: the same fragment is seen in JupyterLab and in the report.

Fragments are semantic and need no style sheet to be read. Everything that comes from data is escaped; the SVG of a
figure is inlined with ids of its own, so that two figures on a page cannot take each other's clip paths.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

Payload = Mapping[str, Any]
KEYS_SHOWN = 24
LONG_CELL, SHORT_CELL = 60, 16  # letters of the longest cell of a column
# Colour is never the only bearer of meaning: a cell that says it in words needs no sign, a bare number gets one.
SIGNS = {
    "better": ("▲", "лучше"),
    "worse": ("▼", "хуже"),
    "same": ("=", "не отличается"),
    "warning": ("!", "обратить внимание"),
    "critical": ("‼", "критично"),
    "ok": ("✓", "норма"),
}
_ADDED = ("better", "worse", "warning", "critical", "ok")
_RANGE = re.compile(r"[^\s<>&;]*\d[–-][\d−][^\s<>&;]*")  # an interval or a range of years: never broken
_WORDS = re.compile(r"[^\W\d_]{3}")
_SCRIPTS = re.compile(r"<script\b.*?</script\s*>|\son\w+\s*=\s*(\"[^\"]*\"|'[^']*')", re.I | re.S)
_SVG_PROLOG = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata\b.*?</metadata>", re.S)
_SVG_IDS = re.compile(r"""(\sid=["'])|(url\(["']?#)|((?:xlink:)?href=["']#)""")
_SVG_STYLE = re.compile(r"<style[^>]*>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</style>", re.S)


def render(payload: Payload) -> str:
    """HTML of one block given as `Block.payload()` (fresh or read back from a notebook). KeyError if unknown."""
    return _RENDERERS[payload["kind"]](payload)


def runs_html(runs: Sequence[Payload]) -> str:
    """A text as HTML: bound numbers keep their key, references to figures and tables become links."""
    return "".join(_run(run) for run in runs)


def added_sign(cell: Payload) -> str:
    """The sign to set before a cell's text: only where neither words nor a sign of its own tell the tone."""
    tone, text = cell.get("tone", ""), cell["text"]
    bare = text[:1].isalnum() or text[:1] in "−-+"
    return SIGNS[tone][0] if tone in _ADDED and bare and not _WORDS.search(text) else ""


def signs_used(rows: Iterable[Iterable[Payload]], legend: Sequence[str] = ()) -> list[str]:
    """The signs seen in a table with their meaning («▲ лучше»), in the order of SIGNS, for the legend under it.

    What the table's own `legend` explains is not said twice, and «✓ есть» needs no word beside its own.
    """
    cells = [cell for row in rows for cell in row if not _self_told(cell)]
    seen = {(cell.get("tone", ""), added_sign(cell) or cell["text"][:1]) for cell in cells}
    told = "".join(legend)
    return [f"{sign} {word}" for tone, (sign, word) in SIGNS.items() if (tone, sign) in seen and sign not in told]


def _self_told(cell: Payload) -> bool:
    return cell.get("tone", "") == "ok" and cell["text"][1:].lstrip()[:1].isalpha() and not cell["text"][:1].isalnum()


def inline_svg(svg: str, prefix: str, alt: str) -> str:
    """An SVG document ready to stand inside a page: one image with a description, own ids, size given by the page."""
    body = _SCRIPTS.sub("", _SVG_PROLOG.sub("", svg)).strip()
    body = _SVG_IDS.sub(lambda found: f"{found.group(0)}{prefix}-", body)
    body = _SVG_STYLE.sub(lambda found: _scoped(found.group(1), prefix), body)
    start = body.find("<svg")
    end = body.find(">", start)
    if start < 0 or end < 0:
        return f'<p class="ms-empty">{escape(alt)}</p>'
    opening = _svg_opening(body[start + 4 : end].rstrip("/"), prefix, alt)
    return opening + body[end + 1 :].rstrip()


def _svg_opening(attributes: str, prefix: str, alt: str) -> str:
    found = dict(re.findall(r"""([\w:-]+)\s*=\s*["']([^"']*)["']""", attributes))
    width, height = _points(found.get("width")), _points(found.get("height"))
    box = found.get("viewBox") or f"0 0 {width or 640:g} {height or 400:g}"
    size = f' style="width:{width:g}pt"' if width else ""
    label = escape(alt, quote=True)
    return f'<svg id="{prefix}-svg" viewBox="{box}" role="img" aria-label="{label}" focusable="false"{size}>'


def _points(text: str | None) -> float:
    number = re.match(r"[\d.]+", text or "")
    if not number or (text or "").endswith("%"):
        return 0.0
    return float(number.group()) * (1.0 if (text or "").endswith("pt") else 0.75)


def _scoped(css: str, prefix: str) -> str:
    """A style sheet inside an SVG would reach the whole page: keep each rule to its own picture."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", css)
    scope = f"#{prefix}-svg"
    lines = [
        f"{', '.join(f'{scope} {part.strip()}' for part in selector.split(','))} {{{body.strip()}}}"
        for selector, body in rules
    ]
    return f"<style>{' '.join(lines)}</style>"


def _run(run: Payload) -> str:
    html = _words(run["text"])
    if run.get("key"):
        html = f'<span class="ms-num" data-key="{escape(run["key"])}">{html}</span>'
    if run.get("strong"):
        html = f"<strong>{html}</strong>"
    if run.get("ref"):
        html = f'<a href="#{escape(run["ref"])}">{html}</a>'
    return html


def _words(text: str) -> str:
    """Escaped text whose intervals stay on one line."""
    return _RANGE.sub(r'<span class="ms-nb">\g<0></span>', escape(text, quote=False))


def _paragraphs(payload: Payload) -> str:
    role = payload.get("role", "body")
    texts = [runs_html(item) for item in payload["items"]]
    if role in ("lead", "list"):
        return f'<ul class="ms-{role}">' + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"
    if role == "warning":
        inner = "".join(f"<p>{text}</p>" for text in texts)
        return f'<div class="ms-warning" role="note"><p class="ms-word">Внимание</p>{inner}</div>'
    return "".join(f'<p class="ms-{role}">{text}</p>' for text in texts)


def _strip(payload: Payload) -> str:
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{runs_html(text)}</dd></div>" for name, text in payload["items"])
    return f'<dl class="ms-strip">{rows}</dl>'


def _tableblock(payload: Payload) -> str:
    heads = [_measured(head, i, payload["rows"]) for i, head in enumerate(payload["heads"])]
    identifier = escape(payload["id"])
    caption = f"<caption><span>{_number(payload)}{escape(payload['caption'])}</span></caption>"
    top = "".join(f'<th scope="col"{_align(head)}>{escape(head["title"])}</th>' for head in heads)
    body = "".join(f"<tr>{_row(row, heads)}</tr>" for row in payload["rows"])
    label = escape(f"{payload.get('number', '')} {payload['caption']}".strip())
    kinds = {
        "ms-wide": payload.get("wide"),
        "ms-narrow": heads and heads[0]["narrow"],
        "ms-texts": any(head["long"] for head in heads[1:]),
    }
    classes = " ".join(["ms-table", *(name for name, holds in kinds.items() if holds)])
    legend = "; ".join([*payload.get("legend", ()), *signs_used(payload["rows"], payload.get("legend", ()))])
    return (
        f'<figure class="{classes}" id="{identifier}">'
        f'<div class="ms-scroll" role="region" aria-label="{label}">'
        f"<table>{caption}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
        + (f'<p class="ms-legend">Обозначения: {escape(legend, quote=False)}.</p>' if legend else "")
        + _foot(payload)
        + "</figure>"
    )


def _measured(head: Payload, index: int, rows: Sequence[Sequence[Payload]]) -> dict[str, Any]:
    """A head that knows whether its column holds sentences (`long`) or a word or two (`narrow`)."""
    letters = max((len(row[index]["text"]) for row in rows if index < len(row)), default=0)
    return {**head, "long": letters > LONG_CELL and head.get("align", "left") == "left", "narrow": letters < SHORT_CELL}


def _row(row: Sequence[Payload], heads: Sequence[Payload]) -> str:
    return "".join(_cell(cell, heads[i] if i < len(heads) else {}, first=i == 0) for i, cell in enumerate(row))


def _cell(cell: Payload, head: Payload, *, first: bool) -> str:
    tag, scope = ("th", ' scope="row"') if first else ("td", "")
    tone = cell.get("tone", "")
    tone_class = f' class="ms-{tone}"' if tone else ""
    key = f' data-key="{escape(cell["key"])}"' if cell.get("key") else ""
    sort = "" if cell.get("sort") is None else f' data-sort="{escape(str(cell["sort"]))}"'
    return f"<{tag}{scope}{_align(head)}{tone_class}{key}{sort}>{_sign(cell)}{_words(cell['text'])}</{tag}>"


def _sign(cell: Payload) -> str:
    sign = added_sign(cell)
    if not sign:
        return ""
    word = SIGNS[cell["tone"]][1]
    return f'<span class="ms-sign" aria-hidden="true">{sign}</span> <span class="ms-heard">({word}) </span>'


def _align(head: Payload) -> str:
    align = head.get("align", "left")
    if align != "left":
        return f' data-align="{align}"'
    return " data-long" if head.get("long") else ""


def _figureblock(payload: Payload) -> str:
    identifier = escape(payload["id"])
    subtitle = f'<span class="ms-subtitle">{escape(payload["subtitle"])}</span>' if payload["subtitle"] else ""
    return (
        f'<figure class="ms-figure" id="{identifier}">'
        f'<figcaption><span class="ms-title">{_number(payload)}{escape(payload["title"])}</span>{subtitle}</figcaption>'
        f'<div class="ms-scroll ms-chart">{inline_svg(payload["svg"], identifier, payload["alt"])}</div>'
        + _foot(payload)
        + "</figure>"
    )


def _number(payload: Payload) -> str:
    number = payload.get("number")
    return f'<span class="ms-number">{escape(number)}</span> — ' if number else ""


def _foot(payload: Payload) -> str:
    """What stands under a table or figure: the sentence, the source, «как посчитано»."""
    statement = runs_html(payload.get("statement", ()))
    source = runs_html(payload.get("source", ()))
    parts = [f'<p class="ms-statement">{statement}</p>' if statement else ""]
    if source:
        word = "" if source.lstrip().startswith("Источник") else "Источник: "
        parts.append(f'<p class="ms-source">{word}{source}</p>')
    return "".join(parts) + _how(payload)


def _how(payload: Payload) -> str:
    lines = [f"<p>{runs_html(line)}</p>" for line in payload.get("how", ())]
    keys = block_keys(payload)
    if keys:
        shown = ", ".join(f"<code>{escape(key)}</code>" for key in keys[:KEYS_SHOWN])
        more = f" и ещё {len(keys) - KEYS_SHOWN}" if len(keys) > KEYS_SHOWN else ""
        lines.append(f'<p class="ms-keys">Показатели: {shown}{more}.</p>')
    if payload.get("data"):
        lines.append(f'<p><a href="{escape(quote(payload["data"]))}">Файл с данными</a></p>')
    return f'<details class="ms-how"><summary>Как посчитано</summary>{"".join(lines)}</details>' if lines else ""


def block_keys(payload: Payload) -> list[str]:
    """Keys of the indicator rows and findings bound in a block, each once, in the order they are met."""
    cells = [cell for row in payload.get("rows", ()) for cell in row]
    texts = [payload.get("statement", ()), payload.get("source", ()), *payload.get("how", ())]
    runs = [run for text in texts for run in text]
    return list(dict.fromkeys(item["key"] for item in [*cells, *runs] if item.get("key")))


def _pairs(payload: Payload) -> str:
    identifier = escape(payload["id"])
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{runs_html(text)}</dd></div>" for name, text in payload["items"])
    caption = f'<p class="ms-caption">{escape(payload["caption"])}</p>' if payload["caption"] else ""
    return f'<div class="ms-pairs" id="{identifier}">{caption}<dl>{rows}</dl></div>'


_RENDERERS: dict[str, Callable[[Payload], str]] = {
    "paragraphs": _paragraphs,
    "strip": _strip,
    "tableblock": _tableblock,
    "figureblock": _figureblock,
    "pairs": _pairs,
}
