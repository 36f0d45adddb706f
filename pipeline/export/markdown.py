"""Markdown and foreign HTML into HTML or Typst: one pandoc call for all pieces of a report."""

from __future__ import annotations

import re
import urllib.parse
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import ExportError

Source = Literal["markdown", "html"]
Target = Literal["html", "typst"]
FORMATS: Mapping[Source, str] = {"markdown": "gfm+tex_math_dollars-emoji", "html": "html"}
MARK = "msokopiece"  # a word of its own paragraph between pieces; survives every writer unchanged
_IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")


def convert(pieces: Sequence[str], source: Source, target: Target) -> list[str]:
    """Each piece converted, in order. Pieces are joined with a separator and sent to pandoc at once."""
    if not pieces:
        return []
    joined = "".join(_marked(number, piece, source) for number, piece in enumerate(pieces))
    found = _cut(_pandoc(joined, source, target), target)
    if [number for number, _ in found] == list(range(len(pieces))):
        return [body for _, body in found]
    return [_pandoc(piece, source, target).strip() for piece in pieces]


def _marked(number: int, piece: str, source: Source) -> str:
    mark = f"{MARK}{number}{MARK}"
    return f"<p>{mark}</p>\n{piece}\n" if source == "html" else f"{mark}\n\n{piece}\n\n"


def _cut(text: str, target: Target) -> list[tuple[int, str]]:
    mark = rf"{MARK}(\d+){MARK}"
    parts = re.split(rf"<p>\s*{mark}\s*</p>" if target == "html" else mark, text)
    return [(int(parts[i]), parts[i + 1].strip()) for i in range(1, len(parts) - 1, 2)]


def _pandoc(text: str, source: Source, target: Target) -> str:
    import pypandoc

    arguments = ["--wrap=none", *(["--mathml"] if target == "html" else [])]
    try:
        return str(pypandoc.convert_text(text, target, format=FORMATS[source], extra_args=arguments))
    except (RuntimeError, OSError) as error:
        raise ExportError(
            "Текст блокнота не удалось разобрать программой pandoc.",
            advice="переустановите окружение (пакет pypandoc_binary) и повторите.",
        ) from error


def localise(text: str, attachments: Mapping[str, Any], folder: Path | None, save: Callable[[bytes, str], str]) -> str:
    """Markdown whose pictures are at hand: attached or local files go through `save` (bytes, suffix → address);
    a picture that would have to be fetched leaves its words."""

    def picture(found: re.Match[str]) -> str:
        words, address = found.group(1) or "рисунок", urllib.parse.unquote(found.group(2))
        content = _content(address, attachments, folder)
        suffix = Path(address.partition("attachment:")[2] or address).suffix.lower()
        if content is None or suffix not in (".png", ".jpg", ".jpeg", ".svg", ".gif"):
            return f"[{words}]"
        return f"![{words}]({save(content, suffix)})"

    return _IMAGE.sub(picture, text)


def _content(address: str, attachments: Mapping[str, Any], folder: Path | None) -> bytes | None:
    if address.startswith("attachment:"):
        bundle = attachments.get(address.partition(":")[2], {})
        return next((b64decode(data) for data in bundle.values()), None)
    if folder is None or "://" in address or address.startswith(("data:", "/")):
        return None
    path = folder / address
    return path.read_bytes() if path.is_file() else None
