"""The register of organisations: rows under a declared heading as `organisations`, one row an alias; and its writer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ingest.layouts.declared_match import Match
from pipeline.ingest.layouts.declared_remarks import Found
from pipeline.ingest.layouts.declared_rows import Row, data_rows, names
from pipeline.ingest.layouts.sheets import Part
from pipeline.ingest.layouts.values import iso_date, text
from pipeline.ingest.layouts.writing import save_xlsx
from pipeline.ingest.workbook import Cell

if TYPE_CHECKING:
    import pandas as pd

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
# An organisation without codes of others stands under its own.
OWN = "own"
HEADINGS = {
    "org_id": "Код организации",
    "name": "Наименование",
    "org_type": "Вид организации",
    "fisoko": "Логин ФИС ОКО",
    "rcoi": "Код РЦОИ",
    "okpo": "Код ОКПО",
    "settlement": "Населённый пункт",
    "valid_from": "Действует с",
    "valid_to": "Действует по",
}


@dataclass(frozen=True)
class RegisterRow:
    """One line of the municipal register; `rcoi` is the code in the exam protocols, dates are ISO texts."""

    org_id: str
    name: str
    org_type: str = ""
    fisoko: str = ""
    rcoi: str = ""
    okpo: str = ""
    settlement: str = ""
    valid_from: str = ""
    valid_to: str = ""


def write_register(path: Path, rows: Iterable[RegisterRow]) -> None:
    """Write the register as .xlsx with the headings that config/layouts/register.yml declares."""
    body = [[getattr(row, field) or None for field in HEADINGS] for row in rows]
    save_xlsx(path, [("Реестр", [list(HEADINGS.values()), *body])])


def read_register(match: Match, file: str) -> Part:
    """The aliases of each organisation, as rows of `organisations`."""
    found = Found(file, match.sheet.name)
    rows = data_rows(match, found)
    for column in match.unknown:
        found.note("unknown_column", match.data - 1, column)
    frame = _frame(_records(match, rows, found, file))
    return Part(match.sheet.name, {"organisations": frame}, (), len(rows), tuple(found.remarks()))


def _records(match: Match, rows: Sequence[Row], found: Found, file: str) -> list[dict[str, object]]:
    cleaned = {
        field: names(match, field, rows) for field in ("name", "org_type", "municipality", "region", "settlement")
    }
    records: list[dict[str, object]] = []
    for place, row in enumerate(rows):
        org_id = text(row.cell(match.fields["org_id"]))
        if not SLUG.fullmatch(org_id):
            found.note("bad_org_id", row.number, match.fields["org_id"])
        if cleaned["name"][place] is None:
            found.note("org_without_name", row.number, match.fields["name"])
        common: dict[str, object] = {field: values[place] for field, values in cleaned.items()}
        common |= {"name": common["name"] or org_id, "org_id": org_id, "provisional": False, "source_file": file}
        common |= {"source_sheet": match.sheet.name, "source_row": row.number + 1}
        common |= {field: _date(match, row, field, found) for field in ("valid_from", "valid_to")}
        records.extend(common | alias for alias in _aliases(match, row, org_id))
    return records


def _aliases(match: Match, row: Row, org_id: str) -> list[dict[str, object]]:
    codes = {kind: text(row.cell(column)) for kind, column in match.aliases.items()}
    present = {kind: code for kind, code in codes.items() if code} or {OWN: org_id}
    return [{"alias_kind": kind, "alias_code": code} for kind, code in present.items()]


def _date(match: Match, row: Row, field: str, found: Found) -> str | None:
    column = match.fields.get(field)
    cell: Cell = row.cell(column)
    if column is None or not text(cell):
        return None
    date = iso_date(cell)
    if date is None:
        found.note("bad_date", row.number, column)
    return date


def _frame(records: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    import pandas as pd

    from pipeline.tables import DTYPES, ORGANISATIONS

    columns = {column.name: [record[column.name] for record in records] for column in ORGANISATIONS.columns}
    types = {column.name: DTYPES[column.kind] for column in ORGANISATIONS.columns}
    return pd.DataFrame(columns, dtype="object").astype(types)
