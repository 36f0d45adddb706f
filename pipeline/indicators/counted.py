"""Values counted here from rows of pupils, tasks, schools: shares, means per row, numbers, runs of years."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.indicators.bins import cells_of
from pipeline.indicators.cells import KEY, broken_down, cells, inputs, nothing
from pipeline.indicators.context import TESTS, Scope
from pipeline.indicators.rows import TEST, chosen, of_list
from pipeline.indicators.sources import Consecutive, Count, CountedShare, MarkedShare, Mean

Counted = CountedShare | Mean | Count | Consecutive | MarkedShare
COUNTED = (CountedShare, Mean, Count, Consecutive, MarkedShare)


def counted_values(source: Counted, scope: Scope, levels: Sequence[str], breakdowns: Sequence[str]) -> pd.DataFrame:
    """Cells of one source whose rows are counted here."""
    match source:
        case CountedShare():
            return counted_share(source, scope, levels, breakdowns)
        case Mean():
            return mean(source, scope, levels, breakdowns)
        case Count():
            return count(source, scope, levels, breakdowns)
        case Consecutive():
            return consecutive(source, scope, levels, breakdowns)
        case MarkedShare():
            return marked_share(source, scope, levels, breakdowns)


def counted_share(source: CountedShare, scope: Scope, levels: Sequence[str], breakdowns: Sequence[str]) -> pd.DataFrame:
    """Rows that meet `hit` over rows that meet `where`."""
    found = cells_of(source, scope, levels, breakdowns)
    if found.about.empty:
        return nothing()
    hits, size = found.of_which(scope.coded[source.table].mask(source.hit)), found.size
    return cells(
        found.about.assign(numerator=hits, denominator=size, n=size, numerator_basis="counted", value=hits / size)
    )


def marked_share(source: MarkedShare, scope: Scope, levels: Sequence[str], breakdowns: Sequence[str]) -> pd.DataFrame:
    """Marked tests of organisations over those that were written and that the list covers."""
    listed = chosen(scope.tables[source.table], source)
    one = [*TEST, "org_id"]
    covered = _written(scope, one).merge(listed[TEST].drop_duplicates(), on=TEST)
    marked = pd.MultiIndex.from_frame(listed.loc[listed["marker"].eq(1).fillna(False), one])
    rows = covered.assign(hit=pd.MultiIndex.from_frame(covered[one]).isin(marked))
    frames = []
    for gathered in _gathered(broken_down(rows, breakdowns).assign(category=""), source, scope, levels):
        found = _described(gathered)
        sums = gathered.groupby(KEY)["hit"].agg(["sum", "size"]).loc[found.index].astype("float64")
        counts = {"numerator": sums["sum"], "denominator": sums["size"], "n": sums["size"]}
        frames.append(found.assign(**counts, numerator_basis="counted", value=sums["sum"] / sums["size"]))
    return _finished(frames, scope)


def _written(scope: Scope, one: list[str]) -> pd.DataFrame:
    """A row of each test of each organisation that published marks or pupils' results tell of."""
    printed = scope.tables["group_results"]
    told = printed[(printed["level"] == "organisation") & (printed["measure"] == "mark_share")]
    both = [told.drop_duplicates(one), scope.tables["results"].drop_duplicates(one)]
    filled = [part for part in both if len(part)]
    return pd.concat(filled, ignore_index=True).dropna(subset=["org_id"]).drop_duplicates(one) if filled else told


def mean(source: Mean, scope: Scope, levels: Sequence[str], breakdowns: Sequence[str]) -> pd.DataFrame:
    """Mean of a column, or of column / over (a rate), with the standard deviation between rows."""
    rows = _ratios(source, _rows(source, scope, breakdowns))
    frames = []
    for gathered in _gathered(rows, source, scope, levels):
        found = _described(gathered)
        groups = gathered.groupby(KEY)
        sums = groups[["score", "over"]].sum().loc[found.index]
        spread = groups["ratio"].agg(["mean", "std", "size"]).loc[found.index]
        found = found.assign(numerator=sums["score"], denominator=sums["over"], numerator_basis="counted")
        found = found.assign(value=spread["mean"], deviation=spread["std"], n=spread["size"])
        if source.over:
            found = found.assign(max_score=groups["over"].max().loc[found.index])
        frames.append(found)
    return _finished(frames, scope)


def count(source: Count, scope: Scope, levels: Sequence[str], breakdowns: Sequence[str]) -> pd.DataFrame:
    """Rows, or distinct values of a column."""
    found = cells_of(source, scope, levels, breakdowns)
    if found.about.empty:
        return nothing()
    counts = found.distinct("told_apart") if source.distinct else found.size
    return cells(found.about.assign(value=counts, n=counts))


def consecutive(source: Consecutive, scope: Scope, levels: Sequence[str], breakdowns: Sequence[str]) -> pd.DataFrame:
    """Values of `entity` met in each of so many years running; a year without any rows leaves the number unknown."""
    rows = _rows(source, scope, breakdowns)
    known = {int(year) for year in rows["school_year"].unique()}
    frames = []
    for gathered in _gathered(rows, source, scope, levels):
        for last in sorted(known):
            window = range(last - source.years + 1, last + 1)
            held = gathered[gathered["school_year"].isin(window)]
            if held.empty:
                continue
            held = held.assign(met=held["school_year"], school_year=last)
            frames.append(_run(held, source, complete=known.issuperset(window)))
    return _finished(frames, scope)


def _run(held: pd.DataFrame, source: Consecutive, *, complete: bool) -> pd.DataFrame:
    """Numbers of one window of years, per group."""
    found = _described(held)
    years = held.groupby([*KEY, source.entity])["met"].nunique()
    whole = (years == source.years).groupby(level=KEY).sum().loc[found.index].astype("Float64")
    whole = whole if complete else whole.mask(whole.notna())
    return found.assign(value=whole, n=whole)


def _ratios(source: Mean, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with a score, as `score`, `over` and `ratio`; not attempted counts as zero points."""
    skipped = (rows["state"] == "not_attempted").to_numpy()
    score = rows[source.column].astype("Float64").mask(skipped, 0.0)
    over = rows[source.over].astype("Float64") if source.over else pd.Series(1.0, index=rows.index, dtype="Float64")
    category = rows[source.category].fillna("") if source.category else rows["category"]
    ready = rows.assign(score=score, over=over, ratio=score / over, category=category)
    return ready[ready["ratio"].notna()]


def _rows(source: Mean | Consecutive, scope: Scope, breakdowns: Sequence[str]) -> pd.DataFrame:
    """Rows that count, with the columns of the key."""
    listed = of_list(chosen(scope.tables[source.table], source), source.listed, scope)
    rows = broken_down(listed, breakdowns).assign(category="")
    return rows if "wave" in rows.columns else rows.assign(wave="")


def _gathered(
    rows: pd.DataFrame, source: Mean | Consecutive | MarkedShare, scope: Scope, levels: Sequence[str]
) -> list[pd.DataFrame]:
    """The rows of each wanted level that the files hold in full."""
    wanted = (scope.gathered(rows, level) for level in levels if level in source.levels)
    return [gathered for gathered in wanted if len(gathered)]


def _described(gathered: pd.DataFrame) -> pd.DataFrame:
    """Per key: label, wave and source rows."""
    about = gathered.groupby(KEY)[["group_label", "wave"]].first()
    return about.assign(inputs=inputs(gathered, KEY))


def _finished(frames: Sequence[pd.DataFrame], scope: Scope) -> pd.DataFrame:
    """Typed cells, with scale, date and (where the source gave none) the maximum of the test."""
    filled = [frame.reset_index() for frame in frames if len(frame)]
    if not filled:
        return nothing()
    found = pd.concat(filled, ignore_index=True)
    tests = scope.tests.rename(columns={"max_score": "test_max"})
    found = found.merge(tests, on=TESTS, how="left")
    given = found["max_score"] if "max_score" in found.columns else pd.Series(pd.NA, index=found.index, dtype="Float64")
    return cells(found.assign(max_score=given.astype("Float64").fillna(found["test_max"])))
