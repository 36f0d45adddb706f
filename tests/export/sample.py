"""A made-up report in the shape of a real one: executed notebooks built from blocks, for tests and for looking at.

`python -m tests.export.sample FOLDER` writes report.html and report.pdf of it.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from pathlib import Path

import matplotlib as mpl
import nbformat
from matplotlib import font_manager
from matplotlib.figure import Figure
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pipeline.export.book import Book, Chapter
from pipeline.paths import PACKAGE
from pipeline.presentation.blocks import (
    BLOCK_MIME,
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

TRICKY = "Знаки # $ * _ \\ < > @ [ ] { } \" ' ` ~ = & // /* и «ёлочки»"
SUBJECTS = (
    "Русский язык",
    "Математика",
    "Окружающий мир",
    "История",
    "Биология",
    "География",
    "Обществознание",
    "Физика",
    "Химия",
    "Английский язык",
    "Немецкий язык",
    "Информатика",
)
CYCLE = (
    "Цели",
    "Адресные рекомендации",
    "Меры и мероприятия",
    "Управленческие решения",
    "Анализ эффективности принятых мер",
)

BOOK = Book(
    title="Отчёт о состоянии системы образования",
    subtitle=("Заречного муниципального округа",),
    territory="Заречный муниципальный округ",
    report_year=2026,
    school_year="2025/26",
    issuer=("Администрация Заречного муниципального округа", "Управление образования"),
    place="г. Заречный",
    synthetic=True,
    report_date=dt.date(2026, 12, 31),
    chapters=(
        Chapter(code="01_results", title="Достижение обучающимися планируемых результатов"),
        Chapter(code="02_objectivity", title="Объективность процедур оценки качества образования"),
        Chapter(code="04_talent", title="Выявление, поддержка и развитие способностей и талантов"),
        Chapter(code="05_career", title="Самоопределение и профессиональная ориентация"),
        Chapter(code="06_heads", title="Эффективность руководителей", printed=False),
        Chapter(code="00_quality", title="Качество исходных данных"),
    ),
)


def notebook(*cells: NotebookNode) -> NotebookNode:
    """An executed notebook as Papermill leaves it: counts, timings and paths included."""
    made = new_notebook(cells=list(cells))
    made.metadata["papermill"] = {"duration": 3.2, "input_path": "/home/user/nb.ipynb"}
    return made


def md(source: str, *tags: str) -> NotebookNode:
    return new_markdown_cell(source, metadata={"tags": list(tags)})


def shown(*blocks: Block, tags: tuple[str, ...] = ()) -> NotebookNode:
    outputs = [new_output("display_data", data=_json(block)) for block in blocks]
    meta = {"tags": list(tags), "papermill": {"duration": 0.4}, "execution": {"iopub.status.busy": "2026"}}
    return new_code_cell("show(chapter)", outputs=outputs, execution_count=7, metadata=meta)


def _json(block: Block) -> dict[str, object]:
    """What a notebook file holds: tuples become lists."""
    import json

    bundle = block._repr_mimebundle_()
    return {**bundle, BLOCK_MIME: json.loads(json.dumps(bundle[BLOCK_MIME]))}


def empty(reason: str) -> Paragraphs:
    return Paragraphs((text(reason),), role="empty")


def chart(name: str, kind: str) -> str:
    """A chart as the pipeline draws them: 165 mm wide, text kept as text."""
    for path in sorted((PACKAGE / "export" / "fonts").glob("PTS*.ttf")):
        font_manager.fontManager.addfont(str(path))
    rc = {"font.family": "PT Sans", "font.size": 9, "svg.fonttype": "none", "svg.hashsalt": name}
    rc |= {"axes.spines.top": False, "axes.spines.right": False}
    with mpl.rc_context(rc):
        figure = Figure(figsize=(6.5, 3.1 if kind == "bars" else 3.6), layout="constrained")
        (_bars if kind == "bars" else _dots)(figure.subplots())
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def _bars(axis: mpl.axes.Axes) -> None:
    left = [0.0] * 6
    colours = ("#b4432f", "#efc27b", "#a9cbe0", "#2f6c9e")
    for mark, colour in enumerate(colours):
        part = [(0.06, 0.34, 0.40, 0.20)[mark] + 0.01 * (i - 2) * (1, -1, 1, -1)[mark] for i in range(6)]
        axis.barh(SUBJECTS[:6], part, left=left, color=colour, height=0.62, label=str(mark + 2))
        for i, width in enumerate(part):
            ink = "white" if mark in (0, 3) else "#1f2933"
            axis.text(left[i] + width / 2, i, f"{100 * width:.0f}", ha="center", va="center", color=ink)
        left = [a + b for a, b in zip(left, part, strict=True)]
    axis.set_xlabel("Доля участников, %")
    axis.figure.legend(loc="outside upper left", ncols=4, frameon=False)


def _dots(axis: mpl.axes.Axes) -> None:
    names = [f"Школа № {i}" for i in range(1, 13)]
    values = [62 + (i * 7) % 23 for i in range(12)]
    axis.errorbar(values, names, xerr=[5 + i % 4 for i in range(12)], fmt="o", color="#1f5f8b", ecolor="#d7dce0")
    axis.axvline(71.4, color="#5b6670", linestyle="--", label="округ 71,4")
    axis.set_xlabel("Доля «4» и «5», %")
    axis.legend(frameon=False)


def indicators(identifier: str = "results-indicators") -> TableBlock:
    heads = (
        Head("Показатель", width=3.2),
        Head("Значение", "right"),
        Head("95 % интервал", "right", 1.3),
        Head("n", "right", 0.8),
        Head("Прошлый год", "right"),
        Head("Изменение", "right", 1.2),
        Head("Регион", "right"),
        Head("Зона", width=1.4),
    )
    zones = (
        ("better", "выше региона"),
        ("same", "не отличается"),
        ("worse", "ниже региона"),
        ("unknown", "мало данных"),
    )
    rows = []
    for i, subject in enumerate(SUBJECTS):
        tone, zone = zones[i % 4]
        rows.append(
            (
                Cell(f"{subject}, 5 класс: доля «4» и «5»"),
                Cell(f"{58 + i},{i % 10} %", key=f"share_45:{i}", sort=58 + i),
                Cell(f"({52 + i},4–{63 + i},8)"),
                Cell(f"{312 + 7 * i}", sort=312 + 7 * i),
                Cell("…" if i == 4 else f"{57 + i},1 %"),
                Cell(f"{'−' if i % 3 else '+'}{1 + i % 4},{i % 10} п. п."),
                Cell(f"{60 + i % 5},2 %"),
                Cell(zone, tone=tone),  # type: ignore[arg-type]
            )
        )
    return TableBlock(
        identifier,
        "Показатели достижения планируемых результатов",
        heads,
        tuple(rows),
        source=text("ФИС ОКО, «Статистика по отметкам», 2026 год"),
        statement=text(
            "По русскому языку доля «4» и «5» составила ",
            Run("58,0 %", key="share_45:0"),
            " и выше региональной; динамика показана на ",
            Run("рисунке", ref="results-marks"),
            ".",
        ),
        how=(text("Доля = число отметок «4» и «5» / число участников; интервал Уилсона."),),
        legend=("… нет данных",),
        data="data/results-indicators.csv",
    )


def wide_table() -> TableBlock:
    heads = (Head("Организация", width=2.6), *(Head(f"{subject}", "right") for subject in SUBJECTS[:11]))
    rows = tuple(
        (
            Cell(f"МБОУ «Средняя общеобразовательная школа № {n}»"),
            *(Cell(f"{50 + (n * i) % 40},{i % 10} (40,1–{70 + i},3)", sort=50 + (n * i) % 40) for i in range(1, 12)),
        )
        for n in range(1, 41)
    )
    return TableBlock(
        "results-schools",
        "Доля «4» и «5» по предметам и организациям с доверительными интервалами, %",
        heads,
        rows,
        source=text("ФИС ОКО, 2026 год"),
        wide=True,
    )


def figure(identifier: str, kind: str, title: str) -> FigureBlock:
    return FigureBlock(
        identifier,
        title,
        "ВПР, 5 класс, Заречный муниципальный округ, 2026 год, n = 1 214",
        f"{title}. Русский язык 60 %, математика 59 %.",
        chart(identifier, kind),
        source=text("ФИС ОКО, 2026 год"),
        statement=text("Доли отметок не отличаются от региональных с учётом погрешности."),
        how=(text("Числители: 728 из 1 214 по русскому языку."),),
        data=f"data/{identifier}.csv",
    )


def lead(*sentences: str) -> Paragraphs:
    return Paragraphs(
        tuple(text("Доля ", Run("58,0 %", key="k", strong=True), f" — {s}") for s in sentences), role="lead"
    )


STRIP = Strip(
    (
        ("Источники", text("ФИС ОКО, «Статистика по отметкам»; муниципальная форма 1-ОУ")),
        ("Учебные годы", text("2023/24, 2024/25, 2025/26")),
        ("Охват", text(Run("18", key="n"), " организаций, ", Run("1 214", key="n"), " участников")),
        ("Проверки", text("не прошли 2, снято решением 1")),
    )
)
PROSE = (
    "Результаты рассматриваются по организациям и предметам с учётом числа участников: там, где участников мало, "
    "проценты не печатаются, а различие, которое укладывается в погрешность, различием не называется."
)


def results() -> NotebookNode:
    body = Paragraphs((text(PROSE), text(PROSE, " См. ", Run("", ref="results-schools"), ".")))
    return notebook(
        md("# Блокнот 01. Результаты"),
        new_code_cell("territory = 'demo'", metadata={"tags": ["parameters"]}),
        shown(STRIP),
        md("## Главное"),
        shown(
            lead(
                "доля «4» и «5» по русскому языку, выше региональной (61,2 %).",
                "математика: не изменилась с учётом погрешности.",
                "о биологии судить нельзя: недостаточно данных.",
            )
        ),
        md("## Цели"),
        shown(empty("Цели направления не внесены в профиль территории.")),
        md("## Показатели\n\nПоказатели перечислены в порядке приказа."),
        shown(indicators()),
        md("## Мониторинг"),
        shown(
            body,
            figure("results-marks", "bars", "Отметок «2» по математике больше, чем по русскому языку"),
            figure("results-dots", "dots", "Одиннадцать школ из двенадцати не отличаются от округа"),
            wide_table(),
        ),
        md("## Анализ"),
        shown(
            Paragraphs((text(TRICKY), text(PROSE))),
            Paragraphs((text("Результаты трёх школ не подтверждены."),), "warning"),
        ),
        *(cell for name in CYCLE[1:] for cell in (md(f"## {name}"), shown(empty("Реестр мер не представлен.")))),
    )


def objectivity() -> NotebookNode:
    return notebook(
        md("# Объективность"),
        shown(STRIP),
        md("## Главное"),
        shown(lead("отметки журнала и ВПР согласованы.", "основание для перепроверки есть в одной школе.")),
        md("## Мониторинг"),
        shown(
            figure("objectivity-agreement", "bars", "Отметки чаще подтверждаются, чем понижаются"),
            indicators("obj-table"),
        ),
        md("## Анализ"),
        shown(Paragraphs((text(PROSE), text(PROSE), text(PROSE)))),
        *(cell for name in CYCLE for cell in (md(f"## {name}"), shown(empty("Реестр мер не представлен.")))),
    )


def nothing(code: str, title: str) -> NotebookNode:
    """A chapter without data, with the table of its missing sources."""
    heads = (Head("Источник", width=2.6), Head("Кто даёт", width=2.2), Head("Получено за годы"))
    rows = (
        (
            Cell("Протоколы муниципального этапа олимпиады"),
            Cell("муниципальный координатор"),
            Cell("нет", tone="warning"),
        ),
        (Cell("Реестр конкурсов"), Cell("управление образования"), Cell("нет", tone="warning")),
    )
    return notebook(
        md(f"# {title}"),
        shown(Strip((("Источники", text("за отчётный год не представлены")),))),
        md("## Главное"),
        shown(empty("За 2026 год не представлены протоколы муниципального этапа (даёт: муниципальный координатор).")),
        md("## Методы сбора"),
        shown(TableBlock(f"{code}-sources", "Источники данных направления", heads, rows, source=text("опись файлов"))),
        *(cell for name in CYCLE for cell in (md(f"## {name}"), shown(empty("Нет источников.")))),
    )


def quality() -> NotebookNode:
    rows = tuple(
        (
            Cell(f"vpr_{n}.xlsx"),
            Cell("Статистика по отметкам"),
            Cell(str(n * 17), sort=n * 17),
            Cell("принят", tone="ok"),
        )
        for n in range(1, 61)
    )
    heads = (Head("Файл"), Head("Распознан как"), Head("Строк", "right"), Head("Итог"))
    return notebook(
        md("# Качество данных"),
        shown(STRIP),
        md("## Главное"),
        shown(lead("файлов приняты без замечаний.")),
        md("## Мониторинг"),
        shown(TableBlock("quality-files", "Опись файлов", heads, rows, source=text("опись запуска"))),
    )


def annual() -> NotebookNode:
    how = (
        "Интервал показывает, в каких пределах лежит истинное значение. Если интервалы пересекаются, различие "
        "может быть случайным.\n\n- «недостаточно данных» — участников меньше десяти;\n"
        "- **зона** — положение относительно региона.\n\nФормула интервала: $p \\pm z\\sqrt{p(1-p)/n}$."
    )
    findings = Paragraphs(
        (
            text("Доля «4» и «5» по русскому языку — ", Run("58,0 %", key="k", ref="results-indicators"), "."),
            text("Подробно: ", Run("", ref="results-marks"), "; ", Run("", ref="objectivity"), "."),
        ),
        role="lead",
    )
    passport = Pairs(
        "passport",
        "Сведения об отчёте",
        (("Файлов принято", text("60")), ("Проверок", text("214, не прошли 2")), ("Версия методики", text("2026.1"))),
    )
    return notebook(
        md("# Годовой отчёт"),
        md("## Главное за год", "front"),
        shown(findings, tags=("front",)),
        md(f"## Как читать этот отчёт\n\n{how}", "front"),
        md("## Методы", "back"),
        shown(Paragraphs((text(PROSE),)), indicators("methods-table"), tags=("back",)),
        md("## Паспорт отчёта", "back"),
        shown(passport, tags=("back",)),
    )


def executed() -> dict[str, NotebookNode]:
    """The notebooks of the sample by name."""
    return {
        "00_quality": quality(),
        "01_results": results(),
        "02_objectivity": objectivity(),
        "04_talent": nothing("talent", "Таланты"),
        "05_career": nothing("career", "Профориентация"),
        "06_heads": nothing("heads", "Руководители"),
        "13_annual": annual(),
    }


def write(folder: Path) -> None:
    """The executed notebooks as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in executed().items():
        nbformat.write(made, folder / f"{name}.ipynb")


if __name__ == "__main__":
    from pipeline.export.report import export_report

    target = Path(sys.argv[1])
    write(target / "executed")
    export_report(target / "executed", BOOK, target)
