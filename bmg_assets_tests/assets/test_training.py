"""A training that starts from the last best: what it tries, and when a look near that point is enough."""

import json

import dagster as dg

from bmg_assets.science.models.budgets import WARM_TRIALS, budget_named
from bmg_assets.science.models.sub_models.catalogue import sub_model
from bmg_assets_tests.deployment import Deployment, configured
from bmg_assets_tests.finished import TRAINED

KEY = TRAINED[0]
MODEL = "svr"
QUICK = budget_named("quick").max_evaluations


def train(deployment: Deployment, budget: str = "quick") -> tuple[bool, list[dict[str, float]]]:
    """Whether the training was a warm one, and the points that it tried."""
    asset = f"{MODEL}_model"
    config = configured(**{asset: {"budget": budget, "start_from_last_best": True}})
    result = deployment.run_system(KEY, [asset], config)
    (materialization,) = result.asset_materializations_for_node(asset)
    warm = materialization.metadata["warm_start"]
    assert isinstance(warm, dg.BoolMetadataValue)
    return bool(warm.value), points(deployment)


def points(deployment: Deployment) -> list[dict[str, float]]:
    trials = deployment.store.read_table("tuning_trials", KEY, part=MODEL)
    return [json.loads(params) for params in trials["params"]]


def forget_a_parameter(deployment: Deployment) -> None:
    """The last search was one of a smaller space."""
    trials = deployment.store.read_table("tuning_trials", KEY, part=MODEL)
    smaller = [json.dumps({"C": json.loads(params)["C"]}) for params in trials["params"]]
    deployment.store.write_table("tuning_trials", KEY, trials.assign(params=smaller), part=MODEL)


def test_only_a_second_training_on_nearly_the_same_alloys_with_the_same_budget_is_warm(
    copy_of_finished: Deployment,
) -> None:
    deployment = copy_of_finished
    # No training is recorded in the copy, so nobody knows how many alloys the stored best point was for.
    warm, tried = train(deployment)
    assert (warm, len(tried)) == (False, QUICK)
    warm, again = train(deployment)
    assert (warm, len(again)) == (True, WARM_TRIALS)
    assert again[0] in tried
    warm, more = train(deployment, "standard")
    assert not warm
    assert len(more) > QUICK
    assert more[0] in again


def test_a_last_best_of_another_search_space_is_no_start(copy_of_finished: Deployment) -> None:
    train(copy_of_finished)
    forget_a_parameter(copy_of_finished)
    warm, tried = train(copy_of_finished)
    assert not warm
    assert tried[0] == sub_model(MODEL).starting_points[0]
