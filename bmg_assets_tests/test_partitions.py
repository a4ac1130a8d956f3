"""The rules of partition keys, at every way in: the function, the jobs, and a key typed into the instance."""

import dagster as dg
import pytest

from bmg_assets.automation.jobs import SYSTEM_JOB, add_system_job, remove_system_job
from bmg_assets.execution.claims import PARTITION_TAG
from bmg_assets.partitions import (
    PROPERTY_DIMENSION,
    STUDY_DIMENSION,
    register_again,
    register_property_map,
    register_system,
    registered_everywhere,
    registered_systems,
    unregister_system,
    unusable_keys,
    usable_systems,
)
from bmg_assets.science.alloys.systems import SystemKeyError
from bmg_assets.science.literature.properties import Property
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import SYSTEM_TABLES
from bmg_assets_tests.deployment import QUICK, Deployment, sentence_of, started
from bmg_assets_tests.table_frames import frame_of

OLDER = "Zr-Al-Cu"
REFUSED = {
    "an element twice": ("Zr-Zr-Cu", "Zr stands in it twice; name each element once."),
    "no element": ("Zr-Al-Xx", "'Xx' is not an element symbol; write the symbols joined by '-'"),
    "an alloy": ("Zr50-Al-Cu", "'Zr50' is not an element symbol"),
    "lower case": ("zr-al-cu", "'zr' is not an element symbol"),
    "another separator": ("Zr,Al,Cu", "'Zr,Al,Cu' is not an element symbol"),
    "a blank": ("Zr -Al-Cu", "'Zr ' is not an element symbol"),
    "nothing": ("", "'' is not an element symbol"),
    "one element": ("Zr", "has 1 element(s); a target system has three or more"),
    "two elements": ("Zr-Cu", "has 2 element(s); a target system has three or more"),
    "another order": ("Cu-Al-Zr", "has the same elements as 'Zr-Al-Cu', which is registered already; use 'Zr-Al-Cu'"),
}

refused_keys = pytest.mark.parametrize(("key", "words"), REFUSED.values(), ids=REFUSED.keys())


def add(instance: dg.DagsterInstance, key: str) -> dg.ExecuteInProcessResult:
    config = {"ops": {"add_system": {"config": {"target_system": key}}}}
    return add_system_job.execute_in_process(instance=instance, run_config=config, raise_on_error=False)


def remove(instance: dg.DagsterInstance, store: Store, key: str) -> dg.ExecuteInProcessResult:
    config = {"ops": {"remove_system": {"config": {"target_system": key}}}}
    return remove_system_job.execute_in_process(
        instance=instance, run_config=config, resources={"store": store}, raise_on_error=False
    )


def test_a_key_is_registered_as_it_is_written(instance: dg.DagsterInstance) -> None:
    assert register_system(instance, "Zr-Al-Cu").elements == ("Zr", "Al", "Cu")
    register_system(instance, "Zr-Al-Cu-Ni")
    register_system(instance, "Zr-Al-Cu")
    assert registered_systems(instance) == ["Zr-Al-Cu", "Zr-Al-Cu-Ni"]


@refused_keys
def test_the_function_refuses(instance: dg.DagsterInstance, key: str, words: str) -> None:
    register_system(instance, OLDER)
    with pytest.raises(SystemKeyError) as refusal:
        register_system(instance, key)
    assert words in str(refusal.value)
    assert registered_systems(instance) == [OLDER]


@refused_keys
def test_the_job_refuses(instance: dg.DagsterInstance, key: str, words: str) -> None:
    assert add(instance, OLDER).success
    result = add(instance, key)
    assert not result.success
    assert words in sentence_of(result)
    assert registered_systems(instance) == [OLDER]


@pytest.mark.parametrize(("key", "words"), [case for case in REFUSED.values() if case[0]])
def test_a_key_typed_into_the_ui_fails_before_anything_is_computed(fresh: Deployment, key: str, words: str) -> None:
    fresh.instance.add_dynamic_partitions("target_system", [OLDER, key])
    result = fresh.run_system(key)
    assert not result.success
    assert words in sentence_of(result)
    assert started(result) == {"lab_results"}
    assert fresh.files() == {}


def test_the_older_of_two_keys_goes_on_working(fresh: Deployment) -> None:
    fresh.instance.add_dynamic_partitions("target_system", [OLDER, "Cu-Zr-Al", "Al-Cu-Zr"])
    assert fresh.run_system(OLDER, ["lab_results"]).success
    for younger in ("Cu-Zr-Al", "Al-Cu-Zr"):
        assert f"use '{OLDER}'" in sentence_of(fresh.run_system(younger, ["lab_results"]))
    assert fresh.store.partitions_of("lab_results") == [OLDER]


def test_a_reversed_key_does_not_get_past_what_was_stored_before(copy_of_finished: Deployment) -> None:
    """Not even into the training set alone, whose inputs are there."""
    deployment = copy_of_finished
    deployment.instance.add_dynamic_partitions("target_system", ["Cu-Al-Zr"])
    lab = deployment.store.read_table("lab_results", OLDER)
    deployment.store.write_table("lab_results", "Cu-Al-Zr", lab)
    before = deployment.files()
    result = deployment.run_system("Cu-Al-Zr", ["training_set"])
    assert f"use '{OLDER}'" in sentence_of(result)
    assert deployment.files() == before


def test_removing_takes_the_key_and_the_files(instance: dg.DagsterInstance, fresh: Deployment) -> None:
    store, other = fresh.store, "Zr-Al-Cu-Ni"
    for key in (OLDER, other):
        register_system(instance, key)
        store.write_table("candidates", key, frame_of(SYSTEM_TABLES["candidates"], target_system=key))
        store.write_bytes(f"models/svr_model/{key}.zip", b"model")
        store.write_bytes(f"reports/{key}.html", b"page")
    kept = fresh.files(of=other)
    assert remove(instance, store, OLDER).success
    assert registered_systems(instance) == [other]
    assert {name: data for name, data in fresh.files().items() if "Zr-Al-Cu" in name} == kept
    assert len(kept) == 3


def test_removing_a_key_that_nobody_registered_removes_nothing(instance: dg.DagsterInstance, fresh: Deployment) -> None:
    register_system(instance, OLDER)
    fresh.store.write_bytes("reports/Mg-Zn-Ca.html", b"page")
    before = fresh.files()
    result = remove(instance, fresh.store, "Mg-Zn-Ca")
    assert "'Mg-Zn-Ca' is not a registered system (registered: Zr-Al-Cu); check the key." in sentence_of(result)
    assert fresh.files() == before
    with pytest.raises(SystemKeyError, match="not a registered system"):
        unregister_system(instance, "Cu-Al-Zr")
    assert registered_systems(instance) == [OLDER]


def test_an_order_can_be_changed_by_removing_first(instance: dg.DagsterInstance, fresh: Deployment) -> None:
    register_system(instance, OLDER)
    assert remove(instance, fresh.store, OLDER).success
    assert register_system(instance, "Cu-Al-Zr").elements == ("Cu", "Al", "Zr")


@pytest.mark.parametrize("status", ["NOT_STARTED", "STARTING", "STARTED", "CANCELING"])
def test_a_system_at_which_a_run_is_at_work_is_not_removed(
    instance: dg.DagsterInstance, fresh: Deployment, status: str
) -> None:
    register_system(instance, OLDER)
    fresh.store.write_bytes(f"reports/{OLDER}.html", b"page")
    before = fresh.files()
    run = instance.add_run(
        dg.DagsterRun("system_job", tags={"dagster/partition": OLDER}, status=dg.DagsterRunStatus[status])
    )
    assert f"Run {run.run_id} is at work on {OLDER}" in sentence_of(remove(instance, fresh.store, OLDER))
    assert (registered_systems(instance), fresh.files()) == ([OLDER], before)
    instance.report_run_failed(run)
    assert remove(instance, fresh.store, OLDER).success
    assert fresh.files(of=OLDER) == {}


def test_a_run_that_waited_while_its_system_was_removed_leaves_nothing(fresh: Deployment) -> None:
    fresh.instance.add_dynamic_partitions("target_system", ["Mg-Zn-Ca"])
    result = fresh.run(SYSTEM_JOB, tags={PARTITION_TAG: OLDER}, run_config=QUICK)
    assert f"'{OLDER}' is not a registered system any more" in sentence_of(result)
    assert started(result) == {"lab_results"}
    assert fresh.files() == {}


def test_keys_that_are_no_systems_are_told_from_systems_and_can_be_removed(
    instance: dg.DagsterInstance, fresh: Deployment
) -> None:
    bad = [key for key, _ in REFUSED.values() if key]
    bad += ["test", "Zr-Al-Cu ", "reports", "../store", "Zr-Al-Cu/.."]
    instance.add_dynamic_partitions("target_system", ["Mg-Zn-Ca", OLDER, *bad])
    fresh.store.write_bytes(f"reports/{OLDER}.html", b"page")
    before = fresh.files()
    assert usable_systems(instance) == ["Mg-Zn-Ca", OLDER]
    told = unusable_keys(instance)
    assert len(told) == len(bad)
    assert told[-4].endswith("`bmg remove 'Zr-Al-Cu '` takes it away.")
    for key in bad:
        assert any(f"'{key}'" in sentence for sentence in told)
        assert remove(instance, fresh.store, key).success, key
    assert registered_systems(instance) == ["Mg-Zn-Ca", OLDER]
    assert unusable_keys(instance) == []
    assert fresh.files() == before


def test_each_property_has_its_own_order_of_elements(instance: dg.DagsterInstance) -> None:
    glass, liquidus = (
        Property(name=name, title=name, symbol=symbol, unit="K", range=(0, 1))
        for name, symbol in (("glass", "T_g"), ("liquid", "T_l"))
    )
    register_system(instance, "Al-Zr-Cu")
    assert register_property_map(instance, glass, OLDER) == f"glass.{OLDER}"
    assert register_property_map(instance, liquidus, "Cu-Al-Zr") == "liquid.Cu-Al-Zr"
    with pytest.raises(SystemKeyError, match=f"use '{OLDER}'"):
        register_property_map(instance, glass, "Cu-Al-Zr")
    assert registered_systems(instance, PROPERTY_DIMENSION) == [f"glass.{OLDER}", "liquid.Cu-Al-Zr"]
    assert registered_systems(instance) == ["Al-Zr-Cu"]


def test_keys_of_all_dimensions_are_registered_again_and_a_bad_one_is_told(instance: dg.DagsterInstance) -> None:
    prop = "glass_transition_temperature"
    keys = {
        "target_system": ["Zr-Al-Cu", "Mg-Zn-Ca"],
        STUDY_DIMENSION: ["Zr-Al-Cu"],
        PROPERTY_DIMENSION: [f"{prop}.Zr-Al-Cu", "other.Cu-Al-Zr"],
    }
    assert register_again(instance, keys) == {}
    assert registered_everywhere(instance) == keys
    bad = {
        "target_system": ["Zr-Al-Cu", "Cu-Al-Zr", "../Zr-Al-Cu", "x.Zr-Al-Cu", "La-Al-Ni"],
        PROPERTY_DIMENSION: [f"{prop}.Cu-Al-Zr", "../x.Zr-Al-Cu", f"{prop}.nothing"],
        "unknown": ["Zr-Al-Cu"],
    }
    left_out = register_again(instance, bad)
    assert set(left_out) == {*bad["target_system"][1:4], *bad[PROPERTY_DIMENSION]}
    assert "has the same elements as 'Zr-Al-Cu'" in left_out["Cu-Al-Zr"]
    assert registered_everywhere(instance) == keys | {"target_system": ["Zr-Al-Cu", "Mg-Zn-Ca", "La-Al-Ni"]}
