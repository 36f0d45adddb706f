"""Opening of files: content decides, addresses are true, what cannot be read is named."""

import datetime as dt
import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import DamagedFileError, EncryptedFileError, InputError
from pipeline.ingest import workbook
from pipeline.ingest.workbook import NotATable, address, open_workbook


def make_xlsx(path: Path, cells: dict[str, object], sheet: str = "Лист") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for where, value in cells.items():
        page[where] = value
    book.save(path)
    return path


def make_xls(path: Path, rows: int = 300) -> Path:
    book = xlwt.Workbook()
    page = book.add_sheet("Лист")
    for row in range(rows):
        page.write(row, 0, f"строка {row}")
        page.write(row, 1, row)
    book.save(str(path))
    return path


def test_addresses() -> None:
    assert [address(0, 0), address(7, 25), address(9, 26), address(0, 701), address(0, 702)] == [
        "A1",
        "Z8",
        "AA10",
        "ZZ1",
        "AAA1",
    ]


def test_rows_are_counted_from_a1_even_when_the_first_are_empty(tmp_path: Path) -> None:
    sheet = open_workbook(make_xlsx(tmp_path / "a.xlsx", {"C4": "x", "D5": "", "E6": 13.57})).sheets[0]
    assert sheet.cell(3, 2) == "x"
    assert sheet.cell(5, 4) == 13.57
    assert sheet.cell(4, 3) is None
    assert sheet.rows[:3] == ((), (), ())


def test_values_stay_raw(tmp_path: Path) -> None:
    cells = {"A1": dt.datetime(2026, 4, 20, 9, 30), "B1": True, "C1": " Код  участника ", "D1": 89}
    (row,) = open_workbook(make_xlsx(tmp_path / "a.xlsx", cells)).sheets[0].rows
    assert row == (dt.datetime(2026, 4, 20, 9, 30), True, " Код  участника ", 89)


def test_content_decides_not_the_extension(tmp_path: Path) -> None:
    book = open_workbook(make_xlsx(tmp_path / "a.xlsx", {"A1": "x"}).rename(tmp_path / "a.csv"))
    assert (book.name, book.sheets[0].name, book.sheets[0].rows) == ("a.csv", "Лист", (("x",),))
    book = open_workbook(make_xls(tmp_path / "b.xls").rename(tmp_path / "b.xlsx"))
    assert book.sheets[0].rows[299] == ("строка 299", 299)


def test_ods(tmp_path: Path) -> None:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Лист"><table:table-row><table:table-cell/></table:table-row><table:table-row>'
        '<table:table-cell office:value-type="float" office:value="5"><text:p>5</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", f'<manifest media-type="{kind}"/>')
        archive.writestr("content.xml", content)
    assert open_workbook(tmp_path / "a.ods").sheets[0].rows == ((), (5.0,))


def test_many_rows_are_streamed_with_the_same_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_xlsx(tmp_path / "a.xlsx", {"B3": "x", "D7": 2.5, "A9": dt.datetime(2026, 1, 2)})
    whole = open_workbook(path)
    monkeypatch.setattr(workbook, "STREAM_ABOVE_ROWS", 5)
    monkeypatch.setattr(workbook, "_by_calamine", None)
    streamed = open_workbook(path)
    assert [row[:4] for row in streamed.sheets[0].rows[:8]] == [row[:4] for row in whole.sheets[0].rows[:8]]
    assert streamed.sheets[0].cell(8, 0) == dt.datetime(2026, 1, 2)


def test_one_far_cell_does_not_fill_the_memory(tmp_path: Path) -> None:
    sheet = open_workbook(make_xlsx(tmp_path / "a.xlsx", {"A1": "x", "XFD150000": "далеко"})).sheets[0]
    assert sheet.rows[0] == ("x",)
    assert sheet.cell(149_999, 16_383) == "далеко"


# --- text tables -------------------------------------------------------------------------------------------------


def write(tmp_path: Path, data: bytes, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


ROWS = (("Область", "Школа", "Балл"), ("Энск", "№ 1", "65,5"), ("Энск", "№ 2", "40,25"))


def joined(mark: str) -> str:
    return "\r\n".join(mark.join(f'"{cell}"' if mark in cell else cell for cell in row) for row in ROWS) + "\r\n"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("cp1251"),
        lambda text: text.encode("utf-16"),
        lambda text: ("\ufeff" * 1 + text).encode(),
        lambda text: ("\ufeff" * 3 + text).encode(),
    ],
    ids=["utf-8", "cp1251", "utf-16", "one BOM", "three BOMs"],
)
def test_encodings_and_separators(tmp_path: Path, mark: str, encode) -> None:  # type: ignore[no-untyped-def]
    book = open_workbook(write(tmp_path, encode(joined(mark))))
    assert [sheet.name for sheet in book.sheets] == [""]
    assert book.sheets[0].rows == ROWS


def test_bom_inside_the_first_quoted_header(tmp_path: Path) -> None:
    for first in ('\ufeff\ufeff"\ufeffОбласть"', '\ufeff"\ufeff""\ufeffОбласть"""'):
        data = f"{first};Школа\nЭнск;1\n".encode()
        assert open_workbook(write(tmp_path, data)).sheets[0].rows[0] == ("Область", "Школа")


def test_title_with_commas_above_the_header_does_not_decide(tmp_path: Path) -> None:
    text = "Результаты, по школам, районам, городам, сёлам\nШкола;Балл\n№ 1;65\n№ 2;40\n"
    assert open_workbook(write(tmp_path, text.encode())).sheets[0].rows[1:] == (
        ("Школа", "Балл"),
        ("№ 1", "65"),
        ("№ 2", "40"),
    )


def test_decimal_commas_do_not_decide(tmp_path: Path) -> None:
    text = "а;б;в\n" + "1,5;2,5;3,5\n" * 5
    assert open_workbook(write(tmp_path, text.encode())).sheets[0].rows[1] == ("1,5", "2,5", "3,5")


def test_one_semicolon_a_row_does_not_beat_many_commas(tmp_path: Path) -> None:
    text = "школа,учителя,класс,балл,отметка\n" + "№ 1,Первый; второй,9А,30,5\n" * 5
    assert len(open_workbook(write(tmp_path, text.encode())).sheets[0].rows[1]) == 5


def test_separator_told_by_excel_is_no_row(tmp_path: Path) -> None:
    assert open_workbook(write(tmp_path, b"sep=,\r\na,b;c\r\n")).sheets[0].rows == (("a", "b;c"),)


def test_blank_lines_and_line_breaks_in_cells_keep_row_numbers(tmp_path: Path) -> None:
    rows = open_workbook(write(tmp_path, 'a;b\n\n"две\nстроки";1\n;2\n'.encode())).sheets[0].rows
    assert rows == (("a", "b"), (), ("две\nстроки", "1"), (None, "2"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.text("абвГД ё№«»0123456789;,\"'\n", min_size=1, max_size=8).map(str.strip), min_size=3, max_size=3),
        min_size=4,
        max_size=8,
    ),
    st.sampled_from([";", "\t", ","]),
)
def test_quoted_tables_come_back(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]], mark: str) -> None:
    lines = [
        mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [["Школа", "Код", "Балл"], *cells]
    ]
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    rows = open_workbook(path).sheets[0].rows
    padded = [[cell or "" for cell in row] + [""] * (3 - len(row)) for row in rows[1:]]
    assert padded[: len(cells)] == cells[: len(padded)]
    assert all(not any(row) for row in cells[len(padded) :])


# --- what cannot be read -----------------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", PNG),
        ("scan.csv", b"\xff\xd8\xff\xe0" + bytes(200)),
        ("a.pdf", b"%PDF-1.7 ..."),
        ("a.rar", b"Rar!\x1a\x07"),
        ("empty.xlsx", b""),
        ("spaces.csv", b" \r\n\r\n"),
        ("bom.csv", b"\xef\xbb\xbf"),
        ("notes.txt", "просто текст\nещё строка\n".encode()),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>"),
        ("binary.dat", bytes(range(256)) * 4),
        ("~$a.xlsx", b"\x05user" + bytes(160)),
    ],
)
def test_not_a_table(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(NotATable) as caught:
        open_workbook(write(tmp_path, data, name))
    assert caught.value.place.file == name
    assert caught.value.what.endswith(".") and caught.value.advice.endswith(".")
    assert str(tmp_path) not in caught.value.what + caught.value.advice


def zipped(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return data.getvalue()


def ole(*streams: str) -> bytes:
    """The least a compound file needs to be told apart: its header and directory entries."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", head, 30, 9)
    entries = b""
    for name in streams:
        encoded = name.encode("utf-16-le")
        entries += encoded.ljust(64, b"\x00") + struct.pack("<H", len(encoded) + 2) + bytes(62)
    return bytes(head) + entries.ljust(512, b"\x00")


def test_other_archives_and_containers_are_no_tables(tmp_path: Path) -> None:
    cases = {
        "a.docx": (zipped("word/document.xml"), "документ Word"),
        "b.xlsx": (zipped("photo.jpg"), "архив"),
        "c.doc": (ole("Root Entry", "WordDocument"), "документ Word"),
        "Thumbs.db": (ole("Root Entry", "Catalog"), "служебный файл"),
    }
    for name, (data, kind) in cases.items():
        with pytest.raises(NotATable, match=kind):
            open_workbook(write(tmp_path, data, name))


def test_passwords_are_seen(tmp_path: Path) -> None:
    xls = bytearray(make_xls(tmp_path / "a.xls").read_bytes())
    at = xls.index(b"\xe1\x00\x02\x00", 512)  # the record after BOF becomes FILEPASS with XOR obfuscation
    xls[at : at + 4] = b"\x2f\x00\x02\x00"
    ods = io.BytesIO()
    with zipfile.ZipFile(ods, "w") as archive:
        archive.writestr("META-INF/manifest.xml", "opendocument.spreadsheet <manifest:encryption-data/>")
    for name, data in {
        "a.xlsx": ole("Root Entry", "EncryptedPackage", "EncryptionInfo"),
        "b.xls": bytes(xls),
        "c.ods": ods.getvalue(),
    }.items():
        with pytest.raises(EncryptedFileError, match="паролем") as caught:
            open_workbook(write(tmp_path, data, name))
        assert caught.value.place.file == name


def test_encrypted_by_an_independent_tool(tmp_path: Path) -> None:
    msoffcrypto = pytest.importorskip("msoffcrypto.format.ooxml")
    plain = make_xlsx(tmp_path / "a.xlsx", {"A1": "x"})
    with plain.open("rb") as source, (tmp_path / "b.xlsx").open("wb") as target:
        msoffcrypto.OOXMLFile(source).encrypt("пароль", target)
    with pytest.raises(EncryptedFileError):
        open_workbook(tmp_path / "b.xlsx")


@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.99])
def test_truncated_books_are_damaged(tmp_path: Path, part: float) -> None:
    for whole in (make_xlsx(tmp_path / "a.xlsx", {"A1": "x"}), make_xls(tmp_path / "a.xls")):
        data = whole.read_bytes()
        with pytest.raises(DamagedFileError) as caught:
            open_workbook(write(tmp_path, data[: int(len(data) * part)], "cut" + whole.suffix))
        assert caught.value.advice


def test_book_with_a_wrong_byte_is_damaged_not_a_crash(tmp_path: Path) -> None:
    data = bytearray(make_xlsx(tmp_path / "a.xlsx", {f"A{row}": f"строка {row}" for row in range(1, 200)}).read_bytes())
    at = data.index(b"xl/worksheets/sheet1.xml") + 200
    data[at : at + 8] = b"\xff" * 8
    with pytest.raises(DamagedFileError):
        open_workbook(write(tmp_path, bytes(data), "bad.xlsx"))


def test_broken_text_is_damaged(tmp_path: Path) -> None:
    text = "Школа;Балл\n" + "№ 1 Энск;65\n" * 20
    with pytest.raises(DamagedFileError, match="обрываются"):
        open_workbook(write(tmp_path, text.encode() + "Ш".encode()[:1]))
    with pytest.raises(DamagedFileError, match="кавычка") as caught:
        open_workbook(write(tmp_path, (text + '"не закрыта;1\nещё;2\n').encode()))
    assert caught.value.place.cell == "строка 22"


def test_missing_file_is_our_error_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_workbook(tmp_path / "нет.xlsx")
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.real
def test_every_real_file_opens(real: Path) -> None:
    sizes = {path.name: len(open_workbook(path).sheets[0].rows) for path in real.rglob("*.[cx][sl]*")}
    assert len(sizes) == 27
    assert sizes["bias.xlsx"] == 600
    assert sizes["oge_protocol_multi_block_anonymised.xls"] == 11
    first = open_workbook(next(real.rglob("dzi-2019.csv"))).sheets[0].rows[0]
    assert first[0] == "Област"
