"""What holds in every chapter: numbers are bound, ids are unique, nothing is ranked, odd data do not fall over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pytest

from pipeline.directions.chapter import Chapter, findings_frame
from pipeline.directions.rules import load_rules
from pipeline.presentation.blocks import FigureBlock, Paragraphs, Run, TableBlock, plain
from pipeline.territory.profile import Country
from tests.directions.inputs import (
    CODES,
    PATHS,
    SOURCE,
    TEST,
    bare,
    blocks,
    chapter,
    check,
    count,
    exact,
    frame,
    handed_on,
    keys,
    listed,
    marks,
    mean,
    pupil,
    rate,
    row,
    share,
)

# Digits that are no values: marks in quotes, classes, years, the confidence of intervals, limits of printing.
NO_VALUES = (
    r"«[2-5]»|\d+[\u00a0 ]класс|20\d\d/\d\d|\b20\d\d(–20\d\d)?\b|9[59](,8)?[\u00a0\u202f ]%|меньше \d+"
    r"|у заданий: [^.]+|Не показано: \d+"
)
RANKS = r"\bлучш(?!е\b)|\bхудш|рейтинг|ранг|место среди|топ-?\d"
DISCLAIMER = "не служат для оценки"
AT_WORK = ("data_quality", "achievement", "objectivity", "talent")
JOURNAL = ("lowered", "confirmed", "raised")


def journal(*parts: int, **given: Any) -> list[dict[str, Any]]:
    return [share(x, sum(parts), f"journal_{name}", **given) for name, x in zip(JOURNAL, parts, strict=True)]


def everything() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Rows and clean tables of a town that has one of each."""
    town, other = {"subject": "russian"}, {"subject": "mathematics", "series": "m"}
    schools = [
        share(x, 30, level="organisation", group=f"s{n}", group_label=f"Школа {n}") for n, x in enumerate((25, 3, 4, 2))
    ]
    small = share(2, 8, level="organisation", group="s9", group_label="Школа 9")
    oge = {"procedure": "oge", "grade": 9}
    rows = [
        *(
            share(34, 128, **town),
            exact(0.06, "region"),
            exact(0.05),
            share(20, 120, school_year=2025),
            *schools,
            small,
        ),
        *(share(7, 120, **other), exact(0.07, **other), share(30, 120, school_year=2024, **other)),
        *(row("vpr_mark_2", status="suppressed", grade=5), share(5, 9, grade=6), exact(0.05, grade=6)),
        *journal(40, 60, 28),
        *journal(5, 10, 2, level="organisation", group="s1", group_label="Школа 1"),
        *journal(1, 10, 20, level="organisation", group="s2", group_label="Школа 2"),
        exact(0.73, "region", "journal_confirmed"),
        rate("1", 60, 128, 128, (0.4, 0.55)),
        rate("2К1", 100, 128, 128, (0.7, 0.85)),
        *(share(5, 100, "oge_below_minimum", **oge), share(3, 9, "oge_below_minimum", **oge, subject="physics")),
        *(mean(41.5, 300), mean(38.2, 60_000, "country"), mean(44.0, 20, "organisation", group="s1")),
        *(count(3), count(4, school_year=2025), count(5, "marked_markers")),
    ]
    return rows, clean_tables()


def clean_tables() -> dict[str, Any]:
    """What files of that town would give."""
    groups = [
        *marks("country", "RU", 1_700_000, 0.05, 0.3, 0.4, 0.25),
        *marks("municipality", "town", 128, 34 / 128, 0.3, 0.3, 0.134),
        *marks("organisation", "s9", 8, 0.25, 0.25, 0.5, 0.0),
    ]
    pupils = [pupil(n, primary_score=float(n % 24), mark=2 + n % 4, journal_mark=3 + n % 3) for n in range(60)]
    task = {
        "task": "1",
        "task_order": 1,
        "score": 1,
        "max_score": 1,
        "state": "observed",
        "org_id": "s1",
        "participant": "p",
    }
    marked = {"school_year": 2026, "org_id": "s1", "marker": 1, "state": "observed"}
    return {
        "group_results": frame("group_results", *groups),
        "results": frame("results", *pupils),
        "task_scores": frame("task_scores", {**TEST, **SOURCE, **task}),
        "marked_schools": frame("marked_schools", {**TEST, **SOURCE, **marked} | {}),
    }


def report(
    rows: Sequence[Mapping[str, Any]], clean: Mapping[str, Any], codes: Sequence[str] = CODES[:-1], **given: Any
) -> dict[str, Chapter]:
    """The chapters named, and the last one, which reads what they handed on."""
    about = {"clean": clean, "checks": [check(), check("critical"), check(passed=True)], "files": [listed()], **given}
    made = {code: chapter(code, *rows, **about) for code in codes}
    return made | {CODES[-1]: chapter(CODES[-1], *rows, earlier=handed_on(*made.items()), **about)}


@cache
def whole() -> tuple[list[dict[str, Any]], dict[str, Chapter]]:
    rows, clean = everything()
    return rows, report(rows, clean)


def texts(value: Any, name: str = "") -> Iterator[str]:
    """Every word a block prints; not its ids, paths, keys."""
    if isinstance(value, str) and name not in ("id", "key", "data", "kind", "role", "tone", "align", "number", "ref"):
        yield re.sub(r"<[^>]+>", " ", value) if name == "svg" else value
    elif isinstance(value, Mapping):
        for key, inside in value.items():
            yield from texts(inside, str(key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inside in value:
            yield from texts(inside, name)


def all_texts(made: Mapping[str, Chapter]) -> list[str]:
    printed = [text for one in made.values() for block in blocks(one) for text in texts(block.payload())]
    return printed + [plain(finding.statement) for one in made.values() for finding in one.findings]


def bare_digits(runs: Sequence[Run]) -> str:
    """Digits that no indicator row stands behind."""
    unbound = "".join(" " if run.key else run.text for run in runs)
    return "".join(re.findall(r"\d", re.sub(NO_VALUES, " ", unbound)))


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return whole()[0]


@pytest.fixture(scope="module")
def made() -> dict[str, Chapter]:
    return whole()[1]


def test_the_town_has_one_of_everything(made: dict[str, Chapter]) -> None:
    kinds = {re.sub(r"\..*", "", finding.id) for one in made.values() for finding in one.findings}
    assert kinds - {"next_goal"} == {
        "vpr_mark_2",
        "vpr_tasks",
        "oge_minimum",
        "external",
        "journal",
        "marked",
        "check",
        "missing_sources",
    }
    found = {block.id for one in made.values() for block in blocks(one) if isinstance(block, FigureBlock | TableBlock)}
    assert {
        *("vpr-marks", "vpr-schools", "vpr-mark-2-years", "vpr-tasks", "vpr_russian_4-tasks"),
        *("vpr-scores", "oge-minimum", "external-years", "external-table-7"),
        *("journal-works", "journal-pairs", "marked-years", "marked-organisations"),
        *("achievement-indicators", "objectivity-indicators", "quality-failures", "passports-achievement"),
    } <= found


def test_every_number_of_a_finding_is_bound(made: dict[str, Chapter]) -> None:
    loose = {f.id: bare_digits(f.statement) for one in made.values() for f in one.findings if f.id[:6] != "check."}
    assert {name: digits for name, digits in loose.items() if digits} == {}


@pytest.mark.parametrize("code", ["achievement", "objectivity"])
def test_every_number_under_a_chart_is_bound(made: dict[str, Chapter], code: str) -> None:
    figures = [block for block in blocks(made[code]) if isinstance(block, FigureBlock)]
    assert {block.id: bare_digits(block.statement) for block in figures if bare_digits(block.statement)} == {}


def test_every_key_leads_to_a_row(made: dict[str, Chapter], rows: list[dict[str, Any]]) -> None:
    payloads = [block.payload() for one in made.values() for block in blocks(one)]
    bound = {key for payload in payloads for key in re.findall(r"'key': '([^']+)'", str({**payload, "svg": ""}))}
    bound |= {key for one in made.values() for finding in one.findings for key in finding.keys}
    assert len(bound) > 20
    assert bound <= keys(rows)


def test_ids_are_unique_in_a_report(made: dict[str, Chapter]) -> None:
    ids = [block.id for one in made.values() for block in blocks(one) if hasattr(block, "id")]
    assert sorted(ids) == sorted(set(ids))
    stored = [name for code, one in made.items() for name in findings_frame(one, bare(code))["id"]]
    assert sorted(stored) == sorted(set(stored))


def test_nothing_is_ranked(made: dict[str, Chapter]) -> None:
    ranked = [text for text in all_texts(made) if re.search(RANKS, text, re.IGNORECASE)]
    assert ranked
    assert [text for text in ranked if DISCLAIMER not in text] == []


def test_signs_are_no_accusations(made: dict[str, Chapter]) -> None:
    accused = [text for text in all_texts(made) if re.search(r"списыва|нарушен|фальсиф|завысил", text, re.IGNORECASE)]
    assert all(re.search(r"не (вывод )?о нарушени|а не вывод о нарушении", text) for text in accused)


def test_words_of_difference_stand_in_no_chapter_where_nothing_differs() -> None:
    rows = [share(6, 100), exact(0.06), exact(0.06, "region"), share(6, 100, school_year=2025), *journal(25, 70, 5)]
    alike = report([*rows, exact(0.7, "region", "journal_confirmed")], {}, AT_WORK)
    claims = [plain(finding.statement) for one in alike.values() for finding in one.findings]
    claims += [block.title for one in alike.values() for block in blocks(one) if isinstance(block, FigureBlock)]
    claims += [plain(item) for item in (i for b in alike["annual_report"].blocks("main") for i in b.items)]
    assert not [text for text in claims if re.search(r"вырос|снизил|доля (выше|ниже)|чем в ре|чем в РФ", text)]


def test_every_figure_can_be_read_without_seeing_it(made: dict[str, Chapter]) -> None:
    figures = [block for one in made.values() for block in blocks(one) if isinstance(block, FigureBlock)]
    assert len(figures) >= 8
    for block in figures:
        assert block.alt.endswith(".")
        assert re.search(r"\d", block.alt)
        assert block.title
        assert block.subtitle
        assert plain(block.source)


def test_data_behind_a_chart_are_handed_on(made: dict[str, Chapter]) -> None:
    for code, one in made.items():
        number = bare(code).direction.number
        files = {f"data/{number}_{name}.csv" for name in one.frames}
        wanted = {block.data for block in blocks(one) if isinstance(block, FigureBlock | TableBlock) and block.data}
        assert wanted <= files


def test_percents_of_few_pupils_are_printed_nowhere(made: dict[str, Chapter]) -> None:
    statements = [text for text in all_texts(made) if "Школа 9" in text or "физика" in text.lower()]
    assert statements
    assert not [
        text for text in statements if re.search(r"(25|33)[,\d]*[\u202f\u00a0 ]%", re.sub(r"\([^)]*\)", "", text))
    ]


def test_lines_do_not_cross_a_break_of_the_series() -> None:
    parts = [
        share(10 + n, 100, school_year=year, series=s)
        for n, (year, s) in enumerate(((2024, "a"), (2025, "b"), (2026, "b")))
    ]
    drawn = chapter("achievement", *parts).frames["vpr_mark_2_years"]
    assert drawn.groupby("series")["year"].apply(list).to_dict() == {"a": [2024], "b": [2025, 2026]}


ODD: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "nothing": ([], {}),
    "no value": (
        [row(status="suppressed"), row("journal_confirmed", status="no_data"), row("vpr_task_rate", task="1")],
        {},
    ),
    "no municipality": ([one for one in everything()[0] if one["level"] != "municipality"], everything()[1]),
    "only the country": ([exact(0.05), exact(0.7, "country", "journal_confirmed")], {}),
    "only published": ([row(value=0.1, n=40), row("journal_confirmed", value=0.5), row("oge_quality", value=0.5)], {}),
    "one school": ([share(1, 1, level="organisation")], {}),
    "nobody took part": ([row(value=None, n=0, numerator=0, denominator=0, status="no_data")], {}),
    "mean of nobody": ([mean(None, 0), mean(None, 0, "country"), mean(None, 0, "organisation", group="s1")], {}),
    "unknown subject": ([share(5, 50, subject="dance"), mean(5.0, 50, subject="dance")], {}),
    "only tables": ([], everything()[1]),
    "means only": ([mean(41.5, 300, "organisation", group=f"s{n}") for n in range(15)], {}),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_data_make_whole_chapters(name: str) -> None:
    rows, clean = ODD[name]
    for code, one in report(rows, clean, AT_WORK).items():
        assert one.code == code
        assert one.strip.items
        assert len(findings_frame(one, bare(code))) == len(one.findings)
        for section in one.sections:
            assert one.blocks(section)
        assert "nan" not in " ".join(texts([block.payload() for block in blocks(one)])).lower().split()
        assert "None" not in " ".join(texts([block.payload() for block in blocks(one)])).split()


def test_charts_are_drawn(made: dict[str, Chapter]) -> None:
    figures = [block for one in made.values() for block in blocks(one) if isinstance(block, FigureBlock)]
    assert all(block.svg.startswith("<svg") and "</text>" in block.svg for block in figures)
    assert all("Нет данных" not in block.svg for block in figures)


def test_another_country_is_named_and_never_declined() -> None:
    rows, clean = everything()
    made = report(rows, clean, AT_WORK, country=Country(code="BG", title="Болгария"))
    assert not [text for text in all_texts(made) if re.search(r"(в|по|чем) Болгария", text)]


def test_the_shipped_rules_of_recommendations_name_known_indicators_and_directions() -> None:
    rules = load_rules(PATHS.config_files("recommendations"))
    assert set(rules) <= set(CODES)
    passports = bare("achievement").passports
    for code, several in rules.items():
        assert {rule.indicator for rule in several} <= set(passports)
        named = [passports[rule.indicator] for rule in several]
        own = all(code in (passport.direction, *passport.also) for passport in named)
        assert own or code == "integrated"  # which looks at the indicators of all the others
        assert all(rule.level in passports[rule.indicator].levels for rule in several)


def test_paragraphs_are_sentences(made: dict[str, Chapter]) -> None:
    items = [plain(i) for one in made.values() for b in blocks(one) if isinstance(b, Paragraphs) for i in b.items]
    assert [line for line in items if not line.rstrip().endswith((".", "…", ":", "?"))] == []
