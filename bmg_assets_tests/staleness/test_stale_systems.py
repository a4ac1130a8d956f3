"""That real runs leave a record by which a system is known to be up to date, and learn from the casts of others."""

import shutil
from dataclasses import replace
from typing import Any

import dagster as dg
import pytest

from bmg_assets.defaults import Defaults
from bmg_assets.science.literature.other_casts import with_other_casts
from bmg_assets.staleness.training_records import stale_systems
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.tables.lab import LAB_RESULTS
from bmg_assets_tests.automation.night import CASTS, CHAIN, add_systems, report, report_literature, report_training
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.finished import TRAINED
from bmg_assets_tests.table_frames import frame_of

ZR, MG = TRAINED


def test_systems_are_up_to_date_after_their_runs_and_the_overview_says_so(finished: Deployment) -> None:
    assert stale_systems(finished.instance, CHAIN, Defaults(), TRAINED) == {ZR: [], MG: []}
    overview = finished.store.read_table("system_overview")
    assert overview["is_stale"].tolist() == [False, False]
    assert overview["stale_because"].isna().all()


def test_a_run_that_was_not_asked_for_everything_leaves_the_system_stale(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    report_literature(deployment.instance)
    assert deployment.run_system(ZR, ["lab_results", "training_set"]).success
    (reason,) = stale_systems(deployment.instance, CHAIN, Defaults(), [ZR])[ZR]
    assert reason.startswith("not made yet: svr_model")
    report(deployment.instance, "literature_alloys", data_version="more alloys")
    assert "literature_alloys changed" in stale_systems(deployment.instance, CHAIN, Defaults(), [ZR])[ZR]


def test_literature_read_again_is_no_reason_and_one_more_alloy_is_one(fresh: Deployment) -> None:
    data = fresh.folder / "data"
    shutil.copytree(fresh.data / "literature", data / "literature")
    deployment, assets = replace(fresh, data=data), ["literature_reports", *CHAIN.literature]
    add_systems(deployment.instance, TRAINED)
    assert deployment.run_literature(assets).success
    alloys = len(LiteratureDatabase(store=deployment.store).read("alloys"))
    for system in TRAINED:
        report_training(deployment.instance, system)
    assert deployment.run_literature(assets).success
    assert computed_and_reused(deployment) == (0, alloys)
    assert stale_systems(deployment.instance, CHAIN, Defaults(), TRAINED) == {ZR: [], MG: []}
    starter = data / "literature" / "starter_alloys.csv"
    header, first, *rest = starter.read_text().splitlines()
    starter.write_text("\n".join([header, first, *rest, first.replace(first.split(",")[0], "Zr61Cu39", 1)]) + "\n")
    assert deployment.run_literature(assets).success
    assert computed_and_reused(deployment) == (1, alloys)
    changed = ["alloy_descriptors changed", "literature_alloys changed"]
    assert stale_systems(deployment.instance, CHAIN, Defaults(), TRAINED) == {ZR: changed, MG: changed}


def test_literature_that_comes_while_a_training_set_is_made_counts_as_newer(
    copy_of_finished: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = copy_of_finished
    report_literature(deployment.instance)

    def read_while_it_changes(*arguments: Any) -> Any:
        report_literature(deployment.instance, "more alloys")
        return with_other_casts(*arguments)

    monkeypatch.setattr("bmg_assets.science.literature.other_casts.with_other_casts", read_while_it_changes)
    assert deployment.run_system(ZR, ["lab_results", "training_set"]).success
    changed = {"alloy_descriptors changed", "literature_alloys changed"}
    for content in ("more alloys", "some alloys"):
        report_literature(deployment.instance, content)
        assert changed <= set(stale_systems(deployment.instance, CHAIN, Defaults(), [ZR])[ZR])


def computed_and_reused(deployment: Deployment) -> tuple[int, int]:
    """How many alloys the last run of alloy_descriptors described, and how many it knew."""
    event = deployment.instance.get_latest_materialization_event(dg.AssetKey("alloy_descriptors"))
    assert event is not None
    assert event.asset_materialization is not None
    figures = event.asset_materialization.metadata
    return figures["alloys_computed"].value, figures["alloys_reused"].value  # type: ignore[return-value]


def test_casts_of_another_system_are_learnt_from_like_literature(copy_of_finished: Deployment) -> None:
    deployment, other = copy_of_finished, "Cu-Ti-Be"
    report_literature(deployment.instance)
    add_systems(deployment.instance, [other])
    casts = frame_of(
        LAB_RESULTS,
        2,
        other,
        composition=["Be40Cu20Ti40", "Be30Cu40Ti30"],
        elements=[["Be", "Cu", "Ti"]] * 2,
        at_pct=[[40.0, 20.0, 40.0], [30.0, 40.0, 30.0]],
        dmax_mm=[3.0, 5.0],
    )
    deployment.store.write_table("lab_results", other, casts)
    report(deployment.instance, "lab_results", other, CASTS)
    assert deployment.run_system(ZR, ["lab_results", "training_set"]).success
    rows = deployment.store.read_table("training_set", ZR).set_index("composition")
    assert rows.loc[casts["composition"], "dmax_mm"].tolist() == [3.0, 5.0]
    assert set(rows.loc[casts["composition"], "category"]) == {"I"}
    learns = "casts of other systems with elements of this one changed"
    assert learns not in stale_systems(deployment.instance, CHAIN, Defaults(), [ZR])[ZR]
    report(deployment.instance, "lab_results", other, f"{CASTS}00")
    assert learns in stale_systems(deployment.instance, CHAIN, Defaults(), [ZR])[ZR]
