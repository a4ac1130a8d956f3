"""What a blocking check keeps back: the value itself, and everything downstream, in this run and in later ones."""

import re
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from bmg_assets.checks.check import (
    Check,
    Finding,
    check_results,
    check_specs,
    schema_check,
    stored_if_it_passes,
    table_result,
)
from bmg_assets.science.literature import training_set as science
from bmg_assets.store.store import Store
from bmg_assets.store.tables import validation
from bmg_assets.store.tables.catalogue import SYSTEM_TABLES
from bmg_assets.store.tables.table import TableError
from bmg_assets_tests.deployment import Deployment, sentence_of, started
from bmg_assets_tests.table_frames import frame_of

KEY = "Zr-Al-Cu"
SUB_MODELS = ["svr_model", "random_forest_model", "xgboost_model", "lightgbm_model"]
CANDIDATES = SYSTEM_TABLES["candidates"]


def has_rows(frame: pd.DataFrame) -> Finding:
    return Finding(len(frame) > 0)


def is_positive(value: int) -> Finding:
    return Finding(value > 0, {"value": value})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(url=str(tmp_path / "store"))


@pytest.fixture
def smuggler(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training set whose pruning lets one alloy of the target system itself through."""
    assemble = science.assemble_training_set

    def assemble_with_one_too_many(*args: object, **kwargs: object) -> pd.DataFrame:
        frame = assemble(*args, **kwargs)
        row = frame.iloc[[0]].assign(composition="Al10Cu30Zr60", category="unrelated")
        row["elements"], row["at_pct"] = [["Al", "Cu", "Zr"]], [[10.0, 30.0, 60.0]]
        return pd.concat([frame, row], ignore_index=True)

    monkeypatch.setattr(science, "assemble_training_set", assemble_with_one_too_many)


def evaluations(result: dg.ExecuteInProcessResult) -> dict[str, bool]:
    return {one.check_name: one.passed for one in result.get_asset_check_evaluations()}


@pytest.mark.usefixtures("smuggler")
def test_a_leak_trains_nothing_in_this_run_nor_in_a_later_one(
    copy_of_finished: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = copy_of_finished
    before = deployment.files()
    result = deployment.run_system(KEY, ["lab_results", "training_set", *SUB_MODELS])
    assert not result.success
    assert "no_leakage (leaked_rows: 1, examples: ['Al10Cu30Zr60'])" in sentence_of(result)
    assert started(result) == {"lab_results", "training_set"}
    found = evaluations(result)
    assert found["no_leakage"] is False
    assert found["enough_alloys"] is True

    # What was stored before is still there, so that a later run of a part trains on rows that passed.
    assert deployment.files() == before
    monkeypatch.undo()
    later = deployment.run_system(KEY, ["svr_model"])
    assert later.success
    assert "Al10Cu30Zr60" not in set(deployment.store.read_table("training_set", KEY)["composition"])


@pytest.mark.usefixtures("smuggler")
def test_a_first_leak_leaves_nothing_that_a_later_run_could_train_on(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    deployment.store.delete_system(KEY)
    assert not deployment.run_system(KEY, ["lab_results", "training_set"]).success
    later = deployment.run_system(KEY, ["svr_model"])
    assert not later.success
    assert "Table training_set is not there for Zr-Al-Cu: materialize training_set first" in sentence_of(later)


@pytest.mark.parametrize(("value", "blocking", "stored"), [(1, True, True), (0, True, False), (0, False, True)])
def test_a_value_is_stored_unless_a_blocking_check_failed(value: int, blocking: bool, stored: bool) -> None:
    checks = (
        Check("positive", "More than nothing.", is_positive, blocking),
        Check("any", "Anything.", lambda _: Finding(True)),
    )

    @dg.asset(check_specs=check_specs("number", checks))
    @stored_if_it_passes
    def number():
        return dg.MaterializeResult(value=value, check_results=check_results(checks, value))

    result = dg.materialize([number], resources={"io_manager": dg.mem_io_manager}, raise_on_error=False)
    assert result.success is stored
    assert len(result.asset_materializations_for_node("number")) == int(stored)
    assert evaluations(result) == {"positive": value > 0, "any": True}


def test_dagster_by_itself_stores_what_fails_and_goes_on_in_a_later_run(tmp_path: Path) -> None:
    """Why values that fail are held back here: if Dagster ever does it by itself, this is where it is noticed."""
    ran = []

    @dg.asset(check_specs=[dg.AssetCheckSpec("never", asset="upstream", blocking=True)])
    def upstream():
        return dg.MaterializeResult(value=1, check_results=[dg.AssetCheckResult(check_name="never", passed=False)])

    @dg.asset
    def downstream(upstream: int) -> None:
        ran.append(upstream)

    resources = {"io_manager": dg.FilesystemIOManager(base_dir=str(tmp_path))}
    with dg.DagsterInstance.ephemeral() as instance:
        for selection, expected in ((None, []), ([downstream], [1])):
            dg.materialize(
                [upstream, downstream],
                selection=selection,
                instance=instance,
                resources=resources,
                raise_on_error=False,
            )
            assert ran == expected


def test_the_schema_check_lists_every_fault() -> None:
    examine = schema_check(CANDIDATES).examine
    assert examine(frame_of(CANDIDATES)) == Finding(True, {"violations": [], "rows": 3})
    finding = examine(frame_of(CANDIDATES, kind="guess", rank=0))
    assert not finding.passed
    assert len(finding.figures["violations"]) == 2
    assert "no rows" in str(examine(frame_of(CANDIDATES, rows=0)).figures["violations"])


def test_a_table_is_examined_once_for_its_check_and_for_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    monkeypatch.setattr(validation, "_name_faults", lambda table, frame: looked.append(table.name) or [])
    result = table_result((schema_check(CANDIDATES), Check("rows", "Rows.", has_rows)), frame_of(CANDIDATES))
    store.write_table("candidates", KEY, result.value)
    assert looked == ["candidates"]
    assert [(one.check_name, one.passed) for one in result.check_results] == [("schema", True), ("rows", True)]


def test_the_sentence_of_the_check_is_that_of_the_store(store: Store) -> None:
    result = table_result((schema_check(CANDIDATES),), frame_of(CANDIDATES, rank=0))
    (fault,) = result.check_results[0].metadata["violations"].value
    with pytest.raises(TableError, match=re.escape(fault)):
        store.write_table("candidates", KEY, result.value)
    assert not store.has_table("candidates", KEY)


def test_results_carry_the_figures_and_the_severity() -> None:
    checks = (Check("hard", "It must.", is_positive), Check("soft", "It should.", is_positive, blocking=False))
    hard, soft = check_results(checks, 0)
    assert (hard.passed, hard.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert (soft.passed, soft.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert hard.metadata["value"].value == 0
    assert [spec.blocking for spec in check_specs("number", checks)] == [True, False]
