"""РЦОИ protocols: many blocks in a sheet, csv of ЕГЭ in its shapes, and no name behind the door."""

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import tables
from pipeline.errors import InputError
from pipeline.ingest.layouts.rcoi_writer import ExamBlock, ExamPupil, write
from pipeline.ingest.reading import Reading
from pipeline.ingest.workbook import open_workbook

Read = Callable[[Path], Reading]
SUBJECTS = ("Русский язык", "Математика", "Обществознание", "Химия", "География")
CODES = {"russian", "mathematics", "social_studies", "chemistry", "geography"}
EGE = "№;Код МСУ;Код ОО;Класс;Код ППЭ;Аудитория;Фамилия;Имя;Отчество;Серия;Номер;Задания с кратким ответом;"
EGE += "Задания с развёрнутым ответом;Первичный балл;Балл"


def codes(reading: Reading) -> dict[str, str]:
    return {remark.code: remark.severity for remark in reading.remarks}


def everything(reading: Reading) -> str:
    """All that leaves the reader, as one text."""
    frames = "\n".join(frame.to_csv() for frame in reading.tables.values())
    return frames + repr(reading.remarks)


def pupils(rng: random.Random, number: int) -> tuple[ExamPupil, ...]:
    return tuple(
        ExamPupil(
            school=9301 + k % 8,
            class_label=f"9{'АБВ'[k % 3]}",
            municipality=209,
            surname=f"Фамильев{k}",
            name=f"Именилий{k}",
            patronymic=f"Отчествович{k}",
            primary=rng.randint(0, 33),
            mark=rng.randint(2, 5),
            short_answers="+-2",
        )
        for k in range(number)
    )


@pytest.fixture(scope="module")
def blocks() -> tuple[ExamBlock, ...]:
    rng = random.Random(2026)
    return tuple(
        ExamBlock(k, subject, dt.date(2026, 6, k), pupils(rng, 200)) for k, subject in enumerate(SUBJECTS, start=1)
    )


@pytest.fixture(scope="module")
def written(blocks: tuple[ExamBlock, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rcoi") / "results.xls"
    write(path, 20, "Энская область", blocks)
    return path


def test_five_subjects_of_eight_schools_come_back(blocks: tuple[ExamBlock, ...], written: Path, read: Read) -> None:
    reading = read(written)
    frame = reading.tables["results"]
    assert (reading.layout, reading.school_years, reading.rows, reading.remarks) == ("rcoi_protocol", (2026,), 1000, ())
    assert frame["subject"].value_counts().to_dict() == dict.fromkeys(CODES, 200)
    expected = [pupil for block in blocks for pupil in block.pupils]
    assert frame["primary_score"].tolist() == [pupil.primary for pupil in expected]
    assert frame["mark"].tolist() == [pupil.mark for pupil in expected]
    assert frame["org_alias_code"].tolist() == [str(pupil.school) for pupil in expected]
    assert frame["class_label"].tolist() == [pupil.class_label for pupil in expected]
    assert set(frame["municipality"]) == {"209"}
    assert set(frame["region"]) == {"Энская область"}
    assert set(zip(frame["procedure"], frame["grade"], frame["wave"], strict=True)) == {("oge", 9, "main")}
    assert frame["exam_date"].unique().tolist() == [f"2026-06-0{day}" for day in range(1, 6)]
    assert frame["source_row"].tolist()[:2] == [6, 7]
    assert frame["source_row"].tolist()[200] == 6 + 200 + 1 + 3  # «Средние», then title, blank and header
    ready = frame.rename(columns={"org_alias_code": "org_id"}).drop(columns=["org_alias_kind", "org_name"])
    assert not tables.conform("results", ready).duplicated(list(tables.RESULTS.key)).any()


def test_no_name_leaves_the_reader(blocks: tuple[ExamBlock, ...], written: Path, read: Read) -> None:
    out = everything(read(written))
    assert out.count("\n") > 1000
    for word in ("Фамильев", "Именилий", "Отчествович"):
        assert word not in out


def test_same_bytes_twice(blocks: tuple[ExamBlock, ...], written: Path, tmp_path: Path) -> None:
    write(tmp_path / "again.xls", 20, "Энская область", blocks)
    assert (tmp_path / "again.xls").read_bytes() == written.read_bytes()


def test_namesakes_without_documents_stay_two_pupils(tmp_path: Path, read: Read) -> None:
    twin = ExamPupil(9301, "9А", 209, "Фамильев", "Имя", "Отчество", 20, 4)
    other = ExamPupil(9302, "9А", 209, "Фамильев", "Имя", "Отчество", 20, 4)
    write(tmp_path / "a.xls", 20, "Энская область", [ExamBlock(4, "Химия", dt.date(2026, 6, 1), (twin, twin, other))])
    reading = read(tmp_path / "a.xls")
    assert reading.tables["results"]["participant"].nunique() == 3
    assert codes(reading) == {"namesakes": "info"}


def csv(tmp_path: Path, text: str, encoding: str = "cp1251") -> Path:
    path = tmp_path / "01.csv"
    path.write_bytes(text.encode(encoding))
    return path


PEOPLE = (
    "1;209;9301;11А;1003;101;Фамильев;Именилий;Отчествович;9900;123456;++--2+;1(1)0(3);45;76",
    "2;209;9302;11;1003;101;Фамильев;Именилий;Отчествович;9900;654321;++--2+;1(1)0(3);12;",
)


def test_compact_csv_of_ege(tmp_path: Path, read: Read) -> None:
    tail = ";;;;;;;;;;;;Средние;28,5;76\n;;;;;;;;;;;;Минимальная граница;;24\n;;;;;;;;;;;;Всего участников;;3"
    text = "\n".join(["01 - Русский язык 2022.06.23" + ";" * 14, EGE, *PEOPLE, tail])
    reading = read(csv(tmp_path, text))
    frame = reading.tables["results"]
    assert reading.school_years == (2022,)
    assert set(zip(frame["procedure"], frame["grade"], frame["scale"], strict=True)) == {("ege", 11, "ege-100")}
    assert frame["test_score"].fillna(-1).tolist() == [76, -1]
    assert frame["primary_score"].tolist() == [45, 12]
    assert frame["participant"].nunique() == 2
    assert codes(reading) == {"declared_count_differs": "warning"}
    out = everything(reading)
    for word in ("Фамильев", "Именилий", "Отчествович", "123456", "654321", "9900"):
        assert word not in out


def test_sparse_csv_with_a_shifted_title_and_bom(tmp_path: Path, read: Read) -> None:
    header = "№;;Код МСУ;;Код ОО;;Класс;;Фамилия;Имя;Отчество;;Серия;;Номер;;Первичный балл;;Балл;"
    row = "1;;209;;9301;;11;;Фамильев;Именилий;Отчествович;;9900;;123456;;30;;;64"
    text = "\ufeff;;;;;;;12 - Обществознание 2021.06.15;;;;;;;;;;;;\n" + header + "\n" + row + "\n"
    frame = read(csv(tmp_path, text, "utf-8")).tables["results"]
    assert (frame["subject"][0], frame["primary_score"][0], frame["test_score"][0]) == ("social_studies", 30, 64)


@pytest.mark.parametrize(
    ("title", "subject", "date"),
    [
        ("25 - Информатика и ИКТ (КЕГЭ) 2021.06.24", "informatics", "2021-06-24"),
        ("Английский язык п.: 2021.06.18, у.: 2021.06.21", "english", "2021-06-18"),
        ('"Английский язык п:2022.06.14 ; у:2022.06.16"', "english", "2022-06-14"),
        ("22 - Математика на Луне 2022.06.27", "unknown:Математика на Луне", "2022-06-27"),
    ],
)
def test_titles_of_exams(tmp_path: Path, read: Read, title: str, subject: str, date: str) -> None:
    frame = read(csv(tmp_path, "\n".join([title + ";" * 14, EGE, *PEOPLE]))).tables["results"]
    assert set(frame["subject"]) == {subject}
    assert set(frame["exam_date"]) == {date}


def test_a_document_follows_a_pupil_through_exams_and_schools(tmp_path: Path, read: Read) -> None:
    first = read(csv(tmp_path, "\n".join(["01 - Русский язык 2022.06.23;;", EGE, *PEOPLE]))).tables["results"]
    moved = PEOPLE[0].replace(";9301;", ";9399;")
    second = read(csv(tmp_path, "\n".join(["12 - Обществознание 2022.06.15;;", EGE, moved, moved])))
    assert set(second.tables["results"]["participant"]) == {first["participant"][0]}
    assert codes(second) == {"duplicate_pupils": "warning"}


def test_september_is_a_resit_of_the_year_that_ended(tmp_path: Path, read: Read) -> None:
    block = ExamBlock(2, "Математика", dt.date(2026, 9, 5), pupils(random.Random(1), 2))
    write(tmp_path / "a.xls", 20, "Энская область", [block])
    reading = read(tmp_path / "a.xls")
    assert set(reading.tables["results"]["wave"]) == {"resit"}
    assert reading.school_years == (2026,)
    assert codes(reading) == {"september_resit": "info"}


def test_strange_rows_and_values_are_named_without_names(tmp_path: Path, read: Read) -> None:
    lines = ["01 - Русский язык 2022.06.23;;", EGE, PEOPLE[0].replace(";45;", ";Фамильев;"), ";;;сдвиг;Фамильев"]
    reading = read(csv(tmp_path, "\n".join(lines)))
    assert {remark.code: remark.place.cell for remark in reading.remarks} == {
        "unreadable_value": "N3",
        "rows_not_understood": "A4",
    }
    assert "Фамильев" not in everything(reading)


def test_header_without_a_title_is_told(tmp_path: Path, read: Read) -> None:
    path = csv(tmp_path, "\n".join([EGE, *PEOPLE]))
    with pytest.raises(InputError, match="предметом и датой") as caught:
        read(path)
    assert caught.value.place.cell == "A1"
    assert "Фамильев" not in str(caught.value)


@pytest.mark.real
def test_real_protocol(real: Path, read: Read) -> None:
    path = real / "vpr-fioko-layouts" / "oge_protocol_multi_block_anonymised.xls"
    reading = read(path)
    frame = reading.tables["results"]
    assert frame["subject"].tolist() == ["social_studies", "chemistry"]
    assert list(zip(frame["primary_score"], frame["mark"], strict=True)) == [(27, 4), (22, 3)]
    assert frame["org_alias_code"].tolist() == ["9005", "9010"]
    assert set(frame["region"]) == {"Чеченская Республика"}
    assert reading.remarks == ()
    people = {cell for row in open_workbook(path).sheets[0].rows for cell in row[10:14] if isinstance(cell, str)}
    named = {cell for cell in people if cell[-1].isdigit()}
    assert len(named) == 6
    assert not [name for name in named if name in everything(reading)]
