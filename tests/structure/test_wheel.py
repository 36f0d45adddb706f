"""The wheel carries the code with its config, expectations and notebooks, and nothing that tools leave beside them."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.structure.checkout import ROOT, files, modules

WHEEL = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
    "wheel"
]
SHIPPED = "pipeline/_shipped"
LEFT_BY_TOOLS = ("notebooks/.ipynb_checkpoints/00-checkpoint.ipynb", "config/__pycache__/x.pyc", "pipeline/build/x.py")
needs_hatchling = pytest.mark.skipif(
    importlib.util.find_spec("hatchling") is None,
    reason="нет hatchling: состав колеса проверен только по pyproject.toml",
)
needs_git = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="нет .git: что пропускает сборщик, не проверить")


def ours() -> dict[str, str]:
    """Path in the wheel → path in the repository, for every tracked file that an installed msoko needs."""
    kept = [path.relative_to(ROOT).as_posix() for path in files()]
    return {_inside(name): name for name in kept if name.split("/")[0] in WHEEL["only-include"] and "/" in name}


def _inside(name: str) -> str:
    folder = name.split("/")[0]
    return name if folder == "pipeline" else f"{WHEEL['sources'][folder]}{name.removeprefix(folder)}"


def test_every_folder_that_ships_lies_where_the_code_looks() -> None:
    asked = re.findall(
        r"shipped\(\"(\w+)\"\)", "".join(path.read_text(encoding="utf-8") for path in modules("pipeline"))
    )
    assert set(asked) <= set(WHEEL["sources"])
    assert WHEEL["sources"] == {name: f"{SHIPPED}/{name}" for name in ("config", "expectations", "notebooks")}
    assert set(WHEEL["only-include"]) == {"pipeline", *WHEEL["sources"]}


def test_what_the_code_reads_beside_itself_is_inside() -> None:
    kinds = {Path(name).suffix for name in ours()}
    assert {".py", ".ttf", ".typ", ".j2", ".css", ".js", ".yml", ".json", ".ipynb"} <= kinds
    assert sum(name.endswith(".ipynb") for name in ours()) == 14


@needs_git
def test_the_builder_passes_over_what_git_ignores() -> None:
    """Hatchling reads .gitignore: no file of ours may fall under it, and what tools leave must."""
    asked = "\0".join([*ours().values(), *LEFT_BY_TOOLS])
    command = ["git", "check-ignore", "--no-index", "-z", "--stdin"]
    told = subprocess.run(command, cwd=ROOT, input=asked.encode(), capture_output=True).stdout.decode()
    assert [name for name in told.split("\0") if name] == list(LEFT_BY_TOOLS)


@needs_hatchling
def test_the_builder_takes_exactly_our_files() -> None:
    from hatchling.builders.wheel import WheelBuilder

    taken = {file.distribution_path: file.relative_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    listed = ["git", "ls-files", "-z", "--others", "--exclude-standard"]
    new = subprocess.run(listed, cwd=ROOT, capture_output=True).stdout.decode().split("\0")
    tracked = ours()
    assert {inside: taken.get(inside) for inside in tracked} == tracked
    assert {inside for inside, name in taken.items() if inside not in tracked and name not in new} == set()
