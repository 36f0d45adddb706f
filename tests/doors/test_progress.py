"""Progress: a moving line on a terminal, plain lines elsewhere; results alone go to the standard output."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.progress import Watched, steps
from pipeline.terminal import screen

WORK = """
from pipeline.progress import steps
from pipeline.terminal.screen import telling
with telling() as say:
    say("Читаю файлы…")
    tell = steps(say, "файл", begins=True)
    for number, name in enumerate(("[b]Русский язык[/b].xlsx", "Большой файл.xlsx"), start=1):
        tell(number, 2, name)
    say("  предупреждение: чего-то нет")
    {end}
print("итог")
"""


def test_lines_where_nobody_watches() -> None:
    said: list[str] = []
    tell = steps(said.append, "блокнот")
    tell(3, 14, "Методическая работа")
    assert said == ["  блокнот 3 из 14: Методическая работа"]


@pytest.mark.parametrize(("begins", "finished"), [(True, 0), (False, 1)])
def test_a_step_that_only_begins_is_not_finished(begins: bool, finished: int) -> None:
    class Watcher:
        def __init__(self) -> None:
            self.seen: list[tuple[str, int, int]] = []

        def __call__(self, message: str) -> None:
            raise AssertionError(message)

        def step(self, words: str, finished: int, total: int) -> None:
            self.seen.append((words, finished, total))

    watcher = Watcher()
    assert isinstance(watcher, Watched)
    steps(watcher, "файл", begins=begins)(1, 2, "а.xlsx")
    assert watcher.seen == [("файл 1 из 2: а.xlsx", finished, 2)]


def piped(end: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", WORK.format(end=end)], capture_output=True, text=True, encoding="utf-8"
    )


def test_no_garbage_in_pipes() -> None:
    done = piped()
    assert done.stdout == "итог\n"
    assert done.stderr.splitlines() == [
        "Читаю файлы…",
        "  файл 1 из 2: [b]Русский язык[/b].xlsx",
        "  файл 2 из 2: Большой файл.xlsx",
        "  предупреждение: чего-то нет",
    ]


def on_terminal(program: str, columns: int = 70) -> str:
    """What a terminal receives."""
    pty = pytest.importorskip("pty", reason="нет псевдотерминалов: полоса на экране не проверена")
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": str(columns), "PYTHONUTF8": "1"}
    child = subprocess.Popen([sys.executable, "-c", program], stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    got = b""
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        got += more
    os.close(master)
    child.wait()
    return got.decode()


def shown(got: str) -> list[str]:
    """Lines left on a screen: each carriage return with erasing begins the line anew."""
    rows: list[str] = []
    for row in got.replace("\r\n", "\n").split("\n"):
        left = re.split(r"\r|\x1b\[2K|\x1b\[1A", row)[-1]
        rows.append(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", left).rstrip())
    return [row for row in rows if row]


def test_a_terminal_sees_which_file_is_read_and_keeps_only_what_was_said() -> None:
    got = on_terminal(WORK.format(end=""))
    assert "файл 1 из 2: [b]Русский язык[/b].xlsx" in got
    assert "файл 2 из 2: Большой файл.xlsx" in got
    assert [row for row in shown(got) if "файл " not in row and "━" not in row] == [
        "Читаю файлы…",
        "  предупреждение: чего-то нет",
        "итог",
    ]
    assert got.count("\x1b[?25l") == got.count("\x1b[?25h") > 0, "the cursor is given back"


def test_a_failure_gives_the_terminal_back() -> None:
    got = on_terminal(WORK.format(end="say('Считаю…'); raise SystemExit(3)"))
    assert got.count("\x1b[?25l") == got.count("\x1b[?25h") == 2


@pytest.mark.parametrize(
    ("terminal", "kind", "expected"),
    [(True, "xterm", screen.Bar), (True, "dumb", screen.Lines), (False, "xterm", screen.Lines)],
)
def test_who_watches(
    terminal: bool, kind: str, expected: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    monkeypatch.setenv("TERM", kind)
    with screen.telling() as say:
        assert type(say) is expected


def test_a_big_file_is_named_before_it_is_read(tmp_path: Path) -> None:
    """The reader says the name first: whoever waits knows what for."""
    from pipeline.ingest import inbox

    (tmp_path / "Большой.xlsx").write_bytes(b"x")
    said: list[tuple[int, int, str]] = []

    def stop(*step: object) -> None:
        said.append(step)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        inbox.read_folder(tmp_path, "2026", 2026, [], None, stop)  # type: ignore[arg-type]
    assert said == [(1, 1, "2026/Большой.xlsx")]
