"""When a system is to be trained again: each reason by itself, and none where nothing changed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.staleness.comparison import TrainingRecord, not_together, staleness_of
from bmg_assets.store.origin import Origin, made_from

RECORD = TrainingRecord(
    literature={"literature_alloys": "a7", "alloy_descriptors": "b9"},
    settings={"budget": "standard", "sub_dataset": 3},
    code={"training_set": "1", "svr_model": "1"},
)
PARENTS = {
    "lab_results": [],
    "training_set": ["lab_results"],
    "svr_model": ["training_set"],
    "candidates": ["lab_results", "svr_model"],
}


def training(run: str, record: TrainingRecord | None = RECORD, casts: str = "some casts") -> dict[str, Origin | None]:
    """What one run leaves of a system."""
    stored: dict[str, Origin | None] = {"lab_results": Origin(casts)}
    text = record.to_text() if record is not None else "something else"
    for asset, parents in list(PARENTS.items())[1:]:
        above = {parent: stored[parent] for parent in parents}
        stored[asset] = made_from(above, run, text if asset == "training_set" else "")
    return stored


STORED = training("first")


def reasons(now: TrainingRecord = RECORD, stored: dict[str, Origin | None] = STORED) -> list[str]:
    return staleness_of(stored, PARENTS, now)


def without(asset: str) -> dict[str, Origin | None]:
    return {name: origin for name, origin in STORED.items() if name != asset}


def test_nothing_changed() -> None:
    assert reasons() == []


@pytest.mark.parametrize("stored", [{}, {"lab_results": Origin("casts")}, {"candidates": None}])
def test_a_system_without_models_was_never_trained(stored: dict[str, Origin | None]) -> None:
    assert reasons(stored=stored) == ["never trained"]


def test_casts_newer_than_the_training_are_a_reason() -> None:
    stored = STORED | {"lab_results": Origin("other casts")}
    assert reasons(stored=stored) == ["lab_results is newer than training_set, candidates"]


def test_a_training_that_stopped_half_way_is_a_reason() -> None:
    assert reasons(stored=without("candidates")) == ["not made yet: candidates"]
    second = training("second")
    stored = STORED | {"training_set": second["training_set"]}
    assert reasons(stored=stored) == ["svr_model is of an earlier training than training_set"]
    stored |= {"svr_model": second["svr_model"]}
    assert reasons(stored=stored) == ["candidates are of an earlier training than svr_model"]


def test_what_is_chosen_anew_on_a_stored_map_belongs_to_its_training() -> None:
    above = {name: STORED[name] for name in PARENTS["candidates"]}
    anew = made_from(above, "a later run")
    assert anew.trainings == ("first",)
    assert reasons(stored=STORED | {"candidates": anew}) == []


def test_what_is_made_from_two_trainings_says_so() -> None:
    two = {"svr_model": STORED["svr_model"], "fusion_weights": training("second")["svr_model"]}
    assert made_from(two, "a later run").trainings == ("first", "second")


@pytest.mark.parametrize("asset", list(PARENTS))
def test_a_damaged_file_is_named(asset: str) -> None:
    stored = STORED | {asset: None}
    assert not_together(stored, PARENTS) == [f"damaged, or without its origin: {asset}"]
    assert f"damaged, or without its origin: {asset}" in reasons(stored=stored)


def test_what_was_made_beside_a_damaged_parent_is_behind_when_that_is_there_again() -> None:
    beside = made_from({"lab_results": None, "svr_model": STORED["svr_model"]}, "a later run")
    assert reasons(stored=STORED | {"candidates": beside}) == ["lab_results is newer than candidates"]


@pytest.mark.parametrize("asset", ["literature_alloys", "alloy_descriptors"])
def test_literature_other_than_the_training_saw_is_a_reason(asset: str) -> None:
    for version in ("a8", "a7 or a8", None):
        changed = replace(RECORD, literature=RECORD.literature | {asset: version})
        assert reasons(changed) == [f"{asset} changed"]


def test_a_setting_is_named_with_what_it_was_and_is() -> None:
    changed = replace(RECORD, settings={"budget": "paper", "sub_dataset": 3, "lab_weight": 2.0})
    assert reasons(changed) == [
        "setting budget was standard, is paper",
        "setting lab_weight was None, is 2.0",
    ]


def test_a_code_version_is_named_with_what_it_was_and_is() -> None:
    changed = replace(RECORD, code=RECORD.code | {"svr_model": "2"})
    assert reasons(changed) == ["code version of svr_model was 1, is 2"]


def test_casts_of_other_systems_are_a_reason() -> None:
    changed = replace(RECORD, casts_of_others="0123")
    assert reasons(changed) == ["casts of other systems with elements of this one changed"]


def test_several_reasons_are_all_given() -> None:
    changed = replace(RECORD, literature=RECORD.literature | {"literature_alloys": "a8"}, settings={"budget": "paper"})
    stored = STORED | {"lab_results": Origin("other casts")}
    assert len(reasons(changed, stored)) == 4


def test_a_training_without_a_record_is_a_reason() -> None:
    stored = training("first", record=None)
    assert reasons(stored=stored) == ["no record of what the last training was made from"]


NAMES = st.text(min_size=1, max_size=8)


@settings(max_examples=30)
@given(
    literature=st.dictionaries(NAMES, st.none() | st.text()),
    settings=st.dictionaries(NAMES, st.integers() | st.text() | st.booleans() | st.floats(allow_nan=False)),
    code=st.dictionaries(NAMES, st.text()),
    casts=st.text(),
)
def test_a_record_survives_being_written(literature: dict, settings: dict, code: dict, casts: str) -> None:
    record = TrainingRecord(literature, settings, code, casts)
    assert TrainingRecord.from_text(record.to_text()) == record


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7a5befc697b6",
        "123",
        "[]",
        "null",
        "{}",
        '{"literature": {}, "settings": 3, "code": {}, "casts_of_others": ""}',
    ],
)
def test_any_other_text_is_no_record(text: str) -> None:
    assert TrainingRecord.from_text(text) is None
