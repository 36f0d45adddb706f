"""The door of the command line: parses, calls, prints. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from pipeline.errors import Interrupted, MsokoError, UsageError, WorkspaceError
from pipeline.terminal.help import RussianCommand, RussianGroup
from pipeline.terminal.screen import telling
from pipeline.terminal.wrong import wrong_command

ABOUT = """Ежегодный отчёт о состоянии системы образования из файлов, которые уже есть в управлении.

Пример: msoko init lesnoy 2026
"""
app = typer.Typer(
    name="msoko",
    cls=RussianGroup,
    help=ABOUT,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
DEMO, DEMO_YEAR = "demo", 2026
TRACE = "trace.txt"

Territory = Annotated[str, typer.Argument(metavar="ТЕРРИТОРИЯ", help="Код муниципалитета: lesnoy, pochep или ваш.")]
Year = Annotated[int, typer.Argument(metavar="ГОД", help="Год отчёта: 2026 значит 2025/26 учебный год.")]
Workspace = Annotated[
    str, typer.Option("--workspace", metavar="ПАПКА", help="Рабочая папка; без неё — ближайшая, где есть data/raw.")
]
Edition = Annotated[str, typer.Option(metavar="РЕДАКЦИЯ", help="Пока есть одна: internal, для работы внутри органа.")]
AsOf = Annotated[
    str,
    typer.Option(
        "--as-of", metavar="ДАТА", help="На какую дату считать сроки, например 2026-10-01; без неё — 31 декабря."
    ),
]
ReportDate = Annotated[
    str, typer.Option("--report-date", metavar="ДАТА", help="Дата составления; без неё — та, на которую считаны сроки.")
]


@app.command(cls=RussianCommand, short_help="Завести рабочую папку, муниципалитет или новый год")
def init(
    territory: Annotated[
        str, typer.Argument(metavar="ТЕРРИТОРИЯ", help="Код муниципалитета: готовый (lesnoy) или новый, латиницей.")
    ] = "",
    year: Annotated[
        int | None, typer.Argument(metavar="ГОД", help="Год отчёта: 2026 значит 2025/26 учебный год.")
    ] = None,
    name: Annotated[str, typer.Option(metavar="НАЗВАНИЕ", help="Название нового муниципалитета, в кавычках.")] = "",
    region: Annotated[str, typer.Option(metavar="РЕГИОН", help="Субъект Российской Федерации, в кавычках.")] = "",
    department: Annotated[str, typer.Option(metavar="ОРГАН", help="Орган, который выпускает отчёт, в кавычках.")] = "",
    workspace: Workspace = "",
) -> None:
    """Завести рабочую папку: куда класть файлы, где будет отчёт. Что уже есть, остаётся как есть.

    Пример: msoko init lesnoy 2026 --workspace "Отчёт 2026"

    \b
    Своего муниципалитета среди готовых нет:
    msoko init mytown 2026 --name "Мой район" --region "Моя область"
    """
    from pipeline.init import Answers, init_workspace

    begun = init_workspace(workspace, territory, year, Answers(name, region, department))
    typer.echo(f"Рабочая папка «{begun.root.name}»")
    for piece in begun.pieces:
        typer.echo(f"  {'создано' if piece.new else 'уже есть'}: {piece.path} — {piece.what}")
    for line in begun.next_steps:
        typer.echo(line)


@app.command(cls=RussianCommand, short_help="Проверить файлы, не собирая отчёта")
def check(territory: Territory, year: Year, workspace: Workspace = "") -> None:
    """Проверить файлы, не собирая отчёта: что узнано, что не сошлось, что исправить.

    Пример: msoko check lesnoy 2026
    """
    from pipeline.check import print_check

    paths, settings = _setting(territory, year, "internal", "", "", workspace)
    with telling() as say:
        print_check(paths, settings, say, typer.echo)


@app.command(cls=RussianCommand, short_help="Сделать форму сбора на год")
def templates(
    territory: Territory,
    year: Year,
    each: Annotated[bool, typer.Option("--each", help="Ещё и отдельный файл для каждой организации.")] = False,
    workspace: Workspace = "",
) -> None:
    """Сделать форму сбора на год: листы с организациями из реестра, подсказками и проверкой клеток.

    Пример: msoko templates lesnoy 2026
    """
    from pipeline.paths import Paths, find_workspace
    from pipeline.templates import write_templates

    paths = Paths(find_workspace(workspace or None), territory, year)
    with telling() as say:
        written = write_templates(paths, say, each=each)
    typer.echo(_from_here(written.whole))
    if written.single:
        typer.echo(f"Форм отдельных организаций: {len(written.single)}, папка {_from_here(written.single[0].parent)}")


@app.command(cls=RussianCommand, short_help="Собрать отчёт")
def run(
    territory: Territory,
    year: Year,
    edition: Edition = "internal",
    as_of: AsOf = "",
    report_date: ReportDate = "",
    workspace: Workspace = "",
) -> None:
    """Собрать отчёт: прочитать файлы, проверить, посчитать, выпустить report.html и report.pdf.

    Пример: msoko run lesnoy 2026
    """
    from pipeline.run import make_report

    paths, settings = _setting(territory, year, edition, as_of, report_date, workspace)
    with telling() as say:
        folder = make_report(paths, settings, say)
    _print_report(folder)


@app.command(cls=RussianCommand, short_help="Положить файлы вымышленного округа")
def demo(workspace: Workspace = "") -> None:
    """Положить в data/raw/demo файлы вымышленного округа, чтобы увидеть отчёт до своих данных.

    Пример: msoko demo
    """
    from pipeline.demo.sample import write_demo

    root = _demo_files(workspace)
    if root.exists():
        typer.echo("Папка data/raw/demo уже есть: оставлена как есть.")
        return
    written = write_demo(root)
    typer.echo(f"Вымышленные файлы записаны в data/raw/demo: {len(written)}.")


@app.command(cls=RussianCommand, short_help="Собрать отчёт вымышленного округа")
def report(workspace: Workspace = "") -> None:
    """Собрать отчёт вымышленного округа: положить его файлы, если их нет, и посчитать.

    Пример: msoko report
    """
    if not _demo_files(workspace).exists():
        demo(workspace)
    run(DEMO, DEMO_YEAR, workspace=workspace)


@app.command(cls=RussianCommand, short_help="Показать, что отчёт умеет считать")
def indicators(
    direction: Annotated[
        str, typer.Option(metavar="НАПРАВЛЕНИЕ", help="Только одно: код или номер, с паспортами.")
    ] = "",
    page: Annotated[bool, typer.Option("--page", help="Страницей с таблицами, чтобы сохранить в файл.")] = False,
    workspace: Workspace = "",
) -> None:
    """Показать, что отчёт умеет считать: показатели по направлениям, с паспортами.

    Пример: msoko indicators --direction talent
    """
    from pipeline import catalogue
    from pipeline.paths import Paths, find_workspace

    try:
        root = find_workspace(workspace or None)
    except WorkspaceError:
        if workspace:
            raise
        root = Path.cwd()  # before there is a workspace, what the program brings along
    parts = catalogue.catalogue(Paths(root, DEMO, DEMO_YEAR), direction)
    typer.echo(catalogue.page(parts).rstrip() if page else "\n".join(catalogue.screen(parts)))


def _demo_files(workspace: str) -> Path:
    """Where the demo's files lie; a workspace that is named and not there yet is made."""
    from pipeline.paths import find_workspace

    if workspace and not Path(workspace).exists():
        (Path(workspace) / "data" / "raw").mkdir(parents=True)
        typer.echo(f"Создана рабочая папка «{Path(workspace).name}».")
    return find_workspace(workspace or None) / "data" / "raw" / DEMO


def _setting(territory: str, year: int, edition: str, as_of: str, report_date: str, workspace: str) -> Any:
    from pipeline.paths import Paths, find_workspace
    from pipeline.settings import run_settings

    settings = run_settings(territory, year, edition, as_of or None, report_date or None)
    root = find_workspace(workspace or None)
    if not root.is_dir():
        raise WorkspaceError(f"Рабочей папки «{root.name}» нет.", advice="проверьте, как написано --workspace.")
    return Paths(root, territory, year, edition), settings


def _print_report(folder: Path) -> None:
    for name in ("report.html", "report.pdf", "index.html"):
        if (folder / name).exists():
            typer.echo(_from_here(folder / name))


def _from_here(path: Path) -> str:
    """A path that can be pasted: from the current folder when it is below, else whole."""
    here = Path.cwd().resolve()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def say(message: str) -> None:
    """One line of progress, on the error stream, so that results can be piped."""
    typer.echo(message, err=True)


def main() -> None:
    """Run the command; every error of ours becomes one Russian message and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        left_with = app(standalone_mode=False)
        if left_with == Interrupted.exit_code:  # what Typer makes of Ctrl-C
            _stop(_interrupted())
    except MsokoError as error:
        _stop(error)
    except KeyboardInterrupt:
        _stop(_interrupted())
    except Exception as error:
        _unexpected(error)


def _stop(error: MsokoError) -> None:
    say(f"\nОШИБКА {error.exit_code}. {error}")
    sys.exit(error.exit_code)


def _unexpected(error: Exception) -> None:
    """What Typer raises: a wish to leave, or a command typed wrongly; anything else is a mistake of ours."""
    if isinstance(error, typer.Exit):
        sys.exit(error.exit_code)
    if isinstance(error, typer.Abort):
        _stop(_interrupted())
    if type(error).__name__ == "NoArgsIsHelpError":  # the help is printed already
        sys.exit(UsageError.exit_code)
    if isinstance(error, TyperException):
        _stop(wrong_command(error))
    refused = _refused(error) if isinstance(error, OSError) else None
    _stop(refused or _own_mistake(error))


def _interrupted() -> Interrupted:
    advice = "запустите снова: сделанное не пересчитывается."
    return Interrupted("Остановлено пользователем. Прошлый отчёт не тронут.", advice=advice)


def _refused(error: OSError) -> MsokoError | None:
    from pipeline.execution.publication import system_error

    return system_error(error)


def _own_mistake(error: Exception) -> MsokoError:
    """A mistake of ours: one line for the analyst, a file without any value of the data for the developer."""
    steps = traceback.extract_tb(error.__traceback__)
    where = f", {Path(steps[-1].filename).name}, строка {steps[-1].lineno}" if steps else ""
    advice = "запустите снова; если повторится, пришлите разработчикам эту строку"
    if _keep_trace(error):
        advice += f" и файл «.msoko/{TRACE}» из рабочей папки (имён и значений из таблиц в нём нет)"
    return MsokoError(
        f"Внутренняя ошибка программы ({type(error).__name__}{where}). Прошлый отчёт не тронут.", advice=f"{advice}."
    )


def _keep_trace(error: BaseException) -> bool:
    """Write where our code was, without messages of errors: they may quote cells. False when it cannot be written."""
    lines: list[str] = []
    now: BaseException | None = error
    while now is not None:
        lines.append(type(now).__name__)
        lines += [
            f"  {Path(step.filename).parent.name}/{Path(step.filename).name}:{step.lineno} {step.name}"
            for step in traceback.extract_tb(now.__traceback__)
        ]
        now = now.__cause__ or now.__context__
    try:
        folder = _workspace_given() / ".msoko"
        folder.mkdir(exist_ok=True)
        (folder / TRACE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    except (OSError, MsokoError):
        return False
    return True


def _workspace_given() -> Path:
    """The workspace as the command line names it: the commands have ended, so their arguments are gone."""
    from pipeline.paths import find_workspace

    words = [*sys.argv[1:], ""]
    after = (words[at + 1] for at, word in enumerate(words) if word == "--workspace")
    joined = (word.partition("=")[2] for word in words if word.startswith("--workspace="))
    return find_workspace(next(after, "") or next(joined, "") or None)


if __name__ == "__main__":
    main()
