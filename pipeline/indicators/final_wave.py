"""ЕГЭ after resits: of each leaver the result that counts in the end, beside the result of the main period.

Since 2024 a leaver may write one subject once more; the earlier result is annulled, whichever is higher, and so the
last one counts. The rows made here are of the wave `final` and only of tests that somebody wrote again.
"""

from __future__ import annotations

import pandas as pd

FINAL = "final"
PROCEDURE, FROM_YEAR = "ege", 2024
ORDER = {"main": 0, "reserve": 1, "resit": 2}
TEST = ["school_year", "subject", "grade"]


def with_final(results: pd.DataFrame) -> pd.DataFrame:
    """`results` with the rows of the wave `final`; the same frame when nobody wrote an exam of ЕГЭ again."""
    rank = results["wave"].map(ORDER)
    of_exam = (results["procedure"] == PROCEDURE) & (results["school_year"] >= FROM_YEAR) & rank.notna()
    rows = results[of_exam & (results["state"] == "observed")].assign(rank=rank)
    again = rows.loc[rows["wave"] == "resit", TEST].drop_duplicates()
    rows = rows.merge(again, on=TEST).sort_values("rank", kind="stable")
    if rows.empty:
        return results
    last = rows.drop_duplicates([*TEST, "participant"], keep="last").drop(columns="rank")
    return pd.concat([results, last.assign(wave=FINAL)], ignore_index=True)
