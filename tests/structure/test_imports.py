"""Imports run down: doors → run, directions, audit → stages → ground floor. The table is the law."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest

from tests.structure.checkout import ROOT, modules

GROUND = {"errors", "paths", "progress", "schema", "form_tables", "settings", "tables"}
STAGES = {
    "territory",
    "ingest",
    "validation",
    "indicators",
    "statistics",
    "presentation",
    "execution",
    "export",
    "provenance",
    "release",
    "demo",
}
RUN = {"run", "check", "context", "focus", "compute", "assemble", "documents", "templates", "init", "catalogue"}
BELOW_DOORS = STAGES | RUN | {"directions", "audit"}

# room, or one module of it → what it may import of ours, besides itself and (but for the ground floor) the ground floor
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "paths": {"errors"},
    "progress": set(),
    "settings": {"errors", "paths"},
    "schema": set(),
    "form_tables": {"schema"},
    "tables": {"errors", "schema", "form_tables"},
    **{stage: set() for stage in STAGES},
    "indicators": {"statistics"},
    "demo": {"ingest.layouts"},
    # Reports are drawn from blocks; HTML in a notebook and in the report is one renderer.
    "export": {"presentation.blocks", "presentation.html", "presentation.text"},
    # A chapter is built of blocks and bound numbers, and is given a profile, passports, norms: it needs their types.
    "directions": {
        "statistics",
        "presentation",
        "indicators.passport",
        "indicators.norms",
        "indicators.index_rules",
        "indicators.school_rules",
        "territory",
    },
    # What a chapter is given is read here, from what the stages before the notebooks left on disk.
    "directions.store": {"indicators", "validation.store", "validation.ledger", "territory", "ingest.items"},
    "directions.category_words": {"indicators", "ingest.items"},
    "audit": STAGES,
    **{part: STAGES | RUN | {"directions", "audit"} for part in RUN},
    "fleet": {"run"},
    "notebook": BELOW_DOORS,
    "terminal": set(),  # looks of the command line, for its door alone
    "cli": BELOW_DOORS | {"fleet", "terminal"},
}
DISTRIBUTION = {
    "yaml": "PyYAML",
    "bs4": "beautifulsoup4",
    "zmq": "pyzmq",
    "pypandoc": "pypandoc-binary",
    "sklearn": "scikit-learn",
    "mpl_toolkits": "matplotlib",
}
HEAVY = {"numpy", "pandas", "pyarrow", "scipy", "matplotlib", "seaborn", "papermill", "nbconvert", "great_expectations"}
MODULES = modules("pipeline")


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "pipeline").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path) for path in MODULES}


def imported(path: Path, *, at_start: bool = False) -> set[str]:
    """Full names of what a module imports; `at_start`: only what runs when the module is imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in _at_start(tree) if at_start else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _at_start(tree: ast.AST) -> list[ast.AST]:
    """Nodes outside functions and outside `if TYPE_CHECKING:`."""
    found = []
    for node in ast.iter_child_nodes(tree):
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not typing_only and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found += [node, *_at_start(node)]
    return found


def ours(names: set[str]) -> set[str]:
    """Those of the names that are modules of ours, without `pipeline.` and without the imported attribute."""
    inner = {name.removeprefix("pipeline.") for name in names if name.startswith("pipeline.")}
    return {name if name in NAMES else name.rpartition(".")[0] for name in inner} - {""}


def within(name: str, rooms: set[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def test_every_room_stands_in_the_table() -> None:
    rooms = {name.split(".")[0] for name in NAMES} - {""}
    assert rooms - set(ALLOWED) == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_only_what_the_table_allows(path: Path) -> None:
    name = name_of(path)
    room = name.split(".")[0]
    below = set() if room in GROUND else GROUND
    allowed = below | {room} | ALLOWED.get(name, ALLOWED[room]) if room else set()
    assert {name for name in ours(imported(path)) if not within(name, allowed)} == set()


def test_layouts_know_only_the_contracts_of_ingest() -> None:
    """A layout is found by the inbox, never the other way round."""
    for path in modules("pipeline/ingest/layouts"):
        assert not within("ingest.inbox", ours(imported(path))), path.name


def test_only_declared_libraries_are_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {_plain(dependency) for dependency in project["dependencies"]}
    for path in MODULES:
        tops = {name.split(".")[0] for name in imported(path)} - set(sys.stdlib_module_names) - {"pipeline"}
        unknown = {top for top in tops if _plain(DISTRIBUTION.get(top, top)) not in declared}
        assert unknown == set(), path.name


DISTRIBUTION = {
    "yaml": "PyYAML",
    "bs4": "beautifulsoup4",
    "zmq": "pyzmq",
    "pypandoc": "pypandoc-binary",
    "sklearn": "scikit-learn",
    "mpl_toolkits": "matplotlib",
}


def _plain(requirement: str) -> str:
    head = requirement.split(";")[0]
    for sign in "[<>=!~ ":
        head = head.split(sign)[0]
    return head.lower().replace("_", "-")


def test_help_and_a_run_with_nothing_to_do_start_light() -> None:
    """Nothing that `import pipeline.cli` reaches at once may import a heavy library."""
    waiting, seen = {"cli"}, set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        path = ROOT / "pipeline" / f"{name.replace('.', '/')}.py"
        path = path if path.exists() else path.with_suffix("") / "__init__.py"
        names = imported(path, at_start=True)
        heavy = {library for library in (other.split(".")[0] for other in names) if library in HEAVY}
        assert heavy == set(), f"pipeline.{name} is on the way of --help"
        parents = {name.rpartition(".")[0] for name in ours(names)}
        waiting |= (ours(names) | parents) - seen - {""}
