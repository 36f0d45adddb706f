"""«Главное»: three to five findings in words with bound numbers — better, worse, unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.directions.chapter import Chapter, Finding, Inputs
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Paragraphs, Text, text

AT_MOST = 5
EFFECT = "effect."  # how panels.effect begins the id of what a measure did
FOLLOWING = ("recommendation", "goal", "decision")  # follow from conclusions, are none
ORDER = {"problem": 0, "deficit": 1, "risk": 2, "strength": 3, "sign": 4}


def strongest(findings: Sequence[Finding], limit: int = AT_MOST) -> list[Finding]:
    """Findings by weight; equal ones keep their order, what may be claimed goes before what may not."""
    ranked = sorted(enumerate(findings), key=lambda pair: (-pair[1].weight, ORDER.get(pair[1].kind, 9), pair[0]))
    return [finding for _, finding in ranked[:limit]]


def lead(inputs: Inputs, findings: Sequence[Finding]) -> tuple[Block, ...]:
    """The chapter's main conclusions and, in one sentence, what is unknown."""
    concluded = _told_once([finding for finding in findings if finding.kind != "goal"])  # goals stand at the end
    items: list[Text] = [finding.statement for finding in concluded[:AT_MOST]]
    rest = len(concluded) - len(items)
    if rest > 0:
        items.append(text(f"Ещё {ru.counted(rest, 'вывод', 'вывода', 'выводов')} — дальше в главе."))
    return (Paragraphs(tuple(items), role="lead"),) if items else ()


def with_effects(inputs: Inputs, chapter: Chapter) -> Chapter:
    """The chapter with «Главное» told anew where a measure was judged: its end is written after the first telling."""
    if not any(one.id.startswith(EFFECT) and one.kind != "sign" for one in chapter.findings):
        return chapter
    concluded = [one for one in chapter.findings if one.kind not in FOLLOWING]
    return replace(chapter, sections={**chapter.sections, "lead": lead(inputs, concluded)})


def _told_once(findings: Sequence[Finding]) -> list[Finding]:
    """By weight, without those whose numbers all stand in a stronger one: a level beside its own trend."""
    told: set[str] = set()
    kept = []
    for finding in strongest(findings, len(findings)):
        if not finding.keys or not told.issuperset(finding.keys):
            kept.append(finding)
        told.update(finding.keys)
    return kept
