"""Reports from real files, made as an analyst makes them and checked against the files by other routes.

Run as `python -m tests.real.reports [FOLDER]`: prints each check, then seconds, memory, pages; exit code 1 when one
failed. The reports are thrown away, or stay in FOLDER to be looked at.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.real import bulgarian, published, russian, workspace
from tests.real.running import ROOT, Made, NoReportError, Tally, make

# What may differ between two runs on the same input.
OWN = {"run.json"}


def main() -> int:
    real = ROOT.parent / "shared" / "real"
    if not real.is_dir():
        print("!!! ../shared/real is absent: NO report was made from real files")
        return 0
    began, tally = time.perf_counter(), Tally()
    with tempfile.TemporaryDirectory() as temporary:
        made = _whole(real, Path(sys.argv[1] if sys.argv[1:] else temporary).resolve(), tally)
        print(f"\n=== figures ({time.perf_counter() - began:.0f} s in all)")
        for one in made:
            print(one.figures())
    for what in tally.failed:
        print(f"FAILED: {what}")
    print(f"{tally.passed} passed, {len(tally.failed)} failed")
    return 1 if tally.failed else 0


def _whole(real: Path, root: Path, tally: Tally) -> list[Made]:
    try:
        return _all(real, root, tally)
    except NoReportError as error:
        tally.check("every run makes a report", False, error)
        return []


def _all(real: Path, root: Path, tally: Tally) -> list[Made]:
    ours, theirs = workspace.russian(real, root / "ru"), workspace.bulgarian(real, root / "bg")
    again = workspace.bulgarian(real, root / "рабочая папка" / "ещё раз")
    urus_martan = make(ours, "urus_martan", 2026)
    russian.check_urus_martan(urus_martan, real, tally)
    ensk = make(ours, "ensk", 2026)
    russian.check_ensk(ensk, real, tally)
    gabrovo = make(theirs, "gabrovo", 2023)
    bulgarian.check(gabrovo, real, tally)
    stolichna = make(theirs, "stolichna", 2023)
    bulgarian.check(stolichna, real, tally)
    made = [urus_martan, ensk, gabrovo, stolichna]
    for one in made:
        print(f"\n=== {one.territory} {one.year}: the form")
        published.check(one, tally)
    twin = make(again, "gabrovo", 2023)
    _same_bytes(gabrovo, twin, tally)
    return [*made, twin]


def _same_bytes(first: Made, second: Made, tally: Tally) -> None:
    """Two runs on the same files in folders of different names give the same bytes, file by file."""
    names = {path.relative_to(first.folder).as_posix() for path in first.folder.rglob("*") if path.is_file()}
    others = {path.relative_to(second.folder).as_posix() for path in second.folder.rglob("*") if path.is_file()}
    tally.same(f"two runs in two folders write the same {len(names)} files", names, others)
    differ = {name for name in names & others if not _equal(first.folder / name, second.folder / name)}
    tally.check(f"all of them are byte for byte the same but {sorted(OWN)}", differ <= OWN, sorted(differ - OWN))
    tally.same("the run folders have one name", first.folder.name, second.folder.name)


def _equal(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
