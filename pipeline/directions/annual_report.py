"""13. The year's conclusions, how to read, what changed, methods, passports: runs last, stands first."""

from __future__ import annotations

from pipeline.directions import parts
from pipeline.directions.annual import changes, main, monitoring, passports
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Pairs, Paragraphs, Text, text


def analyse(inputs: Inputs) -> Chapter:
    """Front and back matter from the findings of all the other notebooks."""
    changed, changed_frame = changes.blocks(inputs)
    form, form_frame = monitoring.blocks(inputs)
    defined, passports_frame = passports.blocks(inputs)
    return Chapter(
        code="annual_report",
        strip=parts.strip(inputs),
        sections={
            "main": main.blocks(inputs),
            "changes": changed,
            "reading": _reading(inputs),
            "monitoring_form": form,
            "methods": _methods(inputs),
            "quality": _quality(inputs),
            "passports": defined,
            "report": _report(inputs),
        },
        frames={
            "findings": inputs.earlier,
            "changes": changed_frame,
            "monitoring_form": form_frame,
            "passports": passports_frame,
        },
    )


def _reading(inputs: Inputs) -> tuple[Block, ...]:
    limits = inputs.rules.publication
    return (
        Paragraphs(
            (
                text(
                    "Число в скобках — доверительный интервал с вероятностью 95 %: в таких пределах доля колебалась бы "
                    "от выпуска к выпуску даже без перемен в работе школы. Чем меньше участников, тем он шире."
                ),
                text(
                    "Слова «выше», «ниже», «вырос», «снизился» стоят только там, где это позволяет интервал. "
                    "Иначе написано «не отличается», «не изменился с учётом погрешности» или «недостаточно данных»."
                ),
                text(
                    f"Если участников меньше {limits.percent.value}, процент не печатается: написано «3 из 17». "
                    f"Сравнения делаются от {limits.compare.value} участников."
                ),
                *_of_precision(),
                text(
                    "Зона риска — отличие и доказанное, и большое сразу. Школа вне зоны не «хорошая», а такая, о "
                    "которой эти данные плохого не показывают. «Недостаточно данных» — тоже ответ: участников мало."
                ),
                text(
                    "«Признак» — основание для перепроверки, а не вывод о нарушении. Школы не ранжируются: порядок "
                    "строк — по числу участников."
                ),
                *_of_vpr(inputs),
            ),
            role="list",
        ),
        Pairs(
            id="reading-marks",
            caption="Условные обозначения в таблицах",
            items=(
                ("…", text("нет данных")),
                ("•", text("скрыто")),
                ("×", text("не применимо")),
                ("0", text("ноль: значение наблюдалось")),
                ("п. п.", text("процентные пункты: разность двух долей")),
            ),
        ),
    )


def _of_precision() -> tuple[Text, ...]:
    """How numbers were recovered and rounded, and how many schools are compared at once."""
    return (
        text(
            "Если источник печатает только процент, число участников восстановлено там, где оно единственно "
            "возможно; где нет — интервал не указан. Средние без разброса интервала не имеют. Разности "
            "посчитаны до округления и могут отличаться от разности напечатанных чисел на единицу последнего "
            "знака."
        ),
        text(
            "Там, где сравнивают сразу много школ, граница строже — 99,8 %: среди двадцати одинаковых школ "
            "хоть одна вышла бы за границу 95 % в двух случаях из трёх. На рисунке-воронке эта граница тем "
            "шире, чем меньше участников; названы и выделены цветом только те, кто вышел за неё; "
            "пустым кружком отмечен тот, кто отличается от остальных, но не больше обычного."
        ),
    )


def _of_vpr(inputs: Inputs) -> tuple[Text, ...]:
    """What results of ВПР may not be used for: federal letter, said only in its country."""
    if inputs.profile.country.code != "RU":
        return ()
    return (
        text(
            "Результаты ВПР не служат для оценки учителей, руководителей и школ, начисления выплат и рейтингов "
            "(письмо Рособрнадзора от 18.04.2025 № 02-86). Учителя в отчёте не названы и не сравниваются."
        ),
    )


def _methods(inputs: Inputs) -> tuple[Block, ...]:
    exact = ru.number(inputs.rules.publication.comparator_exact.value)
    return (
        Paragraphs(
            (
                text(
                    "Доли: интервал Уилсона (Wilson, 1927). Разность двух долей: метод 10 Ньюкомба (Newcombe, 1998). "
                    "Доля баллов за задание: интервал по разбросу между участниками (распределение Стьюдента)."
                ),
                text(
                    "Восстановление числителя: целое число, единственное при печатаемой точности дающее опубликованный "
                    "процент при известном числе участников."
                ),
                text(
                    "Годы сравниваются только внутри одного ряда: та же процедура, предмет, класс программы, версия "
                    "работы и шкала. Смена любого из этого — разрыв ряда."
                ),
                text("Сводные значения взвешены по числу участников: проценты и средние организаций не усредняются."),
                text(
                    "Организация сравнивается с остальными организациями муниципалитета вместе, а не с итогом, "
                    "в который входит сама. Так же муниципалитет сравнивается с регионом."
                ),
                text(
                    "Изменение после меры сравнивается и с годом перед ней, и с прежними годами: одно улучшение после "
                    "неудачного года — скорее возврат к среднему. Изменение, которое при таком числе участников было "
                    "бы видно, — по Коэну (Cohen, 1988), мощность 80 %."
                ),
                text(
                    "Действие меры: школы с мерой против похожих без неё (разность изменений; похожие — по значению до "
                    "меры и условиям). Случайность — по всем раскладам меры внутри наборов похожих (Fisher, 1935). "
                    "«Ухудшение» — только если его подтверждает и сравнение с ожидаемым по всем годам до меры "
                    "(Vickers, Altman, 2001); от шести школ с мерой и шести без неё — второе мнение, бутстрап по "
                    "школам (Webb, 2023)."
                ),
                text(
                    "Рост и снижение за несколько лет: три года — интервал разности последнего и первого, четыре и "
                    "больше — критерий Кокрана — Армитиджа по участникам с поправкой на разброс лет; рядов рисунка "
                    "несколько — поправка Холма (Holm, 1979)."
                ),
                text(
                    "«Главное за год» выбрано по величине различия (h Коэна), с поправкой на величину школы, не больше "
                    "двух выводов на направление."
                ),
                text(f"Значения выборок больше {exact} участников приняты за известные точно."),
            ),
            role="list",
        ),
    )


def _quality(inputs: Inputs) -> tuple[Block, ...]:
    failed = inputs.ledger[~inputs.ledger["passed"].astype(bool)]
    serious = failed[failed["severity"].isin(("critical", "warning"))]
    head = text(
        f"Проверок выполнено {ru.number(len(inputs.ledger))}, замечаний {ru.number(len(serious))}. "
        "Полностью — в главе о качестве исходных данных."
    )
    return (Paragraphs((head,)),)


def _report(inputs: Inputs) -> tuple[Block, ...]:
    read = [item for item in inputs.inventory if item["rows"]]
    organisations = inputs.clean["organisations"]
    provisional = organisations[organisations["provisional"].fillna(False)]["org_id"].nunique()
    items = (
        ("Территория", text(inputs.profile.name.nominative)),
        ("Отчётный год", text(str(inputs.settings.report_year))),
        ("Учебный год", text(ru.school_year(inputs.settings.school_year))),
        ("Дата, на которую считаются сроки", text(ru.date(inputs.settings.as_of.isoformat()))),
        ("Файлов прочитано", text(ru.number(len(read)))),
        ("Организаций", text(ru.number(organisations["org_id"].nunique()))),
        ("из них не найдены в реестре", text(ru.number(provisional))),
        ("Значений показателей", text(ru.number(len(inputs.indicators)))),
        ("Проверок", text(ru.number(len(inputs.ledger)))),
        ("Состав файлов, контрольные суммы, версии", text("passport.json рядом с отчётом")),
    )
    return (Pairs(id="report-passport", caption="Паспорт отчёта", items=items),)
