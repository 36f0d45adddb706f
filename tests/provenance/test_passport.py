"""The passport is the same for the same input; the clock lives in run.json."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from pipeline.provenance import passport
from pipeline.provenance.fingerprint import Fingerprint, RawFile

ROOT = Path(__file__).resolve().parents[2]
MADE_FROM = Fingerprint(
    raw=(RawFile("demo/2026/а.xlsx", "aa", 10), RawFile("demo/2026/б.jpg", "bb", 20)),
    code=(RawFile("pipeline/run.py", "cc", 30),),
    libraries={"python": "3.11.7", "pandas": "3.1.1"},
    parameters={"territory": "demo", "report_year": 2026},
)
KNOWN = [{"path": "demo/2026/а.xlsx", "recognised": "Статистика по отметкам", "rows": 12}]


def build(**changes):
    given = {"files": KNOWN, "checks": {"critical": 0}, "indicators": 15, "outputs": [], **changes}
    return passport.build_passport(MADE_FROM, **given)


def test_every_input_is_listed_with_hash_and_what_is_known_of_it() -> None:
    assert build()["files"] == [
        {"path": "demo/2026/а.xlsx", "recognised": "Статистика по отметкам", "rows": 12, "sha256": "aa", "size": 10},
        {"path": "demo/2026/б.jpg", "sha256": "bb", "size": 20},
    ]


def test_the_keys_of_a_passport() -> None:
    assert list(build()) == [
        "schema",
        "fingerprint",
        "parameters",
        "files",
        "code",
        "libraries",
        "checks",
        "indicators",
        "outputs",
    ]


@pytest.mark.parametrize(
    "path", ["/srv/data/a.xlsx", "C:\\data\\a.xlsx", "C:/data/a.xlsx", "\\\\server\\share\\a.xlsx"]
)
def test_an_absolute_path_is_refused(path) -> None:
    with pytest.raises(ValueError, match="absolute path"):
        build(checks={"places": [path]})


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(TypeError):
        build(checks={"at": Path("a")})


def test_outputs_are_listed_with_hashes_but_not_the_passport_itself(tmp_path) -> None:
    for name in ("report.html", "data/01.csv", "passport.json", "run.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    assert passport.list_outputs(tmp_path) == [
        {"path": name, "sha256": hashlib.sha256(name.encode()).hexdigest(), "size": len(name)}
        for name in ("data/01.csv", "report.html")
    ]


def test_the_file_is_the_same_bytes_and_readable(tmp_path) -> None:
    passport.write_json(tmp_path / "a.json", build())
    passport.write_json(tmp_path / "b.json", build())
    first = (tmp_path / "a.json").read_bytes()
    assert first == (tmp_path / "b.json").read_bytes()
    assert json.loads(first) == build()
    assert "Статистика по отметкам" in first.decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json"]


def test_run_says_when_and_how_long_without_the_host(tmp_path) -> None:
    import platform

    run = passport.build_run(
        started="2026-11-22T10:00:00+03:00",
        finished="2026-11-22T10:00:09+03:00",
        seconds={"ingest": 1.23456},
        commit=passport.commit_of(ROOT),
        extra={"notebooks": {"01_achievement": 2.5}},
    )
    assert run["seconds"] == {"ingest": 1.235}
    assert run["notebooks"] == {"01_achievement": 2.5}
    assert platform.node() not in json.dumps(run)
    assert passport.commit_of(tmp_path) is None
