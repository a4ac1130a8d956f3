"""What the environment may say of a deployment."""

import pytest

from bmg_assets.assets.training import SubModelConfig
from bmg_assets.build import build_resources
from bmg_assets.defaults import Defaults
from bmg_assets.science.models.budgets import UnknownBudgetError
from bmg_assets.settings import DefaultsError, SettingError, Settings, without_default


def test_each_default_can_be_set_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"BMG_BUDGET": "quick", "BMG_SUB_DATASET": "5", "BMG_COVERAGE": "0.8", "BMG_SEED": "11"}
    assert Defaults.from_environment() == Defaults()
    for variable, text in own.items():
        monkeypatch.setenv(variable, text)
    defaults = Defaults.from_environment()
    assert defaults == Defaults(budget="quick", sub_dataset=5, coverage=0.8, seed=11)
    assert build_resources()["defaults"].of_systems() == defaults.of_systems()
    # As Dagster hands it to an asset: from its configuration, not from the object.
    assert defaults.process_config_and_initialize().of_systems() == defaults.of_systems()


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        ("BMG_SUB_DATASET", "three", "BMG_SUB_DATASET is 'three', expected a valid integer; fix it, or leave it unset"),
        ("BMG_COVERAGE", "1.5", "BMG_COVERAGE is '1.5', expected less than 1"),
        ("BMG_PAIR_DISTANCE_AT_PCT", "0", "BMG_PAIR_DISTANCE_AT_PCT is '0', expected greater than 0"),
    ],
)
def test_a_default_that_cannot_be_is_named(
    variable: str, text: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(DefaultsError, match=words):
        Defaults.from_environment()


def test_a_run_overrides_the_deployment_and_leaves_the_rest_to_it() -> None:
    defaults = Defaults(seed=5, top_share=0.1)
    settings = defaults.overridden_by({"budget": "paper", "seed": None}, SubModelConfig(budget="quick"))
    assert (settings.budget, settings.seed, settings.top_share) == ("quick", 5, 0.1)
    with pytest.raises(SettingError, match="The setting threads is 0, expected greater than or equal to 1"):
        defaults.overridden_by({"threads": 0})


def test_the_launchpad_shows_what_a_setting_means_its_bounds_and_what_none_stands_for() -> None:
    fields = SubModelConfig.model_fields
    assert (
        fields["budget"].description == f"{Settings.model_fields['budget'].description} None: the deployment's default."
    )
    assert fields["threads"].description == (
        f"{without_default(Settings.model_fields['threads'])} Allowed: at least 1. None: the deployment's default."
    )
    # Refused by the asset in one sentence, not by Dagster with a traceback.
    with pytest.raises(SettingError, match="threads is 0, expected greater than or equal to 1"):
        Defaults().overridden_by(SubModelConfig(threads=0))


def test_a_budget_that_does_not_exist_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_BUDGET", "endless")
    with pytest.raises(UnknownBudgetError, match="'endless'"):
        Defaults.from_environment()
