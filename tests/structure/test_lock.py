"""pyproject.toml, requirements.lock and environment.yml agree; the lock holds on every Python and system we promise."""

from __future__ import annotations

import importlib.metadata as metadata
import tomllib
from functools import cache
from itertools import product

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.structure.checkout import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK_LINES = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
PINS = [Requirement(line) for line in LOCK_LINES if line.strip() and not line.startswith("#")]
DIRECT = [
    Requirement(line)
    for line in (
        *PROJECT["dependencies"],
        *(line for extra in PROJECT["optional-dependencies"].values() for line in extra),
    )
]

PYTHONS = ("3.11.0", "3.11.2", "3.11.7", "3.12.0", "3.12.9", "3.13.1", "3.14.0")
SYSTEMS = {
    "linux": {"os_name": "posix", "platform_system": "Linux", "platform_machine": "x86_64"},
    "darwin": {"os_name": "posix", "platform_system": "Darwin", "platform_machine": "arm64"},
    "win32": {"os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"},
}


def environment(python: str, system: str) -> dict[str, str]:
    """Marker variables of a machine; all of them, so that none is taken from this one."""
    return {
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "implementation_name": "cpython",
        "implementation_version": python,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_version": "",
        "sys_platform": system,
        "extra": "",
        **SYSTEMS[system],
    }


@cache
def pinned(python: str, system: str) -> dict[str, list[str]]:
    """Name → versions that the lock gives there."""
    there = environment(python, system)
    found: dict[str, list[str]] = {}
    for pin in PINS:
        if pin.marker is None or pin.marker.evaluate(there):
            found.setdefault(canonicalize_name(pin.name), []).append(str(pin.specifier).removeprefix("=="))
    return found


EVERYWHERE = list(product(PYTHONS, SYSTEMS))


def test_every_line_is_one_exact_version_without_an_address() -> None:
    for pin in PINS:
        (only,) = pin.specifier
        assert only.operator == "==", pin
        assert "*" not in only.version, pin
        assert pin.url is None, pin
        assert not pin.extras, pin


def test_lines_are_sorted() -> None:
    names = [canonicalize_name(pin.name) for pin in PINS]
    assert names == sorted(names)


@pytest.mark.parametrize(("python", "system"), EVERYWHERE)
def test_no_name_has_two_versions(python: str, system: str) -> None:
    assert {name: versions for name, versions in pinned(python, system).items() if len(versions) != 1} == {}


@pytest.mark.parametrize(("python", "system"), EVERYWHERE)
def test_every_dependency_is_pinned_within_its_bounds(python: str, system: str) -> None:
    there = pinned(python, system)
    for wanted in DIRECT:
        (version,) = there[canonicalize_name(wanted.name)]
        assert version in wanted.specifier, wanted


def reached() -> dict[str, str]:
    """Installed distributions that our dependencies need here, directly or not: name → version."""
    waiting, found = {canonicalize_name(wanted.name) for wanted in DIRECT}, {}
    while waiting:
        name = waiting.pop()
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # of an extra that is not installed here
        found[name] = distribution.version
        needs = [Requirement(line) for line in distribution.requires or ()]
        active = {canonicalize_name(r.name) for r in needs if r.marker is None or r.marker.evaluate({"extra": ""})}
        waiting |= active - set(found)
    return found


def test_what_is_installed_is_what_the_lock_says() -> None:
    pins = {canonicalize_name(p.name): p for p in PINS if p.marker is None or p.marker.evaluate()}
    wrong = {name: v for name, v in reached().items() if name not in pins or v not in pins[name].specifier}
    assert wrong == {}


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_admits_every_python_that_the_project_admits(python: str) -> None:
    """Read from the metadata of what is installed here, for the versions that this Python shares with the other."""
    assert python in SpecifierSet(PROJECT["requires-python"])
    refusing = {}
    for name, versions in pinned(python, "linux").items():
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        asks = distribution.metadata.get("Requires-Python") or ""
        if distribution.version in versions and python not in SpecifierSet(asks):
            refusing[name] = asks
    assert refusing == {}


def test_conda_takes_python_and_leaves_the_rest_to_the_lock() -> None:
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, inner = conda["dependencies"]
    assert conda["name"] == PROJECT["name"]
    assert pip == "pip"
    assert inner == {"pip": ["-c requirements.lock", "-e .[lab]"]}
    bounds = Requirement(python).specifier
    assert all(version in bounds for version in PYTHONS)
    assert {s for s in map(str, bounds) if s.startswith(">=")} == {PROJECT["requires-python"]}
