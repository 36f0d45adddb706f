"""From references to `org_id`: codes of schools in files are looked up in the register at their school year.

A school that is in no register goes on under a provisional id made of its code, and is remarked. Pure functions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.errors import Place
from pipeline.ingest.reading import Remark
from pipeline.tables import DTYPES, ORG_REFERENCE, ORGANISATIONS, TABLES, conform

KIND, CODE, NAME = ORG_REFERENCE
SETTLEMENT = "org_settlement"
FISOKO = "fisoko"
OWN = "own"  # the code of an organisation is its org_id
BY_NAME = "name"
# Above so many schools outside the register they are counted, not listed one by one.
LISTED = 20
_KEY = [KIND, CODE, "school_year"]
_ABOUT = [NAME, "municipality", "region", SETTLEMENT]
_SOURCE = ["source_file", "source_sheet", "source_row"]
_FIRST_DAY, _LAST_DAY = "0001-01-01", "9999-12-31"


@dataclass(frozen=True)
class Resolved:
    """Frames with `org_id`, ready for `tables.conform`; all organisations; what an analyst should know."""

    frames: tuple[tuple[str, pd.DataFrame], ...]
    organisations: pd.DataFrame
    remarks: tuple[Remark, ...]


def resolve(frames: Iterable[tuple[str, pd.DataFrame]], register: pd.DataFrame) -> Resolved:
    """Give each frame (name of clean table, frame with references) its `org_id`.

    `register` is a frame of `organisations`, possibly empty. Rows without a reference (groups above an organisation)
    keep a missing `org_id`; at the level of an organisation `group` becomes the `org_id`.
    """
    named = [(name, with_canonical_codes(frame)) for name, frame in frames]
    references = _references([frame for _, frame in named])
    keys = references[_KEY].drop_duplicates(ignore_index=True)
    known, ambiguous = _look_up(keys, register)
    found = keys.merge(known, on=_KEY, how="left")
    missing = found["org_id"].isna()
    found.loc[missing, "org_id"] = [
        provisional_id(kind, code) for kind, code in found.loc[missing, [KIND, CODE]].itertuples(index=False, name=None)
    ]
    outside = references.merge(found.loc[missing, _KEY], on=_KEY)
    remarks = [*ambiguous, *_outside_remarks(outside, register), *_changed_remarks(references)]
    organisations = pd.concat([register, _provisional(outside)], ignore_index=True) if len(outside) else register
    ids = dict(zip(found[_KEY].itertuples(index=False, name=None), found["org_id"], strict=True))
    done = tuple((name, _identified(name, frame, ids)) for name, frame in named)
    return Resolved(done, conform("organisations", organisations), tuple(remarks))


def adopt(name: str, frame: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """A clean table that was read without this register: provisional ids become those of the register.

    For tables of many territories, which are read once for all. Of `organisations` the provisional rows that the
    register knows from the first day on are dropped; earlier years may still need the others.
    """
    if frame.empty or register.empty or "org_id" not in frame.columns:
        return frame
    aliases = zip(register["alias_kind"], register["alias_code"], strict=True)
    pairs = [(kind, canonical_code(kind, code)) for kind, code in aliases]
    known = {provisional_id(*pair): pair for pair in pairs}
    if name == "organisations":
        always = [
            provisional_id(*pair) for pair, open_ in zip(pairs, register["valid_from"].isna(), strict=True) if open_
        ]
        return frame[~(frame["provisional"] & frame["org_id"].isin(always))].reset_index(drop=True)
    met = frame.loc[frame["org_id"].isin(list(known)), ["org_id", "school_year"]].drop_duplicates()
    new = _registered(met, known, register)
    ids = [new.get(pair, pair[0]) for pair in zip(frame["org_id"], frame["school_year"], strict=True)]
    done = frame.assign(org_id=pd.Series(ids, index=frame.index, dtype="str"))
    if name == "group_results":
        done["group"] = done["group"].mask(_of_organisation(done), done["org_id"])
    return done


def _registered(
    met: pd.DataFrame, known: Mapping[str, tuple[str, str]], register: pd.DataFrame
) -> dict[tuple[str, int], str]:
    """(provisional id, school year) → id of the register."""
    kinds, codes = ([known[one][part] for one in met["org_id"]] for part in (0, 1))
    keys = met.rename(columns={"org_id": "old"}).assign(**{KIND: kinds, CODE: codes})
    keys = keys.astype({KIND: "str", CODE: "str"})  # without a row the columns would have no type to join by
    found, _ = _look_up(keys[_KEY], register)
    joined = keys.merge(found, on=_KEY)[["old", "school_year", "org_id"]]
    return {(old, year): org_id for old, year, org_id in joined.itertuples(index=False, name=None)}


def canonical_code(kind: str, code: str) -> str:
    """One spelling of a code: `sch203389` of older exports is `edu203389`; spaces around and case do not matter."""
    plain = " ".join(code.split())
    return re.sub(r"^(?:sch|edu)(?=\d{6}$)", "edu", plain.lower()) if kind == FISOKO else plain


def provisional_id(kind: str, code: str) -> str:
    """A stable ASCII id: `p-edu203389`, `p-bg-105201`; a code that is no plain slug gets a checksum."""
    bare = code if kind == FISOKO else f"{kind}-{code}"
    slug = re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")
    if slug == bare:
        return f"p-{slug}"
    return f"p-{slug}-{hashlib.sha256(f'{kind}:{code}'.encode()).hexdigest()[:8]}"


def with_canonical_codes(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with codes in one spelling; an organisation without a code is referred to by its name."""
    if CODE not in frame.columns:
        return frame
    nameless = (frame[CODE].isna() | (frame[CODE] == "")) & frame[NAME].notna() & _of_organisation(frame)
    kinds = frame[KIND].mask(nameless, BY_NAME)
    codes = frame[CODE].mask(nameless, frame[NAME])
    pairs = pd.DataFrame({KIND: kinds, CODE: codes}).drop_duplicates().dropna()
    spelling = {(kind, code): canonical_code(kind, code) for kind, code in pairs.itertuples(index=False, name=None)}
    changed = {pair: code for pair, code in spelling.items() if pair[1] != code}
    if changed:
        codes = pd.Series(
            [changed.get(pair, pair[1]) for pair in zip(kinds, codes, strict=True)], index=frame.index, dtype="str"
        )
    return frame.assign(**{KIND: kinds, CODE: codes})


def _of_organisation(frame: pd.DataFrame) -> pd.Series[bool]:
    if "level" in frame.columns:
        return frame["level"] == "organisation"
    return pd.Series(True, index=frame.index)


def _references(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Each distinct reference once, in the order of the files, with what its rows say about the organisation."""
    columns = [*_KEY, *_ABOUT, *_SOURCE]
    parts = []
    for frame in frames:
        if CODE in frame.columns:
            rows = frame.loc[frame[CODE].notna()].reindex(columns=columns)
            parts.append(rows.drop_duplicates([*_KEY, *_ABOUT, "source_file"]))
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame({column: pd.Series(dtype="str") for column in columns}).astype({"school_year": "Int64"})
    joined = pd.concat(filled, ignore_index=True)
    return joined.astype({column: "str" for column in (KIND, CODE, *_ABOUT)})


def _look_up(keys: pd.DataFrame, register: pd.DataFrame) -> tuple[pd.DataFrame, list[Remark]]:
    """(key → org_id for what the register knows in that school year, remarks on codes of several organisations)."""
    met = keys.merge(_aliases(register), on=[KIND, CODE])
    begins = (met["school_year"] - 1).astype("str") + "-09-01"
    ends = met["school_year"].astype("str") + "-08-31"
    valid = met.loc[(met["first"] <= ends) & (met["last"] >= begins), [*_KEY, "org_id"]].drop_duplicates()
    several = valid[valid.duplicated(_KEY, keep=False)]
    remarks = [_ambiguous(part) for _, part in several.groupby(_KEY, sort=True)]
    return valid.sort_values("org_id").drop_duplicates(_KEY), remarks


def _aliases(register: pd.DataFrame) -> pd.DataFrame:
    """Codes of the register with their terms; the `org_id` itself is a code that our own forms use (kind `own`)."""
    listed = pd.DataFrame(
        {
            KIND: register["alias_kind"],
            CODE: [canonical_code(*pair) for pair in zip(register["alias_kind"], register["alias_code"], strict=True)],
            "org_id": register["org_id"],
            "first": register["valid_from"].fillna(_FIRST_DAY),
            "last": register["valid_to"].fillna(_LAST_DAY),
        }
    ).astype("str")
    own = listed.groupby("org_id", sort=False, as_index=False).agg(first=("first", "min"), last=("last", "max"))
    own[KIND], own[CODE] = OWN, own["org_id"]
    return pd.concat([listed, own[listed.columns]], ignore_index=True).astype("str").drop_duplicates()


def _ambiguous(valid: pd.DataFrame) -> Remark:
    """One code of several organisations; the rows of `valid` differ in `org_id` only."""
    code, year = valid[[CODE, "school_year"]].iloc[0]
    names = ", ".join(sorted(valid["org_id"]))
    message = f"Код {code} в {year} учебном году принадлежит нескольким организациям реестра: {names}."
    advice = "укажите в реестре, до какого и с какого дня код действует у каждой из них."
    return Remark("org_ambiguous", "critical", message, advice=advice)


def _provisional(outside: pd.DataFrame) -> pd.DataFrame:
    """Rows of `organisations` for schools outside the register, named as in the latest school year."""
    latest = outside.sort_values("school_year", kind="stable").groupby([KIND, CODE], sort=False, as_index=False).last()
    pairs = latest[[KIND, CODE]].itertuples(index=False, name=None)
    built = {
        "org_id": [provisional_id(kind, code) for kind, code in pairs],
        "name": latest[NAME].fillna(latest[CODE]),
        "alias_kind": latest[KIND],
        "alias_code": latest[CODE],
        "municipality": latest["municipality"],
        "region": latest["region"],
        "settlement": latest[SETTLEMENT],
        "provisional": True,
        **{column: latest[column] for column in _SOURCE},
    }
    frame = pd.DataFrame(built).reindex(columns=ORGANISATIONS.names)
    return frame.astype({column.name: DTYPES[column.kind] for column in ORGANISATIONS.columns})


def _outside_remarks(outside: pd.DataFrame, register: pd.DataFrame) -> list[Remark]:
    schools = outside.drop_duplicates([KIND, CODE])
    if schools.empty:
        return []
    if register.empty:
        message = f"Реестра организаций нет: организации учтены по кодам из файлов как временные ({len(schools)})."
        advice = (
            "заполните пустой реестр (его делает msoko init, папка forms) и положите в папку года: docs/layouts.md."
        )
        return [Remark("no_register", "warning", message, advice=advice)]
    elsewhere = set(_aliases(register)[[KIND, CODE]].itertuples(index=False, name=None))
    listed = [_outside(row, (row[KIND], row[CODE]) in elsewhere) for row in schools.head(LISTED).to_dict("records")]
    more = len(schools) - len(listed)
    if more > 0:
        message = f"Кроме названных, в реестре нет и других организаций ({more}): они учтены временно."
        listed.append(Remark("org_not_in_register", "warning", message, advice=_ADD))
    return listed


_ADD = "внесите организацию и её код в реестр."


def _outside(row: Mapping[Hashable, object], known: bool) -> Remark:
    """One school outside the register, or with a code that does not hold in that year."""
    name = row[NAME] if isinstance(row[NAME], str) else "без наименования"
    message = f"Организации «{name}» (код {row[CODE]}) нет в реестре: учтена временно."
    if known:
        year = row["school_year"]
        message = (
            f"Код {row[CODE]} («{name}») в {year} учебном году по реестру не действует: организация учтена временно."
        )
    place = Place(str(row["source_file"]), str(row["source_sheet"] or "") or None, f"A{row['source_row']}")
    return Remark("org_not_in_register", "warning", message, place, _ADD)


def _changed_remarks(references: pd.DataFrame) -> list[Remark]:
    """How many codes stand under several names or in several municipalities."""
    said = {
        "org_renamed": (
            NAME,
            "Организаций, названных в строках по-разному: {count}; взято самое позднее наименование.",
        ),
        "org_moved": ("municipality", "Организаций, отнесённых к разным муниципалитетам: {count}; взят самый поздний."),
    }
    remarks = []
    for code, (column, message) in said.items():
        distinct = references.dropna(subset=[column]).drop_duplicates([KIND, CODE, column])
        count = int((distinct.groupby([KIND, CODE]).size() > 1).sum())
        if count:
            remarks.append(Remark(code, "info", message.format(count=count)))
    return remarks


def _identified(name: str, frame: pd.DataFrame, found: Mapping[tuple[object, ...], str]) -> pd.DataFrame:
    """The frame with `org_id` in place of the reference; a dictionary, since most frames are small and many."""
    if CODE not in frame.columns:
        return frame
    ids = [found.get(key) for key in zip(*(frame[column] for column in _KEY), strict=True)]
    done = frame.assign(org_id=pd.Series(ids, index=frame.index, dtype="str"))
    if name == "group_results":
        own = _of_organisation(done)
        done["group"] = done["group"].mask(own, done["org_id"])
    columns = [column for column in TABLES[name].names if column in done.columns]
    return done[columns]
