"""Several sources at once: one that cannot be read is named, and the others are read."""

from pathlib import Path

import pytest

from bmg_assets.science.literature.properties import Property, PropertyColumn, PropertyError
from bmg_assets.sources.declaration import SourceDeclaration, read_declarations
from bmg_assets.sources.download import DownloadError, file_sha256
from bmg_assets.sources.readers import SourceFileError
from bmg_assets.sources.reading import SourcesRead, read_all_property_reports, read_reports
from bmg_assets_tests.sources.declared import SHORTEST, write_declarations

TABLE = "Alloy,Kind,Size\nZr50Cu50,BMG,2\nNi97Al3,None,\n"


def two_sources(folder: Path, **changes: object) -> tuple[dict[str, SourceDeclaration], dict[str, Path]]:
    """`good` and `other`, which differs from it by the changes."""
    paths = {name: folder / f"{name}.csv" for name in ("good", "other")}
    for path in paths.values():
        path.write_text(TABLE)
    entries = {name: SHORTEST | {"file": path.name} for name, path in paths.items()}
    entries["other"] |= {"sha256": file_sha256(paths["other"])} | changes
    return read_declarations(write_declarations(folder, **entries)), paths


def test_sources_are_read_one_after_the_other(tmp_path):
    found = read_reports(*two_sources(tmp_path), ["good", "other"])
    assert found.reports["source"].tolist() == ["good", "good", "other", "other"]
    assert found.unread == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TABLE[:30], "is not the declared file"),
        (TABLE + "Ni60Nb40,BMG,1\n", "is not the declared file"),
        (None, "is not at"),
    ],
    ids=["half a download", "another hash", "no file"],
)
def test_a_file_that_is_not_the_declared_one_stops_no_other(tmp_path, content, said):
    declarations, paths = two_sources(tmp_path)
    paths["other"].unlink()
    if content is not None:
        paths["other"].write_text(content)
    found = read_reports(declarations, paths, ["good", "other"])
    assert found.reports["source"].unique().tolist() == ["good"]
    assert said in found.unread["other"]
    assert "\n" not in found.unread["other"]


def test_a_column_that_changed_its_name_stops_no_other(tmp_path):
    columns = {"formula": "Alloy", "class": "Kind", "value": "D_max"}
    found = read_reports(*two_sources(tmp_path, columns=columns), ["other", "good"])
    assert len(found.reports) == 2
    assert found.unread["other"].startswith(
        "other.csv of source 'other' has no column 'D_max' (found: Alloy, Kind, Size)"
    )


def test_a_class_that_nobody_declared_costs_its_rows_and_no_more(tmp_path):
    found = read_reports(*two_sources(tmp_path, codes={"classes": {"BMG": "bulk"}}), ["good", "other"])
    assert found.unread == {}
    assert found.reports["status"].tolist() == ["accepted", "accepted", "copied", "refused"]


@pytest.mark.parametrize(
    ("text", "error"), [("Alloy,Kind,Size\n", SourceFileError), (TABLE[:30], DownloadError)], ids=["no rows", "half"]
)
def test_where_nothing_can_be_read_the_error_is_that_of_the_first(tmp_path, text, error):
    declarations, paths = two_sources(tmp_path)
    if error is SourceFileError:
        declarations = declarations | {"other": declarations["good"]}
    for path in paths.values():
        path.write_text(text)
    with pytest.raises(error):
        read_reports(declarations, paths, ["other"])


def test_what_needs_another_source_is_compared_with_the_others(tmp_path):
    declarations, paths = two_sources(tmp_path, codes=SHORTEST["codes"] | {"needs_another": ["crystalline"]})
    assert read_reports(declarations, paths, ["other"]).reports["status"].tolist() == ["accepted", "refused"]
    statuses = read_reports(declarations, paths, ["good", "other"]).reports["status"].tolist()
    assert statuses == ["accepted", "accepted", "copied", "copied"]


def test_what_two_sources_report_alike_counts_for_the_one_that_is_named_first(tmp_path):
    declarations, paths = two_sources(tmp_path)
    for first, second in (("good", "other"), ("other", "good")):
        reports = read_reports(declarations, paths, [first, second]).reports
        copies = reports[reports["status"] == "copied"]
        assert copies["source"].tolist() == [second, second]
        assert copies["copy_of"].tolist() == [f"{first} row 1", f"{first} row 2"]


def properties_of(folder: Path, columns: dict[str, object], **changes: object) -> SourcesRead:
    """What `good` and `other` say of a diameter as a property; `other` says it in `columns`, with these changes."""
    declarations, paths = two_sources(folder, properties=columns, **changes)
    stated = {"diameter": PropertyColumn(column="Size")}
    declarations["good"] = declarations["good"].model_copy(update={"properties": stated})
    diameter = Property(name="diameter", title="diameter", symbol="D", unit="mm", range=(0, 100))
    return read_all_property_reports(declarations, paths, ["good", "other"], {"diameter": diameter})


def test_properties_of_two_sources_are_compared(tmp_path):
    found = properties_of(tmp_path, {"diameter": "Size"})
    assert found.reports["status"].tolist() == ["accepted", "copied"]
    assert found.reports["copy_of"].tolist() == [None, "good row 1"]
    assert found.unread == {}


@pytest.mark.parametrize(
    ("columns", "changes", "said"),
    [
        ({"diameter": "Size"}, {"sha256": "0" * 64}, "is not the declared file"),
        ({"diameter": "D"}, {}, "other.csv of source 'other' has no column 'D'"),
        ({"diameter": {"column": "Size", "unit": "inch"}}, {}, "in inch, which is not converted to mm"),
        ({"hardness": "Size"}, {}, "There is no property 'hardness'"),
    ],
    ids=["another hash", "another column", "another unit", "another property"],
)
def test_properties_that_cannot_be_read_stop_no_other(tmp_path, columns, changes, said):
    found = properties_of(tmp_path, columns, **changes)
    assert found.reports["source"].tolist() == ["good"]
    assert said in found.unread["other"]
    assert "\n" not in found.unread["other"]


def test_no_source_of_properties_is_no_fault_and_one_that_cannot_be_read_alone_is(tmp_path):
    declarations, paths = two_sources(tmp_path, properties={"hardness": "Size"})
    assert read_all_property_reports(declarations, paths, [], {}).reports.empty
    with pytest.raises(PropertyError, match="There is no property 'hardness'"):
        read_all_property_reports(declarations, paths, ["other"], {})
