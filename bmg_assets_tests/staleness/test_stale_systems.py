"""That real runs leave what a system is known to be up to date by, and learn from the casts of others."""

import shutil
from dataclasses import replace
from typing import Any

import dagster as dg
import pytest

from bmg_assets.assets.overview import overview_now
from bmg_assets.defaults import Defaults
from bmg_assets.science.literature.other_casts import with_other_casts
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS
from bmg_assets.staleness.training_records import stale_systems, stored_of_systems
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.origin import Origin
from bmg_assets.store.page_addresses import report_file
from bmg_assets.store.tables.lab import LAB_RESULTS
from bmg_assets_tests.automation.night import CASTS, CHAIN, add_systems, report, report_training
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.finished import TRAINED
from bmg_assets_tests.table_frames import frame_of

ZR, MG = TRAINED


def test_systems_are_up_to_date_after_their_runs_and_the_overview_says_so(finished: Deployment) -> None:
    assert stale_of(finished) == {ZR: [], MG: []}
    overview = finished.store.read_table("system_overview")
    assert overview["is_stale"].tolist() == [False, False]
    assert overview["stale_because"].isna().all()


def stale_of(deployment: Deployment) -> dict[str, list[str]]:
    return stale_systems(deployment.instance, deployment.store, CHAIN, Defaults(), TRAINED)


def write_alloys(deployment: Deployment, alloys: Any) -> None:
    LiteratureDatabase(store=deployment.store).write("alloys", alloys)


def test_what_a_run_stores_says_of_which_training_it_is(finished: Deployment) -> None:
    stored = stored_of_systems(finished.store, CHAIN.parents)
    trainings = {origin.trainings for origin in stored[ZR].values() if origin is not None}
    assert set(stored[ZR]) == set(CHAIN.parents)
    (training,) = trainings - {()}
    assert len(training) == 1
    assert finished.instance.get_run_by_id(training[0]) is not None
    page = finished.store.read_bytes(report_file(ZR)).decode()
    assert f"Training {training[0]}." in page
    assert "do not belong together" not in page


def test_a_run_that_was_not_asked_for_everything_leaves_the_system_stale(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    assert deployment.run_system(ZR, ["lab_results", "training_set"]).success
    (reason,) = stale_of(deployment)[ZR]
    assert reason.startswith("svr_model, random_forest_model, ")
    assert reason.endswith(" are of an earlier training than training_set")
    alloys = LiteratureDatabase(store=deployment.store).read("alloys")
    write_alloys(deployment, alloys.iloc[:-1])
    assert "literature_alloys changed" in stale_of(deployment)[ZR]


def test_a_page_killed_before_it_was_written_is_told(copy_of_finished: Deployment) -> None:
    """The table has other candidates than the page names."""
    deployment = copy_of_finished
    assert deployment.run_system(ZR, ["candidates", "iterations"]).success
    told = "candidates is newer than system_report"
    assert stale_of(deployment) == {ZR: [told], MG: []}
    overview, notes = overview_now(deployment.instance, deployment.store, CHAIN, Defaults())
    assert overview.set_index("target_system").loc[ZR, "stale_because"] == told
    assert notes == []
    assert deployment.run_system(ZR, ["system_report"]).success
    assert stale_of(deployment) == {ZR: [], MG: []}


def test_a_page_of_two_trainings_says_so(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    quick = ["lab_results", "training_set", *SUB_MODEL_ASSETS.values(), "fusion_weights", "prediction_grid"]
    assert deployment.run_system(ZR, quick).success
    assert deployment.run_system(ZR, ["system_report"]).success
    page = deployment.store.read_bytes(report_file(ZR)).decode()
    assert "do not belong together: candidates are of an earlier training than prediction_grid" in page


def test_literature_read_again_is_no_reason_and_one_more_alloy_is_one(fresh: Deployment) -> None:
    data = fresh.folder / "data"
    shutil.copytree(fresh.data / "literature", data / "literature")
    deployment, assets = replace(fresh, data=data), ["literature_reports", *CHAIN.literature]
    add_systems(deployment, TRAINED)
    assert deployment.run_literature(assets).success
    alloys = len(LiteratureDatabase(store=deployment.store).read("alloys"))
    for system in TRAINED:
        report_training(deployment, system)
    assert deployment.run_literature(assets).success
    assert computed_and_reused(deployment) == (0, alloys)
    assert stale_of(deployment) == {ZR: [], MG: []}
    starter = data / "literature" / "starter_alloys.csv"
    header, first, *rest = starter.read_text().splitlines()
    starter.write_text("\n".join([header, first, *rest, first.replace(first.split(",")[0], "Zr61Cu39", 1)]) + "\n")
    assert deployment.run_literature(assets).success
    assert computed_and_reused(deployment) == (1, alloys)
    changed = ["alloy_descriptors changed", "literature_alloys changed"]
    assert stale_of(deployment) == {ZR: changed, MG: changed}


def test_literature_that_comes_while_a_training_set_is_made_counts_as_newer(
    copy_of_finished: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = copy_of_finished
    before = LiteratureDatabase(store=deployment.store).read("alloys")

    def read_while_it_changes(*arguments: Any) -> Any:
        write_alloys(deployment, before.iloc[:-1])
        return with_other_casts(*arguments)

    monkeypatch.setattr("bmg_assets.science.literature.other_casts.with_other_casts", read_while_it_changes)
    assert deployment.run_system(ZR, ["lab_results", "training_set"]).success
    assert "literature_alloys changed" in stale_of(deployment)[ZR]
    write_alloys(deployment, before)
    assert "literature_alloys changed" not in stale_of(deployment)[ZR]


def computed_and_reused(deployment: Deployment) -> tuple[int, int]:
    """How many alloys the last run of alloy_descriptors described, and how many it knew."""
    event = deployment.instance.get_latest_materialization_event(dg.AssetKey("alloy_descriptors"))
    assert event is not None
    assert event.asset_materialization is not None
    figures = event.asset_materialization.metadata
    return figures["alloys_computed"].value, figures["alloys_reused"].value  # type: ignore[return-value]


def test_casts_of_another_system_are_learnt_from_like_literature(copy_of_finished: Deployment) -> None:
    deployment, other = copy_of_finished, "Cu-Ti-Be"
    add_systems(deployment, [other])
    casts = frame_of(
        LAB_RESULTS,
        2,
        other,
        composition=["Be40Cu20Ti40", "Be30Cu40Ti30"],
        elements=[["Be", "Cu", "Ti"]] * 2,
        at_pct=[[40.0, 20.0, 40.0], [30.0, 40.0, 30.0]],
        dmax_mm=[3.0, 5.0],
    )
    deployment.store.write_table("lab_results", other, casts, origin=Origin(CASTS))
    assert deployment.run_system(ZR, ["lab_results", "training_set"]).success
    rows = deployment.store.read_table("training_set", ZR).set_index("composition")
    assert rows.loc[casts["composition"], "dmax_mm"].tolist() == [3.0, 5.0]
    assert set(rows.loc[casts["composition"], "category"]) == {"I"}
    learns = "casts of other systems with elements of this one changed"
    assert learns not in stale_of(deployment)[ZR]
    report(deployment, "lab_results", other, f"{CASTS}00")
    assert learns in stale_of(deployment)[ZR]
