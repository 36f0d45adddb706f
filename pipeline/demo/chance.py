"""Chance under one seed: every thing has a stream of its own, so adding one thing changes no other."""

from __future__ import annotations

import math
import random

STEADY = 0.6  # of the spread that drawing lots would give


def stream(*key: object) -> random.Random:
    """The generator that belongs to a key; the same key gives the same numbers on every machine."""
    return random.Random("|".join(map(str, key)))  # noqa: S311 - synthetic data, not secrets


def chance_of(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def logit_of(chance: float) -> float:
    return math.log(chance / (1 - chance))


def binomial(generator: random.Random, total: int, chance: float) -> int:
    """How many of `total` succeed; above 400 by the normal curve."""
    if total <= 400:
        return sum(generator.random() < chance for _ in range(total))
    drawn = generator.gauss(total * chance, math.sqrt(total * chance * (1 - chance)))
    return min(total, max(0, round(drawn)))


def steady(generator: random.Random, total: int, chance: float) -> int:
    """Some of the same people a year later: counted anew, yet nearer to what is expected than by drawing lots."""
    drawn = generator.gauss(total * chance, STEADY * math.sqrt(total * chance * (1 - chance)))
    return min(total, max(0, round(drawn)))


def happened(generator: random.Random, mean: float) -> int:
    """A count of events around a mean, by the same steadiness."""
    return max(0, round(generator.gauss(mean, STEADY * math.sqrt(mean))))
