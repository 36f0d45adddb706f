"""From the drop folder to the gate: what was read, what was checked, whether it may be used.

Both `msoko check` and `msoko run` go this way; nothing is computed before the gate lets it through.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.context import context_of
from pipeline.directions.rules import Rule, load_rules
from pipeline.errors import Place, WorkspaceError
from pipeline.execution.lock import run_lock
from pipeline.execution.publication import disk_errors
from pipeline.focus import focused
from pipeline.indicators.comparators import ComparatorFault, comparator_faults
from pipeline.indicators.context import Scope, build_scope, foreign_municipalities
from pipeline.indicators.form_faults import FormFault, form_faults
from pipeline.indicators.guard_nested import act_harm
from pipeline.indicators.passport import Passport, load_passports
from pipeline.indicators.roadmap_faults import RoadmapFault, roadmap_faults
from pipeline.ingest import stage as ingest
from pipeline.ingest.remark_codes import remark_codes
from pipeline.ingest.stage import Gathered
from pipeline.paths import SHARED, Paths
from pipeline.progress import Say, steps
from pipeline.provenance.fingerprint import Fingerprint, fingerprint
from pipeline.settings import RunSettings, load_subjects
from pipeline.territory.profile import load_profile
from pipeline.validation import gate, store, waivers
from pipeline.validation.crosschecks import run_crosschecks
from pipeline.validation.engine import run_suites
from pipeline.validation.ledger import CheckResult
from pipeline.validation.suites import load_suites

PLACES = 2
NAMED = 10  # municipalities that a message lists
WORDS = {"critical": "КРИТИЧЕСКАЯ", "warning": "предупреждение", "info": "к сведению"}


@dataclass(frozen=True)
class Checked:
    """Clean tables that passed the gate (or, from `examine`, all that was read) with the ledger and inventory."""

    gathered: Gathered
    results: tuple[CheckResult, ...]


def examine(paths: Paths, settings: RunSettings, made_from: Fingerprint, say: Say) -> Checked:
    """Read and check; results and inventory are stored before anybody judges them."""
    say("Читаю файлы…")
    tokens = {owner: made_from.of_owner(owner) for owner in (paths.territory, SHARED)}
    everything = ingest.gather(paths, tokens, steps(say, "файл", begins=True))
    gathered = focused(everything, context_of(paths, settings, load_profile(paths)))
    say("Проверяю таблицы…")
    results = _results(paths, gathered, settings, say)
    paths.clean.mkdir(parents=True, exist_ok=True)
    store.save(results, paths.clean / "checks.json")
    _save_inventory(paths, gathered)
    return Checked(gathered, tuple(results))


def passed(paths: Paths, settings: RunSettings, made_from: Fingerprint, say: Say) -> Checked:
    """Read and check; raises the gate's error when a critical check failed and was not waived."""
    checked = examine(paths, settings, made_from, say)
    verdict = gate.judge(checked.results)
    for result in verdict.warnings:
        file = next((f" Файл «{place.file}»." for place in result.places if place.file), "")
        say(f"  предупреждение: {result.message}{file}")
    return checked


def _results(paths: Paths, gathered: Gathered, settings: RunSettings, say: Say) -> list[CheckResult]:
    suites = load_suites(paths.workspace)
    remarks = [
        gate.from_remark(remark.code, remark.severity, remark.message, remark.place, remark.advice)
        for remark in gathered.remarks
    ]
    remarks += _strangers(paths, gathered, settings)
    remarks += _of_indicators(paths, gathered, settings)
    checks = run_suites(suites, gathered.tables, steps(say, "таблица", begins=True))
    checks += run_crosschecks(gathered.tables, load_subjects(paths).title)
    known = waivers.known_checks(suites, remark_codes())
    return waivers.apply(waivers.load_waivers(paths), [*remarks, *checks], known, settings.as_of)


def _strangers(paths: Paths, gathered: Gathered, settings: RunSettings) -> list[CheckResult]:
    """Pupils of municipalities that the profile does not name are left out of the indicators: say so."""
    context = context_of(paths, settings, load_profile(paths))
    lost = _lost_files(paths, build_scope(gathered.tables, context))
    foreign = foreign_municipalities(gathered.tables, context)
    if not foreign:
        return lost
    message = f"Участники других муниципалитетов в показатели не вошли: {', '.join(foreign)}."
    advice = (
        "если это написания или коды своей территории, впишите их в "
        f"municipalities в config/territories/{paths.territory}.yml."
    )
    return [gate.from_remark("foreign_municipality", "warning", message, Place(), advice), *lost]


def _lost_files(paths: Paths, scope: Scope) -> list[CheckResult]:
    """Files with published results in which the territory does not stand under any spelling of its profile."""
    frame = scope.tables["group_results"]
    frame = frame[~frame["level"].isin(("country", "region"))]
    names = scope.located(frame, "municipality")
    own = pd.Series(scope.own(frame), index=frame.index)
    found = []
    for file, rows in frame.groupby("source_file"):
        if not own[rows.index].any():
            named = sorted(names[rows.index].dropna().unique())
            listed = f"{', '.join(named[:NAMED])}{'…' if len(named) > NAMED else ''}"
            message = f"Вашего муниципалитета в файле нет, строки в показатели не вошли; названы: {listed}."
            advice = (
                f"если это он, впишите такое написание в municipalities в config/territories/{paths.territory}.yml."
            )
            found.append(gate.from_remark("territory_not_named", "warning", message, Place(str(file)), advice))
    return found


def _of_indicators(paths: Paths, gathered: Gathered, settings: RunSettings) -> list[CheckResult]:
    """What passports and the roadmap say of the form: contradictions, values and items that nobody takes."""
    passports = load_passports(paths.config_files("indicators"), paths.config_files("items"))
    refuse_harmful(load_rules(paths.config_files("recommendations")), passports)
    context = context_of(paths, settings, load_profile(paths))
    found: list[FormFault | ComparatorFault | RoadmapFault] = [*form_faults(gathered.tables, passports, context)]
    found += comparator_faults(gathered.tables["comparators"], passports)
    found += roadmap_faults(gathered.tables["roadmap"], context.roadmap)
    return [gate.from_remark(fault.code, "warning", fault.message, fault.place, fault.advice) for fault in found]


def refuse_harmful(rules: Mapping[str, Sequence[Rule]], passports: Sequence[Passport]) -> None:
    """WorkspaceError when a recommendation does what the passport of its indicator forbids."""
    known = {passport.id: passport for passport in passports}
    for direction, declared in rules.items():
        for rule in declared:
            passport = known.get(rule.indicator)
            if passport and (reason := act_harm(passport, direction, f"{rule.act}\n{rule.evidence}")):
                raise WorkspaceError(
                    f"Рекомендация «{rule.id}» не принята: {reason}.",
                    place=Place(f"{direction}.yml"),
                    advice="уберите её или возьмите показатель, который не запрещает такого использования.",
                )


def _save_inventory(paths: Paths, gathered: Gathered) -> None:
    """The inventory of everything this report reads, in the territory's own folder."""
    content = json.dumps(list(gathered.inventory), ensure_ascii=False, indent=1) + "\n"
    (paths.clean / "run_inventory.json").write_text(content, encoding="utf-8", newline="\n")


def print_check(paths: Paths, settings: RunSettings, say: Say, out: Say) -> None:
    """`msoko check`: inventory and open remarks; raises the gate's error at the end when something is critical."""
    from pipeline.compute import territory_rows

    load_profile(paths)
    with disk_errors(paths), run_lock(paths):
        checked = examine(paths, settings, fingerprint(paths, settings), say)
    out(f"\nОпись файлов: {len(checked.gathered.inventory)}")
    for record in checked.gathered.inventory:
        out(_inventory_line(record))
    failed = sorted((one for one in checked.results if not one.passed), key=lambda one: list(WORDS).index(one.severity))
    out(f"\nПроверок: {len(checked.results)}; замечаний: {len(failed)}")
    for result in failed:
        out(_result_lines(result))
    gate.judge(checked.results)
    territory_rows(paths, settings, checked)
    out(f"\nКритических замечаний нет: отчёт можно собирать.\nДальше: msoko run {paths.territory} {paths.year}")


def _inventory_line(record: Mapping[str, Any]) -> str:
    """The file as recognised; why it was left out, or how many remarks below are about it."""
    found = record["remarks"]
    if not record["rows"]:
        said = "".join(f"\n      {remark['message']}" for remark in found)
    else:
        said = f", замечаний: {len(found)}" if found else ""
    return f"  {record['file']} — {record['title'] or 'не прочитан'}, строк: {record['rows']}{said}"


def _result_lines(result: CheckResult) -> str:
    more = f" и ещё {len(result.places) - PLACES}" if len(result.places) > PLACES else ""
    where = f"\n      где: {'; '.join(map(str, result.places[:PLACES]))}{more}" if result.places else ""
    advice = f"\n      что делать: {result.advice}" if result.advice else ""
    waived = f"\n      снято решением: {result.waived_by}" if result.waived_by else ""
    return f"  [{WORDS[result.severity]}] {result.message}{where}{advice}{waived}"
