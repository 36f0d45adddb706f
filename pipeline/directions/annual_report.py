"""13. The year's conclusions, how to read, what changed, methods, passports: runs last, stands first."""

from __future__ import annotations

from pipeline.directions import parts
from pipeline.directions.chapter import Chapter, Inputs, empty_section, statement_of
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Pairs, Paragraphs, TableBlock, Text, text
from pipeline.presentation.claims import records

MAIN_AT_MOST = 10
SECTIONS = ("main", "reading", "methods", "quality", "passports", "report")


def analyse(inputs: Inputs) -> Chapter:
    """Front and back matter from the findings of all the other notebooks."""
    return Chapter(
        code="annual_report",
        strip=parts.strip(inputs),
        sections={
            "main": _main(inputs),
            "reading": _reading(inputs),
            "methods": _methods(inputs),
            "quality": _quality(inputs),
            "passports": _passports(inputs),
            "report": _report(inputs),
        },
        frames={"findings": inputs.earlier},
    )


def _main(inputs: Inputs) -> tuple[Block, ...]:
    """At most ten findings, the weightiest first, then what is unknown."""
    spoken = inputs.earlier[inputs.earlier["weight"] > 0] if len(inputs.earlier) else inputs.earlier
    spoken = spoken[spoken["direction"] != "data_quality"]
    chosen = spoken.sort_values(["weight", "id"], ascending=[False, True], kind="stable").head(MAIN_AT_MOST)
    items: list[Text] = [statement_of(record) for record in records(chosen)]
    blocks: list[Block] = []
    if items:
        blocks.append(Paragraphs(tuple(items), role="lead"))
    else:
        blocks.append(Paragraphs((text("В данных года нет выводов, которые позволял бы сделать интервал."),)))
    lacking = inputs.earlier[inputs.earlier["id"].str.endswith(".missing_sources")]
    if len(lacking):
        count = ru.counted(len(lacking), "направлению", "направлениям", "направлениям")
        names = [inputs.directions.get(code).title for code in lacking["direction"]]
        blocks.append(
            Paragraphs(
                (text(f"По {count} данных за год нет: {'; '.join(names)}. Это пробел, а не ноль."),), role="note"
            )
        )
    return tuple(blocks)


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
                text(
                    "Если источник печатает только процент, число участников восстановлено там, где оно единственно "
                    "возможно; где нет — интервал не указан. Средние без разброса интервала не имеют."
                ),
                text(
                    "«Признак» — основание для перепроверки, а не вывод о нарушении. Школы не ранжируются: порядок "
                    "строк — по числу участников."
                ),
                text(
                    "Результаты ВПР не служат для оценки учителей и руководителей, начисления выплат и рейтингов "
                    "(письмо Рособрнадзора от 18.04.2025 № 02-86)."
                ),
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


def _passports(inputs: Inputs) -> tuple[Block, ...]:
    """Definitions of the indicators that this report uses."""
    used = [inputs.passports[code] for code in inputs.passports if code in set(inputs.indicators["indicator"])]
    if not used:
        return (empty_section("Показатели не посчитаны."),)
    better = {"higher": "больше", "lower": "меньше", "neutral": "не задано"}
    rows = tuple(
        (
            Cell(passport.title),
            Cell(_formula(passport.numerator, passport.denominator) or passport.note or passport.short),
            Cell(better[passport.better]),
            Cell(", ".join(f"{item.document}-{item.item}" for item in passport.documents) or "—"),
        )
        for passport in used
    )
    return (
        TableBlock(
            id="passports",
            caption="Паспорта показателей, использованных в отчёте",
            heads=(
                Head("Показатель", width=2.4),
                Head("Числитель и знаменатель", width=3),
                Head("Лучше, когда", width=1),
                Head("Документы", width=1),
            ),
            rows=rows,
            source=text(
                "Л — Лесной МО, Е — Енисейск, П — Почепский район, Т — Таймырский район, К — Кемеровский МО; "
                "после буквы — пункт документа."
            ),
        ),
    )


def _formula(numerator: str, denominator: str) -> str:
    return f"{ru.capitalised(numerator)} / {denominator}" if numerator and denominator else ""


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
