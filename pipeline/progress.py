"""How far long work is: lines where nobody watches, steps where a terminal can show a bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

Say = Callable[[str], None]
Step = Callable[[int, int, str], None]


@runtime_checkable
class Watched(Protocol):
    """A `Say` that can also show how many steps of `total` are finished."""

    def __call__(self, message: str) -> None: ...

    def step(self, words: str, finished: int, total: int) -> None: ...


def steps(say: Say, what: str, *, begins: bool = False) -> Step:
    """`progress(number, total, title)`: a step where `say` can show one, else a line «  файл 3 из 14: имя».

    `begins`: called before the work on `title`, so that a slow one is seen by name; else after it.
    """

    def tell(number: int, total: int, title: str) -> None:
        words = f"{what} {number} из {total}: {title}"
        if isinstance(say, Watched):
            say.step(words, number - begins, total)
        else:
            say(f"  {words}")

    return tell
