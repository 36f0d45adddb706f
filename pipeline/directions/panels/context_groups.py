"""How far the index of conditions may be trusted, and whether schools fall into groups by conditions at all.

Groups are told only where `statistics.clusters` finds them again in resampled schools; else the nearest schools of each
are all that can be said. Results weigh features here to check the index; they never enter it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.directions import schools
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels import links
from pipeline.directions.schools import Context
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Text, text
from pipeline.statistics import clusters, context_index
from pipeline.statistics.clusters import Clusters

LITTLE = 0.4  # of the spread: features that hardly go together
UNACCEPTABLE = 0.5  # of Kaiser's measure (Kaiser and Rice 1974)
ALPHA = 0.05
NAMED = 12
CHECKED_BY = ("oge", "vpr")  # the exam that others mark first
NEIGHBOURS = "поэтому школа сравнивается со своими ближайшими соседями, где они есть"


@dataclass(frozen=True)
class Weighed:
    """Spearman's correlation of the index with weights from a regression of results on the same features."""

    procedure: str
    schools: int
    agrees: float


@dataclass(frozen=True)
class Conditions:
    """What the index of one year is checked by, and the groups of its schools."""

    context: Context
    groups: Clusters
    weighed: Weighed | None

    @property
    def labels(self) -> Mapping[str, int]:
        """School → group, 1 with the hardest conditions; empty where no grouping is stable."""
        if self.groups.state == "none":
            return {}
        return dict(zip(self.context.index, (label + 1 for label in self.groups.labels), strict=True))


def conditions(inputs: Inputs, context: Context) -> Conditions:
    """Schools are grouped by the logits of the features: in raw shares a tail passes for a group."""
    groups = clusters.clusters(context.features, list(context.index.values()))
    return Conditions(context, groups, _weighed(inputs, context))


def _weighed(inputs: Inputs, context: Context) -> Weighed | None:
    """By the first procedure that enough schools of the index wrote."""
    for procedure in CHECKED_BY:
        held = links.results(inputs, procedure)
        places = [place for place, org in enumerate(context.index) if org in held]
        own = [org for org in context.index if org in held]
        weighed = context_index.regressed(context.features[places], [-held[org][1] for org in own]) if own else None
        if weighed is not None:
            agrees = context_index.agreement([context.index[org] for org in own], weighed)
            return Weighed(procedure, len(own), agrees)
    return None


def index_words(found: Conditions) -> Text:
    """How much the index carries and how far it hangs on the way of weighing."""
    context, weighed = found.context, found.weighed
    said = (
        "Индекс условий — первая главная компонента этих признаков: он несёт "
        f"{ru.percent(context.explained, 10)} их разброса; ранговая корреляция с простой суммой признаков "
        f"{ru.number(context.agrees, 2)}"
    )
    if weighed is not None and not math.isnan(weighed.agrees):
        said += f", с суммой, где веса взяты из регрессии результатов ({ru.procedure(weighed.procedure)}, школ "
        said += f"{ru.number(weighed.schools)}), — {ru.number(weighed.agrees, 2)}"
    doubt = " Признаки мало связаны между собой, поэтому индекс условен." if _loose(context) else ""
    return text(f"{said}. Результаты в индекс не входят.{doubt}")


def _loose(context: Context) -> bool:
    fit = context.adequacy
    return context.explained < LITTLE or fit.kmo < UNACCEPTABLE or fit.p > ALPHA


def how(context: Context) -> tuple[Text, ...]:
    """Kaiser's measure and Bartlett's test, for who asks whether one index may stand for the features."""
    fit = context.adequacy
    if fit.reason:
        return (text(f"Пригодность признаков для одного индекса не проверить: {fit.reason}."),)
    p = "p < 0,001" if fit.p < 0.001 else f"p = {ru.number(fit.p, 3)}"
    return (
        text(
            f"Пригодность признаков для одного индекса: мера Кайзера {ru.number(fit.kmo, 2)} (ниже 0,5 — не годятся); "
            f"критерий Бартлетта, что они не связаны, — {p}."
        ),
    )


def group_words(inputs: Inputs, found: Conditions) -> tuple[Text, ...]:
    """The stable groups with their schools, or that there are none and why."""
    groups, total = found.groups, len(found.context.index)
    if groups.state == "stable":
        return (_stable(found), *(_group(inputs, found, label) for label in range(1, groups.count + 1)))
    if total < 2 * clusters.PER_CLUSTER:
        fewest = ru.number(2 * clusters.PER_CLUSTER)
        return (text(f"Групп школ по условиям не искали: для этого нужно не меньше {fewest} школ с полным паспортом."),)
    if groups.stability is None:
        why = "деление на группы объясняет различия не лучше, чем одна общая группа"
    else:
        held = groups.stability
        why = (
            "в повторных случайных выборках школ группы складываются иначе (согласие "
            f"{_pair(held.rand, min(held.jaccard))}; устойчивы от {ru.number(clusters.STABLE, 2)})"
        )
    return (text(f"Устойчивых групп школ по условиям нет: {why}, {NEIGHBOURS}."),)


def _pair(rand: float, jaccard: float) -> str:
    return f"по всем группам {ru.number(rand, 2)}, наименьшее по одной {ru.number(jaccard, 2)}"


def _stable(found: Conditions) -> Text:
    held, count = found.groups.stability, found.groups.count
    agreed = f" ({_pair(held.rand, min(held.jaccard))})" if held else ""
    return text(
        f"По условиям школы делятся на {ru.counted(count, 'группу', 'группы', 'групп')}: они складываются снова в "
        f"повторных случайных выборках школ{agreed}. Группа говорит, с кем сравнивать, а не как школа работает."
    )


def _group(inputs: Inputs, found: Conditions, label: int) -> Text:
    context = found.context
    own = [org for org in schools.ordered(context.names) if found.labels.get(org) == label]
    values = [context.index[org] for org in own]
    count = ru.counted(len(own), "школа", "школы", "школ")
    said = f"Группа {ru.number(label)}: {count}, индекс условий от {ru.number(min(values), 1)} до "
    said += ru.number(max(values), 1)
    if inputs.settings.edition == "internal":
        said += f": {ru.listed([schools.short(context.names[org]) for org in own], NAMED)}"
    return text(f"{said}.")


def frame(found: Conditions) -> pd.DataFrame:
    """One row a measure of the index and of the grouping; `value` is empty where it cannot be told."""
    context, groups, fit = found.context, found.groups, found.context.adequacy
    held = groups.stability
    return pd.DataFrame(
        [
            ("schools", len(context.index)),
            ("explained", context.explained),
            ("spearman_plain_sum", context.agrees),
            (f"spearman_regressed_{found.weighed.procedure}", found.weighed.agrees)
            if found.weighed
            else ("spearman_regressed", None),
            ("kaiser_meyer_olkin", fit.kmo),
            ("bartlett_chi2", fit.chi2),
            ("bartlett_df", fit.df),
            ("bartlett_p", fit.p),
            ("stable_groups", groups.count),
            ("median_adjusted_rand", held.rand if held else None),
            ("smallest_jaccard", min(held.jaccard) if held else None),
        ],
        columns=["measure", "value"],
    )
