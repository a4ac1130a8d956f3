"""Runs started from Python: the same jobs as in the UI, and a failure in its own words."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.reconstruct import ReconstructableJob

from bmg_assets import build
from bmg_assets.assets import pruning_study
from bmg_assets.assets.prediction import CandidatesConfig, candidate_choice
from bmg_assets.launch.runs import (
    EvidenceOptions,
    RunFailedError,
    StudyOptions,
    SystemOptions,
    check_candidates,
    deployment_instance,
    run_literature,
    run_study,
    run_system,
)
from bmg_assets.science.errors import BmgError
from bmg_assets.science.proposals.candidate_choice import CandidateChoiceError
from bmg_assets.science.proposals.casting_practice import CastingPracticeError, NotCastError
from bmg_assets.settings import Defaults
from bmg_assets.store.folder import FolderError
from bmg_assets.store.store import Store
from bmg_assets_tests.deployment import Deployment

KEY, OTHER = "Zr-Al-Cu", "Mg-Zn-Ca"


@pytest.fixture
def deployment(copy_of_finished: Deployment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Deployment:
    """The environment's deployment is a copy of the finished one; its steps run in this process."""
    for name, value in copy_of_finished.variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster_home"))
    monkeypatch.setattr(build, "build_executor", lambda: dg.in_process_executor)
    # Dagster remembers a job for the life of a process, and with it the store of the test before.
    ReconstructableJob.get_definition.cache_clear()
    ReconstructableJob.get_repository_definition.cache_clear()
    return copy_of_finished


def test_options_that_nobody_chose_are_left_to_the_deployment() -> None:
    nothing = SystemOptions().run_config()["ops"]
    assert nothing["training_set"] == nothing["svr_model"] == {"config": {}}
    chosen = SystemOptions(budget="quick", sub_dataset=1, seed=0, strategy="transfer").run_config()["ops"]
    assert chosen.pop("training_set") == {"config": {"sub_dataset": 1}}
    assert chosen.pop("transfer_grid") == {"config": {"seed": 0}}
    assert chosen.pop("candidates") == {"config": {"strategy": "transfer"}}
    assert set(chosen) == {"svr_model", "random_forest_model", "xgboost_model", "lightgbm_model"}
    assert all(settings == {"config": {"budget": "quick", "seed": 0}} for settings in chosen.values())


def test_what_is_chosen_of_candidates_reaches_them_and_is_refused_before_anything_is_trained(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BMG_LAB", str(tmp_path))
    chosen = {"strategy": "transfer", "rule": "expected_gain", "limits": ["Al 0-20"], "pending": ["Zr50Al5Cu45"]}
    options = SystemOptions(**chosen, picks=3, apart_at_pct=10.0)
    assert options.run_config()["ops"]["candidates"]["config"] == {**chosen, "picks": 3, "apart_at_pct": 10.0}
    check_candidates(KEY, options)
    (tmp_path / "casting.yaml").write_text("not_cast: [Be]\nlimits: {Al: [5, 30]}")
    with pytest.raises(NotCastError, match="Zr-Ti-Be holds Be"):
        check_candidates("Zr-Ti-Be", SystemOptions())
    with pytest.raises(CandidateChoiceError, match="use strategy 'transfer'"):
        check_candidates(KEY, SystemOptions(rule="expected_gain"))
    choice = candidate_choice(CandidatesConfig(limits=["Al 0-20"]), Defaults())
    assert (choice.practice.limits_at_pct, choice.practice.not_cast) == ({"Al": (0.0, 20.0)}, {"Be"})
    (tmp_path / "casting.yaml").write_text("limits: {Al: 20}")
    with pytest.raises(CastingPracticeError, match=r"casting.yaml: limits of Al: found 20, expected two amounts"):
        check_candidates(KEY, SystemOptions())


def test_a_new_home_of_dagster_gets_the_projects_settings(deployment: Deployment, tmp_path: Path) -> None:
    with deployment_instance() as instance:
        assert instance.get_settings("run_retries")["enabled"]
        assert not instance.telemetry_enabled
        instance.add_dynamic_partitions("target_system", [KEY])
    assert (tmp_path / "dagster_home" / "dagster.yaml").exists()
    with deployment_instance() as instance:
        assert list(instance.get_dynamic_partitions("target_system")) == [KEY]


@pytest.mark.parametrize(
    ("kind", "choice", "said"),
    [
        (SystemOptions, {"sub_dataset": 7}, "Sub-dataset 7 does not exist; choose one"),
        (SystemOptions, {"budget": "endless"}, "no budget 'endless'; choose one of"),
        (SystemOptions, {"strategy": "nearest"}, "no map by a strategy 'nearest'; use pruned or transfer"),
        (EvidenceOptions, {"contest": "long"}, "no contest 'long'; choose quick or standard"),
        (EvidenceOptions, {"strategies": ("magic",)}, "no strategy 'magic'; choose one of"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_before_a_run(kind: type, choice: dict[str, Any], said: str) -> None:
    with pytest.raises(BmgError, match=said):
        kind(**choice)


def test_a_failed_run_says_what_the_first_failed_step_said(deployment: Deployment) -> None:
    without_data = "Zr-Al-He"
    with deployment_instance() as instance:
        instance.add_dynamic_partitions("target_system", [without_data])
        with pytest.raises(RunFailedError, match=r"^Run [0-9a-f-]+ failed\. Zr-Al-He cannot be described"):
            run_system(instance, without_data, SystemOptions())
        assert {run.status for run in instance.get_runs()} == {dg.DagsterRunStatus.FAILURE}


def test_a_study_trains_what_is_missing_and_goes_on_after_a_failure(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two systems, the second fails; asked for again, it alone is trained, then nothing."""
    options, trained = StudyOptions((5,), budget="quick"), []
    train_rows = pruning_study.train_rows

    def train(store: Store, rows: list[Any], *others: Any) -> None:
        trained.append([(row.target.key, row.sub_dataset) for row in rows])
        if len(trained) == 2:
            raise FolderError("The disk is full.")
        train_rows(store, rows, *others)

    monkeypatch.setattr(pruning_study, "train_rows", train)
    said: list[str] = []
    with deployment_instance() as instance:
        with pytest.raises(RunFailedError, match=r"failed\. The disk is full\."):
            run_study(instance, [KEY, OTHER], options)
        run_study(instance, [KEY, OTHER], options, said.append)
        run_study(instance, [OTHER, KEY], options, said.append)
        assert list(instance.get_dynamic_partitions("studied_system")) == [KEY, OTHER]
        assert list(instance.get_dynamic_partitions("target_system")) == []
    assert trained == [[(KEY, 5)], [(OTHER, 5)], [(OTHER, 5)]]
    assert said == [
        f"{OTHER}, 1 of 1 systems to study",
        "All of it is there already; the table and the page are written anew.",
    ]
    assert deployment.store.read_table("pruning_study")["target_system"].tolist() == [KEY, OTHER]


def test_a_system_that_cannot_be_studied_is_not_registered(deployment: Deployment) -> None:
    with deployment_instance() as instance:
        with pytest.raises(BmgError, match="Zr-Al-He cannot be described"):
            run_study(instance, [KEY, "Zr-Al-He"], StudyOptions())
        assert list(instance.get_dynamic_partitions("studied_system")) == []


def test_a_store_of_another_version_is_named_in_one_sentence(deployment: Deployment) -> None:
    deployment.store.folder.write("store_format.json", b'{"store_format": 99}')
    with (
        deployment_instance() as instance,
        pytest.raises(RunFailedError, match=r"failed\. The store at .* has format 99, .* Nothing was changed\.$"),
    ):
        run_literature(instance)


def test_an_error_that_is_not_ours_is_told_with_its_step(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("something unforeseen")

    monkeypatch.setattr("bmg_assets.sources.declaration.read_declarations", fail)
    with (
        deployment_instance() as instance,
        pytest.raises(RunFailedError, match=r"Step literature_reports: .*something unforeseen"),
    ):
        run_literature(instance)
