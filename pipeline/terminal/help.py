"""Pages of help in Russian: Typer draws them with English words, so the three drawing methods are our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Parameter

USAGE, ARGUMENTS, OPTIONS, COMMANDS = "Как набирать: ", "Что указать", "Необязательные параметры", "Команды"
SHOW_HELP = "Показать эту подсказку."
MORE = "Подсказка по команде: msoko КОМАНДА --help, например: msoko run --help."


class RussianCommand(TyperCommand):
    """One command."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        words = [_usage(param) for param in self.get_params(ctx) if param.param_type_name == "argument"]
        words += ["[ПАРАМЕТРЫ]"] if len(self.params) > len(words) else []
        formatter.write_usage(ctx.command_path, " ".join(words), prefix=USAGE)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _write_parameters(self.get_params(ctx), formatter)


class RussianGroup(TyperGroup):
    """The list of commands."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, "КОМАНДА …", prefix=USAGE)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, command.get_short_help_str()) for name, command in commands if command and not command.hidden]
        with formatter.section(COMMANDS):
            formatter.write_dl(rows)
        formatter.write_paragraph()
        formatter.write_text(MORE)


def _usage(param: Parameter) -> str:
    name = str(param.metavar or param.name)
    return name if param.required else f"[{name}]"


def _write_parameters(params: list[Parameter], formatter: Any) -> None:
    for kind, heading in (("argument", ARGUMENTS), ("option", OPTIONS)):
        rows = [_row(param) for param in params if param.param_type_name == kind]
        if rows:
            with formatter.section(heading):
                formatter.write_dl(rows)


def _row(param: Any) -> tuple[str, str]:
    if "--help" in param.opts:
        return "--help", SHOW_HELP
    if param.param_type_name == "argument":
        return str(param.metavar), str(param.help)
    name = ", ".join(param.opts) + ("" if param.is_flag else f" {param.metavar}")
    return name, str(param.help)
