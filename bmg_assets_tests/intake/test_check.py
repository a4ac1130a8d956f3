"""A file is judged without being taken in: row by row what it means, how it was read, and what to do."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.intake.check import Judged, judge
from bmg_assets.intake.reading import Reading
from bmg_assets_tests.intake.cast_files import line, table
from bmg_assets_tests.intake.workbooks import HEADER, book_of, cells, saved
from bmg_assets_tests.science.casts.examples import TODAY


def judged(data: bytes, name: str = "casts.csv") -> Judged:
    return judge(name, data, TODAY, Reading())


def test_a_lab_file_row_by_row() -> None:
    found = judged(table(line("A", dimension_mm="2.5 mm"), line("B", verdict="nice"), "", line("C")))
    assert found.kind == "casts"
    assert [(row.line, row.outcome) for row in found.rows] == [
        (2, "accepted"),
        (3, "refused"),
        (4, "skipped"),
        (5, "accepted"),
    ]
    first, second = found.rows[:2]
    assert first.read_as == "A: Zr50Al5Cu45 at.%, suction_casting, rod_diameter 2.5 mm, amorphous, 2026-02-27"
    assert first.note == "dimension_mm: '2.5 mm' was read as 2.5: unit removed from number"
    assert (second.column, second.value) == ("verdict", "nice")
    assert "none of the words" in second.reason
    assert "amorphous" in second.mend
    assert (found.lines("accepted"), found.lines("refused"), found.lines("skipped")) == (2, 1, 1)


def test_a_workbook_is_judged_like_a_lab_file() -> None:
    found = judged(saved(book_of(["log"], HEADER, cells(sample_id="A"))), "Casts.XLSX")
    assert [(row.line, row.outcome) for row in found.rows] == [(1, "skipped"), (3, "accepted")]


def test_casts_behind_a_cover_sheet_are_judged_as_casts() -> None:
    for verdict, outcome in (("amorphous", "accepted"), ("nice", "refused")):
        book = book_of(["Zr50Cu50"], title="Read me")
        for row in (HEADER, cells(sample_id="A", verdict=verdict)):
            (book["log"] if "log" in book.sheetnames else book.create_sheet("log")).append(row)
        found = judged(saved(book), "casts.xlsx")
        assert found.kind == "casts"
        assert [(row.line, row.outcome) for row in found.rows] == [(0, "skipped"), (2, outcome)]


def test_a_table_of_formulas() -> None:
    for name, data in {
        "formulas.txt": "Zr50Cu50\nCO50Zr50\n\nZr50Cu40\n",
        "formulas.csv": "Zr50Cu50\nCO50Zr50\n\nZr50Cu40\n",
        "thesis.csv": "no,Alloy,Dmax\n1,Zr50Cu50,2\n2,CO50Zr50,3\n3,,\n4,Zr50Cu40,5\n",
    }.items():
        found = judged(data.encode(), name)
        assert found.kind == "formulas"
        rows = [row for row in found.rows if row.outcome != "skipped"]
        assert [(row.value, row.outcome, row.read_as) for row in rows] == [
            ("Zr50Cu50", "read", "Zr50Cu50 at.%"),
            ("CO50Zr50", "read", "Co50Zr50 at.%"),
            ("Zr50Cu40", "refused", ""),
        ]
        assert "capitals" in rows[1].note
        assert "sum to 90" in rows[2].reason
        assert rows[2].mend


def test_a_workbook_with_a_column_of_formulas() -> None:
    for name in ("Composition (at.%)", "Alloy", "合金"):
        found = judged(saved(book_of(["Table 1"], [name, "Dmax"], ["Zr50Cu50", 2])), "table.xlsx")
        assert [(row.line, row.read_as) for row in found.rows] == [(3, "Zr50Cu50 at.%")]


def test_what_is_neither_is_told_as_a_lab_file() -> None:
    found = judged(b"a,b\n1,2\n")
    assert (found.kind, found.rows[0].outcome) == ("casts", "refused")
    assert "no header" in found.rows[0].reason
    assert "are not read" in judged(b"x", "casts.ods").rows[0].reason
    assert "not UTF-8" in judged(b"Zr50Cu50\xff\n", "a.csv").rows[0].reason


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.txt", "a.xlsx", "a"]))
def test_no_bytes_raise(data: bytes, name: str) -> None:
    found = judged(data, name)
    assert all(row.reason and row.mend for row in found.rows if row.outcome == "refused")


def test_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "casts.csv").write_bytes(table(line("A")))
    judge("casts.csv", (tmp_path / "casts.csv").read_bytes(), TODAY, Reading())
    assert [path.name for path in tmp_path.iterdir()] == ["casts.csv"]
