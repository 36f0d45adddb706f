"""Checks across tables: the registry, and the runner that turns outcomes into ledger rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.tables import CLEAN, empty
from pipeline.validation import form_checks as forms
from pipeline.validation import group_checks as groups
from pipeline.validation import pupil_checks as pupils
from pipeline.validation.ledger import CheckResult, Severity, counted, files_of, grouped, places_of
from pipeline.validation.outcome import Data, Outcome


@dataclass(frozen=True)
class Crosscheck:
    """A declared check: `title` says what is checked, `message` what is wrong, `needs` tables that must have rows."""

    table: str
    severity: Severity
    find: Callable[[Data], Outcome]
    title: str
    message: str
    advice: str
    needs: tuple[str, ...]
    things: tuple[str, str, str] = ("случай", "случая", "случаев")


def run_crosschecks(tables: Mapping[str, pd.DataFrame], subject_title: Callable[[str], str] = str) -> list[CheckResult]:
    """All checks of the registry over conformed clean tables; absent tables count as empty."""
    data = Data({name: tables.get(name, empty(name)) for name in CLEAN}, subject_title)
    return [run_crosscheck(identifier, data) for identifier in CROSSCHECKS]


def run_crosscheck(identifier: str, data: Data) -> CheckResult:
    """One check of the registry; without the tables it needs it has evaluated nothing."""
    check = CROSSCHECKS[identifier]
    ready = all(len(data[name]) for name in check.needs)
    return _result(identifier, check, check.find(data) if ready else Outcome(0, 0, pd.DataFrame()))


def _result(identifier: str, check: Crosscheck, outcome: Outcome) -> CheckResult:
    failed = outcome.failed > 0
    return CheckResult(
        id=identifier,
        origin="crosscheck",
        table=check.table,
        severity=check.severity,
        passed=not failed,
        evaluated=outcome.evaluated,
        failed=outcome.failed,
        message=_message(check, outcome),
        advice=check.advice if failed else "",
        places=places_of(outcome.rows) if failed else (),
        files=files_of(outcome.rows) if failed else (),
    )


def _message(check: Crosscheck, outcome: Outcome) -> str:
    if not outcome.evaluated:
        return f"Не проверялось: сравнить не с чем. {check.title}"
    if not outcome.failed:
        return check.title
    note = f" ({outcome.note})" if outcome.note else ""
    return f"{check.message}: {counted(outcome.failed, check.things)} из {grouped(outcome.evaluated)}{note}"


_GROUPS = ("группа", "группы", "групп")
_VALUES = ("значение", "значения", "значений")
_SCHOOLS = ("организация", "организации", "организаций")
_PUPILS = ("участник", "участника", "участников")
_WORKS = ("работа", "работы", "работ")
_TOTALS = ("group_results",)

CROSSCHECKS: dict[str, Crosscheck] = {
    "shares_sum": Crosscheck(
        "group_results",
        "critical",
        groups.shares_sum,
        "Доли отметок (и согласия с журналом) в группе складываются в 100 % ± 0,1",
        "Доли в группе не складываются в 100 %",
        "проверьте проценты в названных строках: возможно, сдвинуты столбцы или файл правили вручную",
        _TOTALS,
        _GROUPS,
    ),
    "categories_complete": Crosscheck(
        "group_results",
        "warning",
        groups.categories_complete,
        "У каждой группы есть все отметки (2, 3, 4, 5) или все три исхода сравнения с журналом",
        "У группы не хватает отметок или исходов сравнения с журналом",
        "выгрузите отчёт заново: столбец потерян",
        _TOTALS,
        _GROUPS,
    ),
    "counts_within_n": Crosscheck(
        "group_results",
        "critical",
        groups.counts_within_n,
        "Участников во всех категориях вместе не больше, чем всего",
        "Участников в категориях вместе больше, чем всего",
        "выгрузите отчёт заново; если он правился вручную, верните исходный",
        _TOTALS,
        _GROUPS,
    ),
    "share_vs_count": Crosscheck(
        "group_results",
        "warning",
        groups.share_vs_count,
        "Напечатанная доля получается из числа участников с точностью до округления",
        "Напечатанная доля не получается из числа участников",
        "отчёт покажет долю как в источнике; сверьте число участников в названных строках",
        _TOTALS,
        _VALUES,
    ),
    "n_same_in_group": Crosscheck(
        "group_results",
        "warning",
        groups.n_same_in_group,
        "У всех отметок одной группы одно и то же число участников",
        "У отметок одной группы разное число участников",
        "проверьте, не соединились ли две выгрузки за разные даты",
        _TOTALS,
        _GROUPS,
    ),
    "municipality_total": Crosscheck(
        "group_results",
        "warning",
        groups.municipality_total,
        "Число участников муниципалитета равно сумме по его школам",
        "Число участников муниципалитета не равно сумме по его школам",
        "выгрузите отчёт заново: итог и школы взяты за разные даты",
        _TOTALS,
        _VALUES,
    ),
    "municipality_coverage": Crosscheck(
        "group_results",
        "info",
        groups.municipality_coverage,
        "В файле есть все школы муниципалитета",
        "В файле есть не все школы муниципалитета",
        "чтобы сравнивать школы между собой, выгрузите отчёт по всем школам",
        _TOTALS,
        _VALUES,
    ),
    "narrower_n": Crosscheck(
        "group_results",
        "critical",
        groups.narrower_n,
        "В школе участников не больше, чем в муниципалитете, в муниципалитете — чем в регионе",
        "В более узкой группе участников больше, чем в той, куда она входит",
        "проверьте, к тому ли муниципалитету и региону отнесена строка и за одну ли дату выгрузки",
        _TOTALS,
        _VALUES,
    ),
    "narrower_share": Crosscheck(
        "group_results",
        "warning",
        groups.narrower_share,
        "Участников с данной отметкой в школе не больше, чем во всём муниципалитете",
        "В более узкой группе участников с данной отметкой больше, чем в той, куда она входит",
        "проверьте проценты в названных строках",
        _TOTALS,
        _VALUES,
    ),
    "journal_vs_marks_n": Crosscheck(
        "group_results",
        "warning",
        groups.journal_vs_marks_n,
        "В сравнении с журналом столько же участников, сколько в статистике по отметкам",
        "В сравнении с журналом другое число участников, чем в статистике по отметкам",
        "выгрузите оба отчёта за одну дату",
        _TOTALS,
        _GROUPS,
    ),
    "max_score_conflict": Crosscheck(
        "",
        "warning",
        groups.max_score_conflict,
        "У работы одного года один максимальный балл во всех файлах",
        "У одной работы в файлах разный максимальный балл",
        "проверьте строку «Максимальный первичный балл» в шапках файлов",
        (),
        _WORKS,
    ),
    "scale_changed": Crosscheck(
        "",
        "info",
        groups.scale_changed,
        "Максимальный балл и шкала те же, что в предыдущем году",
        "Изменились максимальный балл или шкала: ряд прерван, годы до и после не сравниваются",
        "ничего: на графиках здесь будет разрыв с пояснением",
        (),
        _WORKS,
    ),
    "individual_vs_group": Crosscheck(
        "results",
        "warning",
        pupils.individual_vs_group,
        "Доли отметок, посчитанные по участникам, совпадают со сводным отчётом",
        "Доли отметок по участникам не совпадают со сводным отчётом",
        "выгрузите оба отчёта за одну дату: результаты могли измениться после перепроверки",
        ("results", "group_results"),
        _VALUES,
    ),
    "individual_n": Crosscheck(
        "results",
        "info",
        pupils.individual_n,
        "Участников в индивидуальных результатах столько же, сколько в сводном отчёте",
        "Участников в индивидуальных результатах не столько, сколько в сводном отчёте",
        "проверьте, целиком ли выгружены индивидуальные результаты",
        ("results", "group_results"),
        _SCHOOLS,
    ),
    "task_sum": Crosscheck(
        "task_scores",
        "warning",
        pupils.task_sum,
        "Баллы за задания складываются в первичный балл",
        "Баллы за задания не складываются в первичный балл",
        "проверьте названные строки: балл правился вручную или не хватает столбца с заданием",
        ("results", "task_scores"),
        _PUPILS,
    ),
    "task_max_sum": Crosscheck(
        "task_scores",
        "warning",
        pupils.task_max_sum,
        "Максимумы заданий складываются в максимальный балл работы",
        "Максимумы заданий не складываются в максимальный балл работы",
        "проверьте числа в скобках в заголовках заданий и строку «Максимальный первичный балл»",
        ("results", "task_scores"),
        _WORKS,
    ),
    "task_max_conflict": Crosscheck(
        "task_scores",
        "warning",
        pupils.task_max_conflict,
        "У задания один максимум во всех файлах",
        "У одного задания разные максимумы",
        "проверьте числа в скобках в заголовках заданий: файлы разных вариантов или лет",
        ("task_scores",),
        ("задание", "задания", "заданий"),
    ),
    "task_without_result": Crosscheck(
        "task_scores",
        "warning",
        pupils.task_without_result,
        "У каждого, кто выполнял задания, есть результат работы",
        "Есть баллы за задания, но нет результата работы",
        "положите в папку файл с результатами этой работы",
        ("task_scores",),
        _PUPILS,
    ),
    "mark_order": Crosscheck(
        "results",
        "warning",
        pupils.mark_order,
        "В ВПР большему баллу соответствует не меньшая отметка",
        "В ВПР отметка выше при балле не большем, чем у участников с отметкой ниже",
        "проверьте отметки в названных строках: школа могла взять другую шкалу перевода",
        ("results",),
        _PUPILS,
    ),
    "participant_two_schools": Crosscheck(
        "results",
        "warning",
        pupils.participant_two_schools,
        "Участник писал одну работу в одной организации",
        "Один участник записан в двух организациях",
        "проверьте названные строки: ученик перешёл в другую школу или код организации набран с ошибкой",
        ("results",),
        ("строка", "строки", "строк"),
    ),
    "organisation_unknown": Crosscheck(
        "organisations",
        "critical",
        pupils.organisation_unknown,
        "Каждая организация с данными есть в таблице организаций",
        "Организации с данными нет в таблице организаций",
        "запустите чтение файлов заново: таблицы взяты от разных запусков",
        (),
        _SCHOOLS,
    ),
    "organisation_municipality": Crosscheck(
        "organisations",
        "warning",
        pupils.organisation_municipality,
        "Организация относится к одному муниципалитету",
        "Организация отнесена к разным муниципалитетам",
        "исправьте муниципалитет в реестре организаций",
        ("organisations",),
        _SCHOOLS,
    ),
    "marked_without_results": Crosscheck(
        "marked_schools",
        "info",
        pupils.marked_without_results,
        "У организаций из официального списка есть результаты на входе",
        "Об организациях из официального списка нет результатов на входе",
        "ничего, если список охватывает весь регион; иначе добавьте результаты этих школ",
        ("marked_schools",),
        _SCHOOLS,
    ),
    "marker_count": Crosscheck(
        "marked_schools",
        "warning",
        pupils.marker_count,
        "Количество признаков в списке равно числу отмеченных",
        "Количество признаков в списке не равно числу отмеченных",
        "сверьте строки списка с исходным письмом",
        ("marked_schools",),
        ("запись", "записи", "записей"),
    ),
    "document_unknown": Crosscheck(
        "documents",
        "warning",
        forms.document_unknown,
        "Документы, названные в решениях и дорожной карте, есть в реестре документов",
        "Названного документа нет в реестре документов",
        "впишите документ в реестр или исправьте его ключ в названных строках",
        (),
        ("ссылка", "ссылки", "ссылок"),
    ),
    "levels_do_not_add_up": Crosscheck(
        "diagnostics",
        "warning",
        forms.levels_do_not_add_up,
        "В диагностике уровни вместе дают число писавших",
        "В диагностике уровни вместе не дают числа писавших",
        "проверьте числа в названных строках: ниже базового, базовый и повышенный вместе — все писавшие",
        ("diagnostics",),
        ("строка", "строки", "строк"),
    ),
    "parent_unknown": Crosscheck(
        "decisions",
        "warning",
        forms.parent_unknown,
        "Записи, из которых следуют меры и решения, есть в реестре",
        "Записи, из которой следует мера или решение, нет в реестре",
        "исправьте номер в столбце «К какой записи» или внесите недостающую запись",
        ("decisions",),
        ("ссылка", "ссылки", "ссылок"),
    ),
}
