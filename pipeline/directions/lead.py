"""«Главное»: three to five findings in words with bound numbers — better, worse, unknown."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.directions.chapter import Finding, Inputs
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Paragraphs, Text, text

AT_MOST = 5
ORDER = {"problem": 0, "deficit": 1, "risk": 2, "strength": 3, "sign": 4}


def strongest(findings: Sequence[Finding], limit: int = AT_MOST) -> list[Finding]:
    """Findings by weight; equal ones keep their order, what may be claimed goes before what may not."""
    ranked = sorted(enumerate(findings), key=lambda pair: (-pair[1].weight, ORDER.get(pair[1].kind, 9), pair[0]))
    return [finding for _, finding in ranked[:limit]]


def lead(inputs: Inputs, findings: Sequence[Finding]) -> tuple[Block, ...]:
    """The chapter's main conclusions and, in one sentence, what is unknown."""
    concluded = [finding for finding in findings if finding.kind != "goal"]  # the goal stands at the chapter's end
    items: list[Text] = [finding.statement for finding in strongest(concluded)]
    rest = len(concluded) - len(items)
    if rest > 0:
        items.append(text(f"Ещё {ru.counted(rest, 'вывод', 'вывода', 'выводов')} — в таблице показателей ниже."))
    return (Paragraphs(tuple(items), role="lead"),) if items else ()
