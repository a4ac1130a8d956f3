"""What is wrong ends in one sentence, before hours are spent, and leaves what was stored as it was."""

import errno
import os
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from bmg_assets.launch.runs import warnings_of_literature
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.store import STORE_FORMAT
from bmg_assets_tests.deployment import QUICK, Deployment, configured, sentence_of, started
from bmg_assets_tests.sources.declared import SHORTEST, write_declarations

KEY = "Zr-Al-Cu"
BEFORE_TRAINING = {"lab_results", "training_set"}
READING = ["literature_reports", "literature_alloys", "alloy_descriptors"]
GOOD_ROWS = ["Cu50Zr50,Ribbon,", "Al10Ni90,None,", "Al10Cu30Zr60,BMG,5", "Al10Cu40Zr50,BMG,4"]


@pytest.fixture
def own_literature(tmp_path: Path, instance: dg.DagsterInstance) -> Deployment:
    """A deployment whose literature is a small table of the test's own, see `write_table`."""
    folder = tmp_path / "data" / "literature"
    folder.mkdir(parents=True)
    write_declarations(folder, small={**SHORTEST, "file": "table.csv"})
    return Deployment(tmp_path, instance, tmp_path / "data")


def write_table(deployment: Deployment, rows: list[str]) -> None:
    text = "\n".join(["Alloy,Kind,Size", *rows]) + "\n"
    (deployment.data / "literature" / "table.csv").write_text(text)


def reports_of(deployment: Deployment) -> pd.DataFrame:
    return LiteratureDatabase(store=deployment.store).read("reports")


def test_a_system_before_any_literature(fresh: Deployment) -> None:
    fresh.instance.add_dynamic_partitions("target_system", [KEY])
    result = fresh.run_system(KEY)
    assert not result.success
    assert " is not there: materialize " in sentence_of(result)
    assert "The literature table " in sentence_of(result)
    assert started(result) == {*BEFORE_TRAINING, "transfer_grid"}


@pytest.mark.parametrize("key", ["Zr-Al-He", "Zr-Al-Og"])
def test_elements_that_no_descriptor_table_knows(copy_of_finished: Deployment, key: str) -> None:
    deployment = copy_of_finished
    deployment.instance.add_dynamic_partitions("target_system", [key])
    before = deployment.files()
    result = deployment.run_system(key)
    sentence = sentence_of(result)
    assert sentence.startswith(f"{key} cannot be mapped: nothing is known of {key[-2:]} ")
    assert sentence.endswith("choose elements that are cast.")
    assert started(result) == {*BEFORE_TRAINING, "transfer_grid"}
    assert {name: deployment.files()[name] for name in before} == before


SETTINGS: dict[str, tuple[dict[str, Any], str, set[str]]] = {
    "sub-dataset": (
        {"training_set": {"sub_dataset": 7}},
        "Sub-dataset 7 does not exist; choose one of 1 to 5",
        BEFORE_TRAINING,
    ),
    "descriptors": (
        {"training_set": {"descriptors": "all"}},
        "There is no choice of descriptors 'all'; use one of paper, selected.",
        BEFORE_TRAINING,
    ),
    "budget": (
        {"svr_model": {"budget": "hasty"}},
        "There is no budget 'hasty'; choose one of quick, standard, paper.",
        {*BEFORE_TRAINING, "svr_model"},
    ),
    "grid": (
        {"prediction_grid": {"step_at_pct": 3}},
        "A grid step of 3 at.% was asked for; choose one of 1, 2, 4, 5, 10.",
        {"prediction_grid"},
    ),
}


@pytest.mark.parametrize(("config", "words", "begun"), SETTINGS.values(), ids=SETTINGS.keys())
def test_a_setting_that_does_not_exist(
    copy_of_finished: Deployment, config: dict[str, Any], words: str, begun: set[str]
) -> None:
    before = copy_of_finished.files()
    result = copy_of_finished.run_system(KEY, sorted(begun), configured(**config))
    assert not result.success
    assert words in sentence_of(result)
    assert started(result) == begun
    assert copy_of_finished.files() == before


def test_a_setting_of_the_wrong_kind_is_refused_before_the_run(copy_of_finished: Deployment) -> None:
    with pytest.raises(dg.DagsterInvalidConfigError, match="sub_dataset"):
        copy_of_finished.run_system(KEY, ["training_set"], configured(training_set={"sub_dataset": "three"}))


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"literature_reports": {"sources": ["nowhere"]}}, "'nowhere' is no declared source of reports; choose among"),
        ({"literature_reports": {"sources": ["ml_bmg_gfa"]}}, "is not at hand; run `bmg data ml_bmg_gfa` first."),
        ({"literature_reports": {"sources": []}}, "The list of sources is empty; choose among"),
    ],
)
def test_sources_that_are_not_there(copy_of_finished: Deployment, config: dict[str, Any], words: str) -> None:
    before = copy_of_finished.files()
    result = copy_of_finished.run_literature(**config)
    assert words in sentence_of(result)
    assert started(result) == {"literature_reports"}
    assert copy_of_finished.files() == before


def test_element_tables_that_do_not_exist(copy_of_finished: Deployment) -> None:
    before = copy_of_finished.files()
    result = copy_of_finished.run_literature(["alloy_descriptors"], alloy_descriptors={"element_tables": "old"})
    assert "The setting element_tables is 'old', expected 'current' or 'paper'; fix it." in sentence_of(result)
    assert copy_of_finished.files() == before


def test_a_formula_that_does_not_parse_is_refused_with_its_reason_and_the_others_stay(
    own_literature: Deployment,
) -> None:
    write_table(own_literature, [*GOOD_ROWS[:2], "Cu50?Zr,BMG,3", "Zz50Cu50,BMG,3", *GOOD_ROWS[2:]])
    assert own_literature.run_literature(READING).success
    reports = reports_of(own_literature).set_index("source_row")
    assert reports.index[reports["status"] == "refused"].tolist() == [3, 4]
    assert "?" in reports["reason"][3]
    assert "Zz" in reports["reason"][4]
    assert reports["formula_reported"].tolist()[2:4] == ["Cu50?Zr", "Zz50Cu50"]
    database = LiteratureDatabase(store=own_literature.store)
    alloys = ["Cu50Zr50", "Al10Ni90", "Al10Cu30Zr60", "Al10Cu40Zr50"]
    assert sorted(database.read("alloys")["composition"]) == sorted(alloys)
    assert sorted(database.read("descriptors")["composition"]) == sorted(alloys)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "table.csv of source 'small' has a header and no rows; get a full file."),
        (None, "No source of literature is at hand; run `bmg data` or restore data/literature."),
    ],
    ids=["no rows", "no file"],
)
def test_a_source_without_rows_leaves_the_literature_as_it_was(
    own_literature: Deployment, rows: list[str] | None, words: str
) -> None:
    write_table(own_literature, GOOD_ROWS)
    assert own_literature.run_literature(["literature_reports"]).success
    before = own_literature.files()
    if rows is None:
        (own_literature.data / "literature" / "table.csv").unlink()
    else:
        write_table(own_literature, rows)
    result = own_literature.run_literature()
    assert words in sentence_of(result)
    assert started(result) == {"literature_reports"}
    assert own_literature.files() == before
    assert len(reports_of(own_literature)) == 4


def test_what_is_wrong_with_a_source_is_told_and_stops_no_other(own_literature: Deployment) -> None:
    folder = own_literature.data / "literature"
    write_declarations(
        folder,
        small={**SHORTEST, "file": "table.csv"},
        half={**SHORTEST, "file": "half.csv", "sha256": "0" * 64},
        renamed={**SHORTEST, "file": "renamed.csv"},
    )
    write_table(own_literature, [*GOOD_ROWS, "Ni60Nb40,BMG?,2"])
    (folder / "half.csv").write_text("Alloy,Kind,Size\nZr50Cu")
    (folder / "renamed.csv").write_text("Alloy,Class,Size\nZr50Cu50,BMG,2\n")
    result = own_literature.run_literature(["literature_reports"])
    assert result.success
    assert reports_of(own_literature)["source"].unique().tolist() == ["small"]
    half, renamed, undeclared = warnings_of_literature(own_literature.instance)
    assert "half.csv is not the declared file" in half
    assert renamed.startswith("renamed.csv of source 'renamed' has no column 'Kind' (found: Alloy, Class, Size)")
    assert undeclared.startswith("small has the class 'BMG?' in 1 rows, which its codes in sources.yaml do not declare")
    failed = {one.check_name for one in result.get_asset_check_evaluations() if not one.passed}
    assert failed == {"all_read", "classes_declared"}

    write_declarations(folder, small={**SHORTEST, "file": "table.csv"})
    assert own_literature.run_literature(["literature_reports"]).success
    assert len(warnings_of_literature(own_literature.instance)) == 1


def test_literature_without_failures_trains_nobody(own_literature: Deployment) -> None:
    write_table(own_literature, GOOD_ROWS)
    assert own_literature.run_literature(READING).success
    before = LiteratureDatabase(store=own_literature.store).read("alloys")
    write_table(own_literature, GOOD_ROWS[2:])
    result = own_literature.run_literature(READING)
    assert "The result failed blocking checks: classes (bulk: 2). It was not stored" in sentence_of(result)
    assert started(result) == {"literature_reports", "literature_alloys"}
    pd.testing.assert_frame_equal(LiteratureDatabase(store=own_literature.store).read("alloys"), before)


def test_too_few_alloys_for_the_folds(own_literature: Deployment) -> None:
    write_table(own_literature, GOOD_ROWS)
    own_literature.instance.add_dynamic_partitions("target_system", [KEY])
    assert own_literature.run_literature(READING).success
    result = own_literature.run_system(KEY)
    assert "enough_alloys (rows: 2, needed: 10)" in sentence_of(result)
    assert started(result) == {*BEFORE_TRAINING, "transfer_grid", "recommendations"}


@pytest.mark.parametrize("assets", [["training_set"], ["svr_model"]], ids=lambda assets: assets[0])
def test_a_full_disk(copy_of_finished: Deployment, monkeypatch: pytest.MonkeyPatch, assets: list[str]) -> None:
    before = copy_of_finished.files()

    def half_a_file(path: Path, data: bytes) -> int:
        with open(path, "wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", half_a_file)
        result = copy_of_finished.run_system(KEY, assets, QUICK)
    assert not result.success
    assert "could not be written because the disk is full; what was there before is unchanged" in sentence_of(result)
    assert sentence_of(result).endswith("free some space and run again.")
    assert copy_of_finished.files() == before


@pytest.mark.parametrize("job", ["literature", "system"])
def test_a_store_of_another_version_stops_a_run_before_anything_is_computed(
    copy_of_finished: Deployment, job: str
) -> None:
    copy_of_finished.store.folder.write("store_format.json", b'{"store_format": 99}')
    before = copy_of_finished.files()
    result = copy_of_finished.run_literature() if job == "literature" else copy_of_finished.run_system(KEY)
    assert not result.success
    assert started(result) == set()
    failures = [event.job_failure_data.error.to_string() for event in result.all_events if event.is_job_failure]
    assert f"has format 99, but this version of the platform reads and writes format {STORE_FORMAT}" in failures[0]
    assert copy_of_finished.files() == before


def test_a_model_of_other_rows_is_not_fused(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    assert deployment.run_system(KEY, ["training_set"], configured(training_set={"sub_dataset": 5})).success
    before = deployment.files()
    result = deployment.run_system(KEY, ["fusion_weights"])
    assert "svr_model was trained on another training set than the one stored now" in sentence_of(result)
    assert deployment.files() == before


def test_a_damaged_model_is_named(copy_of_finished: Deployment) -> None:
    copy_of_finished.store.write_bytes(f"models/xgboost_model/{KEY}.zip", b"half a fi")
    result = copy_of_finished.run_system(KEY, ["fusion_weights"])
    assert "A stored sub-model is not readable; materialize the sub-models" in sentence_of(result)
