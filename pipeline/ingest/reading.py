"""What a reader of one layout promises: it recognises a book by content and turns it into clean-table frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from pipeline.errors import Place
from pipeline.settings import Subjects

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.ingest.privacy import Pseudonyms
    from pipeline.ingest.workbook import Workbook

Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True)
class Remark:
    """Something an analyst should know about a file. `code` is stable and listed in docs/errors.md.

    The message is a whole Russian sentence and never holds personal data.
    """

    code: str
    severity: Severity
    message: str
    place: Place = field(default_factory=Place)
    advice: str = ""


@dataclass(frozen=True)
class Reading:
    """What one file gave.

    `tables` maps names of `pipeline.tables.CLEAN` to frames with the declared columns, except that the organisation is
    given by reference (`org_alias_kind`, `org_alias_code`, `org_name`) instead of `org_id`; rows of group_results
    above the level of an organisation have missing values there and a ready `group`.
    `school_years` are the years the content itself states; `rows` counts the data rows of the source file.
    """

    layout: str
    title: str
    tables: Mapping[str, pd.DataFrame]
    school_years: tuple[int, ...]
    rows: int
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Door:
    """What a reader may use besides the book: the dictionary of subjects and the maker of pseudonyms.

    `folder_year` is the year of the folder the file lies in, None for `multi`: for files that name no year inside.
    """

    subjects: Subjects
    pseudonyms: Pseudonyms
    folder_year: int | None = None


class Layout(Protocol):
    """One family of real files."""

    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...

    def recognises(self, book: Workbook) -> bool:
        """True when the content (never the file name) is of this layout."""
        ...

    def read(self, book: Workbook, door: Door) -> Reading:
        """All clean tables the book holds. Raises InputError with file, sheet and cell when it cannot be read."""
        ...
