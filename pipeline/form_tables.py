"""Clean tables that no export fills: they come in the municipal collection form, one sheet a table.

Most are tables of items: one row an (organisation, item, group) with a value. What items a table has, how they are
worded for a school secretary, which cells they allow and which documents ask for them is data: config/items/*.yml.
The others are registers: one row an event, an act, an item of the roadmap.
"""

from __future__ import annotations

from pipeline.schema import SOURCE, Table, columns

_ITEMS = (
    """
school_year int Учебный год
period text Период (year, half_1, half_2, quarter_1 …)
org_id text Организация
municipality text? Муниципалитет
item text Показатель формы
group text Разрез (класс, возраст, уровень; пусто — без разреза)
value real? Значение
state text Состояние
"""
    + SOURCE
)

_ITEM_KEY = ("school_year", "period", "org_id", "item", "group")

ITEM_TABLES = tuple(
    Table(name, title, _ITEM_KEY, columns(_ITEMS))
    for name, title in (
        ("context", "Социальный паспорт и условия"),
        ("staff", "Педагогические работники"),
        ("training", "Повышение квалификации и дефициты"),
        ("methodical", "Методическая работа и наставничество"),
        ("additional_education", "Дополнительное образование"),
        ("career", "Профориентация"),
        ("destinations", "Распределение выпускников"),
        ("heads", "Руководители"),
        ("upbringing", "Воспитание и социализация"),
        ("preschool", "Дошкольное образование"),
        ("attendance", "Посещаемость и движение учеников"),
        ("satisfaction", "Удовлетворённость по опросам"),
        ("observation", "Наблюдение за процедурами и перепроверки"),
    )
)

OLYMPIAD = Table(
    "olympiad",
    "Олимпиада",
    ("school_year", "org_id", "event", "stage", "subject", "grade"),
    columns(
        """
school_year int Учебный год
org_id text Организация
municipality text? Муниципалитет
event text Олимпиада (vsosh — всероссийская)
stage text Этап (school, municipal, regional, final)
subject text Предмет
grade int Класс
participants int? Участников
prize_winners int? Призёров
winners int? Победителей
state text Состояние
"""
        + SOURCE
    ),
)

CONTESTS = Table(
    "contests",
    "Конкурсы",
    ("school_year", "org_id", "contest", "audience", "level"),
    columns(
        """
school_year int Учебный год
org_id text Организация
municipality text? Муниципалитет
contest text Конкурс
audience text Для кого (pupils, teachers)
level text Уровень (municipal, regional, national)
participants int? Участников
winners int? Победителей и призёров
state text Состояние
"""
        + SOURCE
    ),
)

DIAGNOSTICS = Table(
    "diagnostics",
    "Диагностики и исследования",
    ("school_year", "org_id", "procedure", "part", "subject", "grade"),
    columns(
        """
school_year int Учебный год
org_id text Организация
municipality text? Муниципалитет
procedure text Диагностика (niko, pisa, regional, start, final, metasubject, literacy)
part text Вид грамотности или название работы
subject text Предмет
grade int Класс
participants int? Участников
below_base int? Ниже базового уровня
base int? Базовый уровень
advanced int? Повышенный уровень
state text Состояние
"""
        + SOURCE
    ),
)

ROADMAP = Table(
    "roadmap",
    "Состояние мероприятий дорожной карты",
    ("school_year", "item"),
    columns(
        """
school_year int Учебный год
item text Мероприятие (ключ дорожной карты)
progress text Состояние (done, in_progress, not_done)
done_on text? Дата исполнения
evidence text? Документ-подтверждение (ключ реестра документов)
responsible text? Ответственный (должность)
note text? Примечание
"""
        + SOURCE
    ),
)

DECISIONS = Table(
    "decisions",
    "Рекомендации, меры и управленческие решения",
    ("school_year", "decision"),
    columns(
        """
decision text Номер записи
school_year int Учебный год
direction text Направление
org_id text? Организация
kind text Вид (recommendation, measure, decision)
parent text? К какой записи относится
title text Содержание
addressee text? Адресат
responsible text? Ответственный (должность)
due text? Срок
taken_on text? Дата принятия
progress text Состояние (planned, sent, answered, done, cancelled)
act text? Документ (ключ реестра документов)
indicator text? Показатель, который должен измениться
"""
        + SOURCE
    ),
)

DOCUMENTS = Table(
    "documents",
    "Реестр документов",
    ("school_year", "document"),
    columns(
        """
document text Ключ документа
school_year int Учебный год
kind text Вид (order, report, protocol, letter, regulation, plan)
number text? Номер
date text? Дата
title text Название
direction text? Направление
component text? Составляющая цикла
office text? Кто издал (учреждение)
published_at text? Адрес публикации
"""
        + SOURCE
    ),
)

MONITORING_FORM = Table(
    "monitoring_form",
    "Показатели мониторинга системы образования",
    ("school_year", "row_code"),
    columns(
        """
school_year int Год
row_code text Код строки
title text Показатель
unit text? Единица
value real? Значение
state text Состояние
act text? Приказ, которым утверждена строка
act_status text? Статус приказа (confirmed, unconfirmed)
"""
        + SOURCE
    ),
)

COMPARATORS = Table(
    "comparators",
    "Значения для сравнения",
    ("indicator", "school_year", "level", "group", "subject", "grade"),
    columns(
        """
indicator text Показатель
school_year int Учебный год
level text Уровень (country, region)
group text Группа
subject text Предмет
grade int Класс
value real? Значение
n int? Число участников
state text Состояние
reference text Откуда взято
"""
        + SOURCE
    ),
)

REGISTER_TABLES = (OLYMPIAD, CONTESTS, DIAGNOSTICS, ROADMAP, DECISIONS, DOCUMENTS, MONITORING_FORM, COMPARATORS)
FORM_TABLES = (*ITEM_TABLES, *REGISTER_TABLES)
