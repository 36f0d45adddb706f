"""Russian words of what indicators are broken down by: groups and levels of the form, stages, kinds of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.indicators.form_sources import FORM, FormLevels
from pipeline.indicators.passport import Passport
from pipeline.indicators.register_sources import REGISTER
from pipeline.ingest.items import ItemTable

Words = Mapping[tuple[str, str], str]  # (indicator, category) → word
TASKS: Mapping[str, str] = {"basic": "базовый уровень", "advanced": "повышенный уровень", "high": "высокий уровень"}
# Columns of registers whose lists of words have another name in config/forms/words.yml.
LISTS: Mapping[str, tuple[str, ...]] = {
    "kind": ("decision_kind", "document_kind"),
    "progress": ("progress", "decision_progress"),
}


def category_words(
    passports: Iterable[Passport], items: Mapping[str, ItemTable], lists: Mapping[str, Mapping[str, str]]
) -> dict[tuple[str, str], str]:
    """Words of every category that a declared source can give. `lists`: the words of the form by name."""
    found: dict[tuple[str, str], str] = {}
    for passport in passports:
        for source in passport.sources:
            found.update({(passport.id, code): word for code, word in _of(source, items, lists).items()})
    return found


def _of(source: object, items: Mapping[str, ItemTable], lists: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    if isinstance(source, FormLevels):
        item = items[source.table].by_id.get(source.item)
        return {str(level): word for level, word in item.levels.items()} if item else {}
    if isinstance(source, FORM):
        return items[source.table].groups
    if isinstance(source, REGISTER):
        names = LISTS.get(source.category or "", (source.category or "",))
        return {code: word for name in names for code, word in lists.get(name, {}).items()}
    return TASKS
