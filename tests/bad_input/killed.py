"""Runs that send themselves a signal in the middle, each in a process forked from one that has imported everything.

`python -m tests.bad_input.killed '[["tables", 9, "WORKSPACE"], …]'` prints [code, out, err] of each.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.bad_input import door
from tests.bad_input.points import POINTS
from tests.bad_input.territory import Place


def struck(point: str, number: int, root: Path) -> tuple[int, str, str]:
    said = root.parent / f"{root.name}.json"
    child = os.fork()
    if not child:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have switched it off
        patch = pytest.MonkeyPatch()
        door.stand_ins(patch)
        POINTS[point](patch, lambda: os.kill(os.getpid(), number))
        outcome = door.command(Place(root))
        said.write_text(json.dumps([outcome.out, outcome.err]), encoding="utf-8")
        os._exit(outcome.code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    out, err = json.loads(said.read_text(encoding="utf-8")) if said.exists() else ("", "")
    return code, out, err


if __name__ == "__main__":
    print(json.dumps([struck(point, number, Path(root)) for point, number, root in json.loads(sys.argv[1])]))
