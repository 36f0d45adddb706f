"""What a code cell and a markdown cell of a notebook may hold. Pure: text in, Russian remarks out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

MAX_LINES = 12
MODULES = ("pipeline.notebook", "pandas", "seaborn")
FORBIDDEN_NODES: dict[type[ast.AST], str] = {
    ast.FunctionDef: "определение функции (def)",
    ast.AsyncFunctionDef: "определение функции (def)",
    ast.ClassDef: "определение класса (class)",
    ast.For: "цикл for",
    ast.AsyncFor: "цикл for",
    ast.While: "цикл while",
    ast.Try: "перехват ошибок (try)",
    ast.TryStar: "перехват ошибок (try)",
    ast.ListComp: "цикл внутри выражения",
    ast.SetComp: "цикл внутри выражения",
    ast.DictComp: "цикл внутри выражения",
    ast.GeneratorExp: "цикл внутри выражения",
}
FORBIDDEN_CALLS = {"open", "exec", "eval", "compile", "input", "breakpoint", "exit", "quit", "__import__"}
FORBIDDEN_TAGS = {"raises-exception", "skip-execution", "injected-parameters"}
FILE_METHODS = re.compile(
    r"read_\w+|to_(csv|excel|feather|hdf|html|json|latex|orc|parquet|pickle|sql|stata|xml)|savefig"
)

MONTHS = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
NOT_PROSE = re.compile(
    r"```.*?```|~~~.*?~~~|<!--.*?-->"  # fences, comments
    r"|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$"  # code and formulas
    r"|<[^>]+>|\]\([^)]*\)|https?://\S+"  # tags, targets of links
    r"|^[ \t]*\d+[.)][ \t]",  # markers of numbered lists
    re.DOTALL | re.MULTILINE,
)
ALLOWED_NUMBERS = re.compile(
    r"№\s*\d[\w./-]*"  # № 662, № 273-ФЗ
    r"|\b\d+-ФЗ\b"
    rf"|\b\d{{1,2}}(?:\.\d{{2}}\.|\s(?:{MONTHS})\s)(?:19|20)\d{{2}}\b"  # date of a document
    r"|\b(?:19|20)\d{2}(?:/\d{2})?\b"  # 2026, 2025/26
    r"|\b[^\W\d_]+\d[\w.]*",  # names such as К7.1
    re.IGNORECASE,
)
LITERALS = (str, int, float, bool, type(None))


def title(markdown: str) -> list[str]:
    """Texts of the first-level headings of a markdown cell."""
    return re.findall(r"^#\s+(\S.*?)\s*$", re.sub(r"```.*?```", "", markdown, flags=re.DOTALL), re.MULTILINE)


def prose_remarks(markdown: str) -> Iterator[str]:
    """A digit typed by hand is an error: it cannot be traced and will be wrong next year."""
    rest = ALLOWED_NUMBERS.sub(" ", NOT_PROSE.sub(" ", markdown))
    typed = re.findall(r"\d[\d.,]*", rest)
    if typed:
        yield f"в тексте набрано число «{typed[0].rstrip('.,')}»: числа подставляет pipeline.notebook"


def code_remarks(code: str) -> Iterator[str]:
    """Length, syntax, forbidden statements, imports and file access of one code cell."""
    lines = code.rstrip("\n").count("\n") + 1
    if lines > MAX_LINES:
        yield f"строк {lines}, допустимо {MAX_LINES}"
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        yield f"строка {error.lineno or 1} не разбирается как Python (команды с «%» и «!» не допускаются)"
        return
    for node in ast.walk(tree):
        yield from _node_remarks(node)


def _node_remarks(node: ast.AST) -> Iterator[str]:
    if type(node) in FORBIDDEN_NODES:
        yield f"не допускается {FORBIDDEN_NODES[type(node)]}: вынесите расчёт в pipeline"
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from _import_remarks(node)
    elif isinstance(node, ast.Call):
        yield from _call_remarks(node.func)


def _import_remarks(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            module = "pipeline.notebook" if (node.module, alias.name) == ("pipeline", "notebook") else node.module or ""
        else:
            module = alias.name
        if module not in MODULES or alias.name == "*":
            yield f"импорт «{module}» не допускается: только {', '.join(MODULES)}"
        elif module == "pipeline.notebook" and alias.name.endswith("notebook") and alias.asname != "nb":
            yield "pipeline.notebook импортируют под именем nb"


def _call_remarks(function: ast.expr) -> Iterator[str]:
    if isinstance(function, ast.Name) and function.id in FORBIDDEN_CALLS:
        yield f"вызов {function.id}() не допускается: файлы читает и пишет pipeline.notebook"
    elif isinstance(function, ast.Attribute) and FILE_METHODS.fullmatch(function.attr):
        yield f"вызов .{function.attr}() не допускается: файлы читает и пишет pipeline.notebook"


def literals(code: str) -> tuple[dict[str, Any], list[str]]:
    """Assignments of a `parameters` cell: name → literal, and remarks on everything that is not one."""
    found: dict[str, Any] = {}
    remarks: list[str] = []
    try:
        statements = ast.parse(code).body
    except SyntaxError:
        return {}, []  # already reported by code_remarks
    for statement in statements:
        name, value = _assignment(statement)
        if name is None or not is_literal(value):
            remarks.append(f"строка {statement.lineno}: параметр задают как «имя = значение», значением без вычислений")
        else:
            found[name] = value
    return found, remarks


def _assignment(statement: ast.stmt) -> tuple[str | None, Any]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, value = statement.target, statement.value
    else:
        return None, None
    try:
        return (target.id if isinstance(target, ast.Name) else None), ast.literal_eval(value)
    except ValueError:
        return None, None


def is_literal(value: Any) -> bool:
    """Only what Papermill passes on unchanged: it turns dates, tuples and paths into strings."""
    if isinstance(value, list):
        return all(map(is_literal, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_literal(item) for key, item in value.items())
    return isinstance(value, LITERALS)
