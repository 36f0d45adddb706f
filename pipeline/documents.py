"""What leaves besides the report: a справка a chapter, a card an organisation, a page that leads to everything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from nbformat import NotebookNode

from pipeline import tables
from pipeline.directions import school_card
from pipeline.directions.card_register import Asked, Organisation
from pipeline.directions.card_rows import CardRules
from pipeline.directions.school_card import Card
from pipeline.directions.store import load_inputs
from pipeline.export.book import Book
from pipeline.export.index import INDEX, Link, Shelf, data_files, document, index, shelves_of_data
from pipeline.export.report import read_executed
from pipeline.export.single import Part, Press, of_chapter, of_parts, small_book
from pipeline.ingest.layouts.form_model import load_form
from pipeline.paths import Paths
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Paragraphs, text
from pipeline.progress import Say, Step, steps
from pipeline.provenance.fingerprint import Fingerprint
from pipeline.settings import RunSettings, load_model

NOTES, CARDS = "notes", "cards"
NOTE_TITLE = "Аналитическая справка"
CARD_SUBTITLE = "Карточка организации"
SHOWN_FILES = 4
MANY = 7  # organisations from which a list is narrowed by a field
OTHER = "Отчёт в целом"
PROVENANCE = (
    Link("checks.json", "checks.json", about="журнал проверок исходных данных"),
    Link(
        "passport.json", "passport.json", about="из каких файлов, настроек и программы собран отчёт; контрольные суммы"
    ),
    Link("run.json", "run.json", about="когда и за сколько секунд собран отчёт"),
)


@dataclass(frozen=True)
class Made:
    """A document that was written: its file without suffix, relative to the run folder, and its title."""

    stem: str
    title: str


def documents(paths: Paths, settings: RunSettings, made_from: Fingerprint, book: Book, folder: Path, say: Say) -> None:
    """Write notes/ and cards/ of a run into its folder, where the report and its data already lie."""
    press = Press.ready()
    about = small_book(book, issued=f"Дата составления: {ru.date(settings.report_date.isoformat())}", issuer=())
    executed = read_executed(folder / "notebooks")
    noted = notes(press, about, book, executed, made_from, folder, steps(say, "справка", begins=True))
    carded = cards(press, about, paths, settings, made_from, folder, steps(say, "карточка", begins=True))
    shelves = _shelves(book, executed, noted, carded, folder)
    press.page_alone(index(shelves, about), folder / INDEX)


def _shelves(
    book: Book, executed: Mapping[str, NotebookNode], noted: Sequence[Made], carded: Sequence[Made], folder: Path
) -> Iterator[Shelf]:
    """What the page of the run folder leads to."""
    yield Shelf("Отчёт", (document(book.title, "report"),))
    told = {one.title for one in noted}
    silent = [chapter.title for chapter in book.chapters if chapter.printed and chapter.title not in told]
    reason = f"Не составлены, потому что данных за год нет: {'; '.join(silent)}." if silent else ""
    yield Shelf("Справки по направлениям", tuple(document(one.title, one.stem) for one in noted), reason)
    links = tuple(document(one.title, one.stem) for one in carded)
    nobody = "" if links else "В данных года нет ни одной организации."
    yield Shelf("Карточки организаций", links, nobody, filter="Найти организацию" if len(links) > MANY else "")
    yield from _data(book, executed, folder)
    yield Shelf("Проверки и происхождение", PROVENANCE)
    notebooks = sorted(path.name for path in (folder / "notebooks").glob("*.ipynb"))
    links = tuple(Link(name, f"notebooks/{name}") for name in notebooks)
    yield Shelf(
        "Исполненные блокноты", links, "Открываются в JupyterLab; в каждом — глава отчёта и данные её графиков."
    )


def _data(book: Book, executed: Mapping[str, NotebookNode], folder: Path) -> Iterator[Shelf]:
    names = sorted(path.name for path in (folder / "data").glob("*.csv"))
    yield Shelf(
        "Данные таблиц и графиков", (), "Точные значения без округления; открываются в Excel." if names else "Нет."
    )
    chapters = {code[:2]: chapter.title for chapter in book.chapters for code in (chapter.code, *chapter.also)}
    chapters |= {name[:2]: OTHER for name in names if name[:2] not in chapters}
    yield from shelves_of_data(names, data_files(executed), chapters, "данные главы")


def notes(
    press: Press,
    about: Book,
    book: Book,
    executed: Mapping[str, NotebookNode],
    made_from: Fingerprint,
    folder: Path,
    progress: Step,
) -> list[Made]:
    """A справка for each printed chapter that has something to say."""
    target = folder / NOTES
    target.mkdir()
    made = []
    for number, chapter in enumerate(book.chapters, start=1):
        progress(number, len(book.chapters), chapter.title)
        title = f"{NOTE_TITLE}. {chapter.title}"
        own = about.model_copy(update={"title": title, "subtitle": (book.territory,)})
        found = of_chapter(executed, chapter, own, (_note_passport(made_from),)) if chapter.printed else None
        if found is not None:
            press.write(found, target / chapter.code)
            made.append(Made(f"{NOTES}/{chapter.code}", chapter.title))
    return made


def _note_passport(made_from: Fingerprint) -> Part:
    files = ru.counted(len(made_from.raw), "файлу", "файлам", "файлам")
    return _passport(f"Составлена по {files} из папки исходных данных", made_from)


def _passport(made: str, made_from: Fingerprint) -> Part:
    words = (
        f"{made}. Отпечаток данных, настроек и программы — {made_from.total[:8]}: те же данные дают тот же документ. "
        "Полный состав — passport.json в папке отчёта."
    )
    return Part("Паспорт документа", (Paragraphs((text(words),), role="note"),))


def cards(
    press: Press,
    about: Book,
    paths: Paths,
    settings: RunSettings,
    made_from: Fingerprint,
    folder: Path,
    progress: Step,
) -> list[Made]:
    """A card for each organisation of the year, with its own data files beside it."""
    form = load_form(paths)
    sheets = [Asked(one.table, one.title, one.filled_by, one.org_types) for one in form.items.values()]
    material = school_card.prepare(
        load_inputs(paths, settings, "annual_report"),
        load_model(CardRules, paths.config("cards.yml")),
        tables.read("findings", paths.findings / "findings.parquet"),
        sheets,
        form.said,
    )
    target = folder / CARDS
    target.mkdir()
    made = []
    listed = list(school_card.organisations(material, form.words.types_of))
    for number, (organisation, stem) in enumerate(_stems(listed), start=1):
        progress(number, len(listed), organisation.name)
        card = school_card.card(material, organisation, stem)
        book = about.model_copy(update={"title": organisation.name, "subtitle": (CARD_SUBTITLE, about.territory)})
        press.write(of_parts(_parts(card, made_from), book), target / stem)
        for tail, frame in card.frames.items():
            write_csv(frame, target / f"{stem}{tail}.csv")
        made.append(Made(f"{CARDS}/{stem}", organisation.name))
    return made


def _parts(card: Card, made_from: Fingerprint) -> list[Part]:
    files = ru.listed(list(card.files), SHOWN_FILES)
    made = f"Составлена по файлам: {files}" if files else "Файлов с данными организации нет"
    return [*(Part(title, blocks) for title, blocks in card.sections), _passport(made, made_from)]


def _stems(organisations: Iterable[Organisation]) -> Iterator[tuple[Organisation, str]]:
    """Names of files: the code of the organisation in ASCII, never the same twice, whatever the case."""
    taken: set[str] = set()
    for organisation in organisations:
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", organisation.org_id).strip("-") or "card"
        names = (plain if n == 1 else f"{plain}-{n}" for n in range(1, len(taken) + 2))
        stem = next(name for name in names if name.lower() not in taken)
        taken.add(stem.lower())
        yield organisation, stem


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """For Excel: semicolon, decimal comma, UTF-8 with BOM. Exact values, nothing rounded."""
    frame.to_csv(path, index=False, sep=";", decimal=",", encoding="utf-8-sig", lineterminator="\n")
