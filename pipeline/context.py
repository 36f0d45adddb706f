"""The territory's profile as the computation of indicators needs it."""

from __future__ import annotations

from pipeline.indicators.context import Context
from pipeline.indicators.norms import load_rules
from pipeline.paths import Paths
from pipeline.settings import RunSettings
from pipeline.territory.profile import Profile
from pipeline.territory.roadmap import load_roadmap


def context_of(paths: Paths, settings: RunSettings, profile: Profile) -> Context:
    return Context(
        territory=profile.code,
        report_year=settings.report_year,
        rules=load_rules(paths),
        municipality_label=profile.name.nominative,
        municipalities=profile.municipalities,
        country=profile.country.code,
        country_label=profile.country.title,
        means_allowed=profile.means_of_scores.allowed,
        means_reason=profile.means_of_scores.reason,
        roadmap=_directions_of_items(paths, profile),
    )


def _directions_of_items(paths: Paths, profile: Profile) -> dict[str, str]:
    """Key of each roadmap item → the direction it counts in; empty without a roadmap."""
    if not profile.roadmap:
        return {}
    roadmap = load_roadmap(paths, profile.roadmap)
    return {item.key: roadmap.direction_of(item) for item in roadmap.items}
