"""How well signs of biased results are found, and how seldom honest schools are named: methods §12, and harder worlds.

    python -m benchmarks.objectivity

Prints AUC, precision at k, power and false positives by size of school, with the floor of §12 beside each figure where
there is one. Random seeds are fixed; nothing is trained: the combination is set beforehand by mechanism.
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from benchmarks.cheating_world import KINDS, Cheating, District, World, district, districts, honest
from pipeline.statistics.objectivity import model, reference
from pipeline.statistics.objectivity.bunching import USUAL, lifted_share
from pipeline.statistics.objectivity.combine import Q, adjusted, stouffer
from pipeline.statistics.objectivity.procedure import Floats, Ints, Procedure
from pipeline.statistics.objectivity.reference import Judged, Reference

BASE = World()
SMALL = replace(BASE, schools=20)
SIZES = (5, 15, 30, 60, 151)
HARDER = (("A", 0.6), ("B", 0.3), ("C", 0.4), ("D", 0.6))
BEST = {"A": "heap", "B": "hard", "C": "twins", "D": "level"}


@dataclass(frozen=True)
class Seen:
    """Schools of many districts: who cheated, size, p of all signs together and of each marker, BH flag, district."""

    cheats: Ints
    size: Ints
    p: Floats
    markers: Mapping[str, Floats]
    flag: Ints
    district: Ints

    def auc(self, p: Floats | None = None) -> float:
        """Chance that a school that cheats comes before an honest one, districts pooled."""
        ranks = stats.rankdata(-(self.p if p is None else p))
        many, all_of = int(self.cheats.sum()), len(self.cheats)
        return float((ranks[self.cheats == 1].sum() - many * (many + 1) / 2) / (many * (all_of - many)))

    def precision(self) -> float:
        """Among as many first schools of each district as cheat there, the part that does."""
        parts = []
        for one in np.unique(self.district):
            own = self.district == one
            first = np.argsort(self.p[own], kind="stable")[: int(self.cheats[own].sum())]
            parts.append(self.cheats[own][first].mean())
        return float(np.mean(parts))

    @property
    def power(self) -> float:
        return float(self.flag[self.cheats == 1].mean())

    @property
    def false_positives(self) -> float:
        return float(self.flag[self.cheats == 0].mean())

    @property
    def false_part(self) -> float:
        """Honest ones among the flagged, mean over districts (none flagged: 0)."""
        found = [self.flag[self.district == one] * (1 - self.cheats[self.district == one]) for one in self._districts]
        many = [max(1, int(self.flag[self.district == one].sum())) for one in self._districts]
        return float(np.mean([part.sum() / n for part, n in zip(found, many, strict=True)]))

    @property
    def any_flag(self) -> float:
        return float(np.mean([self.flag[self.district == one].any() for one in self._districts]))

    @property
    def small_p(self) -> float:
        return float((self.p[self.cheats == 0] < 0.01).mean())

    @property
    def _districts(self) -> list[int]:
        return [int(one) for one in np.unique(self.district)]


def see(districts: Iterator[District] | Sequence[District], against: Reference) -> Seen:
    """One procedure a district."""
    return _seen([(one, reference.judge(one.procedure, against)) for one in districts])


def _seen(pairs: Sequence[tuple[District, Judged]]) -> Seen:
    flags = [adjusted({"": judged.combined})[""] <= Q for _, judged in pairs]
    names = pairs[0][1].markers
    return Seen(
        np.concatenate([one.cheats for one, _ in pairs]),
        np.concatenate([judged.signals.schools.size for _, judged in pairs]),
        np.concatenate([judged.combined for _, judged in pairs]),
        {name: np.concatenate([judged.markers[name] for _, judged in pairs]) for name in names},
        np.concatenate(flags).astype(np.int64),
        np.repeat(np.arange(len(pairs)), [len(one.cheats) for one, _ in pairs]),
    )


def honest_reference(world: World, replicates: int) -> Reference:
    def draw(generator: Generator) -> Procedure:
        return honest(world, generator)

    return reference.build(draw, replicates, seed=1)


def kinds(world: World, against: Reference, repeats: int) -> None:
    """Every kind and strength, then all of them mixed."""
    for kind, strengths in KINDS.items():
        for strength in strengths:
            seen = see(districts(world, (Cheating(kind, strength),), repeats, 7), against)
            best = seen.auc(seen.markers[BEST[kind]])
            row(f"{kind} {strength}", seen, f"{BEST[kind]} {best:.3f}", _floor(kind, strength))
    mixed = tuple(Cheating(kind, one) for kind, strengths in KINDS.items() for one in strengths)
    row("mixed", see(districts(world, mixed, 3 * repeats, 8), against), "", "combined ≥ .88, aim .91")


def _floor(kind: str, strength: float) -> str:
    return {
        ("A", 0.6): "heap ≥ .92; combined within .05",
        ("B", 0.3): "hard ≥ .97",
        ("C", 0.4): "similar ≥ .82",
        ("D", 0.6): "level ≥ .94",
    }.get((kind, strength), "")


def row(name: str, seen: Seen, best: str, floor: str) -> None:
    say(
        f"{name:<28} {best:<12} AUC {seen.auc():.3f}  P@k {seen.precision():.2f}  power {seen.power:.2f}  "
        f"FPR {seen.false_positives:.3f}  FDP {seen.false_part:.3f}  p<.01 {seen.small_p:.4f}  {_by_size(seen)}"
        f"{'  floor: ' + floor if floor else ''}"
    )


def _by_size(seen: Seen) -> str:
    """Power at p < .01 by size."""
    parts = []
    for low, high in zip(SIZES[:-1], SIZES[1:], strict=True):
        own = (seen.cheats == 1) & (seen.size >= low) & (seen.size < high)
        parts.append(f"{(seen.p[own] < 0.01).mean():.2f}" if own.any() else " – ")
    return "/".join(parts)


def honest_districts(world: World, against: Reference, repeats: int) -> None:
    """False alarms where nobody cheats, also when honest schools differ otherwise than the reference thinks."""
    settings = {
        "as the reference": world,
        "tasks .25 → .40": replace(world, item_spread=0.4),
        "re-check .05 → .15": replace(world, recheck=0.15),
        "journal .35 → .60": replace(world, journal_spread=0.6),
        "strong schools, 10 %": replace(world, strong_part=0.1),
        "two variants": replace(world, variants=0.3),
    }
    for name, one in settings.items():
        seen = see(districts(one, (), repeats, 11), against)
        say(f"honest, {name:<22} p<.01 {seen.small_p:.4f} (floor .005–.02)   {_any(seen)} (floor ≤ .16, aim ≤ .10)")


def inside_only(world: World, replicates: int, repeats: int) -> None:
    """Without prior results, later exam and journal."""
    bare = replace(world, outside=False)
    against = honest_reference(bare, replicates)
    for kind, strengths in KINDS.items():
        for strength in strengths:
            row(
                f"inside only, {kind} {strength}",
                see(districts(bare, (Cheating(kind, strength),), repeats, 7), against),
                "",
                "",
            )


def harder(world: World, against: Reference, repeats: int) -> None:
    """What §12 had not modelled yet."""
    strong = replace(world, strong_part=0.1)
    variants = replace(world, variants=0.3)
    rows: list[tuple[str, World, Cheating]] = []
    for kind, strength in HARDER:
        rows += [
            (f"one class, {kind} {strength}", world, Cheating(kind, strength, one_class=True)),
            (f"beside strong, {kind} {strength}", strong, Cheating(kind, strength)),
            (f"two variants, {kind} {strength}", variants, Cheating(kind, strength)),
            (f"everybody half, {kind} {strength}", world, Cheating(kind, strength, others=0.5)),
        ]
    rows.append(("the weakest stay away", world, Cheating("E", 0.2)))
    for name, one, cheating in rows:
        row(name, see(districts(one, (cheating,), repeats, 13), against), "", "")


def four_procedures(world: World, against: Reference, repeats: int) -> None:
    """Two subjects in two grades: the same schools cheat in all four; Stouffer's sum of their p."""
    for kind, strength in (
        ("A", 0.3),
        ("A", 0.6),
        ("B", 0.15),
        ("B", 0.3),
        ("C", 0.2),
        ("C", 0.4),
        ("D", 0.3),
        ("D", 0.6),
    ):
        generator, pairs = np.random.default_rng(17), []
        for _ in range(repeats):
            chosen = generator.permutation(world.schools)[: round(0.15 * world.schools)]
            own = [district(world, (Cheating(kind, strength, who=tuple(chosen)),), generator) for _ in range(4)]
            judged = [reference.judge(one.procedure, against) for one in own]
            together = stouffer(np.stack([one.combined for one in judged]))
            pairs.append((own[0], replace(judged[0], combined=together)))
        seen = _seen(pairs)
        row(
            f"four procedures, {kind} {strength}",
            seen,
            "",
            "≥ .97" if (kind, strength) in {("B", 0.3), ("C", 0.4)} else "",
        )


def fitted(schools: int, honest_ones: int, repeats: int = 0, outside: bool = True) -> None:
    """The reference as the product makes it: from the district's own data, cheats included."""
    world = replace(BASE, schools=schools, outside=outside)
    for cheating in ((), *((Cheating(kind, one),) for kind, one in HARDER if repeats)):
        pairs = []
        for one in districts(world, cheating, repeats if cheating else honest_ones, 19):
            own = reference.build(model.fit(one.procedure).draw, reference.replicates_for(schools), seed=1)
            pairs.append((one, reference.judge(one.procedure, own)))
        seen = _seen(pairs)
        if cheating:
            row(f"fitted, {cheating[0].kind} {cheating[0].strength}", seen, "", "")
        else:
            say(
                f"fitted to {schools:>3} schools, {'all measures' if outside else 'inside only '}  "
                f"p<.01 {seen.small_p:.4f}   {_any(seen)} (floor ≤ .16, aim ≤ .10)"
            )


def _any(seen: Seen) -> str:
    """Part of districts with any flag, with a 95 % interval of the simulation."""
    part, many = seen.any_flag, len(np.unique(seen.district))
    low, high = proportion_confint(round(part * many), many, method="wilson")
    return f"any flag {part:.3f} [{low:.3f}, {high:.3f}] of {many}"


def everybody(repeats: int) -> None:
    """Whole districts that lift alike: no school stands out; the strength is estimated from all totals together."""
    for schools in (20, 60):
        for strength in (0.0, 0.15, 0.3, 0.6):
            cheating = (Cheating("A", strength, part=1.0),) if strength else ()
            world = replace(BASE, schools=schools)
            found = [
                lifted_share(one.procedure, np.random.default_rng(1)) for one in districts(world, cheating, repeats, 23)
            ]
            shares, low = np.array([one.share for one in found]), np.array([one.lower for one in found])
            say(
                f"everybody lifts {strength:<5} {schools} schools   estimate {shares.mean():.3f} "
                f"(sd {shares.std():.3f})  told as unusual {np.mean(low > USUAL):.2f}"
            )


def speed(against: Reference) -> None:
    """Judging against a ready reference, and the whole search of one work of an ordinary district."""
    one = district(BASE, (), np.random.default_rng(1)).procedure
    begun, cpu = time.perf_counter(), time.process_time()
    reference.judge(one, against)
    say(
        f"200 schools × 8 markers: {time.perf_counter() - begun:.3f} s, processor {time.process_time() - cpu:.3f} s "
        "(floor < 1 s)"
    )
    small = district(replace(BASE, schools=18), (), np.random.default_rng(2)).procedure
    cpu = time.process_time()
    reference.judge(small, reference.build(model.fit(small).draw, reference.replicates_for(18), seed=1))
    say(f"search of one work of 18 schools, its reference included: processor {time.process_time() - cpu:.2f} s")


def main() -> None:
    begun = time.perf_counter()
    say("AUC, precision at k, power at BH .10, false positives, false part, p<.01 of honest; power at p<.01 by size")
    spent = 0.0
    with ProcessPoolExecutor(2) as pool:  # two cores; the parts share nothing
        for words, seconds in pool.map(told, (large, small, whole_and_fitted)):
            say(words)
            spent += seconds
    say(f"wall {time.perf_counter() - begun:.0f} s, processor {spent:.0f} s")


def told(part: Callable[[], None]) -> tuple[str, float]:
    """What a part says, and its seconds of processor."""
    cpu = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()) as words:
        part()
    return words.getvalue(), time.process_time() - cpu


def large() -> None:
    against = honest_reference(BASE, 60)
    one_procedure(BASE, against, 6, 100)
    speed(against)
    inside_only(BASE, 40, 3)
    harder(BASE, against, 4)
    four_procedures(BASE, against, 3)


def small() -> None:
    one_procedure(SMALL, honest_reference(SMALL, 150), 60, 400)


def one_procedure(world: World, against: Reference, repeats: int, many: int) -> None:
    say(f"== {world.schools} schools in the district, one procedure")
    kinds(world, against, repeats)
    honest_districts(world, against, many)


def whole_and_fitted() -> None:
    say("== whole districts")
    everybody(12)
    say("\n== reference fitted to the district's own data, as many replicates as the report takes")
    fitted(20, 60, 6)
    fitted(20, 60, outside=False)
    fitted(5, 40)
    fitted(200, 20)


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
