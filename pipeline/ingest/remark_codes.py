"""Every code of a remark that reading may give, with its severities: what docs/errors.md lists and waivers may name.

A decision in config/corrections may be about something that this year's files do not have: its code still exists.
Kinds that readers declare are collected; those that are built with words of their own are listed here, and a test
compares this register with the code of the stage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from pipeline.ingest import inbox
from pipeline.ingest.layouts import declared_remarks, remarks
from pipeline.ingest.reading import Severity

# layouts/declared.py and declared_rows.py; organisations.py; merge.py; pipeline/check.py; indicators/form_faults.py,
# comparators.py and roadmap_faults.py, which pipeline/check.py asks
WORDED: Mapping[str, Severity] = {
    "name_says_another_year": "warning",
    "codes_repaired": "info",
    "no_register": "warning",
    "org_not_in_register": "warning",
    "org_ambiguous": "critical",
    "org_renamed": "info",
    "org_moved": "info",
    "same_rows_in_one_file": "warning",
    "same_rows_in_two_files": "warning",
    "files_disagree": "critical",
    "foreign_municipality": "warning",
    "territory_not_named": "warning",
    "form_numerator_above_denominator": "warning",
    "form_level_out_of_scale": "warning",
    "comparator_unknown": "warning",
    "comparator_out_of_scale": "warning",
    "roadmap_item_unknown": "warning",
}
_ORDER: tuple[Severity, ...] = get_args(Severity)


def remark_codes() -> dict[str, tuple[Severity, ...]]:
    """Code → its severities, the gravest first; a code has two when layouts judge the same fault differently."""
    kinds = [
        (code, kind.severity)
        for said in (inbox.KINDS, remarks.KINDS, declared_remarks.KINDS)
        for code, kind in said.items()
    ]
    found: dict[str, set[Severity]] = {}
    for code, severity in [*kinds, *WORDED.items()]:
        found.setdefault(code, set()).add(severity)
    return {code: tuple(sorted(found[code], key=_ORDER.index)) for code in sorted(found)}


__all__ = ["remark_codes"]
