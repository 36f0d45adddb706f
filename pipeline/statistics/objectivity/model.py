"""Honest districts like the one at hand: its own tasks, schools and classes, simulated from a model fitted to it.

Tasks: the partial credit model with one slope (Masters 1982), from expected counts at nodes of ability that EM finds
without an assumed form (Bock, Aitkin 1981; nonparametric as in Rossi, Wang, Ramsay 2002). Schools differ in ability by
shrunken means, and in every task by a little (their spread is estimated). Measures from outside: linear in the
attainment, within and between schools, with normal rests. All chance in the result is honest chance: a sign of bias in
the data enters only through what all schools share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import stats

from pipeline.statistics.objectivity import curves, level
from pipeline.statistics.objectivity.procedure import Floats, Procedure, group_sum, untestable, weighted_median
from pipeline.statistics.objectivity.standardised import between

NODES = np.linspace(-3.6, 3.6, 25)
STEPS = 20
FACTORS = np.linspace(0.8, 1.6, 41)
SMOOTH = 0.2  # standard deviations of ability over which curves of tasks are smoothed
PSEUDO = 0.3  # pupils' weight of the overall distribution of a task at a node
FREEDOM, LEAST_FREEDOM = 0.4, 4.0  # a spread of schools from a median is known as from so many degrees a school
ALIKE = 0.5  # correlation of the rests of two outside measures
LEAST_SPREAD = 0.1  # of schools' shifts, in standard deviations of an outside measure
USUAL_SPREAD, TRIALS = 0.25, 6
ITEM_SPREAD = (0.15, 0.6)  # bounds of the spread of tasks between honest schools, logits


@dataclass(frozen=True)
class Outside:
    """A measure given the attainment: slopes within and between schools, spread of schools and of pupils."""

    centre: float
    within: float
    between: float
    school_spread: float
    pupil_spread: float


@dataclass(frozen=True)
class Model:
    """`curves` nodes × tasks × points; `school` mean abilities; `spread` of pupils; `item_spread` in logits."""

    design: Procedure
    curves: Floats
    school: Floats
    spread: float
    item_spread: float
    outside: Mapping[str, Outside]

    def draw(self, generator: Generator) -> Procedure:
        """One honest procedure with the same pupils in the same schools, classes and variants."""
        design = self.design
        schools, tasks = design.schools, len(design.maxima)
        ability = self.school[design.school] + self.spread * generator.normal(size=len(design.school))
        place = np.interp(ability, NODES, np.arange(len(NODES)))
        node = (place + generator.random(len(place))).astype(int).clip(0, len(NODES) - 1)
        tilt = self.item_spread * generator.normal(size=(schools, tasks))
        reached = [self.curves[:, :, 0][node]]
        for points in range(1, self.curves.shape[2]):
            reached.append(reached[-1] + self.curves[:, :, points][node] * np.exp(points * tilt)[design.school])
        drawn = generator.random((len(node), tasks)) * reached[-1]
        scores = sum((drawn > part).astype(np.int64) for part in reached[:-1])
        fresh = replace(design, scores=scores, outside={})
        return replace(fresh, outside=self._outside(fresh, generator))

    def _outside(self, fresh: Procedure, generator: Generator) -> dict[str, Floats]:
        """Rests of several measures go together: the same results, with their own chance, stand under all of them."""
        result, school = level.attainment(fresh), fresh.school
        n = np.maximum(np.bincount(school), 1)
        mean = (group_sum(result, school, fresh.schools) / n)[school]
        known_by = max(LEAST_FREEDOM, FREEDOM * fresh.schools)
        width = np.sqrt(known_by / generator.chisquare(known_by))
        of_school, of_pupil = generator.normal(size=fresh.schools), generator.normal(size=len(mean))
        found = {}
        for name, one in self.outside.items():
            shift = width * one.school_spread * _alike(of_school, generator)[school]
            rest = one.pupil_spread * _alike(of_pupil, generator)
            values = one.centre + one.within * (result - mean) + one.between * mean + shift + rest
            found[name] = np.where(np.isfinite(self.design.outside[name]), values, np.nan)
        return found


def _alike(common: Floats, generator: Generator) -> Floats:
    """Standard normal, correlated with the common part."""
    return np.asarray(np.sqrt(ALIKE) * common + np.sqrt(1 - ALIKE) * generator.normal(size=len(common)))


def fit(procedure: Procedure) -> Model:
    """The model of a procedure. ValueError where `untestable` has a reason."""
    if reason := untestable(procedure):
        raise ValueError(reason)
    table, ability = _em(procedure)
    n = np.maximum(np.bincount(procedure.school), 1).astype(float)
    mean = group_sum(ability, procedure.school, procedure.schools) / n
    variance = float(((ability - mean[procedure.school]) ** 2).sum() / max(1, len(ability) - procedure.schools))
    spread = between(mean - np.average(mean, weights=n), variance / n, variance)
    centre = float(np.average(mean, weights=n))
    shrunk = centre + (mean - centre) * spread / (spread + variance / n + 1e-9)
    within = float(np.sqrt(max(0.2, 1 - float(np.average((shrunk - centre) ** 2, weights=n)))))
    outside = {name: _outside(procedure, values) for name, values in procedure.outside.items() if _enough(values)}
    design = replace(procedure, outside={name: procedure.outside[name] for name in outside})
    scale = _scale(procedure, table, shrunk, within)
    first = Model(design, table, scale * shrunk, scale * within, USUAL_SPREAD, outside)
    return replace(first, item_spread=_item_spread(first))


def _scale(procedure: Procedure, table: Floats, school: Floats, within: float) -> float:
    """Factor of abilities with which totals spread as the observed ones do: smoothed curves are a little too flat."""
    points = np.arange(table.shape[2])
    mean = (table @ points).sum(axis=1)
    variance = (table @ points**2 - (table @ points) ** 2).sum(axis=1)
    ability = school[procedure.school] + within * np.random.default_rng(0).normal(size=len(procedure.school))
    spread = [
        np.interp(factor * ability, NODES, mean).var() + np.interp(factor * ability, NODES, variance).mean()
        for factor in FACTORS
    ]
    return float(FACTORS[np.abs(np.array(spread) - procedure.totals.var()).argmin()])


def _enough(values: Floats) -> bool:
    return int(np.isfinite(values).sum()) >= level.FEWEST


def _em(procedure: Procedure) -> tuple[Floats, Floats]:
    """Curves of tasks, nodes × tasks × points, and the pupils' expected abilities."""
    possible = curves.points_possible(procedure.maxima)
    kinds = possible.shape[1]
    marked = (procedure.scores[:, :, None] == np.arange(kinds)).reshape(len(procedure.scores), -1).astype(float)
    overall = marked.mean(axis=0)
    prior = stats.norm.pdf(NODES)
    prior /= prior.sum()
    kernel = np.exp(-0.5 * ((NODES[:, None] - NODES) / SMOOTH) ** 2)
    ranks = stats.norm.ppf((stats.rankdata(procedure.totals) - 0.5) / len(procedure.totals))
    posterior = np.exp(-0.5 * ((ranks[:, None] - NODES) / 0.4) ** 2)
    posterior /= posterior.sum(axis=1, keepdims=True)
    table = np.empty(0)
    for _ in range(STEPS):
        counts = kernel @ (posterior.T @ marked) + PSEUDO * overall + 0.01
        table = counts.reshape(len(NODES), -1, kinds) * possible
        table /= table.sum(axis=2, keepdims=True)
        logs = np.log(np.maximum(table.reshape(len(NODES), -1), 1e-12))
        posterior = marked @ logs.T + np.log(prior)
        posterior = np.exp(posterior - posterior.max(axis=1, keepdims=True))
        posterior /= posterior.sum(axis=1, keepdims=True)
    counts = (posterior.T @ marked).reshape(len(NODES), -1, kinds)
    return _partial_credit(counts, possible), posterior @ NODES


def _partial_credit(counts: Floats, possible: NDArray[np.bool_]) -> Floats:
    """Expected counts, nodes × tasks × points → probabilities with steps of their own and one slope for all tasks
    (partial credit model, Masters 1982), by weighted least squares of neighbouring log odds.

    Free curves would follow whatever one large school does where nobody else is as strong: the reference would then
    call that honest. What tasks differ in otherwise is taken off by the markers, which read curves of the data.
    """
    upper, lower = counts[:, :, 1:] + 0.1, counts[:, :, :-1] + 0.1
    weight = np.where(possible[:, 1:], upper * lower / (upper + lower), 0.0)
    odds, nodes = np.log(upper / lower), NODES[:, None, None]
    whole = np.maximum(weight.sum(axis=0), 1e-9)
    centre_node, centre_odds = (weight * nodes).sum(axis=0) / whole, (weight * odds).sum(axis=0) / whole
    apart = weight * (nodes - centre_node)
    slopes = (apart * (odds - centre_odds)).sum(axis=0) / np.maximum((apart * (nodes - centre_node)).sum(axis=0), 1e-9)
    slope = weighted_median(slopes[possible[:, 1:]], whole[possible[:, 1:]])
    steps = centre_odds + slope * (nodes - centre_node)
    logits = np.concatenate([np.zeros_like(steps[:, :, :1]), np.cumsum(steps, axis=2)], axis=2)
    table = np.exp(logits - logits.max(axis=2, keepdims=True)) * possible
    return np.asarray(table / table.sum(axis=2, keepdims=True))


def _item_spread(model: Model) -> float:
    """Spread of tasks between schools on the logit scale: that with which the model shows the spread of the data."""
    generator = np.random.default_rng(0)
    simulated = sum(_common(model.draw(generator)) for _ in range(TRIALS)) / TRIALS
    return float(np.clip(model.item_spread * np.sqrt(_common(model.design) / max(simulated, 1e-6)), *ITEM_SPREAD))


def _common(procedure: Procedure) -> float:
    """Between-school variance of standardised residuals of tasks given the total."""
    usual = curves.answers(procedure)
    n = np.bincount(procedure.school, minlength=procedure.schools).astype(float)
    many = n >= 2
    mean = group_sum(usual.residual / usual.spread, procedure.school, procedure.schools)[many] / n[many, None]
    error = np.broadcast_to(1 / n[many, None], mean.shape)
    return between(mean.ravel(), error.ravel(), 1.0)


def _outside(procedure: Procedure, values: Floats) -> Outside:
    known = np.isfinite(values)
    x, y, of = level.attainment(procedure)[known], values[known], procedure.school[known]
    n = np.bincount(of, minlength=procedure.schools).astype(float)
    there, divisor = n > 0, np.maximum(n, 1)
    mean_x, mean_y = (group_sum(part, of, procedure.schools) / divisor for part in (x, y))
    deep_x, deep_y = x - mean_x[of], y - mean_y[of]
    within = float((deep_x * deep_y).sum() / max(float((deep_x**2).sum()), 1e-9))
    variance = float(((deep_y - within * deep_x) ** 2).sum() / max(1, len(y) - int(there.sum())))
    slope = level.between_slope(mean_x, mean_y, n.astype(np.int64), within)
    rest = mean_y - slope * mean_x
    centre = weighted_median(rest[there], n[there])
    spread = between((rest - centre)[there], (variance / divisor)[there], max(variance, 1e-9))
    spread = max(spread, LEAST_SPREAD**2 * float(y.var()))
    return Outside(centre, within, slope, float(np.sqrt(spread)), float(np.sqrt(variance)))
