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
    r"|(?<!no-emit)-(?:(?:extra-)?index-url|find-link[s]|trusted-hos[t])"
)
TEXTS = texts()


def test_no_absolute_path_of_a_machine() -> None:
    """Tests may make up such paths, to see that they are removed; the next test looks at them too."""
    found = {name: hit.group() for name, text in TEXTS.items() if (hit := MACHINE.search(text))}
    assert {name: path for name, path in found.items() if not name.startswith("tests/")} == {}


def test_no_package_index() -> None:
    assert {name: hit.group() for name, text in TEXTS.items() if (hit := INDEX.search(text))} == {}


def test_this_checkout_is_named_nowhere() -> None:
    here = [folder.as_posix() for folder in (ROOT, ROOT.parent / "shared")]
    assert [name for name, text in TEXTS.items() if any(folder in text for folder in here)] == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE, "see " + "/home" + "/anna/report"),
        (MACHINE, "'C:" + "\\Users\\anna'"),
        (INDEX, "--extra-index" + "-url x"),
        (INDEX, "https://py" + "pi.org/sim" + "ple "),
    ],
)
def test_the_search_finds(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


@pytest.mark.parametrize("text", ["https://example.org/home/x", "../home/x", "--no-emit-index" + "-url"])
def test_the_search_is_not_fooled(text: str) -> None:
    assert not MACHINE.search(text)
    assert not INDEX.search(text)


def test_notebooks_hold_no_outputs() -> None:
    printed = re.compile(r'"output_type"|"execution_count": \d')
    assert [name for name, text in TEXTS.items() if name.endswith(".ipynb") and printed.search(text)] == []
