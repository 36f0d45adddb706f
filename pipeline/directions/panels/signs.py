"""Signs of biased results from pupils' answers: a dossier of each school that has any, and what would have been seen.

A sign is a reason to check again, never a verdict: beside each stand the honest explanations. Organisations and
classes are named in the internal edition only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.directions import listed, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.answers import Written, written
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.sign_search import BANDS, Search, Sign, search
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, TableBlock, Text, text
from pipeline.statistics.objectivity.dossier import SINGLE

ROWS_AT_MOST = 30
MARKERS: Mapping[str, str] = {
    "heap": "первичные баллы скапливаются сразу над границами отметок",
    "hard": "трудные задания выполнены лучше, чем обычно при той же сумме баллов",
    "together": "ответы учеников школы сходны больше обычного",
    "twins": "наборы ответов в классе совпадают чаще обычного",
    "narrow": "баллы учеников ближе друг к другу, чем обычно",
    "journal": "баллы выше, чем обычно при таких отметках в журнале",
    "prior": "баллы выше, чем обычно при таком прежнем результате",
    "later": "баллы выше, чем обычно при таком результате следующего экзамена",
    "level": "баллы выше, чем обычно при таких результатах вне работы",
}
HONEST: Mapping[str, str] = {
    "lifted": "спорные работы у границы отметки проверены второй раз и в пользу ученика",
    "filled": "эти темы школа прошла раньше или подробнее; класс с углублённым изучением предмета",
    "copied": "один учитель и один заученный способ решения; повторение похожих заданий перед работой",
    "raised": "подготовка за год выросла; отметки в журнале строже, чем в других школах",
}
KINDS: Mapping[str, str] = {
    "lifted": "60 % работ, которым до границы отметки не хватило балла, подняты до неё",
    "filled": "отдано 30 % баллов, потерянных на трудных заданиях",
    "copied": "40 % учеников повторили большую часть ответов соседа",
}
METHOD = (
    "Признаки ищутся сравнением школы с другими школами округа: при той же сумме баллов, при тех же границах отметок. "
    "Насколько они случайны, показывает счёт на тысячах вымышленных школ того же размера, которым никто не помогал "
    "(Jacob, Levitt 2003; Frandsen 2017; поправка на число проверок — Benjamini, Hochberg 1995, доля ложных среди "
    "названных в среднем не больше 10 %)."
)
LIMITS = (
    "Если бы результаты завышались во всём округе одинаково, сравнение школ между собой этого не показало бы: "
    "нужны данные региона или независимая проверка. Исключение — скопление баллов у границ отметок: его видно и по "
    "всем школам вместе."
)


def searched(inputs: Inputs) -> Search | None:
    """The search of the report year's works; None where no work has points by tasks."""
    found = search(written(inputs.clean, inputs.settings.school_year), inputs.compare_from)
    return found if found.works else None


def panel(inputs: Inputs, found: Search | None) -> Panel:
    """Sentence, dossier, power; nothing where there was nothing to search."""
    if found is None:
        return Panel()
    internal = inputs.settings.edition == "internal"
    names = listed.names(inputs)
    power = _power(found)
    seen = "; что было бы замечено, показывает таблица ниже" if power else ""
    blocks: list[Block] = [Paragraphs((_summary(inputs, found, seen),))]
    if found.signs and internal:
        blocks.append(_table(inputs, found, names))
    return Panel(
        monitoring=(*blocks, *power),
        analysis=(Paragraphs((text(METHOD), text(LIMITS), *_everywhere(inputs, found)), role="note"),),
        findings=tuple(_findings(inputs, found, names)) if internal else (),
        frames={"signs": _frame(inputs, found, names)} if internal else {},
    )


def _everywhere(inputs: Inputs, found: Search) -> tuple[Text, ...]:
    """Whether totals heap at the bounds in the district as a whole, of the works where that can be told."""
    told = [work for work in found.works if not found.heaps[work.name].reason]
    if not told:
        return ()
    many = [work for work in told if found.heaps[work.name].unusual]
    if not many:
        works = ru.counted(len(told), "работе", "работах", "работах")
        return (
            text(
                f"По всем школам вместе в {works} скопление над границами не доказано больше того, что даёт честная "
                "вторая проверка спорных работ."
            ),
        )
    return (text("По всем школам вместе: " + "; ".join(_heap(inputs, found, work) for work in many) + "."),)


def _heap(inputs: Inputs, found: Search, work: Written) -> str:
    one, year = found.heaps[work.name], inputs.settings.school_year
    scope = scope_of(inputs, {"subject": work.subject, "grade": work.grade, "school_year": year})
    share, low, high = (
        ru.percent(max(0.0, value), work.procedure.schools) for value in (one.share, one.lower, one.upper)
    )
    return (
        f"{scope} — над границей стоят около {share} работ, которым по виду распределения "
        f"не хватило бы балла (интервал от {low} до {high}): больше, чем даёт честная вторая проверка спорных работ"
    )


def _scope(inputs: Inputs, sign: Sign) -> str:
    year = inputs.settings.school_year
    return scope_of(inputs, {"subject": sign.work.subject, "grade": sign.work.grade, "school_year": year})


def _summary(inputs: Inputs, found: Search, would: str) -> Text:
    works = ru.counted(len(found.works), "работа", "работы", "работ")
    seen = ru.counted(len(found.organisations), "организация", "организации", "организаций")
    looked = (
        f"Баллы по заданиям: {works} ВПР, {seen}; проверок «школа и работа» там, где участников "
        f"{inputs.compare_from} и больше, — {ru.number(found.tested)}."
    )
    flagged = sorted({sign.organisation for sign in found.signs})
    if not flagged:
        return text(
            f"{looked} Признаков, которые нельзя объяснить случаем, не найдено. Это не доказывает, что их нет{would}."
        )
    count = ru.counted(len(flagged), "организации", "организаций", "организаций")
    return text(
        f"{looked} Признаки, которые трудно объяснить случаем, есть у {count}: это основание для перепроверки работ, "
        f"а не вывод о нарушении. У остальных признаков не найдено{would}."
    )


def _table(inputs: Inputs, found: Search, names: Mapping[str, str]) -> TableBlock:
    shown = sorted(found.signs, key=lambda one: (one.organisation, one.work.grade, one.work.subject))[:ROWS_AT_MOST]
    official = _officially(inputs)
    return TableBlock(
        id="signs",
        caption="Признаки, требующие перепроверки, по организациям и работам",
        heads=(
            Head("Организация, работа", width=2.4),
            Head("Учеников", "right", 0.9),
            Head("Признак", width=3.6),
            Head("Сила", width=1.8),
            Head("Честные объяснения", width=2.8),
            Head("В списке", "center", 1.1),
        ),
        rows=tuple(_row(inputs, sign, names, official, found) for sign in shown),
        source=text(
            "Индивидуальные результаты ВПР с баллами по заданиям; расчёт. «В списке» — в официальном списке "
            "организаций с признаками."
        ),
        statement=text(
            "Что делать: предложить перепроверку части работ муниципальной комиссией и наблюдение на следующей "
            "процедуре; до неё результаты этих работ не сравнивать с другими школами."
        ),
        data=f"data/{inputs.direction.number}_signs.csv",
    )


def _row(
    inputs: Inputs, sign: Sign, names: Mapping[str, str], official: set[tuple[str, str, int]], found: Search
) -> tuple[Cell, ...]:
    name = ru.organisation(names.get(sign.organisation, sign.organisation))
    named = (sign.organisation, sign.work.subject, sign.work.grade) in official
    return (
        Cell(f"{name}: {_scope(inputs, sign)}"),
        Cell(ru.number(sign.dossier.n), sort=float(sign.dossier.n)),
        Cell(_said(sign)),
        Cell(f"{_strength(sign.dossier.p)}{_seen(sign, found)}", sort=sign.dossier.p),
        Cell(HONEST[sign.dossier.mechanism]),
        Cell("да" if named else "нет"),
    )


def _said(sign: Sign) -> str:
    words = [_marker(sign, one.name) for one in sign.dossier.markers if one.name != "level"][:3]
    own = [place for place, (org, _) in enumerate(sign.work.classes) if org == sign.organisation]
    classes = [sign.work.classes[place][1] for place in sign.dossier.classes]
    if not classes or len(classes) == len(own):
        return "; ".join(words)
    return f"{'; '.join(words)} (заметнее всего {'класс' if len(classes) == 1 else 'классы'} {ru.listed(classes)})"


def _marker(sign: Sign, name: str) -> str:
    if name == "heap":
        usual = ru.number(sign.usual, 0)
        alone = " (видно и без сравнения с другими школами)" if sign.alone < SINGLE else ""
        return f"{MARKERS[name]}: {sign.above} из {sign.near} работ у границ, обычно около {usual}{alone}"
    return MARKERS[name]


def _strength(p: float) -> str:
    """How seldom chance alone shows as much in a school of this size; rarer than in a thousand the imagined schools
    are too few to tell."""
    for times in (1000, 100):
        if p <= 1 / times:
            return f"случайно — реже, чем в 1 случае из {ru.number(times)}"
    return "случайно — реже, чем в 1 случае из 20"


def _seen(sign: Sign, found: Search) -> str:
    """How often such a thing is seen in one work of a school of this size; nothing where that is not known."""
    of_kind = found.power.get(sign.dossier.mechanism)
    chance = np.nan if of_kind is None else float(of_kind[np.searchsorted(BANDS, sign.dossier.n, side="right")])
    if not np.isfinite(chance):
        return ""
    return f"; такую помощь, как в таблице ниже, в школе этого размера видно {_often(chance)}"


def _often(chance: float) -> str:
    tenths = round(chance * 10)
    cases = ru.plural(tenths, "случае", "случаях", "случаях")
    return {0: "почти никогда", 10: "почти всегда"}.get(tenths, f"в {tenths} {cases} из 10")


def _officially(inputs: Inputs) -> set[tuple[str, str, int]]:
    marked = inputs.clean["marked_schools"]
    chosen = marked[(marked["school_year"] == inputs.settings.school_year) & (marked["marker"] == 1)]
    return set(zip(chosen["org_id"], chosen["subject"], chosen["grade"].astype(int), strict=True))


def _power(found: Search) -> tuple[TableBlock, ...]:
    bands = ("до 15", "15–29", "30–59", "60 и более")
    known = [place for place in range(len(BANDS) + 1) if any(np.isfinite(one[place]) for one in found.power.values())]
    if not known:
        return ()
    table = TableBlock(
        id="signs-power",
        caption="Что было бы замечено, если бы так было в одной работе одной школы",
        heads=(
            Head("Что сделано с работами", width=3.5),
            *(Head(f"{bands[place]} учеников", "right") for place in known),
        ),
        rows=tuple(
            (Cell(words), *(_chance(float(found.power[kind][place])) for place in known))
            for kind, words in KINDS.items()
        ),
        source=text("Моделирование на работах этого года; доли округлены до десятых."),
        statement=text(
            "Малая доля значит: отсутствие признаков у таких школ ничего не доказывает. Помощь во многих работах сразу "
            "видна лучше, чем в одной."
        ),
    )
    return (table,)


def _chance(value: float) -> Cell:
    if not np.isfinite(value):
        return Cell("нет школ", tone="muted")
    tenths = round(value * 10)
    words = {0: "почти никогда", 10: "почти всегда"}.get(tenths, f"около {tenths * 10}{ru.NBSP}%")
    return Cell(words, sort=value)


def _findings(inputs: Inputs, found: Search, names: Mapping[str, str]) -> list[Finding]:
    by_school: dict[str, list[Sign]] = {}
    for sign in found.signs:
        by_school.setdefault(sign.organisation, []).append(sign)
    return [_finding(inputs, org, signs, found, names) for org, signs in by_school.items()]


def _finding(inputs: Inputs, org: str, signs: Sequence[Sign], found: Search, names: Mapping[str, str]) -> Finding:
    written_here = sum(org in work.organisations for work in found.works)
    strongest = signs[0]
    name = ru.organisation(names.get(org, org))
    works = ru.counted(written_here, "работы", "работ", "работ")
    return Finding(
        id=f"signs.{org}",
        kind="sign",
        statement=text(
            f"{name}: признаки, которые трудно объяснить случаем, — в {len(signs)} из {works} ВПР "
            f"(сильнее всего: {_scope(inputs, strongest)} — {_marker(strongest, _first(strongest))}). "
            "Это основание для перепроверки, а не вывод о нарушении."
        ),
        strength="поправка на число проверок: ложных среди названных в среднем не больше 10 %",
        org_id=org,
        addressee="муниципальному координатору ВПР",
        weight=max(_weight(sign) for sign in signs),
    )


def _first(sign: Sign) -> str:
    return next((one.name for one in sign.dossier.markers if one.name != "level"), "level")


def _weight(sign: Sign) -> float:
    """Cohen's h of the share just above the bounds beside the usual one, by the part of the district's works."""
    if not sign.near:
        return weight.GAP
    part = sign.dossier.n / max(1, len(sign.work.procedure.totals))
    return float(max(weight.GAP, weight.of_shares(sign.above / sign.near, sign.usual / sign.near) * part**0.5))


def _frame(inputs: Inputs, found: Search, names: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "org_id": sign.organisation,
                "label": names.get(sign.organisation, sign.organisation),
                "subject": sign.work.subject,
                "grade": sign.work.grade,
                "school_year": inputs.settings.school_year,
                "n": sign.dossier.n,
                "p": sign.dossier.p,
                "p_adjusted": sign.dossier.adjusted,
                "markers": "; ".join(one.name for one in sign.dossier.markers),
                "mechanism": sign.dossier.mechanism,
                "just_above": sign.above,
                "near_bounds": sign.near,
                "usual_above": round(sign.usual, 2),
            }
            for sign in found.signs
        ],
        columns=[
            *("org_id", "label", "subject", "grade", "school_year", "n", "p", "p_adjusted"),
            *("markers", "mechanism", "just_above", "near_bounds", "usual_above"),
        ],
    )
