"""Progress on the error stream: plain lines into files and pipes, a moving last line on a terminal.

Results go to the standard output and never through here. What was said stays on the screen; only the line that shows
how far the work is moves, and it is gone when the next thing is said.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pipeline.progress import Say

GOING_ON = "…"


class Lines:
    """Where nobody watches: what is said, line by line."""

    def __call__(self, message: str) -> None:
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()

    def close(self) -> None:
        """Nothing is left open."""


class Bar:
    """On a terminal: lines stay, under them one line moves. A line that ends with «…» has begun something."""

    def __init__(self) -> None:
        self._moving: Progress | None = None
        self._task: TaskID | None = None

    def __call__(self, message: str) -> None:
        self.close()
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()
        if message.endswith(GOING_ON):
            self._start()

    def step(self, words: str, finished: int, total: int) -> None:
        """`words` say which one is at hand or was the last."""
        if self._moving is None:
            self._start()
        if self._moving is not None and self._task is not None:
            # at once: what follows may hold the interpreter for long, and the thread that redraws would wait
            self._moving.update(self._task, completed=finished, total=total, description=words, refresh=True)

    def close(self) -> None:
        """Take the moving line away."""
        if self._moving is not None:
            self._moving.stop()
        self._moving = self._task = None

    def _start(self) -> None:
        """A bar without an end until the first step tells how many there are."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        words = TextColumn("{task.description}", table_column=Column(ratio=1, no_wrap=True), markup=False)
        columns = (TextColumn(" "), BarColumn(bar_width=20), TimeElapsedColumn(), words)
        console = Console(file=sys.stderr, highlight=False)
        self._moving = Progress(
            *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False, expand=True
        )
        self._task = self._moving.add_task("", total=None)
        self._moving.start()


@contextmanager
def telling() -> Iterator[Say]:
    """What to say progress to; whatever happens, the terminal is left as it was."""
    screen = Bar() if watched() else Lines()
    try:
        yield screen
    finally:
        screen.close()


def watched() -> bool:
    """Does somebody look at the error stream, on a terminal that can move its cursor?"""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
