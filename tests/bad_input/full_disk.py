"""On a small file system that is full: `unshare -rm python -m tests.bad_input.full_disk GOOD_WORKSPACE FOLDER`.

Exit code 77 when nothing may be mounted here. Prints JSON: hashes of the published report before and after, codes and
messages of two runs, with and without the check of free space at the start.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import run
from tests.bad_input import door
from tests.bad_input.territory import Place

LEFT = 40_000


def fill(folder: Path) -> None:
    with (folder / "чужое").open("wb") as file:
        file.write(bytes(os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize - LEFT))


def main(good: Path, target: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", target], capture_output=True, check=False
    )
    if mounted.returncode:
        sys.stderr.buffer.write(mounted.stderr)
        sys.exit(77)
    patch = pytest.MonkeyPatch()
    door.stand_ins(patch)
    place = Place(good).copy(target / "папка")
    place.touch()
    place.marks.rename(place.drop / "переименован.xlsx")
    before = place.published()
    fill(target)
    first = door.command(place)
    patch.setattr(run, "check_free_space", lambda paths: None)
    second = door.command(place)
    told = {"before": before, "after": place.published(), "codes": [first.code, second.code]}
    print(json.dumps(told | {"messages": [first.err, second.err]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
