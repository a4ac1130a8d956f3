"""Exports for spreadsheets: no cell is run as a formula, numbers stay numbers, and text comes back as it was."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.intake.file import report_csv
from bmg_assets.intake.outcome import FileOutcome, read_file
from bmg_assets.pages.rendering import cell_text
from bmg_assets.science.casts.cast import Refusal
from bmg_assets.settings import PROJECT
from bmg_assets.spreadsheets import csv_of, csv_of_frame, harmless, plain
from bmg_assets_tests.intake.cast_files import line, table

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "-A12",
    "+B",
    "=",
]
NUMBERS = ["-5", "+3.2", "-1e-5", "-1,5", "-1.234,5", "- 5", "-.5", "-20 %"]
TEXTS = ["Zr50Al5Cu45", "", "-", "+", "@", "a=b", " =1", "'", "'tis", "1-2", "−5"]


@pytest.mark.parametrize("text", FORMULAS[:-1])
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert plain(f"'{text}") == text


@pytest.mark.parametrize("text", [*NUMBERS, *TEXTS, "="])
def test_numbers_and_other_text_stay(text: str) -> None:
    assert harmless(text) == text
    assert plain(text) == text


@pytest.mark.parametrize("value", [-5, -0.5, None, True, pd.Timestamp("2026-01-02")])
def test_values_that_are_no_text_stay(value: object) -> None:
    assert harmless(value) is value


@given(st.text())
def test_text_comes_back_as_it_was(text: str) -> None:
    assert plain(harmless(text)) == text.replace("\0", "␀") or text.startswith("'")


@given(st.text(min_size=1))
def test_no_text_that_is_longer_than_a_sign_begins_like_a_formula(text: str) -> None:
    shown = harmless(text)
    if len(shown) > 1 and shown[0] in "=@\t\r":
        pytest.fail(f"{text!r} is shown as {shown!r}")


def test_a_table_has_no_formula_and_its_numbers() -> None:
    found = list(csv.reader(io.StringIO(csv_of(["=name", "b"], [["-A12", -5], ["x", -0.5]]))))
    assert found == [["'=name", "b"], ["'-A12", "-5"], ["x", "-0.5"]]


def test_a_frame_has_no_formula_and_its_numbers() -> None:
    frame = pd.DataFrame(
        {
            "@sample": ["=1+1", None, "x"],
            "text": pd.array(["-a", "b", None], dtype="string"),
            "mm": [-1.23456, None, 2.0],
        }
    )
    back = pd.read_csv(io.StringIO(csv_of_frame(frame, float_format="%.3g")))
    assert back.columns.tolist() == ["'@sample", "text", "mm"]
    assert back["'@sample"].tolist()[0] == "'=1+1"
    assert back["text"].tolist()[0] == "'-a"
    assert back["mm"].tolist()[::2] == [-1.23, 2.0]
    assert frame["text"].tolist()[0] == "-a"


@pytest.mark.parametrize("text", FORMULAS[:-1])
def test_the_report_of_the_intake_has_no_formula(text: str) -> None:
    report = report_csv(FileOutcome((), (Refusal(2, text, text, text, text),), ()))
    (row,) = csv.DictReader(io.StringIO(report.decode("utf-8-sig"), newline=""))
    assert {row[name] for name in ("column", "value", "reason", "mend")} == {f"'{text}"}


def test_a_table_that_is_copied_from_a_page_has_no_formula() -> None:
    assert cell_text("=1+1", 2) == "'=1+1"
    assert cell_text(["-a", "b"], 2) == "'-a, b"
    assert cell_text(-1.5, 2) == "-1.50"


@pytest.mark.parametrize("sample", ["-A12", "+B", "@lab 3"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_was_exported_is_taken_in_again_as_it_was(sample: str, ending: str, tmp_path: Path) -> None:
    exported = table(line(harmless(sample)))
    if ending == ".xlsx":
        book = openpyxl.Workbook()
        for row in csv.reader(io.StringIO(exported.decode())):
            book.active.append(row)
        book.save(tmp_path / "casts.xlsx")
        exported = (tmp_path / "casts.xlsx").read_bytes()
    outcome = read_file("casts", ending, exported, date(2026, 12, 31))
    assert [cast.sample_id for cast in outcome.casts] == [sample]
    assert outcome.refusals == ()


def test_every_table_for_people_is_written_here() -> None:
    writers = re.compile(r"to_csv\(|csv\.writer\(|DictWriter\(|to_excel\(|Workbook\(")
    code = PROJECT / "bmg_assets"
    found = {str(path.relative_to(code)) for path in code.rglob("*.py") if writers.search(path.read_text("utf-8"))}
    # A fingerprint is for nobody to open; a batch of a replay is a part of the file of casts as it came.
    assert found == {"spreadsheets.py", "science/fingerprints.py", "replay/batches.py"}
