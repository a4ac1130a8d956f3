"""CSV files line by line: what costs a line, and what costs the file."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from bmg_assets.sources.csv_tables import LINE_FAULT, CsvTable, CsvTableError, read_csv_table


def read(folder: Path, content: str, columns: tuple[str, ...] = ("Alloy", "Dmax")) -> CsvTable:
    path = folder / "table.csv"
    path.write_text(content, encoding="utf-8")
    return read_csv_table(path, "utf-8", ",", columns)


def test_a_line_with_too_many_cells_has_its_fault_and_the_others_none(tmp_path: Path) -> None:
    table = read(tmp_path, 'Alloy,Dmax\nCuZr,5\nLa62(Cu,Ni)38,11\n"La62(Cu,Ni)38",11\n')
    frame = table.as_frame()
    assert frame["Alloy"].tolist() == ["CuZr", None, "La62(Cu,Ni)38"]
    assert frame[LINE_FAULT].notna().tolist() == [False, True, False]
    assert table.whole_line(1) == "La62(Cu,Ni)38,11"


def test_lines_before_the_header_that_begin_with_a_hash_are_remarks(tmp_path: Path) -> None:
    assert read(tmp_path, "# from, a thesis\n# of 1999\nAlloy,Dmax\nCuZr,5\n").header == ("Alloy", "Dmax")
    assert read(tmp_path, "#,Alloy,Dmax\n1,CuZr,5\n").header == ("#", "Alloy", "Dmax")


def test_empty_lines_do_not_count_and_lines_of_empty_cells_do(tmp_path: Path) -> None:
    assert read(tmp_path, "Alloy,Dmax\n\nCuZr,5\n,\n,,\n").rows == (("CuZr", "5"), ("", ""), ("", ""))


def test_two_columns_of_one_name_are_found_whatever_the_blanks(tmp_path: Path) -> None:
    table = read(tmp_path, "Alloy,Dmax,Dmax \nCuZr,5,7\n")
    assert table.repeated(["Alloy", "Dmax"]) == ["Dmax"]


@pytest.mark.parametrize(
    "content", ["", "# a remark\n", 'Alloy,Dmax\n"CuZr,5\nNi,6\n', "Alloy,Dmax\nLa(Cu,Ni),5\nLa(Cu,Ni),6\n"]
)
def test_a_file_that_cannot_be_told_apart_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(CsvTableError):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("suffix", "compress"), [(".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress)]
)
def test_compressed_files_are_unpacked(tmp_path: Path, suffix: str, compress: Callable[[bytes], bytes]) -> None:
    path = tmp_path / f"table.csv{suffix}"
    path.write_bytes(compress(b"Alloy,Dmax\nCuZr,5\n"))
    assert read_csv_table(path, "utf-8", ",", ["Alloy"]).rows == (("CuZr", "5"),)
