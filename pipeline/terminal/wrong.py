"""What is wrong with a command as it was typed, in Russian, with an example that works."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from typer.exceptions import TyperException

EXAMPLE = re.compile(r"Пример: (.+)")


def wrong_command(error: TyperException) -> UsageError:
    """The error of ours for what Typer could not read."""
    return UsageError(f"Команда набрана неверно: {_what(error)}.", advice=_advice(error))


def _advice(error: Any) -> str:
    """An example of the command at hand, else the list of commands."""
    command = getattr(getattr(error, "ctx", None), "command", None)
    example = EXAMPLE.search(getattr(command, "help", None) or "")
    if command is None or example is None or hasattr(command, "commands"):
        return "все команды покажет: msoko --help"
    return f"образец: {example[1]} (подробнее: msoko {command.name} --help)"


def _what(error: Any) -> str:
    option, kind = getattr(error, "option_name", None), type(error).__name__
    if kind == "NoSuchOption":
        near = getattr(error, "possibilities", None)
        return f"параметра {option} нет" + (f"; возможно, вы имели в виду {near[0]}" if near else "")
    if option:
        return f"после {option} нужно значение" if "requires" in error.message else f"после {option} значения не бывает"
    parameter = getattr(error, "param", None)
    name = getattr(parameter, "metavar", None) or getattr(parameter, "name", "")
    if kind == "MissingParameter":
        return f"не указано: {name}"
    return f"значение не подходит: {name}" if name else _word(error)


def _word(error: Any) -> str:
    """A command that there is not, or words left over."""
    commands = getattr(getattr(getattr(error, "ctx", None), "command", None), "commands", {})
    typed = re.search(r"'(.+?)'", error.message) if commands else re.search(r"\) \((.+)\)", error.message)
    if not typed:
        return "нет такой команды или лишнее слово"
    if not commands:
        return f"лишнее слово: {typed[1]} (имя с пробелами берут в кавычки)"
    near = difflib.get_close_matches(typed[1], commands, n=1)
    return f"команды {typed[1]} нет" + (f"; возможно, вы имели в виду {near[0]}" if near else "")
