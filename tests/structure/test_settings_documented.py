"""Every key an analyst may write into config/ is explained in docs/."""

from __future__ import annotations

import re
import typing

import pytest
from pydantic import BaseModel

from pipeline.directions.card_rows import CardRules
from pipeline.directions.rules import Rules as RecommendationRules
from pipeline.indicators.index_rules import Indices
from pipeline.indicators.norms import NormsFile, Publication
from pipeline.indicators.passport import Passport
from pipeline.indicators.school_rules import ContextRules, ListRules, RiskZones
from pipeline.indicators.series import SeriesRules
from pipeline.ingest.items import ItemTable
from pipeline.ingest.layouts.declared_model import Declaration
from pipeline.ingest.layouts.form_model import RegisterSheet, Words
from pipeline.settings import Subjects
from pipeline.territory.profile import Directions, Profile
from pipeline.territory.roadmap import Roadmap
from pipeline.validation.waivers import Corrections
from tests.structure.checkout import ROOT

DOCUMENTED = {
    "docs/config.md": (
        Profile,
        Directions,
        Roadmap,
        Corrections,
        Subjects,
        Publication,
        NormsFile,
        SeriesRules,
        RiskZones,
        ContextRules,
        ListRules,
        Indices,
        RecommendationRules,
        ItemTable,
        RegisterSheet,
        Words,
        CardRules,
    ),
    "docs/indicators.md": (Passport,),
    "docs/layouts.md": (Declaration,),
}


def models(kind: object) -> set[type[BaseModel]]:
    """The models that stand in an annotation, at any depth, with those inside them."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        inside = (model for field in kind.model_fields.values() for model in models(field.annotation))
        return {kind}.union(*({model} for model in inside))
    return {model for argument in typing.get_args(kind) for model in models(argument)}


def keys(root: type[BaseModel]) -> set[str]:
    return {field.alias or name for model in models(root) for name, field in model.model_fields.items()}


@pytest.mark.parametrize(("document", "root"), [(name, root) for name, roots in DOCUMENTED.items() for root in roots])
def test_every_key_is_explained(document: str, root: type[BaseModel]) -> None:
    told = set(
        re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`\n]+)`", (ROOT / document).read_text(encoding="utf-8"))))
    )
    assert sorted(keys(root) - told) == []
