"""Wrong settings and wrong commands: nothing is read, nothing is written, the key is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.ingest.remark_codes import remark_codes
from tests.bad_input.cases import proves
from tests.bad_input.door import command, door, says, stops
from tests.bad_input.territory import CODE, PROFILE, YEAR, Place

WAIVER = """
  - check: {check}
    action: accept
    reason: Источник исправить нельзя
    office: Управление образования
    date: 2026-05-12
"""
PROFILES = {
    "отступы": (f"{PROFILE}\n  - : [\n", "yaml", ("нарушена разметка YAML", "«pole.yml», строка ")),
    "табуляция": (f"{PROFILE}\n\tx: 1\n", "yaml", ("нарушена разметка YAML", "«pole.yml», строка ")),
    "лишний ключ": (
        f"{PROFILE}municipalitys: [x]\n",
        "unknown_key",
        ("municipalitys: неизвестный ключ", "docs/config.md"),
    ),
    "нет ключа": (PROFILE.replace("region:", "area:"), "unknown_key", ("region: ключ обязателен", "area")),
    "не тот вид": (
        PROFILE.replace("synthetic: true", "synthetic: [1]"),
        "unknown_key",
        ("synthetic", "true или false"),
    ),
    "список вместо ключей": ("- x\n", "unknown_key", ("корень", "нужны ключи со значениями")),
    "пустой": ("", "unknown_key", ("«pole.yml»",)),
}


@proves("yaml", "unknown_key")
@pytest.mark.parametrize("name", ["check", "run"])
@pytest.mark.parametrize("fault", PROFILES)
def test_a_profile_that_cannot_be(place: Place, fault: str, name: str) -> None:
    text, case, parts = PROFILES[fault]
    place.profile.write_text(text, encoding="utf-8")
    stops(place, case, *parts, name=name)


@proves("yaml")
def test_a_profile_in_windows_1251(place: Place) -> None:
    place.profile.write_bytes(PROFILE.encode("cp1251"))
    stops(place, "yaml", "не в кодировке UTF-8", "«pole.yml»")


def test_a_profile_saved_by_notepad_is_read(place: Place) -> None:
    """UTF-8 with a mark in front and line ends of Windows."""
    place.profile.write_bytes(b"\xef\xbb\xbf" + PROFILE.replace("\n", "\r\n").encode())
    assert command(place, "check").code == 0


@pytest.mark.parametrize(
    ("file", "text", "case", "part"),
    [
        ("config/layouts/своя.yml", "id: [\n", "yaml", "«своя.yml»"),
        ("config/layouts/своя.yml", "layouts: 5\n", "unknown_key", "«своя.yml»"),
        ("config/norms/subjects_own.yml", "subjects: {x: {name: Y}}\n", "unknown_key", "неизвестный ключ"),
        ("config/norms/publication.yml", "{\n", "yaml", "«publication.yml»"),
        ("config/indicators/own.yml", "- [\n", "yaml", "«own.yml»"),
        ("expectations/results.json", "{", "yaml", "«results.json»"),
        (f"config/corrections/{CODE}.yml", "corrections: [{check: x}]\n", "unknown_key", "ключ обязателен"),
    ],
)
def test_other_settings_that_cannot_be(place: Place, file: str, text: str, case: str, part: str) -> None:
    path = place.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    stops(place, case, part)


@proves("unknown_check")
def test_a_decision_about_a_check_that_does_not_exist(place: Place) -> None:
    decide(place, "percent_summ")
    stops(place, "unknown_check", "«percent_summ»", f"«{CODE}.yml»", "такой проверки нет")


def test_a_decision_about_what_this_year_does_not_have(place: Place) -> None:
    """The remark exists, this year's files do not give it: the decision idles, and that is said, not refused."""
    absent = [*remark_codes(), "group_results.share"]
    decide(place, *absent)
    outcome = command(place, "check")
    assert outcome.code == 0, outcome.err
    for check in absent:
        assert f"Решение о проверке «{check}» не понадобилось" in outcome.out


def decide(place: Place, *checks: str) -> None:
    path = place.root / "config" / "corrections" / f"{CODE}.yml"
    path.parent.mkdir()
    path.write_text("corrections:" + "".join(WAIVER.format(check=check) for check in checks), encoding="utf-8")


@proves("no_workspace")
def test_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MSOKO_WORKSPACE", raising=False)
    says(door("run", CODE, str(YEAR)), "no_workspace", "нет «data/raw»", "--workspace")


@proves("no_workspace")
@pytest.mark.parametrize("name", ["check", "run"])
def test_a_workspace_misspelt(tmp_path: Path, name: str) -> None:
    """Nothing is made under the wrong name."""
    says(door(name, "demo", str(YEAR), "--workspace", str(tmp_path / "нет такой")), "no_workspace", "«нет такой» нет")
    assert list(tmp_path.iterdir()) == []


@proves("territory")
@pytest.mark.parametrize("code", ["pola", "../pole", "_shared", "Полевской округ"])
@pytest.mark.parametrize("name", ["check", "run"])
def test_an_unknown_territory(place: Place, code: str, name: str) -> None:
    outcome = door(name, code, str(YEAR), "--workspace", str(place.root))
    says(outcome, "territory", f"«{code}» неизвестна", "известны: ")
    assert ("возможно, вы имели в виду «pole»" in outcome.message) == (code == "pola" or code == "../pole")


@proves("command")
@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("run", CODE), "не указано: ГОД"),
        (("run", CODE, "двадцать"), "значение не подходит: ГОД"),
        (("run", CODE, "26"), "Год «26» не годится"),
        (("run", CODE, "99999"), "Год «99999» не годится"),
        (("ran", CODE, str(YEAR)), "команды ran нет; возможно, вы имели в виду run"),
        (("run", CODE, str(YEAR), "--asof", "2026-01-01"), "параметра --asof нет; возможно, вы имели в виду --as-of"),
        (("run", CODE, str(YEAR), "по", "кругу"), "лишнее слово: по кругу"),
        (("run", CODE, str(YEAR), "--each"), "параметра --each нет"),
        (("templates", CODE, str(YEAR), "--each=да"), "после --each значения не бывает"),
        (("run", CODE, str(YEAR), "--as-of", "31.12.2026"), "«31.12.2026» не дата"),
        (("run", CODE, str(YEAR), "--edition", "secret"), "Редакция «secret» неизвестна"),
    ],
)
def test_a_command_typed_wrongly(place: Place, words: tuple[str, ...], part: str) -> None:
    says(door(*words, "--workspace", str(place.root)), "command", part)


@proves("unfilled")
@pytest.mark.parametrize("name", ["check", "run", "templates"])
def test_a_profile_left_half_filled(place: Place, name: str) -> None:
    """As `msoko init` leaves it: cases are never made up."""
    place.profile.write_text(PROFILE.replace("Полевскому муниципальному округу", '""'), encoding="utf-8")
    stops(place, "unfilled", "нет дательного падежа (name.dative)", "«pole.yml»", "в Блокноте", name=name)


@proves("public")
def test_the_public_edition(place: Place) -> None:
    before = place.published()
    says(command(place, "run", "--edition", "public"), "public", "ещё не готова")
    assert place.published() == before
