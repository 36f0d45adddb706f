"""What stands in «Главное» of a chapter: conclusions, each number once, goals and the rest elsewhere."""

from __future__ import annotations

from pipeline.directions.chapter import Finding
from pipeline.directions.lead import lead
from pipeline.presentation.blocks import Paragraphs, Run, plain, text
from tests.directions.inputs import inputs


def finding(words: str, key: str = "", kind: str = "problem", weight: float = 0.0) -> Finding:
    return Finding(id=words, kind=kind, statement=text(Run(words, key=key)), weight=weight)


def said(*findings: Finding) -> list[str]:
    (block,) = lead(inputs("achievement"), findings)
    assert isinstance(block, Paragraphs)
    return [plain(item) for item in block.items]


def test_a_goal_is_no_conclusion() -> None:
    assert said(finding("Доля выше", weight=0.2), finding("Снизить долю", kind="goal", weight=0.9)) == ["Доля выше"]


def test_a_number_told_by_a_stronger_finding_is_not_told_again() -> None:
    level, other = finding("Минимум не преодолели 4,2 %", key="oge/2026"), finding("Другое", key="vpr/2026")
    assert said(level, other, finding("За пять лет снижение", key="oge/2026", weight=0.2)) == [
        "За пять лет снижение",
        "Другое",
    ]


def test_the_rest_is_counted() -> None:
    assert said(*(finding(f"Вывод {n}", key=str(n)) for n in range(7)))[-1] == "Ещё 2\u00a0вывода — дальше в главе."
