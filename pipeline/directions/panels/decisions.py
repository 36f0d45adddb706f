"""The register of acts as tables: recommendations that were sent, measures, and apart from them decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipeline.directions import acts
from pipeline.directions.acts import Act, Document
from pipeline.directions.chapter import Inputs
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, TableBlock, Text, text

ROWS_AT_MOST = 30
NOT_NAMED = "не назван"
Names = Mapping[str, str]
Line = Callable[[Inputs, Act, Names, Sequence[Document]], tuple[Cell, ...]]


def sent(inputs: Inputs, code: str, found: Sequence[Act]) -> tuple[TableBlock, ...]:
    """Recommendations of the register: to whom, what, in which state."""
    chosen = [act for act in acts.current(inputs, found) if act.kind == "recommendation"]
    heads = (
        Head("Запись", width=0.9),
        Head("Рекомендация", width=3),
        Head("Кому", width=1.5),
        Head("Срок", width=1),
        Head("Документ", width=1.5),
        Head("Состояние", width=1.1),
    )
    return _table(inputs, f"{code}-acts-recommendations", "Рекомендации из реестра", heads, chosen, _sent_line)


def measures(inputs: Inputs, code: str, found: Sequence[Act]) -> tuple[TableBlock, ...]:
    """Measures of the register: what is done, who answers, by when, with what document."""
    chosen = [act for act in acts.current(inputs, found) if act.kind == "measure"]
    heads = (
        Head("Запись", width=0.9),
        Head("Мера", width=3),
        Head("Ответственный", width=1.5),
        Head("Срок", width=1),
        Head("Документ", width=1.5),
        Head("Состояние", width=1.1),
    )
    return _table(inputs, f"{code}-acts-measures", "Меры и мероприятия из реестра", heads, chosen, _measure_line)


def decisions(inputs: Inputs, code: str, found: Sequence[Act]) -> tuple[TableBlock, ...]:
    """Decisions of the register: what was decided, by whom, by which act, when."""
    chosen = [act for act in acts.current(inputs, found) if act.kind == "decision"]
    heads = (
        Head("Запись", width=0.9),
        Head("Решение", width=3),
        Head("Кто решил", width=1.5),
        Head("Дата", width=1),
        Head("Каким актом", width=1.5),
        Head("Состояние", width=1.1),
    )
    return _table(inputs, f"{code}-acts-decisions", "Управленческие решения", heads, chosen, _decision_line)


def _table(
    inputs: Inputs, identifier: str, caption: str, heads: tuple[Head, ...], chosen: Sequence[Act], line: Line
) -> tuple[TableBlock, ...]:
    if not chosen:
        return ()
    names, known = acts.organisations(inputs), acts.documents(inputs)
    newest = sorted(chosen, key=lambda act: -act.year)[:ROWS_AT_MOST]
    shown = [act for act in chosen if act in newest]
    return (
        TableBlock(
            id=identifier,
            caption=caption,
            heads=heads,
            rows=tuple(line(inputs, act, names, known) for act in shown),
            source=_source(len(shown), len(chosen)),
        ),
    )


def _source(shown: int, all_of_them: int) -> Text:
    said = "Реестр мер и решений формы сбора: записи отчётного года и неисполненные прежних лет."
    rest = all_of_them - shown
    return text(said if not rest else f"{said} Показаны новые записи; ещё {ru.number(rest)} — в файле реестра.")


def _sent_line(inputs: Inputs, act: Act, names: Names, known: Sequence[Document]) -> tuple[Cell, ...]:
    whom = " — ".join(filter(None, (names.get(act.org_id or ""), act.addressee)))
    return (
        Cell(act.id),
        Cell(act.title),
        Cell(whom or NOT_NAMED, tone="" if whom else "muted"),
        _day(act.due),
        _document(known, act),
        state_cell(inputs, act),
    )


def _measure_line(inputs: Inputs, act: Act, names: Names, known: Sequence[Document]) -> tuple[Cell, ...]:
    return (
        Cell(act.id),
        Cell(worded(act, names)),
        Cell(act.responsible or NOT_NAMED, tone="" if act.responsible else "muted"),
        _day(act.due),
        _document(known, act),
        state_cell(inputs, act),
    )


def _decision_line(inputs: Inputs, act: Act, names: Names, known: Sequence[Document]) -> tuple[Cell, ...]:
    paper = acts.document_of(known, act.document, act.year)
    who = act.responsible or (paper.office if paper else None)
    return (
        Cell(act.id),
        Cell(worded(act, names)),
        Cell(who or NOT_NAMED, tone="" if who else "muted"),
        _day(act.taken_on or (paper.date if paper else None)),
        _document(known, act),
        state_cell(inputs, act),
    )


def worded(act: Act, names: Names) -> str:
    """What the record says, with the organisation it is about."""
    where = names.get(act.org_id or "")
    return f"{act.title} ({where})" if where else act.title


def _day(date: str | None) -> Cell:
    return Cell(ru.date(date), sort=date) if date else Cell("не указан", tone="muted")


def _document(known: Sequence[Document], act: Act) -> Cell:
    """The document of a record; a key that the register of documents does not hold is printed as it is."""
    paper = acts.document_of(known, act.document, act.year)
    if paper is not None:
        return Cell(paper.words)
    if act.document:
        return Cell(f"{act.document} (в реестре документов нет)", tone="warning")
    return Cell("документа нет", tone="warning")


def state_cell(inputs: Inputs, act: Act) -> Cell:
    """The state of a record; one whose last day has passed says so."""
    word = acts.PROGRESS[act.progress]
    if act.late(inputs.settings.as_of):
        return Cell(f"{word}, срок прошёл", tone="warning")
    return Cell(word, tone="ok" if act.progress == "done" else "")
