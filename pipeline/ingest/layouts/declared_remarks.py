"""What the reader of declared layouts and the register may remark on: code → severity, sentence, advice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from pipeline.errors import Place
from pipeline.ingest.layouts.remarks import Kind, shown
from pipeline.ingest.reading import Remark
from pipeline.ingest.workbook import address

KINDS = {
    "not_a_number": Kind(
        "critical",
        "В ячейках с числами стоит не число: {count} ({cells}).",
        "исправьте ячейки по источнику: число, ноль или пусто.",
    ),
    "looks_like_date": Kind(
        "critical",
        "Числа превращены в даты: {count} ({cells}).",
        "восстановите числа по источнику; если так пишет сам источник, объявите leading_zero в раскладке.",
    ),
    "value_without_participants": Kind(
        "critical",
        "Среднее указано там, где никто не участвовал: {count} ({cells}).",
        "сверьте ячейки с источником.",
    ),
    "row_without_code": Kind(
        "critical",
        "Строки с данными без кода организации: {count} ({cells}).",
        "впишите код организации или удалите итоговые строки.",
    ),
    "bad_code": Kind(
        "critical",
        "Код организации написан не так, как объявлено в раскладке: {count} ({cells}).",
        "исправьте коды или объявите правило codes в config/layouts.",
    ),
    "glued_unclear": Kind(
        "critical",
        "Склеенные строки не разделяются: {count} ({cells}).",
        "разделите их в источнике.",
    ),
    "glued_row": Kind(
        "warning",
        "Две строки склеены незакрытой кавычкой; прочитаны как две: {count} ({cells}).",
        "сообщите об этом составителю файла.",
    ),
    "mean_missing": Kind(
        "warning",
        "Число участников указано, а среднего нет: {count} ({cells}).",
        "если среднее есть в источнике, впишите его.",
    ),
    "count_missing": Kind(
        "warning",
        "Среднее указано, а числа участников нет: {count} ({cells}).",
        "впишите число участников: без него среднее не входит в сводные.",
    ),
    "zero_mean": Kind(
        "warning",
        "Среднее равно нулю при участниках: {count} ({cells}).",
        "проверьте по источнику, ноль это или пропуск.",
    ),
    "unknown_column": Kind(
        "warning",
        "Столбцы не объявлены в раскладке и не прочитаны: {count} ({cells}).",
        "объявите их в config/layouts: как показатель или в ignore с причиной.",
    ),
    "cells_outside_header": Kind(
        "warning",
        "Правее шапки есть заполненные ячейки, они не прочитаны: {count} ({cells}).",
        "дайте столбцам заголовки или удалите лишнее.",
    ),
    "bad_org_id": Kind(
        "critical",
        "Код организации в реестре не годится: {count} ({cells}).",
        "пишите строчные латинские буквы, цифры и дефис, например school-5.",
    ),
    "bad_date": Kind(
        "critical",
        "Дата не читается: {count} ({cells}).",
        "пишите дату как 01.09.2025.",
    ),
    "org_without_name": Kind(
        "critical",
        "Организации без наименования: {count} ({cells}).",
        "впишите наименование.",
    ),
}


class Found:
    """Cells by kind of remark, so that a column of them gives one remark."""

    def __init__(self, file: str, sheet: str) -> None:
        self.place = Place(file, sheet or None)
        self._cells: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def note(self, code: str, row: int, column: int) -> None:
        """Remember a cell (numbers from 0)."""
        self._cells[code].append((row, column))

    def remarks(self) -> list[Remark]:
        """One remark a code, with the number of cells and the first of them in reading order."""
        return [self._remark(code, [address(*cell) for cell in sorted(cells)]) for code, cells in self._cells.items()]

    def _remark(self, code: str, cells: list[str]) -> Remark:
        kind = KINDS[code]
        message = kind.message.format(count=len(cells), cells=shown(cells))
        return Remark(code, kind.severity, message, replace(self.place, cell=cells[0]), kind.advice)
