"""When a system is to be trained again: each reason by itself, and none where nothing changed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.staleness.comparison import PresentState, TrainedState, TrainingRecord, staleness_of

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
VERSIONS = {"lab_results": 20, "training_set": 21, "svr_model": 22, "candidates": 23}
NOW = PresentState(RECORD, PARENTS)


def reasons(now: PresentState = NOW, record: TrainingRecord | None = RECORD, **versions: int | None) -> list[str]:
    """Why a system is stale that was trained as above, but for the given versions (None: never made)."""
    kept = {asset: version for asset, version in (VERSIONS | versions).items() if version is not None}
    return staleness_of(TrainedState(record, kept), now)


def test_nothing_changed() -> None:
    assert reasons() == []


@pytest.mark.parametrize("versions", [{}, {"lab_results": 3}])
def test_a_system_without_models_was_never_trained(versions: dict[str, int]) -> None:
    assert staleness_of(TrainedState(None, versions), NOW) == ["never trained"]


def test_casts_newer_than_the_training_are_a_reason() -> None:
    assert reasons(lab_results=24) == ["lab_results is newer than training_set, candidates"]


def test_a_training_that_stopped_half_way_is_a_reason() -> None:
    assert reasons(candidates=None) == ["not made yet: candidates"]
    assert reasons(lab_results=30, training_set=31) == [
        "lab_results is newer than candidates",
        "training_set is newer than svr_model",
    ]


@pytest.mark.parametrize("asset", ["literature_alloys", "alloy_descriptors"])
def test_literature_other_than_the_training_saw_is_a_reason(asset: str) -> None:
    for version in ("a8", "a7 or a8", None):
        changed = replace(RECORD, literature=RECORD.literature | {asset: version})
        assert reasons(PresentState(changed, PARENTS)) == [f"{asset} changed"]


def test_a_setting_is_named_with_what_it_was_and_is() -> None:
    changed = replace(RECORD, settings={"budget": "paper", "sub_dataset": 3, "lab_weight": 2.0})
    assert reasons(PresentState(changed, PARENTS)) == [
        "setting budget was standard, is paper",
        "setting lab_weight was None, is 2.0",
    ]


def test_a_code_version_is_named_with_what_it_was_and_is() -> None:
    changed = replace(RECORD, code=RECORD.code | {"svr_model": "2"})
    assert reasons(PresentState(changed, PARENTS)) == ["code version of svr_model was 1, is 2"]


def test_casts_of_other_systems_are_a_reason() -> None:
    changed = replace(RECORD, casts_of_others="0123")
    assert reasons(PresentState(changed, PARENTS)) == ["casts of other systems with elements of this one changed"]


def test_several_reasons_are_all_given() -> None:
    changed = replace(RECORD, literature=RECORD.literature | {"literature_alloys": "a8"}, settings={"budget": "paper"})
    assert len(reasons(PresentState(changed, PARENTS), lab_results=40)) == 4


def test_a_training_without_a_record_is_a_reason() -> None:
    assert reasons(record=None) == ["no record of what the last training was made from"]


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
