"""Order, cache and failure of a run, with an engine that stands in for Papermill."""

from __future__ import annotations

import threading

import pytest

from pipeline.errors import NotebookError, UsageError
from pipeline.execution import cache, runner
from pipeline.execution.plan import NOTEBOOKS, Notebook
from tests.execution.notebooks import PARAMETERS, FakeEngine, chapter, workspace, write

PLAN = (Notebook("00", "a"), Notebook("01", "b"), Notebook("11", "c", waits=True), Notebook("12", "d", waits=True))


@pytest.fixture
def paths(tmp_path):
    chapters = {f"n{notebook.name}": chapter(title=f"Глава {notebook.code}") for notebook in PLAN}
    return workspace(tmp_path / "рабочая папка", **chapters)


def execute(paths, engine, inputs="данные", **given):
    return runner.execute(paths, PARAMETERS, inputs, notebooks=PLAN, engine=engine, **given)


def test_the_plan_is_executed_in_order_and_progress_is_told(paths) -> None:
    engine, told = FakeEngine(), []
    done = execute(paths, engine, jobs=1, progress=lambda *step: told.append(step))
    assert engine.calls == ["00_a", "01_b", "11_c", "12_d"]
    assert [one.notebook for one in done] == list(PLAN)
    assert told == [(1, 4, "Глава a"), (2, 4, "Глава b"), (3, 4, "Глава c"), (4, 4, "Глава d")]
    assert [one.entry.executed.is_file() and not one.reused for one in done] == [True] * 4


def test_two_run_at_once_and_those_that_wait_run_alone(paths) -> None:
    both = threading.Barrier(2, timeout=10)
    inside: list[str] = []
    alone: list[list[str]] = []

    class Meeting(FakeEngine):
        def __call__(self, task, into, living):
            inside.append(task.name)
            if task.name in ("00_a", "01_b"):
                both.wait()
            else:
                alone.append(list(inside))
            inside.remove(task.name)
            super().__call__(task, into, living)

    execute(paths, Meeting(), jobs=2)
    assert alone == [["11_c"], ["12_d"]]


def test_what_is_fresh_is_not_executed_again(paths) -> None:
    execute(paths, FakeEngine())
    again = FakeEngine()
    done = execute(paths, again)
    assert again.calls == []
    assert [one.reused for one in done] == [True] * 4


def test_changed_inputs_or_parameters_execute_all(paths) -> None:
    execute(paths, FakeEngine())
    other_inputs, other_year = FakeEngine(), FakeEngine()
    execute(paths, other_inputs, inputs="другие")
    runner.execute(paths, PARAMETERS | {"report_year": 2025}, "другие", notebooks=PLAN, engine=other_year, jobs=1)
    assert sorted(other_inputs.calls) == sorted(other_year.calls) == ["00_a", "01_b", "11_c", "12_d"]


def test_a_changed_notebook_executes_itself_and_those_that_read_its_handoff(paths) -> None:
    execute(paths, FakeEngine())
    write(paths.workspace / "notebooks", PLAN[1], chapter("x = 1", title="Глава b"))
    engine = FakeEngine()
    execute(paths, engine)
    assert engine.calls == ["01_b", "11_c", "12_d"]


def test_a_changed_notebook_with_the_same_handoff_disturbs_nobody(paths) -> None:
    execute(paths, FakeEngine())
    write(
        paths.workspace / "notebooks", PLAN[1], chapter(title="Глава x")
    )  # the fake hands on the length of the source
    engine = FakeEngine()
    execute(paths, engine)
    assert engine.calls == ["01_b"]


def test_an_edited_result_is_executed_again(paths) -> None:
    done = execute(paths, FakeEngine())
    done[0].entry.executed.write_text("{}", encoding="utf-8")
    (done[1].entry.handoff / "findings.json").unlink()
    checkpoints = done[2].entry.folder / ".ipynb_checkpoints"
    checkpoints.mkdir()
    (checkpoints / "executed-checkpoint.ipynb").write_text("{}", encoding="utf-8")
    engine = FakeEngine()
    execute(paths, engine, jobs=1)
    assert engine.calls == ["00_a", "01_b"]


def test_a_failure_starts_nothing_new_and_keeps_what_was_finished(paths) -> None:
    failing = FakeEngine(fails="01_b")
    with pytest.raises(NotebookError, match="01_b"):
        execute(paths, failing, jobs=1)
    assert failing.calls == ["00_a", "01_b"]
    healed = FakeEngine()
    execute(paths, healed, jobs=1)
    assert healed.calls == ["01_b", "11_c", "12_d"]


def test_a_half_written_folder_is_removed_and_executed_again(paths) -> None:
    done = execute(paths, FakeEngine())
    done[0].entry.fingerprint.unlink()
    left = paths.executed / ".draft-999999-00_a"
    left.mkdir()
    engine = FakeEngine()
    execute(paths, engine)
    assert engine.calls == ["00_a"]
    assert sorted(path.name for path in paths.executed.iterdir()) == ["00_a", "01_b", "11_c", "12_d"]


def test_a_wrong_parameter_or_notebook_stops_before_anything_starts(paths) -> None:
    engine = FakeEngine()
    with pytest.raises(UsageError, match="Возможно, вы имели в виду territory"):
        runner.execute(paths, {"teritory": "demo"}, "", notebooks=PLAN, engine=engine)
    write(paths.workspace / "notebooks", PLAN[3], chapter("import os"))
    with pytest.raises(NotebookError, match="12_d.ipynb"):
        execute(paths, engine)
    assert engine.calls == []
    assert not paths.executed.exists()


def test_a_draft_that_fails_leaves_the_older_entry_whole(paths) -> None:
    kept = cache.entry(paths.executed, PLAN[0])
    execute(paths, FakeEngine())
    before = kept.executed.read_bytes()
    with pytest.raises(NotebookError):
        execute(paths, FakeEngine(fails="00_a"), inputs="другие")
    assert kept.executed.read_bytes() == before
    assert [path.name for path in paths.executed.iterdir() if path.name.startswith(".")] == []


def test_the_shipped_plan_names_no_notebook_twice() -> None:
    assert len({notebook.number for notebook in NOTEBOOKS}) == len({notebook.code for notebook in NOTEBOOKS}) == 14
