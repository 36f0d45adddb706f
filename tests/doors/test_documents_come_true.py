"""docs/ru word for word: each command is typed, between them is done what the text says, and the samples are printed.

The notebooks, the report and (but for one test) Great Expectations are stood in for: tests/execution, tests/export and
tests/validation prove them. Reading, cross-checks, forms and messages are real.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pipeline import check
from pipeline.ingest.layouts.declared_register import RegisterRow, write_register
from pipeline.ingest.layouts.writing import save_xlsx
from pipeline.validation.crosschecks import run_crosschecks
from tests.bad_input import door
from tests.doors.story import CODE, DISTRICT, REGION, SCHOOLS, YEAR, Story, write_marks
from tests.structure.checkout import ROOT

PAGES = ROOT / "docs" / "ru"
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
# What changes from machine to machine, or whenever a check is added.
NBSP = "\N{NO-BREAK SPACE}"
VARIES = ((re.compile(r"/\d{3}-[0-9a-f]{8}/"), "/run/"), (re.compile(r"Проверок: \d+"), "Проверок: N"))

Hand = Callable[[Story], None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The analyst's folder; the command window stands in it."""
    made = tmp_path_factory.mktemp("диск") / "Отчёт об образовании"
    made.mkdir()
    before = Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        door.stand_ins(patch)
        patch.setattr(check, "run_crosschecks", run_crosschecks)
        patch.delenv("MSOKO_WORKSPACE", raising=False)
        os.chdir(made)
        yield made
        os.chdir(before)


def blocks(page: str, heading: str = "") -> list[tuple[str, str]]:
    """(kind, text) of the code blocks of a page, or of one section of it."""
    text = (PAGES / page).read_text(encoding="utf-8")
    if heading:
        text = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [(kind, block) for kind, block in BLOCK.findall(text) if kind in ("sh", "text")]


def plain(text: str) -> list[str]:
    for pattern, instead in VARIES:
        text = pattern.sub(instead, text)
    return [line.rstrip() for line in text.replace(NBSP, " ").splitlines()]


def typed(line: str) -> list[str]:
    outcome = door.door(*shlex.split(line)[1:])
    return plain(f"{outcome.err}\n{outcome.out}")


def follow(page: str, story: Story, by_hand: Mapping[int, Hand]) -> int:
    """Type the commands of a page in order; `by_hand[n]` is done before the n-th. Samples must have been printed."""
    printed: list[str] = []
    number = 0
    for kind, block in blocks(page):
        if kind == "sh" and block.strip().startswith("msoko "):
            by_hand.get(number, lambda story: None)(story)
            printed = typed(block.strip())
            number += 1
        elif kind == "text":
            assert [line for line in plain(block) if line and line not in printed] == [], "\n".join(printed)
    return number


def test_the_first_report(folder: Path) -> None:
    def put_everything(story: Story) -> None:
        story.fill_profile()
        story.fill_register()
        story.put_files()
        story.put_last_years_file()

    by_hand: dict[int, Hand] = {
        2: put_everything,
        4: Story.move_last_years_file,
        5: lambda story: story.add_spelling("101"),
    }
    assert follow("Первый-отчёт-за-один-день.md", Story(folder), by_hand) == 9
    assert len(list((folder / "reports" / CODE / str(YEAR)).rglob("report.html"))) == 1


def test_the_next_year(folder: Path) -> None:
    """Goes on from the first report."""
    assert follow("Новый-год.md", Story(folder), {1: lambda story: story.put_files(YEAR + 1)}) == 6
    assert len(list((folder / "reports" / CODE).glob("20*"))) == 2


def test_where_numbers_come_from(folder: Path) -> None:
    assert follow("Откуда-берутся-числа.md", Story(folder), {}) == 1
    for name in ("checks.json", "passport.json", "index.html"):
        assert list((folder / "reports").rglob(name))


# ---------------------------------------------------------------- what may go wrong

MARKS = f"Русский язык 4 класс {YEAR}.xlsx"


def _no_files(story: Story) -> None:
    shutil.rmtree(story.drop())


def _no_cases(story: Story) -> None:
    text = story.profile.read_text(encoding="utf-8-sig")
    story.profile.write_text(re.sub(r'(genitive|dative|prepositional): ".*"', r'\1: ""', text), encoding="utf-8-sig")


def _cut(story: Story) -> None:
    (story.drop() / MARKS).write_bytes((story.drop() / MARKS).read_bytes()[:3000])


def _two_say_different(story: Story) -> None:
    other = story.drop() / "Русский язык 4 класс, исправленный.xlsx"
    write_marks(other, YEAR, "Русский язык", first=(20.0, 30.0, 30.0, 20.0))


def _shares_do_not_add_up(story: Story) -> None:
    write_marks(story.drop() / MARKS, YEAR, "Русский язык", first=(10.0, 30.0, 40.0, 30.0))


def _bad_code(story: Story) -> None:
    rows = [RegisterRow("Школа 1", *SCHOOLS[0][1:2]), RegisterRow(*SCHOOLS[1][:2])]
    write_register(story.drop() / "Реестр организаций.xlsx", rows)


def _spelt_otherwise(story: Story) -> None:
    text = story.profile.read_text(encoding="utf-8-sig")
    story.profile.write_text(text.replace(f'- "{DISTRICT}"', '- "Мой р-н"'), encoding="utf-8-sig")


def _not_read(story: Story) -> None:
    (story.drop() / "Фото.jpg").write_bytes(b"\xff\xd8\xff\xe0 1234")
    save_xlsx(story.drop() / "Сводка для совещания.xlsx", [("Лист1", [["Школа", "Итог"], ["СОШ № 1", 5]])])


def _one_school_listed(story: Story) -> None:
    org, name, login, rcoi = SCHOOLS[0]
    write_register(story.drop() / "Реестр организаций.xlsx", [RegisterRow(org, name, "школа", login, rcoi)])


FAULTS: dict[str, Hand] = {
    "Папка пуста": _no_files,
    "Не вписан падеж": _no_cases,
    "Файл не того года": Story.put_last_years_file,
    "Файл повреждён": _cut,
    "Два файла говорят разное": _two_say_different,
    "Не сходятся проценты": _shares_do_not_add_up,
    "Код организации в реестре": _bad_code,
    "Муниципалитет назван иначе": _spelt_otherwise,
    "Файл не прочитан": _not_read,
    "Школы нет в реестре": _one_school_listed,
}
TROUBLE = "Что-делать-если-проверка-не-прошла.md"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with which nothing is wrong."""
    story = Story(tmp_path_factory.mktemp("образец"))
    given = ["--name", DISTRICT, "--region", REGION, "--workspace", str(story.root)]
    assert door.door("init", CODE, str(YEAR), *given).code == 0
    story.fill_profile()
    story.add_spelling("101")
    story.fill_register()
    story.put_files()
    return story.root


@pytest.mark.parametrize("heading", FAULTS)
def test_trouble(heading: str, sound: Path, tmp_path: Path, folder: Path) -> None:
    story = Story(Path(shutil.copytree(sound, tmp_path / "папка")))
    FAULTS[heading](story)
    printed = typed(f"msoko check {CODE} {YEAR} --workspace '{story.root}'")
    samples = [block for kind, block in blocks(TROUBLE, heading) if kind == "text"]
    assert samples
    for sample in samples:
        assert [line for line in plain(sample) if line not in printed] == [], "\n".join(printed)


def test_nothing_is_wrong_by_great_expectations_either(sound: Path, folder: Path) -> None:
    """What the page of the first report promises at the end of its step 7."""
    with pytest.MonkeyPatch.context() as patch:
        door.with_checks(patch)
        printed = typed(f"msoko check {CODE} {YEAR} --workspace '{sound}'")
    assert "Проверок: N; замечаний: 0" in printed, printed


def test_every_trouble_of_the_page_is_tried() -> None:
    text = (PAGES / TROUBLE).read_text(encoding="utf-8")
    told = [part.splitlines()[0] for part in text.split("\n## ")[1:] if "```text" in part]
    assert sorted(told) == sorted([*FAULTS, "Принять ошибку решением", "Команда набрана неверно"])


def test_an_error_accepted_by_a_decision(sound: Path, tmp_path: Path, folder: Path) -> None:
    """The decision is copied from the page as it stands."""
    story = Story(Path(shutil.copytree(sound, tmp_path / "папка")))
    _shares_do_not_add_up(story)
    section = (PAGES / TROUBLE).read_text(encoding="utf-8").split("\n## Принять ошибку решением\n", 1)[1]
    decision = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert decision
    written = story.root / "config" / "corrections" / f"{CODE}.yml"
    written.write_text(decision[1], encoding="utf-8")
    printed = typed(f"msoko check {CODE} {YEAR} --workspace '{story.root}'")
    assert "Критических замечаний нет: отчёт можно собирать." in printed
    assert any("снято решением: начальник управления образования" in line for line in printed), printed


def test_a_command_typed_wrongly(folder: Path) -> None:
    printed = typed(f"msoko chek {CODE} {YEAR}")
    [(_, sample)] = [one for one in blocks(TROUBLE, "Команда набрана неверно") if one[0] == "text"]
    assert plain(sample)[0] in printed
