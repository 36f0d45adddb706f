"""Great Expectations itself: built in memory, run on frames, its results redacted to places in files.

The import costs 2–3 s, so it happens only when there is a table to look at. Raw values, which Great Expectations keeps
in its results, never leave this module.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pandas as pd

from pipeline.progress import Step
from pipeline.tables import CLEAN
from pipeline.validation.ledger import CheckResult, counted, files_of, grouped, places_of
from pipeline.validation.outcome import SOURCE
from pipeline.validation.suites import Expectation, Suite, refusal

RESULT_FORMAT = {"result_format": "COMPLETE", "return_unexpected_index_query": False, "partial_unexpected_count": 0}


def run_suites(
    suites: Mapping[str, Suite], tables: Mapping[str, pd.DataFrame], progress: Step | None = None
) -> list[CheckResult]:
    """Check every table that has rows against its suite; an empty or absent table is recorded as not checked.

    `tables` maps names of clean tables to conformed frames. Raises WorkspaceError when Great Expectations would not
    have kept all declared expectations. `progress(number, total, title)` is called before each table.
    """
    filled = {name: tables[name] for name in suites if name in tables and len(tables[name])}
    results = [_not_checked(name) for name in suites if name not in filled]
    if filled:
        with _quiet():
            context = _context()
            for number, (name, frame) in enumerate(filled.items(), start=1):
                if progress is not None:
                    progress(number, len(filled), _title(name))
                results += _run_suite(context, suites[name], frame.reset_index(drop=True))
    return results


def _title(name: str) -> str:
    return CLEAN[name].title if name in CLEAN else name


def check_kept(suites: Mapping[str, Suite]) -> None:
    """Refuse suites in which Great Expectations would drop something (unknown type, severity or argument)."""
    with _quiet():
        _context()
        for suite in suites.values():
            _build(suite)


def _context() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context


@contextmanager
def _quiet() -> Iterator[None]:
    """Great Expectations logs tracebacks of what it drops and warns of its own dependencies: not for an analyst."""
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _build(suite: Suite) -> Any:
    """The suite as Great Expectations built it, with proof that it kept every expectation with its severity."""
    from great_expectations.core import ExpectationSuite

    for expectation in suite.expectations:
        try:
            built = ExpectationSuite(name=suite.name, expectations=[expectation.configuration])
        except (
            Exception
        ) as error:  # Great Expectations raises errors of pydantic, of its own and of the standard library
            raise refusal(suite, "параметры (kwargs) не подходят этому виду проверки", expectation.meta.id) from error
        if len(built.expectations) != 1:
            raise refusal(suite, f"вид «{expectation.type}» неизвестен Great Expectations", expectation.meta.id)
        if getattr(built.expectations[0].severity, "value", None) != expectation.severity:
            raise refusal(suite, "Great Expectations не приняла важность", expectation.meta.id)
    whole: Any = ExpectationSuite(name=suite.name, expectations=[item.configuration for item in suite.expectations])
    kept = [item.meta["id"] for item in whole.expectations]
    lost = sorted(set(suite.ids) - set(kept))
    if lost or len(kept) != len(suite.ids):
        raise refusal(suite, "Great Expectations отбросила проверку", ", ".join(lost))
    return whole


def _run_suite(context: Any, suite: Suite, frame: pd.DataFrame) -> list[CheckResult]:
    asset = context.data_sources.add_pandas(suite.name).add_dataframe_asset(suite.name)
    fast = frame.assign(**{name: _faster(frame[name]) for name in frame.columns if name not in _ordered(suite)})
    batch = asset.add_batch_definition_whole_dataframe(suite.name).get_batch({"dataframe": fast})
    outcome = batch.validate(_build(suite), result_format=RESULT_FORMAT)
    found = {item.expectation_config.meta["id"]: item for item in outcome.results}
    lost = sorted(set(suite.ids) - set(found))
    if lost:
        raise refusal(suite, "Great Expectations не вернула результат", ", ".join(lost))
    sources = frame[SOURCE]
    return [_redacted(suite.name, item, found[item.meta.id], sources) for item in suite.expectations]


def _faster(column: pd.Series) -> pd.Series:
    """The column as Great Expectations filters it six times faster: texts as categories, numbers without masks."""
    if isinstance(column.dtype, pd.StringDtype):
        return column.astype("category")
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        whole = pd.api.types.is_integer_dtype(column.dtype) and not column.hasnans
        return column.astype("int64" if whole else "float64")
    return column


def _ordered(suite: Suite) -> set[str]:
    """Columns that are compared with each other: categories have no common order."""
    names = ("column_A", "column_B")
    return {item.kwargs[name] for item in suite.expectations for name in names if name in item.kwargs}


def _redacted(table: str, declared: Expectation, outcome: Any, sources: pd.DataFrame) -> CheckResult:
    """One result of Great Expectations as a ledger row: counts and places, no values."""
    result = outcome.result
    if _raised(outcome.exception_info):
        return _result(
            declared, table, False, 0, 0, f"Проверка «{declared.meta.title}» не выполнена: сбой.", raised=True
        )
    rows = sources.loc[sorted(set(result.get("unexpected_index_list") or []))]
    evaluated = int(result.get("element_count", len(sources))) - int(result.get("missing_count") or 0)
    failed = int(result.get("unexpected_count", 0 if outcome.success else 1))
    if not evaluated:
        return _nothing_evaluated(declared, table)
    if outcome.success:
        return _result(declared, table, True, evaluated, failed, declared.meta.title)
    message = f"{declared.meta.message}: {counted(failed)} из {grouped(evaluated)}"
    return _result(declared, table, False, evaluated, failed, message, rows)


def _nothing_evaluated(declared: Expectation, table: str) -> CheckResult:
    title = declared.meta.title
    if declared.conditional:
        return _result(declared, table, True, 0, 0, f"Не проверялось: нет строк, к которым это относится. {title}")
    if declared.meta.optional:
        return _result(declared, table, True, 0, 0, f"Не проверялось: столбец пуст. {title}")
    return _result(declared, table, False, 0, 0, f"Проверять нечего: обязательный столбец пуст. {title}")


def _result(
    declared: Expectation,
    table: str,
    passed: bool,
    evaluated: int,
    failed: int,
    message: str,
    rows: pd.DataFrame | None = None,
    raised: bool = False,
) -> CheckResult:
    severity = "critical" if raised else declared.severity
    return CheckResult(
        id=declared.meta.id,
        origin="suite",
        table=table,
        severity=severity,  # type: ignore[arg-type]  # the loader refused anything else
        passed=passed,
        evaluated=evaluated,
        failed=failed,
        message=message,
        advice="" if passed else declared.meta.advice,
        places=() if rows is None else places_of(rows),
        files=() if rows is None else files_of(rows),
    )


def _raised(exception_info: Mapping[str, Any]) -> bool:
    """Great Expectations gives one record, or one per metric that failed."""
    if "raised_exception" in exception_info:
        return bool(exception_info["raised_exception"])
    return any(bool(record.get("raised_exception")) for record in exception_info.values())


def _not_checked(table: str) -> CheckResult:
    message = "Не проверялось: таблица пуста, таких файлов на входе нет"
    return CheckResult(f"{table}.rows", "suite", table, "info", True, 0, 0, message)
