"""The first sheet of the collection form: how to fill it, and what the other sheets are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.ingest.items import WHOLE, ItemTable
from pipeline.ingest.layouts.form_cells import NOT_HELD
from pipeline.ingest.layouts.form_model import RegisterSheet
from pipeline.ingest.layouts.form_page import HELP, Column, Line, Mark, Page, school_year

NAME = "Как заполнять"
RULES = (
    "1. Заполняйте только белые клетки. Серые уже заполнены или не нужны: они закрыты, пароля нет.",
    f"2. Пустая клетка — сведений нет. 0 — проверили, таких нет. «{NOT_HELD}» — в этом году не проводилось. "
    "Это три разных ответа.",
    "3. В клетке — только число: без слов, знаков и единиц. Где нужно слово, у клетки есть стрелка со списком.",
    "4. Красная клетка — ошибка: вместо числа слово, число не целое или часть больше целого.",
    "5. Под заголовком каждого столбца сказано, что считать; ещё ниже — что писать в клетке.",
    "6. Заголовки, строки и столбцы не удаляйте и не переставляйте.",
    "7. Фамилий и имён в форме быть не должно: ответственный — это должность или учреждение.",
    "8. Листы, которые заполняет не ваша организация, оставьте пустыми. Одну форму можно заполнять по частям: "
    "несколько файлов соединятся, если не противоречат друг другу.",
    "9. Готовую форму сохраните книгой Excel (.xlsx) и передайте в управление образования; в папку года её кладут как "
    "есть, имя файла может быть любым.",
)
ADD = " Организации на листе нет — впишите её в пустую строку внизу."
COLUMNS = (
    Column("", "Лист", "", "", 34),
    Column("", "Что на листе", "", "", 46),
    Column("", "Кто заполняет", "", "", 42),
    Column("", "Строка — это", "", "", 44),
)


def cover_page(
    year: int,
    tables: Iterable[tuple[str, ItemTable]],
    registers: Iterable[tuple[str, RegisterSheet]],
    *,
    spare: bool = True,
) -> Page:
    """The cover over (name of sheet, its table) in the order of sheets; `spare`: organisations may be added."""
    rows = [(name, _content(table), table.filled_by, _row_is(table)) for name, table in tables]
    rows += [(name, sheet.title, sheet.filled_by, sheet.row_is) for name, sheet in registers]
    return Page(
        name=NAME,
        mark=Mark(HELP),
        title=f"Форма сбора сведений за {school_year(year)}",
        rules="\n".join(rule + ADD if spare and rule.startswith("6.") else rule for rule in RULES),
        columns=COLUMNS,
        lines=tuple(_line(row) for row in rows),
    )


def _content(table: ItemTable) -> str:
    return f"{table.title}; столбцов для заполнения: {len(table.items)}"


def _row_is(table: ItemTable) -> str:
    parts = ["одна организация"]
    if len(table.periods) > 1:
        parts.append(f"период ({', '.join(table.periods.values())})")
    named = [table.groups[group] for group in table.row_groups if group != WHOLE]
    if named:
        parts.append(f"разрез ({', '.join(named)})")
    return ", ".join(parts)


def _line(cells: Sequence[str]) -> Line:
    return Line("", tuple(cells), (False,) * len(cells))


__all__ = ["cover_page"]
