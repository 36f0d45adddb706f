"""An empty workspace that an analyst can use: folders, the profile of a municipality, an empty register, a reminder.

What is there already is never touched; run twice, it says what exists.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import UsageError, WorkspaceError
from pipeline.form_tables import FORM_TABLES
from pipeline.ingest.layouts.register_blank import write_blank_register
from pipeline.paths import SHARED, Paths, find_workspace, shipped
from pipeline.settings import check_year, load_model
from pipeline.territory.profile import Direction, Profile, Source, load_directions, unfilled

DEMO = "demo"
REMINDER = "Прочтите.txt"
DECISIONS = "corrections/README.md"
REGISTER = "Реестр организаций (пустой).xlsx"
CODE = re.compile(r"[a-z][a-z0-9_]*")

PROFILE = """\
# Профиль территории: что отчёт знает о муниципалитете. Заполняют один раз.
# Строки со знаком # — пояснения, программа их не читает. Пишите внутри кавычек, сами кавычки и отступы не меняйте.
# Откройте файл в Блокноте, впишите недостающее, сохраните. Остальные ключи (главы, цели) — в docs/config.md.

# Имя папки в data/raw. Не меняйте: файл называется так же.
code: {code}

# Название в падежах: так оно встанет в заголовки отчёта.
name:
  nominative: {name}
  # Кого? Чего? Например: "Почепского района"
  genitive: ""
  # Кому? Чему? Например: "Почепскому району"
  dative: ""
  # В ком? В чём? Без предлога. Например: "Почепском районе"
  prepositional: ""

# Субъект Российской Федерации, например: "Брянская область"
region: {region}

# Как муниципалитет назван в ваших файлах: все написания и коды, по одному в строке, после дефиса.
# Если какого-то не хватает, msoko check назовёт его.
municipalities:
  - {name}

# Кто выпускает отчёт: орган управления образованием. Можно оставить пустым.
department: {department}
"""


TEXT = """\
Это рабочая папка программы msoko. Здесь лежат ваши файлы и готовые отчёты.

Что где лежит
  data/raw/КОД/ГОД       сюда кладут файлы: КОД — код муниципалитета, ГОД — год отчёта.
                         Папка 2026 — это 2025/26 учебный год. Имена файлов могут быть любыми.
  data/raw/_shared/ГОД   таблицы, в которых сразу много муниципалитетов (список на всю область).
  config/territories     название муниципалитета в падежах, регион. Файл открывается в Блокноте.
  forms                  реестр организаций и формы сбора, которые заполняют школы.
  reports                готовые отчёты: report.html и report.pdf.
  data/processed         рабочие записи программы. Её можно удалить, программа сделает заново.
  .msoko                 ключ, под которым имена детей заменены. Не удаляйте и никому не отправляйте.

По порядку
  1. Заполните реестр организаций (папка forms) и положите его к файлам.
  2. Положите файлы в папку года.
  3. msoko check КОД ГОД       — что узнано и что не сошлось; исправьте названное.
  4. msoko templates КОД ГОД   — форма для сведений, которых нет ни в одной выгрузке.
  5. msoko run КОД ГОД         — отчёт.

Эти файлы кладут в папку года такими, какими их получили
{files}

Эти сведения собирает форма (msoko templates); у каждого листа написано, кто его заполняет
{form}

Если чего-то нет, отчёт всё равно будет: глава скажет, какого файла не хватило и кто его даёт.
Подсказка по любой команде: msoko КОМАНДА --help, например: msoko check --help.
"""


@dataclass(frozen=True)
class Answers:
    """What the analyst said of a new municipality: name in the nominative, region, department."""

    name: str = ""
    region: str = ""
    department: str = ""


@dataclass(frozen=True)
class Piece:
    """One folder or file of the workspace, from its root; `new`: made now."""

    path: str
    what: str
    new: bool


@dataclass(frozen=True)
class Begun:
    """The workspace and what it consists of."""

    root: Path
    pieces: tuple[Piece, ...]
    next_steps: tuple[str, ...] = ()


def init_workspace(given: str, territory: str, year: int | None, answers: Answers) -> Begun:
    """Make what is not there. UsageError before anything is made: a code, a year or a name is wrong or missing."""
    root = _root(given)
    known = shipped_territories()
    own = Path("config") / "territories" / f"{territory}.yml"
    if territory:
        _check_code(territory, known)
        _check_known(territory, (root / own).exists(), known, answers)
    if year is not None:
        check_year(year)
    pieces = list(_general(root))
    if territory:
        text = _ready_profile(territory) if territory in known else _profile(territory, answers)
        pieces.append(_file(root, own, "профиль муниципалитета", _write_text(text)))
    if territory and year is not None:
        pieces += _of_year(root, territory, year)
    return Begun(root, tuple(pieces), _next_steps(territory, year, known, root))


def shipped_territories() -> dict[str, Profile]:
    """Code → profile of every territory that ships with the program."""
    files = sorted((shipped("config") / "territories").glob("*.yml"))
    return {path.stem: load_model(Profile, path) for path in files}


def _root(given: str) -> Path:
    """The folder named, there or not; else the workspace we stand in; else the present folder."""
    if given:
        root = Path(given).resolve()
        if root.exists() and not root.is_dir():
            raise WorkspaceError(f"«{root.name}» — файл, а не папка.", advice="укажите в --workspace имя папки.")
        return root
    try:
        return find_workspace()
    except WorkspaceError:
        return Path.cwd().resolve()


def _general(root: Path) -> Iterator[Piece]:
    yield _folder(root, "data/raw", "исходные файлы; программа их только читает")
    yield _folder(root, f"data/raw/{SHARED}", "таблицы на много муниципалитетов сразу")
    yield _folder(root, "reports", "готовые отчёты")
    decisions = (shipped("config") / DECISIONS).read_text(encoding="utf-8")
    yield _file(root, Path("config") / DECISIONS, "как принять решением ошибку источника", _write_text(decisions))
    yield _file(root, Path(REMINDER), "что куда класть", _write_text(reminder(root)))


def _of_year(root: Path, territory: str, year: int) -> Iterator[Piece]:
    school_year = f"{year - 1}/{year % 100:02}"
    yield _folder(root, f"data/raw/{territory}/{year}", f"сюда кладут файлы за {school_year} учебный год")
    path = Path("forms") / territory / REGISTER
    yield _file(root, path, "пустой реестр: заполните и положите к файлам", write_blank_register)


def _folder(root: Path, path: str, what: str) -> Piece:
    new = not (root / path).is_dir()
    (root / path).mkdir(parents=True, exist_ok=True)
    return Piece(path, what, new)


def _file(root: Path, path: Path, what: str, write: Callable[[Path], None]) -> Piece:
    target = root / path
    new = not target.exists()
    if new:
        target.parent.mkdir(parents=True, exist_ok=True)
        write(target)
    return Piece(path.as_posix(), what, new)


def _write_text(text: str) -> Callable[[Path], None]:
    """With a mark in front and line ends of Windows: every Notepad shows it right."""

    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8-sig", newline="\r\n")

    return write


# ---------------------------------------------------------------- what is written


def _profile(code: str, answers: Answers) -> str:
    said = {key: json.dumps(text, ensure_ascii=False) for key, text in asdict(answers).items()}
    return PROFILE.format(code=code, **said)


def _ready_profile(code: str) -> str:
    """The shipped profile, to be completed with the spellings of the analyst's own files."""
    return (shipped("config") / "territories" / f"{code}.yml").read_text(encoding="utf-8")


def reminder(root: Path) -> str:
    """«Прочтите.txt»: where what lies, and which files the chapters need, as config/directions.yml lists them."""
    in_form = {table.name for table in FORM_TABLES}
    sources = list(_sources(load_directions(Paths(root, "", 0)).of_country("RU").directions))
    files = [source for source in sources if not set(source.tables) <= in_form]
    asked = [source for source in sources if set(source.tables) <= in_form]
    return TEXT.format(files=_lines(files), form=_lines(asked))


def _sources(directions: Iterable[Direction]) -> Iterator[Source]:
    return (source for direction in directions for source in direction.sources)


def _lines(sources: Iterable[Source]) -> str:
    told = dict.fromkeys(f"  - {source.title}. Даёт: {source.office}." for source in sources)
    return "\n".join(told)


def _next_steps(code: str, year: int | None, known: Mapping[str, Profile], root: Path) -> tuple[str, ...]:
    """What to do now, with commands that can be copied."""
    if not code:
        return (_ready(known), "Дальше: msoko init КОД ГОД, например: msoko init lesnoy 2026")
    if year is None:
        return (f"Дальше: папка года, например: msoko init {code} 2026",)
    own, steps = root / "config" / "territories" / f"{code}.yml", []
    if unfilled(load_model(Profile, own)):
        steps.append(f"впишите недостающее в config/territories/{code}.yml (откройте в Блокноте)")
    if not any(path.is_file() for path in (root / "data" / "raw" / code).rglob("*")):
        steps.append("заполните реестр организаций (папка forms) и положите его к файлам")
    steps.append(f"положите файлы в data/raw/{code}/{year}; какие — в «{REMINDER}»")
    steps.append(f"проверьте: msoko check {code} {year}")
    return ("Дальше:", *(f"  {number}. {step}" for number, step in enumerate(steps, start=1)))


# ---------------------------------------------------------------- what may not be


def _check_code(code: str, known: Mapping[str, Profile]) -> None:
    if code == DEMO:
        raise UsageError(
            "Код demo занят вымышленным округом.", advice="чтобы увидеть его отчёт, наберите: msoko report"
        )
    if CODE.fullmatch(code):
        return
    meant = [ready for ready, profile in known.items() if code.lower() in profile.name.nominative.lower()]
    hint = f"наберите код: {meant[0]}." if meant else "придумайте короткий код, например mytown."
    raise UsageError(
        f"Код муниципалитета «{code}» не годится: это имя папки, только строчные латинские буквы, цифры и знак _.",
        advice=f"{hint} {_ready(known)}",
    )


def _check_known(code: str, described: bool, known: Mapping[str, Profile], answers: Answers) -> None:
    """A code that nobody has described is either a slip of the pen or a new municipality, which has a name."""
    if code in known or described or answers.name:
        return
    near = difflib.get_close_matches(code, known, n=1)
    hint = f"возможно, вы имели в виду «{near[0]}». " if near else ""
    raise UsageError(
        f"Муниципалитета «{code}» среди готовых нет.",
        advice=f'{hint}Новый муниципалитет назовите: msoko init {code} 2026 --name "Мой район" '
        f'--region "Моя область". {_ready(known)}',
    )


def _ready(known: Mapping[str, Profile]) -> str:
    named = "; ".join(f"{code} — {profile.name.nominative}" for code, profile in known.items() if code != DEMO)
    return f"Готовые: {named}."


__all__ = ["Answers", "Begun", "Piece", "init_workspace", "reminder", "shipped_territories"]
