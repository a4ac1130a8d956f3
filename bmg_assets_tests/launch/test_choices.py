"""What a person chooses for one run: refused before anything is run, or handed to the assets that have the setting."""

from pathlib import Path
from typing import Any

import pytest

from bmg_assets.assets.prediction import CandidatesConfig, candidate_choice
from bmg_assets.automation.jobs import LITERATURE_JOB, PROPERTY_JOB, STUDY_JOB, SYSTEM_JOB
from bmg_assets.build import build_definitions
from bmg_assets.defaults import Defaults
from bmg_assets.launch.choices import Choices, check_choices, check_system_choices, run_config_of
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS
from bmg_assets.science.proposals.candidate_choice import CandidateChoiceError
from bmg_assets.science.proposals.casting_practice import CastingPracticeError, NotCastError

KEY = "Zr-Al-Cu"


def configs(job: str, choices: Choices) -> dict[str, dict[str, Any]]:
    """The config of each asset of a job that has one."""
    run_config = run_config_of(build_definitions().resolve_job_def(job), choices)
    return {name: op["config"] for name, op in run_config["ops"].items()}


def test_each_asset_gets_the_choices_that_concern_it() -> None:
    assert configs(SYSTEM_JOB, {}) == {}
    chosen = configs(SYSTEM_JOB, {"budget": "quick", "sub_dataset": 1, "seed": 0, "strategy": "transfer"})
    assert chosen == {
        "training_set": {"sub_dataset": 1},
        "transfer_grid": {"seed": 0, "strategy": "transfer"},
        "recommendations": {"strategy": "transfer"},
        "candidates": {"strategy": "transfer"},
        **{asset: {"budget": "quick", "seed": 0} for asset in SUB_MODEL_ASSETS.values()},
    }
    assert configs(STUDY_JOB, {"sub_datasets": [5], "seed": 3}) == {"studied_maps": {"sub_datasets": [5], "seed": 3}}
    assert configs(PROPERTY_JOB, {"sub_dataset": 0}) == {"property_maps": {"sub_dataset": 0}}
    assert configs(LITERATURE_JOB, {"sources": ["starter"], "element_tables": "paper"}) == {
        "literature_reports": {"sources": ["starter"]},
        "alloy_descriptors": {"element_tables": "paper"},
    }


def test_what_is_chosen_of_candidates_reaches_them_and_is_refused_before_anything_is_trained(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BMG_LAB", str(tmp_path))
    chosen = {"strategy": "transfer", "rule": "expected_gain", "limits": ["Al 0-20"], "pending": ["Zr50Al5Cu45"]}
    chosen |= {"picks": 3, "apart_at_pct": 10.0}
    assert configs(SYSTEM_JOB, chosen)["candidates"] == configs(SYSTEM_JOB, chosen)["recommendations"] == chosen
    check_system_choices(KEY, chosen)
    (tmp_path / "casting.yaml").write_text("not_cast: [Be]\nlimits: {Al: [5, 30]}")
    with pytest.raises(NotCastError, match="Zr-Ti-Be holds Be"):
        check_system_choices("Zr-Ti-Be", {})
    with pytest.raises(CandidateChoiceError, match=r"limit is set on Be, which .* does not hold; limit its own"):
        check_system_choices(KEY, {"limits": ["Be 0-5"]})
    with pytest.raises(CandidateChoiceError, match="use strategy 'composite' or 'transfer'"):
        check_system_choices(KEY, {"strategy": "pruned", "rule": "expected_gain"})
    choice = candidate_choice(CandidatesConfig(limits=["Al 0-20"]), Defaults(), parse_system(KEY))
    assert (choice.practice.limits_at_pct, choice.practice.not_cast) == ({"Al": (0.0, 20.0)}, {"Be"})
    (tmp_path / "casting.yaml").write_text("limits: {Al: 20}")
    with pytest.raises(CastingPracticeError, match=r"casting.yaml: limits.Al: found 20, expected two amounts"):
        check_system_choices(KEY, {})


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"sub_dataset": 7}, "Sub-dataset 7 does not exist; choose one"),
        ({"sub_datasets": [1, 0]}, "Sub-dataset 0 does not exist; choose one"),
        ({"budget": "endless"}, "no budget 'endless'; choose one of"),
        ({"strategy": "nearest"}, "no map by a strategy 'nearest'; use pruned or composite or transfer"),
        ({"contest": "long"}, "no contest 'long'; choose quick or standard"),
        ({"strategies": ["magic"]}, "no strategy 'magic'; choose one of"),
        ({"picks": 0}, "The setting picks is 0, expected greater than or equal to 1"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_before_a_run(choices: dict[str, Any], said: str) -> None:
    with pytest.raises(BmgError, match=said):
        check_choices(choices)


def test_only_the_map_of_a_property_may_leave_nothing_out() -> None:
    check_choices({"sub_dataset": 0}, other_sub_datasets=[0])
    with pytest.raises(BmgError, match="Sub-dataset 6"):
        check_choices({"sub_dataset": 6}, other_sub_datasets=[0])
