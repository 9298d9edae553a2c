"""Files for a spreadsheet: whatever a caller or an agent wrote stays text, in CSV and in XLSX."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.etree import ElementTree as ET

import pytest

from functions.operations.sheet import Cell, as_csv, as_xlsx

NAMESPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
FORMULAS = ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1"]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(content: bytes) -> list[list[str]]:
    sheet = ET.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml"))  # noqa: S314 — our own
    rows = sheet.findall(".//x:row", NAMESPACE)
    return [["".join(cell.itertext()) for cell in row.findall("x:c", NAMESPACE)] for row in rows]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert read_csv(as_csv(["a"], [[text]]))[1] == [f"'{text}"]
    content = as_xlsx(["a"], [[text]])
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert sheet.count(b'"inlineStr"') == 2


def test_a_phone_number_stays_as_it_is_dialled() -> None:
    assert read_csv(as_csv(["phone"], [["+375291112233"]]))[1] == ["+375291112233"]


def test_what_was_written_is_read_back_numbers_and_nothings_too() -> None:
    rows: list[list[Cell]] = [["Юлия; «Ковалёва»", None, 5], ['a "b"\nc <&>', "محمد", 0]]
    expected = [["n", "p", "q"], ["Юлия; «Ковалёва»", "", "5"], ['a "b"\nc <&>', "محمد", "0"]]
    assert read_csv(as_csv(["n", "p", "q"], rows)) == expected
    assert read_xlsx(as_xlsx(["n", "p", "q"], rows)) == expected


def test_characters_that_no_xml_may_hold_do_not_break_the_file() -> None:
    assert read_xlsx(as_xlsx(["a"], [["x\x00\x1b\ud800y"]]))[1] == ["x" + "\N{REPLACEMENT CHARACTER}" * 3 + "y"]
