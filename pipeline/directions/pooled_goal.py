"""The goal of the next cycle over a count pooled from several tests, with the first step that would be seen."""

from __future__ import annotations

from typing import Literal

from pipeline.directions.chapter import Finding
from pipeline.directions.schools import Counted
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Run, text
from pipeline.statistics.detectable import detectable_share


def finding(
    title: str, counted: Counted, better: Literal["higher", "lower"], mark: tuple[str, float], org_id: str | None
) -> Finding:
    """«Снизить долю: …, с 40,9 % (…) в сторону значения РФ — 9,2 %; … шаг до 24,6 %.»

    `mark`: words before the value to go towards, and that value.
    """
    share, (words, level) = counted.share, mark
    step = detectable_share(share.value or 0.0, share.n, share.n, higher=better == "higher")
    seen = step is not None and (step < level if better == "higher" else step > level)
    said: list[str | Run] = [
        Run(f"{'Повысить' if better == 'higher' else 'Снизить'} долю: {_inside(title)}, с{ru.NBSP}", key=counted.key),
        counted.bound(),
        f" {words} — {ru.percent(level, None)}",
    ]
    if step is not None and seen:
        said += ["; при том же числе участников отличить от случайного можно шаг до ", ru.percent(step, share.n)]
    return Finding(id="next_goal", kind="goal", statement=text(*said, "."), strength="интервал 95 %", org_id=org_id)


def _inside(title: str) -> str:
    """A title within a sentence: «Ниже порога» → «ниже порога», «ВПР и журнал» as it is."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
