"""The tree of errors an analyst can meet, with the exit code of each.

MsokoError                       1   anything of ours not listed below
├── UsageError                   2   a parameter that cannot be: unknown territory, misspelt name, edition not ready
├── WorkspaceError               3   no workspace, a broken setting or profile
├── InputError                  10   what lies in the drop folder cannot be used
│   ├── EmptyInboxError         11   nothing to read
│   ├── EncryptedFileError      12   a workbook under a password
│   ├── DamagedFileError        13   a truncated or broken file
│   ├── YearConflictError       14   a file speaks of another year than its folder
│   └── DisagreementError       15   two files state different values for the same thing
├── GateError                   20   a critical check failed
├── NotebookError               30   a notebook broke the contract or failed in a cell
├── ExportError                 40   HTML or PDF could not be made
├── DiskFullError               50   no room for the result
├── BusyError                   51   another run of the same report is going on
└── Interrupted                130   stopped by the user (Ctrl-C)

Every message is Russian and answers three questions: what is wrong, where, what to do.
The same table, with advice, is kept for readers in docs/errors.md; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where in the input something stands: file name (never a full path), sheet, cell or row."""

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        parts = []
        if self.file:
            parts.append(f"файл «{self.file}»")
        if self.sheet:
            parts.append(f"лист «{self.sheet}»")
        if self.cell:
            parts.append(self.cell if self.cell.startswith("строка") else f"ячейка {self.cell}")
        return ", ".join(parts)


class MsokoError(Exception):
    """Root of the tree. `what` says what is wrong, `place` where, `advice` what to do."""

    exit_code = 1

    def __init__(self, what: str, *, place: Place | None = None, advice: str = "") -> None:
        self.what = what
        self.place = place or Place()
        self.advice = advice
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [self.what]
        if str(self.place):
            lines.append(f"Где: {self.place}.")
        if self.advice:
            lines.append(f"Что делать: {self.advice}")
        return "\n".join(lines)


class UsageError(MsokoError):
    exit_code = 2


class WorkspaceError(MsokoError):
    exit_code = 3


class InputError(MsokoError):
    exit_code = 10


class EmptyInboxError(InputError):
    exit_code = 11


class EncryptedFileError(InputError):
    exit_code = 12


class DamagedFileError(InputError):
    exit_code = 13


class YearConflictError(InputError):
    exit_code = 14


class DisagreementError(InputError):
    exit_code = 15


class GateError(MsokoError):
    exit_code = 20


class NotebookError(MsokoError):
    exit_code = 30


class ExportError(MsokoError):
    exit_code = 40


class DiskFullError(MsokoError):
    exit_code = 50


class BusyError(MsokoError):
    exit_code = 51


class Interrupted(MsokoError):  # noqa: N818 - a stop by the user is no error of anybody
    exit_code = 130


def tree(root: type[MsokoError] = MsokoError) -> list[type[MsokoError]]:
    """All error classes, parents before children, in the order they are declared."""
    return [root, *(kind for child in root.__subclasses__() for kind in tree(child))]
