"""Profile of a territory and the fourteen directions, read from configuration.

The profile says what changes between municipalities: names in their cases, spellings of the municipality in files,
official titles and order of chapters, goals. The directions say what is the same everywhere: number, code, what
sources each direction needs and which office supplies them.
"""

from __future__ import annotations

import difflib

from pydantic import Field, model_validator

from pipeline.errors import Place, UsageError, WorkspaceError
from pipeline.paths import Paths
from pipeline.settings import Strict, load_model

CASES = {
    "nominative": "названия",
    "genitive": "родительного падежа",
    "dative": "дательного падежа",
    "prepositional": "предложного падежа",
}


class Name(Strict):
    """Name of the territory in the cases that Russian headings need."""

    nominative: str
    genitive: str
    dative: str
    prepositional: str


class Country(Strict):
    """Country whose totals serve as comparator: code as in clean tables, short title for readers."""

    code: str = "RU"
    title: str = "РФ"


class MeansOfScores(Strict):
    """Means of scores are refused unless a profile allows them and says why (directions.md, rules)."""

    allowed: bool = False
    reason: str = ""

    @model_validator(mode="after")
    def _reasoned(self) -> MeansOfScores:
        if self.allowed and not self.reason:
            raise ValueError("разрешение средних баллов требует причины (reason)")
        return self


class Goal(Strict):
    """A goal of a direction with the document and item that set it."""

    text: str
    document: str = ""
    item: str = ""


class ChapterPlan(Strict):
    """One chapter: official title, part of the report, whether it is printed, the chapter it is printed `within`."""

    direction: str
    title: str = ""
    part: str = ""
    printed: bool = True
    within: str = ""
    goals: tuple[Goal, ...] = ()


class Profile(Strict):
    """What the report must know about one territory."""

    code: str
    name: Name
    region: str
    country: Country = Country()
    municipalities: tuple[str, ...] = ()
    synthetic: bool = False
    report_title: str = "Отчёт о состоянии системы образования"
    department: str = ""
    means_of_scores: MeansOfScores = MeansOfScores()
    roadmap: str = ""
    chapters: tuple[ChapterPlan, ...] = ()

    @model_validator(mode="after")
    def _no_means_in_russia(self) -> Profile:
        """Енисейск: means of scores over procedures are harmful; only files of other countries have nothing else."""
        if self.means_of_scores.allowed and self.country.code == Country().code:
            raise ValueError("средние баллы российской территории не разрешаются: снимите means_of_scores.allowed")
        return self

    @model_validator(mode="after")
    def _hosts_are_printed(self) -> Profile:
        hosts = {plan.direction for plan in self.chapters if plan.printed and not plan.within}
        lost = sorted({plan.within for plan in self.chapters if plan.within} - hosts)
        if lost:
            raise ValueError(f"within называет главы, которых нет среди печатаемых: {', '.join(lost)}")
        return self


class Source(Strict):
    """What a direction needs: the kind of file, the clean tables it fills, the office that supplies it."""

    title: str
    office: str
    tables: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    asked_by: tuple[str, ...] = ()
    country: str = ""


class Direction(Strict):
    """One of the fourteen directions: fixed number, code, working title, question it answers, sources."""

    number: str = Field(pattern=r"^\d\d$")
    code: str
    title: str
    question: str = ""
    sources: tuple[Source, ...] = ()


class Directions(Strict):
    directions: tuple[Direction, ...]

    def of_country(self, country: str) -> Directions:
        """The same directions without sources that only another country has."""
        kept = [
            direction.model_copy(update={"sources": tuple(s for s in direction.sources if s.country in ("", country))})
            for direction in self.directions
        ]
        return Directions(directions=tuple(kept))

    def get(self, code: str) -> Direction:
        return next(direction for direction in self.directions if direction.code == code)


def load_profile(paths: Paths) -> Profile:
    """The profile of `paths.territory`; an unknown code is a UsageError that names the nearest known one."""
    path = paths.config(f"territories/{paths.territory}.yml")
    if not path.exists():
        known = [file.stem for file in paths.config_files("territories")]
        near = difflib.get_close_matches(paths.territory, known, n=1)
        hint = f"возможно, вы имели в виду «{near[0]}»; " if near else ""
        raise UsageError(
            f"Территория «{paths.territory}» неизвестна: нет файла config/territories/{paths.territory}.yml.",
            advice=f"{hint}известны: {', '.join(known) or 'ни одной'}.",
        )
    profile = load_model(Profile, path)
    if profile.code != path.stem:
        raise WorkspaceError(
            f"Профиль территории не принят: code — «{profile.code}», а файл назван «{path.name}».",
            place=Place(path.name),
            advice="дайте файлу имя кода территории или исправьте code.",
        )
    blank = unfilled(profile)
    if blank:
        raise WorkspaceError(
            f"Профиль территории заполнен не до конца: {', '.join(blank)}.",
            place=Place(path.name),
            advice=f"откройте config/territories/{path.name} в Блокноте и впишите недостающее в пустые кавычки.",
        )
    return profile


def unfilled(profile: Profile) -> tuple[str, ...]:
    """What every report prints and this profile leaves blank, in words with the key."""
    said = profile.name.model_dump()
    blank = [f"нет {words} (name.{case})" for case, words in CASES.items() if not said[case].strip()]
    return (*blank, *(["нет региона (region)"] if not profile.region.strip() else []))


def load_directions(paths: Paths) -> Directions:
    return load_model(Directions, paths.config("directions.yml"))


def chapter_plans(profile: Profile, directions: Directions) -> tuple[ChapterPlan, ...]:
    """Chapters in printed order: the profile's own, then directions it does not name, quality of data last.

    WorkspaceError names the key of a chapter whose direction is unknown or was named before.
    """
    _check_chapters(profile, directions)
    named = {plan.direction for plan in profile.chapters}
    rest = [ChapterPlan(direction=item.code) for item in directions.directions if item.code not in named]
    rest.sort(key=lambda plan: plan.direction == "data_quality")
    return tuple(
        plan.model_copy(update={"title": plan.title or directions.get(plan.direction).title})
        for plan in (*profile.chapters, *rest)
    )


def _check_chapters(profile: Profile, directions: Directions) -> None:
    known = [item.code for item in directions.directions]
    named = [plan.direction for plan in profile.chapters]
    for place, code in enumerate(named):
        key = f"chapters.{place}.direction"
        if code not in known:
            near = difflib.get_close_matches(code, known, n=1)
            hint = f"возможно, вы имели в виду «{near[0]}»; " if near else ""
            raise _wrong(profile, f"{key}: направления «{code}» нет", f"{hint}есть: {', '.join(known)}.")
        if code in named[:place]:
            raise _wrong(profile, f"{key}: направление «{code}» названо дважды", "оставьте одну главу на направление.")


def _wrong(profile: Profile, what: str, advice: str) -> WorkspaceError:
    file = f"{profile.code}.yml"
    return WorkspaceError(f"Профиль территории не принят: {what}.", place=Place(file), advice=advice)
