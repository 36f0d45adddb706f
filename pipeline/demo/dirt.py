"""The usual dirt of a drop folder: copies, scans, traces of programs, notes between the rows of a form."""

from __future__ import annotations

from pathlib import Path

from pipeline.demo import truths
from pipeline.ingest.layouts.writing import save_book, save_xlsx

# sheet, organisation, item → what somebody typed there
TYPED = {
    ("staff", "demo-16", "needed_next"): "2 чел.",
    ("staff", "demo-ds-04", "mentors"): "н/д",
    ("training", "demo-09", "course_requests"): "—",
    ("context", "demo-10", "parents_meetings"): "около 10",
    ("heads", "demo-14", "reserve"): "  2 ",
    ("upbringing", "demo-17", "young_army"): "нет сведений",
}
FIRST_ROW, FIRST_COLUMN = 1, 1


def soil_folder(folder: Path, copied: Path) -> list[Path]:
    """Files that give nothing, each named in the inventory; `copied` lies there a second time."""
    copy = folder / f"Копия {copied.name}"
    copy.write_bytes(copied.read_bytes())
    scan, lock, plan = (
        folder / name for name in ("Скан письма (вымышленный).pdf", "~$Реестр организаций.xlsx", "План совещаний.xlsx")
    )
    scan.write_bytes(b"%PDF-1.4\n%%EOF\n")
    lock.write_bytes(b"demo")
    save_xlsx(plan, [("План", [["Когда", "О чём", "Кто готовит"], ["сентябрь", "итоги года", "методический центр"]])])
    return [copy, scan, lock, plan]


def soil_form(path: Path) -> None:
    """Answers as people type them, a name where only an office belongs, and the planted mistake."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    pages = {str(page.cell(1, 1).value).split()[2]: page for page in book if page.cell(1, 1).value}
    mistake = {(truths.MISTAKE_TABLE, f"demo-{truths.MISTAKE_SCHOOL:02d}", truths.MISTAKE_ITEM): truths.MISTAKE_VALUE}
    for (table, org_id, item), typed in {**TYPED, **mistake}.items():
        page = pages[table]
        row = next(r for r in range(2, page.max_row + 1) if str(page.cell(r, 1).value).startswith(f"{org_id}|year|"))
        column = next(c for c in range(2, page.max_column + 1) if str(page.cell(1, c).value).split(":")[0] == item)
        page.cell(row, column).value = typed
    save_book(path, book)
