"""06. Heads of organisations: a profile of management over its components, never a rating, never ВПР."""

from __future__ import annotations

from pipeline.directions import cycle
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.panels import amounts, dynamics, profile, years
from pipeline.directions.panels.profile import Component

# The components that Л-41 and П-руководители-1 name, in their order; the survey of citizens is asked by Е.
COMPONENTS = (
    Component("Развитие сети", ("network_programmes", "network_measures_done"), ("network_measures_done",)),
    Component(
        "Качество управления",
        ("internal_assessment_acts", "inspection_remarks_closed"),
        ("internal_assessment_acts", "inspection_remarks_closed"),
    ),
    Component("Базовая и высокая подготовка", ("heads_oge_base",)),
    Component("Условия для учеников с ОВЗ", ("ovz_conditions",)),
    Component("Кадровый резерв", ("staff_reserve_trained",), ("staff_reserve_trained",)),
    Component("Объективность оценки", ("objectivity_acts",), ("objectivity_acts",)),
    Component(
        "Условия деятельности",
        ("accepted_without_remarks", "independent_assessment", "independent_assessment_measures", "vacancies_share"),
        ("accepted_without_remarks", "independent_assessment", "independent_assessment_measures"),
    ),
    Component("Индивидуализация", ("individual_curriculum",)),
    Component("Профориентация и дополнительное образование", ("career_diagnostics", "added_education_reach")),
    Component(
        "Квалификация в управлении",
        ("heads_attested", "heads_trained", "heads_self_diagnosis"),
        ("heads_attested", "heads_trained", "heads_self_diagnosis"),
    ),
    Component("Развитие педагогов", ("trained_three_years", "teachers_category")),
)
QUALIFIED = ("heads_attested", "heads_trained", "heads_self_diagnosis")
MANAGED = ("inspection_remarks_closed", "independent_assessment_measures", "staff_reserve_trained")
LIMITS = (
    "Профиль не складывается в число и не упорядочивает ни руководителей, ни организации: составляющие разные по "
    "природе, и правила, как одну обменять на другую, никто не устанавливал.",
    "Результатов ВПР в главе нет: оценивать по ним руководителей федеральные рекомендации не допускают. "
    "Результаты ОГЭ даны справочно: документа, который подтверждает их объективность, в данных нет.",
    "Ответы «да» и «нет» даны самими организациями; проверить их можно по приказам и актам. Самодиагностика говорит "
    "об охвате: её содержание остаётся у руководителя.",
    "Необученный или неаттестованный руководитель — это и недавно назначенный руководитель: срок работы в должности "
    "в форму не входит, уточнить его может кадровая служба.",
    "Кто из жителей согласился отвечать на опрос, неизвестно: интервал говорит только о случайности выборки.",
)


def analyse(inputs: Inputs) -> Chapter:
    """The chapter of the profile: the grid, its dynamics, counts, exams for reference, what is lacking and where."""
    return cycle.chapter(
        inputs,
        (
            profile.panel(inputs, COMPONENTS, "heads_profile", "Профиль управления"),
            dynamics.panel(inputs, QUALIFIED, "heads_qualified", "Аттестация, обучение и самодиагностика"),
            dynamics.panel(inputs, (*MANAGED, "citizens_satisfied"), "heads_managed", "Замечания, меры, резерв, опрос"),
            amounts.panel(inputs, ("staff_reserve", "inspection_remarks"), "heads_amounts", "Резерв и замечания"),
            years.panel(
                inputs,
                "heads_oge_base",
                "Базовая подготовка по ОГЭ (справочно)",
                "Доля преодолевших минимум",
                findings=False,
            ),
        ),
        LIMITS,
    )
