"""A lost store is made anew from the record: what was predicted, proposed and cast is the same as before."""

import shutil
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from bmg_assets.intake.inbox import LabInbox
from bmg_assets.partitions import registered_systems
from bmg_assets.upkeep.rebuild import rebuild_history, register_recorded_systems
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.finished import TRAINED
from bmg_assets_tests.intake.cast_files import drop, inbox_at, line, samples_of, table

KEY = TRAINED[0]
FROM_RECORD = ("iterations", "iteration_maps", "proposals", "cast_outcomes", "lab_results", "lab_casts")


@pytest.fixture
def inbox(copy_of_finished: Deployment) -> LabInbox:
    return inbox_at(copy_of_finished.folder)


def tables(deployment: Deployment) -> dict[str, pd.DataFrame]:
    return {name: deployment.store.read_table(name, KEY) for name in FROM_RECORD}


def test_the_tables_of_a_lost_store_follow_from_the_record(copy_of_finished: Deployment, inbox: LabInbox) -> None:
    before = tables(copy_of_finished)
    shutil.rmtree(copy_of_finished.store.url)
    assert set(rebuild_history(copy_of_finished.store, copy_of_finished.record, inbox)) == set(TRAINED)
    for name, frame in tables(copy_of_finished).items():
        pd.testing.assert_frame_equal(frame, before[name])


def test_casts_that_no_training_knew_are_set_beside_their_prediction(
    copy_of_finished: Deployment, inbox: LabInbox
) -> None:
    drawn = copy_of_finished.store.read_table("iteration_maps", KEY).set_index("composition")["dmax_mm"]
    inbox.take_in(drop(inbox, "casts.csv", table(line("A", composition_nominal="Zr50Al5Cu45"))))
    shutil.rmtree(copy_of_finished.store.url)
    list(rebuild_history(copy_of_finished.store, copy_of_finished.record, inbox))
    (outcome,) = copy_of_finished.store.read_table("cast_outcomes", KEY).to_dict("records")
    assert (outcome["predicted_in"], outcome["predicted_mm"]) == (0, drawn["Al5Cu45Zr50"])
    assert copy_of_finished.store.read_table("lab_casts", KEY)["sample_id"].tolist() == ["A"]
    assert len(copy_of_finished.store.read_table("iterations", KEY)) == 1


def test_systems_are_registered_again_where_none_is(copy_of_finished: Deployment) -> None:
    instance, record = copy_of_finished.instance, copy_of_finished.record
    assert register_recorded_systems(instance, record) == []
    instance.delete_dynamic_partition("target_system", TRAINED[1])
    assert register_recorded_systems(instance, record) == [], "somebody removed it"
    with dg.DagsterInstance.ephemeral() as lost:
        assert set(register_recorded_systems(lost, record)) == set(TRAINED)
        assert set(registered_systems(lost)) == set(TRAINED)


def test_an_emptied_laboratory_is_filled_from_the_record(inbox: LabInbox) -> None:
    taken = inbox.take_in(drop(inbox, "casts.csv", table(line("A"))))
    shutil.rmtree(inbox.root)
    assert inbox.fill_from_record() == 1
    assert Path(taken.file).read_bytes() == table(line("A"))
    inbox.check_there()
    assert samples_of(inbox) == ["A"]
