"""Documents and commands keep step: what a page tells to type exists, what can be typed is told of in docs/ru."""

from __future__ import annotations

import ast
import re
import shlex

import pytest
import typer

from pipeline import cli
from pipeline.terminal import help as pages
from tests.structure.checkout import ROOT, files

GROUP = typer.main.get_command(cli.app)
DOCUMENTS = sorted(path for path in files() if path.suffix == ".md" and path.parts[-2:-1] != (".ci",))
FOR_ANALYSTS = [path for path in DOCUMENTS if path.parent == ROOT / "docs" / "ru"]
BLOCK = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
TYPED = re.compile(r"^\s*(?:> |\$ )?(?:\.venv[/\\]\w+[/\\])?(msoko .+)$", re.MULTILINE)
LATIN = re.compile(r"[A-Za-z][A-Za-z_./-]*")
# Names of things, not words of a language.
NAMES = {
    "msoko",
    "lesnoy",
    "pochep",
    "mytown",
    "talent",
    "data/raw",
    "data/raw/demo",
    "report.html",
    "report.pdf",
    "internal",
}


def commands_in(text: str) -> list[str]:
    """Every `msoko …` of a page: whole lines of code blocks and code inside lines."""
    blocks = [line for block in BLOCK.findall(text) for line in TYPED.findall(block)]
    inline = [line for code in INLINE.findall(BLOCK.sub("", text)) for line in TYPED.findall(code)]
    return [line.split("#")[0].strip() for line in blocks + inline]


def parse(line: str) -> None:
    """As the program would read it, without doing it; fails on whatever it would refuse."""
    words = [word for word in shlex.split(line)[1:] if word != "…"]
    if words in (["--help"], []):
        return
    command = GROUP.commands[words[0]]
    given = [word for word in words[1:] if word != "--help"]
    wanted = sum(param.required for param in command.params)
    unnamed = given if given else ["mytown", "2026"][:wanted]
    shown = ["2026" if word in ("ГОД", "<год>") else word for word in unnamed]
    command.make_context(words[0], shown).close()


def told() -> list[tuple[str, str]]:
    pages_ = [(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in DOCUMENTS]
    return [(name, line) for name, text in pages_ for line in commands_in(text)]


@pytest.mark.parametrize(("page", "line"), told())
def test_what_a_page_tells_to_type_is_a_command(page: str, line: str) -> None:
    parse(line)


@pytest.mark.parametrize("line", ["msoko chek lesnoy 2026", "msoko run lesnoy 2026 --fast", "msoko check lesnoy год"])
def test_the_reader_of_commands_is_not_fooled(line: str) -> None:
    with pytest.raises((KeyError, typer.exceptions.TyperException)):
        parse(line)


def test_every_command_and_option_is_told_of_to_analysts() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in FOR_ANALYSTS)
    typed = " ".join(commands_in(text))
    assert len(FOR_ANALYSTS) == 5
    assert sorted(name for name in GROUP.commands if f"msoko {name}" not in typed) == []
    options = {option for command in GROUP.commands.values() for param in command.params for option in param.opts}
    assert sorted(option for option in options if option.startswith("--") and option not in text) == []


def help_of(name: str) -> str:
    command = GROUP.commands[name] if name else GROUP
    context = typer.Context(GROUP, info_name="msoko")
    return command.get_help(typer.Context(command, info_name=name, parent=context) if name else context)


@pytest.mark.parametrize("name", ["", *GROUP.commands])
def test_help_is_russian_with_an_example_that_works(name: str) -> None:
    text = help_of(name)
    assert text.startswith(pages.USAGE)
    example = re.search(r"Пример: (msoko .+)", text)
    assert example
    parse(example[1])
    options = set(re.findall(r"--[a-z-]+", text))
    words = {word.strip("./-") for word in LATIN.findall(re.sub(r"--[a-z-]+", "", text))}
    assert sorted(words - NAMES - set(GROUP.commands)) == []
    assert options <= {"--help"} | {
        option for command in GROUP.commands.values() for p in command.params for option in p.opts
    }


@pytest.mark.parametrize("name", ["", *GROUP.commands])
def test_no_line_of_help_is_cut_or_too_wide(name: str) -> None:
    lines = help_of(name).splitlines()
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line.endswith("...")] == []


def test_commands_that_messages_name_exist() -> None:
    """«… msoko check»: in texts of the program itself, docstrings aside."""
    said: set[str] = set()
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        aside = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        texts = (node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in aside)
        said |= {word for text in texts if isinstance(text, str) for word in re.findall(r"\bmsoko ([a-z]+)", text)}
    assert len(said) > 3
    assert said <= set(GROUP.commands)
