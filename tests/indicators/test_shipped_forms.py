"""The shipped passports over the collection form: items that exist, citations that hold, nobody judged."""

import itertools

import pytest
import yaml

from pipeline.form_tables import ITEM_TABLES
from pipeline.indicators.form_sources import FORM, FormLevels, FormReached
from pipeline.indicators.passport import USES, Passport
from pipeline.indicators.register_sources import REGISTER
from pipeline.indicators.sources import CountedShare
from tests.indicators.frames import PASSPORTS, PATHS, RULES

ITEMS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in PATHS.config_files("items")}
ITEM = {(table, item["id"]): item for table, given in ITEMS.items() for item in given["items"]}
ROADMAPS = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in PATHS.config_files("roadmaps")]
CITED = {item["key"] for roadmap in ROADMAPS for item in roadmap["items"]} | {
    "Т-5.3"
}  # §5.3 has no measures of its own
OF_FORM = [
    passport for passport in PASSPORTS if any(isinstance(given, (*FORM, *REGISTER)) for given in passport.sources)
]
ASKED = [
    (passport.id, *cells)
    for passport in PASSPORTS
    for given in passport.sources
    if isinstance(given, (*FORM, *REGISTER))
    for cells in given.asked
]


def by_direction(code: str) -> list[Passport]:
    return [passport for passport in PASSPORTS if passport.direction == code]


def test_every_direction_has_passports() -> None:
    counted = {code: len(list(given)) for code, given in itertools.groupby(sorted(p.direction for p in PASSPORTS))}
    assert sum(counted.values()) - counted["data_quality"] >= 60
    assert all(counted[code] >= 14 for code in counted if code not in ("data_quality", "integrated"))
    assert len(counted) == 13


def test_every_table_of_items_is_asked_for_something() -> None:
    assert {table for _, table, _, _ in ASKED} == {table.name for table in ITEM_TABLES}


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked[0]}-{asked[2]}")
def test_items_that_a_passport_names_exist(asked: tuple[str, str, str, tuple[str, ...]]) -> None:
    _, table, item, groups = asked
    assert set(ITEM[table, item].get("groups", [])) >= set(groups)
    assert bool(ITEM[table, item].get("groups")) == bool(groups)


def test_every_item_is_used_by_an_indicator() -> None:
    """A school is not asked for what nobody reads. Who came and went is there for the check of the form's own sums."""
    unused = set(ITEM) - {(table, item) for _, table, item, _ in ASKED}
    assert unused == {("attendance", "arrived"), ("attendance", "left"), ("context", "classes_total")}


@pytest.mark.parametrize("passport", OF_FORM, ids=lambda passport: passport.id)
def test_kind_of_item_fits_the_source(passport: Passport) -> None:
    for given in passport.sources:
        kinds = {ITEM[table, item]["kind"] for table, item, _ in getattr(given, "asked", ())}
        if isinstance(given, FormLevels):
            assert kinds == {"level"}
            assert list(given.scale) == sorted(ITEM[given.table, given.item]["levels"])
        elif isinstance(given, FormReached):
            assert len(given.items) == 1
        elif not given.asked or not getattr(given, "listed", None):
            assert kinds <= {"count", "yes_no"}


@pytest.mark.parametrize("passport", OF_FORM, ids=lambda passport: passport.id)
def test_passport_of_the_form_is_complete(passport: Passport) -> None:
    assert passport.documents
    assert {str(document) for document in passport.documents} <= CITED
    assert "ranks" in passport.forbidden
    assert not passport.means_of_scores
    of_works = {"diagnostics"} <= passport.tables  # each year's works are others
    assert passport.series == ("single_year" if of_works else "register") or passport.uses_marks
    assert not passport.short.endswith(".")


def test_items_cite_items_of_the_documents() -> None:
    cited = {key for item in ITEM.values() for key in item.get("documents", [])}
    sections = {key for key in cited if any(known.startswith(f"{key}-") for known in CITED)}
    assert cited - CITED - sections == set()


def test_shares_of_the_seventh_section_have_its_own_denominators() -> None:
    """К, item 7.1: of all leavers, of leavers of class 11, of all pupils, of the special school, of classes 6–11, of
    parents; places are a number."""
    wanted = {
        "leavers_entered": {("destinations", "graduates")},
        "leavers_11_colleges": {("destinations", "graduates")},
        "leavers_11_universities": {("destinations", "graduates")},
        "juniors_championship": {("context", "pupils_total")},
        "championship_classes": {("context", "pupils_total")},
        "abilympics_special": {("career", "pupils_special")},
        "bilet_share": {("context", "pupils_total")},
        "career_diagnostics": {("career", "pupils_6_11")},
        "parents_supported": {("career", "parents")},
    }
    found = {p.id: p.sources[0] for p in by_direction("career") if any(str(d) == "К-7.1" for d in p.documents)}
    assert set(found) == {*wanted, "trial_workplaces"}
    for name, cells in wanted.items():
        given = found[name]
        assert {(given.under_table, item.partition("/")[0]) for item in given.denominator} == cells  # type: ignore[union-attr]
    groups = {name: found[name].asked[-1][2] for name in wanted if name.startswith("leavers")}  # type: ignore[union-attr]
    assert groups == {
        "leavers_entered": ("grade_9", "grade_11"),
        "leavers_11_colleges": ("grade_11",),
        "leavers_11_universities": ("grade_11",),
    }


def test_profile_of_heads_is_no_rating() -> None:
    for passport in by_direction("heads"):
        assert "ranks" in passport.forbidden
        assert passport.publication in ("municipal_totals", "sensitive")
    shown = [passport for passport in PASSPORTS if "heads" in (passport.direction, *passport.also)]
    columns = {c.column for p in shown for s in p.sources if isinstance(s, CountedShare) for c in s.filters}
    assert "test_score" not in columns
    assert not any(passport.kind == "mean" for passport in shown)
    assert by_direction("heads")[0].id == "network_measures_done"  # first in Л-41 and in П-руководители-1


def test_small_groups_of_children_have_the_higher_threshold() -> None:
    delicate = {
        "ovz",
        "registers",
        "offenders",
        "difficult",
        "language",
        "conflicts",
        "conflict",
        "disabilities",
        "abilympics",
    }
    for passport in OF_FORM:
        if delicate & set(passport.id.split("_")) and passport.kind != "ordinal":
            assert passport.publication == "sensitive", passport.id


def test_schools_of_a_list_and_official_lists_are_municipal_totals() -> None:
    for passport in by_direction("low_results"):
        if passport.id.startswith(("shnor", "shnsu")):
            assert passport.publication == "municipal_totals"


def test_answers_about_vpr_forbid_every_use() -> None:
    about_vpr = [
        p for p in OF_FORM if any("vpr" in groups for s in p.sources for _, _, groups in getattr(s, "asked", ()))
    ]
    assert about_vpr
    assert all(set(passport.forbidden) == set(USES) for passport in about_vpr)


def test_norms_come_from_a_document() -> None:
    named = {passport.id: passport.norm for passport in OF_FORM if passport.norm}
    assert named == {
        "union_leader_meetings": "union_leader_meetings",
        "independent_assessment": "independent_assessment",
    }
    assert all(norm.source for norm in RULES.norms)
    assert {norm.id for norm in RULES.norms} >= set(named.values())


def test_renamed_projects_keep_their_series() -> None:
    renamed = {passport.id: {alias.until for alias in passport.aliases} for passport in PASSPORTS if passport.aliases}
    assert renamed == {
        "juniors_championship": {2022},
        "championship_classes": {2022},
        "championship_viewers": {2022},
        "career_course": {2023},
        "movement_first": {2022},
    }
    items = {item["id"]: {alias["until"] for alias in item["aliases"]} for item in ITEM.values() if item.get("aliases")}
    assert items["movement_first"] == {2022}
    assert items["juniors"] == items["master_classes"] == {2022}
