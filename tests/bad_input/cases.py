"""The table of cases: what may be wrong → severity, class, exit code. docs/errors.md must say the same, and each case
must be proved by a test that goes through the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., object])


@dataclass(frozen=True)
class Case:
    """One row of the table. A warning has no class and ends with 0."""

    text: str
    severity: str
    kind: str
    code: int


def _stop(text: str, kind: str, code: int) -> Case:
    return Case(text, "critical", kind, code)


def _warning(text: str) -> Case:
    return Case(text, "warning", "—", 0)


CASES = {
    "empty": _stop("папка с исходными файлами пуста, или её нет", "EmptyInboxError", 11),
    "nothing_read": _stop("в папке нет ни одной таблицы, которую можно прочитать", "EmptyInboxError", 11),
    "no_own_rows": _stop("файлы прочитаны, но строк этой территории в них нет", "EmptyInboxError", 11),
    "encrypted": _stop("книга закрыта паролем", "EncryptedFileError", 12),
    "truncated": _stop("файл обрезан: загрузка оборвалась", "DamagedFileError", 13),
    "another_year": _stop("заголовок файла называет другой год, чем папка", "YearConflictError", 14),
    "disagreement": _stop("два файла называют для одного и того же разные значения", "DisagreementError", 15),
    "critical_check": _stop("не пройдена критическая проверка таблицы", "GateError", 20),
    "unreadable": _stop("файл или папка закрыты для чтения", "InputError", 10),
    "foreign_name": _stop("имя файла записано в чужой кодировке", "InputError", 10),
    "not_understood": _stop("файл узнан, но устроен непредвиденно", "InputError", 10),
    "yaml": _stop("в файле настроек нарушена разметка, или он не в UTF-8", "WorkspaceError", 3),
    "unfilled": _stop("профиль территории заполнен не до конца", "WorkspaceError", 3),
    "unknown_key": _stop("в настройках неизвестный ключ или значение не того вида", "WorkspaceError", 3),
    "unknown_check": _stop("решение названо для проверки, которой нет", "WorkspaceError", 3),
    "no_workspace": _stop("рабочая папка не найдена", "WorkspaceError", 3),
    "refused": _stop("система не даёт записать в рабочую папку", "WorkspaceError", 3),
    "territory": _stop("территория неизвестна", "UsageError", 2),
    "command": _stop("команда набрана неверно, или дата не дата", "UsageError", 2),
    "public": _stop("запрошена открытая редакция", "UsageError", 2),
    "parameter": _stop("имя параметра в блокноте написано с ошибкой, или вид значения другой", "UsageError", 2),
    "contract": _stop("блокнот нарушает правила или не читается", "NotebookError", 30),
    "broken_cell": _stop("ячейка блокнота завершилась ошибкой", "NotebookError", 30),
    "export": _stop("из исполненных блокнотов не собрать HTML или PDF", "ExportError", 40),
    "disk_full": _stop("на диске нет места", "DiskFullError", 50),
    "busy": _stop("тот же отчёт уже собирает другой запуск", "BusyError", 51),
    "ctrl_c": _stop("остановлено пользователем (Ctrl-C)", "Interrupted", 130),
    "own_mistake": _stop("внутренняя ошибка программы", "MsokoError", 1),
    "picture": _warning("картинка, документ или пустой файл с именем таблицы"),
    "service": _warning("служебные файлы: `~$x.xlsx`, `Thumbs.db`"),
    "unrecognised": _warning("таблица, которую ни одна раскладка не узнаёт; книга без листов"),
    "twice": _warning("тот же файл лежит дважды"),
    "stranger": _warning("организации нет в реестре"),
    "declared_count": _warning("заголовок обещает не столько строк, сколько есть"),
}


def proves(*cases: str) -> Callable[[Test], Test]:
    """Marks a test as the proof of cases."""

    def mark(test: Test) -> Test:
        test.proves = {*getattr(test, "proves", ()), *cases}  # type: ignore[attr-defined]
        return test

    return mark
