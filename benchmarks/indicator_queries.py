"""The same shares by hand-written queries of DuckDB and of Polars: what an expert would write for these nine shares.

Both count once per school and test and add the counts up to wider levels; neither says where a number comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.results_world import OWN

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

VPR_HITS = {"vpr_mark_2": "mark = 2", "vpr_base": "mark >= 3", "vpr_quality": "mark >= 4", "vpr_mark_5": "mark = 5"}
OGE_HITS = {"oge_below_minimum": "mark = 2", "oge_quality": "mark >= 4", "oge_mark_5": "mark = 5"}
MINIMA = {"russian": 23, "mathematics": 26, "physics": 35, "informatics": 39, "social_studies": 41}
KEY = ["indicator", "school_year", "procedure", "subject", "grade", "level", "group"]
NUMBERS = ["numerator", "denominator", "value"]

_UNDER = " OR ".join(f"(subject = '{subject}' AND test_score <= {least})" for subject, least in MINIMA.items())
HITS = {
    "vpr": VPR_HITS,
    "oge": OGE_HITS,
    "ege": {"ege_below_minimum": _UNDER, "ege_high": "test_score >= 80"},
}


def duckdb_sql() -> str:
    """One statement over the table `results`."""
    sums = [f"count(*) FILTER ({hit}) AS {name}" for hits in HITS.values() for name, hit in hits.items()]
    parts = [_level(procedure, name) for procedure, hits in HITS.items() for name in hits]
    return f"""
        WITH schools AS (
            SELECT procedure, school_year, subject, grade, org_id, municipality, count(*) AS n, {", ".join(sums)}
            FROM results
            WHERE state = 'observed' AND wave = 'main'
              AND CASE WHEN procedure = 'ege' THEN test_score IS NOT NULL ELSE mark IS NOT NULL END
            GROUP BY ALL
        ), levels AS (
            SELECT *, 'organisation' AS level, org_id AS "group" FROM schools WHERE municipality = '{OWN}'
            UNION ALL SELECT *, 'municipality', 'town' FROM schools WHERE municipality = '{OWN}'
        ), added AS (
            SELECT school_year, procedure, subject, grade, level, "group", sum(n) AS n,
                   {", ".join(f"sum({name}) AS {name}" for hits in HITS.values() for name in hits)}
            FROM levels GROUP BY ALL
        )
        {" UNION ALL ".join(parts)}
    """


def _level(procedure: str, name: str) -> str:
    return f"""SELECT '{name}' AS indicator, school_year, procedure, subject, grade, level, "group",
        {name}::DOUBLE AS numerator, n::DOUBLE AS denominator, {name} / n AS value
        FROM added WHERE procedure = '{procedure}'"""


def by_duckdb(connection: Any) -> pd.DataFrame:
    """The answer as a frame; the connection holds the table `results`."""
    found: pd.DataFrame = connection.execute(duckdb_sql()).df()
    return found


def by_polars(results: pl.LazyFrame) -> pd.DataFrame:
    """The answer as a frame of pandas."""
    import polars as pl

    test = ["school_year", "procedure", "subject", "grade"]
    names = [name for hits in HITS.values() for name in hits]
    scored = pl.when(pl.col("procedure") == "ege").then(pl.col("test_score").is_not_null())
    kept = (pl.col("state") == "observed") & (pl.col("wave") == "main") & scored.otherwise(pl.col("mark").is_not_null())
    sums = [pl.sql_expr(hit).sum().alias(name) for hits in HITS.values() for name, hit in hits.items()]
    schools = results.filter(kept).group_by([*test, "org_id", "municipality"]).agg(pl.len().alias("n"), *sums)
    schools = schools.collect().lazy()
    own = schools.filter(pl.col("municipality") == OWN)
    levels = [
        own.with_columns(level=pl.lit("organisation"), group=pl.col("org_id")),
        own.with_columns(level=pl.lit("municipality"), group=pl.lit("town")),
    ]
    added = pl.concat(levels).group_by([*test, "level", "group"]).agg(pl.col(["n", *names]).sum()).collect().lazy()
    parts = [
        added.filter(pl.col("procedure") == procedure).select(
            pl.lit(name).alias("indicator"),
            *test,
            "level",
            "group",
            numerator=pl.col(name).cast(pl.Float64),
            denominator=pl.col("n").cast(pl.Float64),
            value=pl.col(name) / pl.col("n"),
        )
        for procedure, hits in HITS.items()
        for name in hits
    ]
    return pl.concat(parts).select([*KEY, *NUMBERS]).collect().to_pandas()
