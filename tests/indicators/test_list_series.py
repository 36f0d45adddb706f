"""Values over an official list are compared only while the same schools stand on it."""

from tests.indicators.forms import cell, table, tried

PARTNER = {
    "type": "form_reached",
    "table": "context",
    "items": ["network_partner"],
    "listed": {"table": "context", "item": "shnor_listed"},
}


def town(*lists: tuple[int, str]) -> dict[int, str]:
    """School year → series of the municipality's value, where these letters are the schools on the list."""
    rows = [
        cell(f"s{org}", item, "", yes, year)
        for year, on in lists
        for org in "abc"
        for item, yes in (("shnor_listed", int(org in on)), ("network_partner", 1))
    ]
    found = tried(PARTNER, context=table("context", rows))
    own = found[found["level"] == "municipality"]
    return dict(zip(own["school_year"], own["series"], strict=True))


def test_the_same_list_is_one_series() -> None:
    series = town((2025, "ab"), (2026, "ab"))
    assert series[2025] == series[2026]


def test_another_school_on_the_list_cuts_the_series() -> None:
    series = town((2024, "ab"), (2025, "ac"), (2026, "ab"))
    assert series[2024] == series[2026]
    assert series[2025] not in (series[2024], series[2026])


def test_a_school_is_the_same_school_on_any_list() -> None:
    rows = [cell("sa", item, "", 1, year) for year in (2025, 2026) for item in ("shnor_listed", "network_partner")]
    rows += [cell("sb", "shnor_listed", "", int(year == 2025), year) for year in (2025, 2026)]
    found = tried(PARTNER, context=table("context", rows))
    assert found[found["group"] == "sa"]["series"].nunique() == 1


def test_without_a_list_nothing_is_cut() -> None:
    rows = [cell("sa", "network_partner", "", 1, year) for year in (2025, 2026)]
    found = tried({**PARTNER, "listed": None}, context=table("context", rows))
    assert "list:" not in "".join(found["series"])
