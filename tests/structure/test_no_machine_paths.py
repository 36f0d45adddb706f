"""Nothing in the repository speaks of one machine: no absolute paths, no package index, no outputs of notebooks."""

from __future__ import annotations

import re

import pytest

from tests.structure.checkout import ROOT, texts

MACHINE = re.compile(
    r"(?<![\w.~:*\]}>)/-])/(?:home|root|work|Users|opt|mnt|srv)/\w"  # an absolute path, not the tail of an address
    r"|\b[A-Z]:\\+Users\\+\w"
)
INDEX = re.compile(
    r"pypi\.(?:org|python\.org)|pythonhosted\.org|/simple/?(?=[\s\"'])"
    r"|(?<!no-emit)-(?:extra-)?index-url|(?<!no-emit)-find-links|^--(?:trusted-host|find-links)",
    re.MULTILINE,
)
TEXTS = texts()


@pytest.mark.parametrize("pattern", [MACHINE, INDEX], ids=["machine", "index"])
def test_no_trace_of_a_machine(pattern: re.Pattern[str]) -> None:
    found = {name: hit.group() for name, text in TEXTS.items() if (hit := pattern.search(text))}
    assert found == {}


def test_this_checkout_is_named_nowhere() -> None:
    above = f"{ROOT.parent.as_posix()}/"
    assert [name for name, text in TEXTS.items() if above in text] == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE, "see " + "/home" + "/anna/report"),
        (MACHINE, "'C:" + "\\Users\\anna'"),
        (INDEX, "--extra" + "-index-url x"),
        (INDEX, "https://py" + "pi.org/simple "),
    ],
)
def test_the_search_finds(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


@pytest.mark.parametrize("text", ["https://example.org/home/x", "../work/x", "--no-emit" + "-index-url"])
def test_the_search_is_not_fooled(text: str) -> None:
    assert not MACHINE.search(text)
    assert not INDEX.search(text)


def test_notebooks_hold_no_outputs() -> None:
    printed = re.compile(r'"output_type"|"execution_count": \d')
    assert [name for name, text in TEXTS.items() if name.endswith(".ipynb") and printed.search(text)] == []
