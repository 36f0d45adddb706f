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
    """`results` with the rows of the wave `final`; the same frame when nobody wrote an exam of ЕГЭ again, or
    when it has them."""
    narrow = results[["procedure", "school_year", "wave"]]
    of_exam = (narrow["procedure"] == PROCEDURE) & (narrow["school_year"] >= FROM_YEAR)
    waves = narrow.loc[of_exam.to_numpy(dtype=bool), "wave"]
    if not (waves == "resit").any() or (waves == FINAL).any():
        return results
    rows = results.loc[waves.index[waves.isin(list(ORDER))], [*TEST, "participant", "wave", "state"]]
    rows = rows[rows["state"] == "observed"]
    rows = rows.assign(rank=rows["wave"].map(ORDER), place=rows.index)
    again = rows.loc[rows["wave"] == "resit", TEST].drop_duplicates()
    rows = rows.merge(again, on=TEST).sort_values("rank", kind="stable")
    if rows.empty:
        return results
    last = results.loc[rows.drop_duplicates([*TEST, "participant"], keep="last")["place"]]
    return pd.concat([results, last.assign(wave=FINAL)], ignore_index=True)


def tests_with_final(tests: pd.DataFrame) -> pd.DataFrame:
    """Scale, maximum and date of the main period also for the wave `final`."""
    main = tests[(tests["procedure"] == PROCEDURE) & (tests["wave"] == "main")]
    return pd.concat([tests, main.assign(wave=FINAL)], ignore_index=True) if len(main) else tests
