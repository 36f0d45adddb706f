"""Everything the readers may remark on, said once: code → severity, message, advice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pipeline.errors import Place
from pipeline.ingest.reading import Remark, Severity
from pipeline.ingest.workbook import address

SHOWN_CELLS = 5


@dataclass(frozen=True)
class Kind:
    """One kind of remark; `message` is a template over the named values."""

    severity: Severity
    message: str
    advice: str = ""


KINDS = {
    "unknown_subject": Kind(
        "warning",
        "Предмет «{subject}» неизвестен: строки сохранены под этим названием.",
        "добавьте это написание в config/norms/subjects_ru.yml.",
    ),
    "unreadable_value": Kind(
        "warning",
        "Значения не читаются как числа и приняты за пустые: {count} ({cells}).",
        "исправьте эти ячейки в источнике: число, «X», «отсутствовал» или пусто.",
    ),
    "percent_sum": Kind(
        "warning",
        "Сумма процентов по отметкам не равна 100: таких строк {count} ({cells}).",
        "сверьте строки с источником; допустима сумма от 99,9 до 100,1.",
    ),
    "percent_count_mismatch": Kind(
        "warning",
        "Процент не соответствует числу участников: таких ячеек {count} ({cells}).",
        "сверьте проценты и количества с источником.",
    ),
    "no_journal_mark": Kind(
        "info",
        "У части участников нет отметки по журналу: таких групп {count}, больше всего в группе «{group}» — {pupils}.",
        "доли в файле посчитаны без этих участников.",
    ),
    "counts_exceed_total": Kind(
        "warning",
        "Участников по категориям больше, чем всего: таких строк {count} ({cells}).",
        "сверьте строки с источником.",
    ),
    "total_missing": Kind(
        "warning",
        "Нет строки «Всего»: групп без числа участников {count} ({cells}).",
        "выгрузите отчёт заново.",
    ),
    "declared_count_differs": Kind(
        "warning",
        "Число участников расходится: в файле указано {declared}, строк {rows}.",
        "выгрузите отчёт заново: часть строк могла быть удалена или не загружена.",
    ),
    "primary_sum_differs": Kind(
        "warning",
        "Первичный балл не равен сумме баллов за задания: таких строк {count} ({cells}).",
        "сверьте баллы с источником.",
    ),
    "score_above_max": Kind(
        "warning",
        "Балл больше максимального или меньше нуля: таких ячеек {count} ({cells}).",
        "сверьте баллы с источником.",
    ),
    "max_score_differs": Kind(
        "warning",
        "Максимальный первичный балл {declared}, а сумма максимумов заданий {rows}.",
        "проверьте, что в файле все столбцы заданий.",
    ),
    "duplicate_codes": Kind(
        "warning",
        "Код участника повторяется внутри одной организации: таких строк {count} ({cells}).",
        "оставьте одну строку на участника.",
    ),
    "duplicate_pupils": Kind(
        "warning",
        "Участник повторяется в протоколе одного экзамена: лишних строк {count} ({cells}).",
        "оставьте одну строку на участника.",
    ),
    "row_without_code": Kind(
        "warning",
        "Строки с баллами без логина или кода участника не учтены: {count} ({cells}).",
        "впишите код участника или удалите строку.",
    ),
    "empty_form": Kind("info", "Форма не заполнена: участников в ней нет."),
    "organisation_unknown": Kind(
        "warning",
        "Неизвестно, какой организации эта форма: строки не учтены ({count}).",
        "впишите логин организации в имя файла, например «edu203389 Русский язык 4 класс ВПР 2026.xlsx».",
    ),
    "form_unnamed": Kind(
        "warning",
        "Из имени файла не видно предмета, класса или года: строки не учтены ({count}).",
        "назовите файл так: «edu203389 Русский язык 4 класс ВПР 2026.xlsx».",
    ),
    "absent_in_part": Kind(
        "info", "Участники, не писавшие одну из частей работы: {count} ({cells}); баллы этой части пусты."
    ),
    "rows_not_understood": Kind(
        "warning",
        "Непустые строки не похожи ни на участников, ни на итоги и не учтены: {count} ({cells}).",
        "проверьте, не сдвинуты ли в них столбцы.",
    ),
    "namesakes": Kind(
        "info", "Полных тёзок в одной организации на одном экзамене: {count}; они различены по порядку строк."
    ),
    "september_resit": Kind("info", "Экзамен в сентябре или в дополнительные дни июля: отнесён к пересдачам."),
    "autumn_wave": Kind("info", "Работа проведена осенью: учебный год {year}, этап «autumn»."),
    "duplicate_rows": Kind(
        "warning",
        "Строки повторяются по году и логину: лишних строк {count} ({cells}); каждая учтена один раз.",
        "сообщите о повторах составителю списка.",
    ),
    "files_disagree": Kind(
        "critical",
        "Для одного года и логина указаны разные значения: таких строк {count} ({cells}).",
        "узнайте у составителя, какая строка верна, и оставьте её.",
    ),
    "renamed_schools": Kind(
        "info", "Организаций, названных в разных строках по-разному: {count}; они соединены по логину."
    ),
    "marker_sum_differs": Kind(
        "warning",
        "Количество маркеров не равно их сумме в строке: таких строк {count} ({cells}).",
        "сверьте строки с источником.",
    ),
    "form_unreadable": Kind(
        "warning",
        "Клетки формы не читаются и приняты за пустые: {count} ({cells}).",
        "впишите число или слово из списка; таких нет — 0, сведений нет — оставьте пустым.",
    ),
    "form_part_exceeds": Kind(
        "warning",
        "Часть больше целого: таких клеток {count} ({cells}).",
        "исправьте число в названной клетке или в столбце, частью которого оно является.",
    ),
    "form_closed_cell": Kind(
        "warning",
        "Заполнены серые клетки, которые к этой строке не относятся; они не прочитаны: {count} ({cells}).",
        "перенесите число в строку с нужным разрезом.",
    ),
    "form_row_unnamed": Kind(
        "warning",
        "Строки с ответами без названия организации не учтены: {count} ({cells}).",
        "впишите организацию в первый столбец.",
    ),
    "form_row_incomplete": Kind(
        "warning",
        "Строки без обязательной клетки не учтены: {count} ({cells}).",
        "заполните названную клетку словом из списка или текстом.",
    ),
    "form_line_renamed": Kind(
        "warning",
        "Организация в строке переписана; строка отнесена к той, что названа, а незнакомое название оставлено "
        "за прежней: {count} ({cells}).",
        "верните строкам их организации, новую впишите в пустую строку внизу листа.",
    ),
    "form_person_named": Kind(
        "warning",
        "В клетках названы люди; имена вырезаны: {count} ({cells}).",
        "напишите должность или учреждение.",
    ),
    "form_head_changed": Kind(
        "warning",
        "Заголовок столбца переписан; столбец прочитан как прежний: {count} ({cells}).",
        "верните заголовок: смысл столбца от него не меняется.",
    ),
    "form_heads_moved": Kind(
        "warning",
        "Заголовки стоят не на своих местах; столбцы прочитаны по заголовкам: {count} ({cells}).",
        "сверьте столбцы с чистой формой.",
    ),
    "form_unknown_column": Kind(
        "warning",
        "Столбцы формы не узнаны или повторены и не прочитаны: {count} ({cells}).",
        "перенесите сведения в столбцы формы.",
    ),
    "form_column_missing": Kind(
        "warning",
        "В листе нет столбцов: {count} ({titles}).",
        "если они были в форме, возьмите чистую форму (msoko templates) и перенесите в неё ответы.",
    ),
    "form_table_unknown": Kind(
        "warning",
        "Лист формы не прочитан: таблицы «{table}» в настройках больше нет.",
        "верните её файл в config/items или config/forms.",
    ),
    "sheet_not_read": Kind(
        "info",
        "Лист не прочитан: его вид не такой, как у остальных.",
        "если на нём есть данные, сохраните его отдельным файлом.",
    ),
}


def remark(code: str, place: Place, **values: object) -> Remark:
    """A remark of a known kind at a place."""
    kind = KINDS[code]
    return Remark(code, kind.severity, kind.message.format(**values), place, kind.advice)


class Tally:
    """Cells that share one fault, so that a column of them gives one remark, not a thousand."""

    def __init__(self, file: str, sheet: str) -> None:
        self._place = Place(file, sheet or None)
        self._cells: dict[str, list[str]] = defaultdict(list)

    def note(self, code: str, row: int, column: int) -> None:
        """Remember a cell (numbers from 0)."""
        self._cells[code].append(address(row, column))

    def remarks(self) -> list[Remark]:
        """One remark a code, with the number of cells and the first of them."""
        return [
            remark(code, Place(self._place.file, self._place.sheet, cells[0]), count=len(cells), cells=shown(cells))
            for code, cells in self._cells.items()
        ]


def shown(cells: list[str]) -> str:
    """The first addresses: «C9, C10 …»."""
    return ", ".join(cells[:SHOWN_CELLS]) + (" …" if len(cells) > SHOWN_CELLS else "")
