"""Ctrl-C and kill -9 in the middle: the last report is whole, and the next run makes the new one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from pipeline.execution.publication import latest_run
from tests.bad_input.cases import proves
from tests.bad_input.door import CHECKOUT, Outcome, command, says, stand_ins, stops
from tests.bad_input.points import POINTS
from tests.bad_input.territory import Place

CTRL_C = "notebooks!"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="сигналы POSIX")


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """A run in the background of a shell has Ctrl-C switched off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def struck(good: Place, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Place, Outcome]]:
    """Runs that were killed at each point and one that heard Ctrl-C: workspaces as they were left, and the outcomes."""
    folder = tmp_path_factory.mktemp("killed")
    strikes = {point: signal.SIGKILL for point in POINTS} | {CTRL_C: signal.SIGINT}
    places = {}
    for name in strikes:
        places[name] = good.copy(folder / f"папка {name}")
        places[name].touch()
        places[name].marks.rename(places[name].drop / "переименован.xlsx")
    orders = [(name.removesuffix("!"), strikes[name], str(places[name].root)) for name in strikes]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bad_input.killed", json.dumps(orders)],
        cwd=CHECKOUT,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT), "LC_ALL": "C"},
        capture_output=True,
        timeout=90,
        check=True,
    )
    outcomes = [Outcome(*ended) for ended in json.loads(done.stdout)]
    return {name: (places[name], outcome) for name, outcome in zip(places, outcomes, strict=True)}


@proves("ctrl_c")
@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.parametrize("point", POINTS)
def test_ctrl_c(place: Place, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    place.touch()
    if point == "tables":
        place.marks.rename(place.drop / "переименован.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        POINTS[point](patch, lambda: os.kill(os.getpid(), signal.SIGINT))
        stops(place, "ctrl_c", "пользователем", "запустите снова")


@proves("ctrl_c")
def test_ctrl_c_in_a_process_of_its_own(good: Place, struck: dict[str, tuple[Place, Outcome]]) -> None:
    place, outcome = struck[CTRL_C]
    says(outcome, "ctrl_c", "Прошлый отчёт не тронут")
    assert place.published() == good.published()


@pytest.mark.parametrize("point", POINTS)
def test_kill_9_and_the_next_run(
    good: Place, struck: dict[str, tuple[Place, Outcome]], monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """What was published before reads as before; leftovers of the dead run are gone after the next one."""
    stand_ins(monkeypatch)
    place, outcome = struck[point]
    before = good.published()
    assert outcome.code == -signal.SIGKILL
    assert place.paths.lock.exists()
    left = place.published()
    assert {name: left[name] for name in before} == before

    again = command(place)
    assert again.code == 0, again.err
    after = place.published()
    assert {name: after[name] for name in before if name != "latest"} == {
        name: digest for name, digest in before.items() if name != "latest"
    }
    assert after["latest"] != before["latest"]
    assert latest_run(place.paths) is not None
    assert not [name for name in after if name.startswith(".")]
    assert not [path.name for path in place.paths.executed.iterdir() if path.name.startswith(".")]
