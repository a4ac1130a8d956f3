"""What the environment may say of a deployment."""

import pytest

from bmg_assets.build import build_resources
from bmg_assets.science.models.budgets import UnknownBudgetError
from bmg_assets.settings import Defaults, DefaultsError


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
        ("BMG_SUB_DATASET", "three", "BMG_SUB_DATASET is 'three': .*integer"),
        ("BMG_COVERAGE", "1.5", "BMG_COVERAGE is '1.5': .*less than 1"),
        ("BMG_PAIR_DISTANCE_AT_PCT", "0", "BMG_PAIR_DISTANCE_AT_PCT is '0': .*greater than 0"),
    ],
)
def test_a_default_that_cannot_be_is_named(
    variable: str, text: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(DefaultsError, match=words):
        Defaults.from_environment()


def test_a_budget_that_does_not_exist_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_BUDGET", "endless")
    with pytest.raises(UnknownBudgetError, match="'endless'"):
        Defaults.from_environment()
