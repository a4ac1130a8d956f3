"""Files of sources as rows of text, and one clear error for each way in which a file is not what was declared."""

import gzip
import hashlib
import json
import lzma
from pathlib import Path

import pytest

from bmg_assets.science.literature.curation import curate_reports
from bmg_assets.sources.declaration import SourceDeclaration, read_declarations
from bmg_assets.sources.download import DownloadError
from bmg_assets.sources.readers import SourceFileError, read_source
from bmg_assets_tests.sources.declared import declare

COMMITTED = Path(__file__).parents[2] / "data" / "literature" / "sources.yaml"
TABLE = "Alloy,Kind,Size\nZr50Cu50,BMG,2\nNi97 Al3,None,\nPd80Si20,Ribbon,2-Jan\n"


def put(folder: Path, content: bytes | str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_csv_cells_stay_text(tmp_path):
    rows = read_source(declare(tmp_path), put(tmp_path, TABLE))
    assert rows["source_row"].tolist() == [1, 2, 3]
    assert rows["formula"].tolist() == ["Zr50Cu50", "Ni97 Al3", "Pd80Si20"]
    assert rows["class_reported"].tolist() == ["BMG", "None", "Ribbon"]
    assert rows["value_reported"].tolist() == ["2", None, "2-Jan"]
    assert rows["method"].tolist() == [None, None, None]


def test_rows_go_on_to_curation(tmp_path):
    declared = declare(tmp_path)
    reports = curate_reports(read_source(declared, put(tmp_path, TABLE)), declared.origin)
    assert reports["glass_class"].tolist() == ["bulk", "crystalline", "ribbon"]
    assert reports["dmax_mm"].tolist() == [2.0, 0.0, 0.2]


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        ("\ufeff" + TABLE, {}),
        (TABLE.replace("\n", "\r\n"), {}),
        (TABLE.replace(",", ";"), {"separator": ";"}),
        (TABLE.encode("utf-16"), {"encoding": "utf-16"}),
    ],
)
def test_csv_dialects(tmp_path, content, changes):
    rows = read_source(declare(tmp_path, **changes), put(tmp_path, content))
    assert rows["formula"].tolist() == ["Zr50Cu50", "Ni97 Al3", "Pd80Si20"]


def test_compressed_csv(tmp_path):
    path = put(tmp_path, lzma.compress(TABLE.encode()), "table.csv.xz")
    assert len(read_source(declare(tmp_path), path)) == 3


def matminer(folder: Path, content: object) -> Path:
    return put(folder, gzip.compress(json.dumps(content).encode()), "table.json.gz")


def test_matminer_data_set(tmp_path):
    declared = declare(tmp_path, format="matminer_json")
    content = {"columns": ["Kind", "Alloy", "Size"], "index": [0, 1], "data": [["BMG", "CuZr", 2.5], [None, "Cu", 0]]}
    rows = read_source(declared, matminer(tmp_path, content))
    assert rows["formula"].tolist() == ["CuZr", "Cu"]
    assert rows["class_reported"].tolist() == ["BMG", None]
    assert rows["value_reported"].tolist() == ["2.5", "0"]


@pytest.mark.parametrize("content", [{"rows": []}, [1, 2], {"columns": ["a", "b"], "data": [[1]]}])
def test_other_json_is_refused(tmp_path, content):
    with pytest.raises(SourceFileError, match="not a gzipped matminer data set"):
        read_source(declare(tmp_path, format="matminer_json"), matminer(tmp_path, content))


def test_json_that_is_not_compressed_is_refused(tmp_path):
    with pytest.raises(SourceFileError, match="not a gzipped matminer data set"):
        read_source(declare(tmp_path, format="matminer_json"), put(tmp_path, "{}", "table.json.gz"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TABLE.replace("Size", "Dmax"), r"no column 'Size' \(found: Alloy, Kind, Dmax\)"),
        ("Alloy,Kind,Size\n", "no rows"),
        ("", "not a readable CSV"),
        (TABLE + 'Zr60Cu40,"BMG,3\n', "not a readable CSV"),
        ("Alloy,Kind,Size,Size\nZr50Cu50,BMG,2,3\n", "two columns named 'Size'"),
        ("Alloy,Kind,Size,Size \nZr50Cu50,BMG,2,3\n", "two columns named 'Size'"),
        ("# a remark\n", "not a readable CSV"),
        ("Alloy,Kind,Size\nZr50Cu50,BMG,2,3\n", "not a readable CSV"),
        ("Alloy,Kind,Size\nZr50Cu50,\xb5,2\n".encode("latin-1"), "not in the encoding utf-8"),
    ],
)
def test_a_file_that_is_not_as_declared_is_refused(tmp_path, content, said):
    with pytest.raises(SourceFileError, match=said) as caught:
        read_source(declare(tmp_path), put(tmp_path, content))
    assert "'small'" in str(caught.value)


def test_a_comma_without_quotation_marks_costs_one_line(tmp_path):
    declared = declare(tmp_path)
    content = "Alloy,Kind,Size\nZr50Cu50,BMG,2\nLa62Al15.7(Cu,Ni)22.3,BMG,11\nPd80Si20,Ribbon,\n"
    rows = read_source(declared, put(tmp_path, content))
    assert rows["source_row"].tolist() == [1, 2, 3]
    assert rows["formula"].tolist() == ["Zr50Cu50", "La62Al15.7(Cu,Ni)22.3,BMG,11", "Pd80Si20"]
    reports = curate_reports(rows, declared.origin)
    assert reports["status"].tolist() == ["accepted", "refused", "accepted"]
    assert reports.loc[1, "rules"] == ["unreadable_line"]
    assert "4 cells for 3 columns" in reports.loc[1, "reason"]


def test_blanks_around_names_of_columns_and_remarks_before_them_do_not_matter(tmp_path):
    rows = read_source(declare(tmp_path), put(tmp_path, "# from the thesis\nAlloy ,Kind, Size\nZr50Cu50,BMG,2\n"))
    assert rows["value_reported"].tolist() == ["2"]


def test_a_further_empty_cell_is_no_cell_too_many(tmp_path):
    rows = read_source(declare(tmp_path), put(tmp_path, "Alloy,Kind,Size\nZr50Cu50,BMG,2,,\n\nCuZr,BMG,3\n"))
    assert rows["value_reported"].tolist() == ["2", "3"]
    assert rows["line_fault"].isna().all()


def test_an_encoding_that_does_not_exist_is_one_sentence(tmp_path):
    with pytest.raises(SourceFileError, match="'klingon', which does not exist; write utf-8"):
        read_source(declare(tmp_path, encoding="klingon"), put(tmp_path, TABLE))


def test_a_short_row_leaves_cells_empty(tmp_path):
    rows = read_source(declare(tmp_path), put(tmp_path, "Alloy,Kind,Size\nZr50Cu50,BMG\n"))
    assert rows["value_reported"].tolist() == [None]


def test_a_truncated_compressed_file_is_refused(tmp_path):
    path = put(tmp_path, lzma.compress(TABLE.encode())[:-20], "table.csv.xz")
    with pytest.raises(SourceFileError, match="not a readable CSV"):
        read_source(declare(tmp_path), path)


def test_an_absent_file_says_what_to_do(tmp_path):
    with pytest.raises(SourceFileError, match="bmg data"):
        read_source(declare(tmp_path), tmp_path / "table.csv")


def test_a_file_with_another_checksum_is_not_read(tmp_path):
    declared = declare(tmp_path, sha256=hashlib.sha256(TABLE.encode()).hexdigest())
    assert len(read_source(declared, put(tmp_path, TABLE))) == 3
    with pytest.raises(DownloadError, match="is not the declared file"):
        read_source(declared, put(tmp_path, TABLE + "Zr60Cu40,BMG,3\n"))


def with_references(folder: Path) -> SourceDeclaration:
    columns = {"formula": "Alloy", "class": "Kind", "reference": "Size"}
    return declare(folder, columns=columns, reference_table="references.csv")


def test_references_are_spelt_out_from_their_table(tmp_path):
    put(tmp_path, "reference,citation\n2,Inoue 2000\n3,Kim 1999\n", "references.csv")
    rows = read_source(with_references(tmp_path), put(tmp_path, "Alloy,Kind,Size\nCuZr,BMG,2\nCu,None,3\nAl,None,\n"))
    assert rows["reference"].tolist() == ["Inoue 2000", "Kim 1999", None]


@pytest.mark.parametrize(
    ("references", "said"),
    [
        (None, "are not at"),
        ("reference,title\n2,x\n", "no column 'citation'"),
        ("reference,citation\n3,x\n", "cites '2'"),
    ],
)
def test_references_that_do_not_fit_are_refused(tmp_path, references, said):
    if references is not None:
        put(tmp_path, references, "references.csv")
    with pytest.raises(SourceFileError, match=said):
        read_source(with_references(tmp_path), put(tmp_path, "Alloy,Kind,Size\nCuZr,BMG,2\n"))


FURTHER = """Alloy,Kind,Casting,Type,Zmax,Tg,Rc,Ref,DOI,Year
Zr50Cu50,AM,Melt Casting,Wedge,2,,,Kim (1999),10.1000/x.1,1999
Ni60Nb40,,,,,850,,,10.1000/x.2 ,
Pd80Si20,,,,,,,"Duwez, doi 10.1000/x.3",10.1000/x.3,
"""


def test_further_columns_are_read_by_their_roles(tmp_path):
    columns = {
        "formula": "Alloy",
        "class": "Kind",
        "method": "Casting",
        "form": "Type",
        "thickness": "Zmax",
        "reference": "Ref",
        "doi": "DOI",
        "year": "Year",
    }
    rows = read_source(declare(tmp_path, columns=columns, glass_signs=["Tg", "Rc"]), put(tmp_path, FURTHER))
    first = rows.loc[0, ["method", "form", "thickness", "year"]].tolist()
    assert first == ["Melt Casting", "Wedge", "2", "1999"]
    # Citation and DOI stand together, each once and without blanks around it.
    assert rows["reference"].tolist() == [
        "Kim (1999); doi:10.1000/x.1",
        "doi:10.1000/x.2",
        "Duwez, doi 10.1000/x.3",
    ]
    assert rows["shows_glass"].tolist() == [False, True, False]


def test_a_sign_of_glass_that_is_no_column_is_named(tmp_path):
    with pytest.raises(SourceFileError, match="no column 'Tg'"):
        read_source(declare(tmp_path, glass_signs=["Tg"]), put(tmp_path, TABLE))


@pytest.mark.published
def test_the_published_table_is_the_declared_one(published_csv):
    rows = read_source(read_declarations(COMMITTED)["ml_bmg_gfa"], published_csv)
    assert len(rows) == 6398
    assert rows.loc[0, ["source_row", "formula", "value_reported"]].tolist() == [1, "Pd25Ni57P18", "10"]
