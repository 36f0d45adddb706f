"""docs/errors.md, the table of cases, the tests and the code say the same."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

from pipeline import errors
from pipeline.ingest.remark_codes import remark_codes
from tests.bad_input.cases import CASES
from tests.structure.checkout import ROOT
from tests.structure.test_errors_documented import rows

HERE = Path(__file__).parent
WORDS = {"critical": "критическое", "warning": "предупреждение", "info": "к сведению"}
OF_INDICATORS = sorted((ROOT / "pipeline/indicators").glob("*faults.py")) + [
    ROOT / "pipeline/indicators/comparators.py"
]
SAID_IN = [*sorted((ROOT / "pipeline/ingest").rglob("*.py")), ROOT / "pipeline/check.py", *OF_INDICATORS]
REGISTER = ROOT / "pipeline/ingest/remark_codes.py"


def test_the_document_holds_the_table_of_cases() -> None:
    told = [tuple(row[:4]) for row in rows("Случаи")]
    assert [(text.replace("`", ""), *rest) for text, *rest in told] == [
        (case.text.replace("`", ""), WORDS[case.severity], case.kind, str(case.code)) for case in CASES.values()
    ]


def test_every_case_is_proved_through_the_command_line() -> None:
    proved: set[str] = set()
    for path in HERE.glob("test_*.py"):
        module = importlib.import_module(f"tests.bad_input.{path.stem}")
        proved |= {case for test in vars(module).values() for case in getattr(test, "proves", ())}
    assert proved == set(CASES)


def test_every_class_of_errors_has_a_case() -> None:
    assert {kind.__name__ for kind in errors.tree()} == {case.kind for case in CASES.values()} - {"—"}
    codes = {kind.__name__: kind.exit_code for kind in errors.tree()}
    assert all(case.code == codes.get(case.kind, 0) for case in CASES.values())


def test_the_document_lists_every_remark_with_its_severity() -> None:
    told = {code: severities for code, severities, _ in rows("Замечания чтения")}
    assert told == {code: ", ".join(WORDS[one] for one in severities) for code, severities in remark_codes().items()}


def test_the_register_of_remarks_is_what_the_readers_say() -> None:
    """Every literal code given to a remark is in the register; every code of the register is written somewhere."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SAID_IN if path != REGISTER]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    said = {code for node in nodes if isinstance(node, ast.Call) for code in codes_of(node)}
    written = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert len(said) > 40
    assert said <= set(remark_codes())
    assert set(remark_codes()) <= written


def codes_of(call: ast.Call) -> set[str]:
    """Literal codes in `Remark("code", …)`, `remark("code", …)`, `x.note("code", …)`, `_skipped(entry, "code")`."""
    name = ast.unparse(call.func).rpartition(".")[2]
    place = {"Remark": 0, "remark": 0, "from_remark": 0, "note": 0, "_skipped": 1}.get(name)
    if place is None or len(call.args) <= place:
        return set()
    given = call.args[place]
    options = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
    return {str(one.value) for one in options if isinstance(one, ast.Constant)}
