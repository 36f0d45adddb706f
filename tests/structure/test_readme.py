"""The page a newcomer reads first is true: the tree, the commands, the links."""

from __future__ import annotations

import re

import pytest

import start
from tests.structure.checkout import ROOT, files, modules

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = sorted(path for path in files() if path.suffix == ".md")
KEPT = {path.relative_to(ROOT).as_posix() for path in files()}
FOLDERS = {f"{'/'.join(name.split('/')[:depth])}/" for name in KEPT for depth in range(1, name.count("/") + 1)}


def tree() -> dict[str, str]:
    """Path → description, from the code block under «The tree»; a folder ends with a slash."""
    block = README.split("## The tree\n\n```text\n", 1)[1].split("```", 1)[0]
    found, above = {}, ""
    for line in block.splitlines():
        name, described = line.split(None, 1)
        if not line.startswith(" "):
            above = name
        found[name if not line.startswith(" ") else above + name] = described
    return found


def test_what_the_tree_names_is_there() -> None:
    assert sorted(name for name in tree() if name not in KEPT | FOLDERS) == []


def test_the_tree_names_every_top_folder_and_every_room() -> None:
    top = {folder for folder in FOLDERS if folder.count("/") == 1}
    rooms = {f"pipeline/{path.parent.name}/" for path in modules("pipeline") if path.parent.parent == ROOT / "pipeline"}
    single = {f"pipeline/{path.name}" for path in (ROOT / "pipeline").glob("[a-z]*.py")}
    assert sorted((top | rooms | single) - set(tree())) == []


def test_every_line_of_the_tree_says_something() -> None:
    assert [name for name, described in tree().items() if len(described) < 8] == []


def targets() -> set[str]:
    return set(re.findall(r"^(\w+): +;", MAKEFILE, re.MULTILINE))


def test_make_and_start_have_the_same_commands() -> None:
    assert targets() == set(start.COMMANDS) | {"help"}
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == targets()


def test_every_target_is_one_line_over_start() -> None:
    for target in set(start.COMMANDS):
        assert re.search(rf"^{target}: +; @\$\(PYTHON\) start\.py {target}( -- \$\(ARGS\))?$", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_on_every_page_exist(page) -> None:
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"(?:^|`|&& )make ([a-z]+)", text, re.MULTILINE)) <= targets()
    assert set(re.findall(r"py(?:thon[\d.]*)? start\.py ([a-z]+)", text)) <= set(start.COMMANDS)


def test_readme_names_every_target() -> None:
    assert set(start.COMMANDS) <= set(re.findall(r"make (\w+)", README))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_documents_that_messages_send_to_exist() -> None:
    named = {
        name
        for path in modules("pipeline")
        for name in re.findall(r"docs/[\w/]+\.md", path.read_text(encoding="utf-8"))
    }
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []
