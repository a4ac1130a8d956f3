"""Budgets of a search by name."""

import pytest

from bmg_assets.science.models.budgets import BUDGETS, WARM_TRIALS, Budget, UnknownBudgetError, budget_named
from bmg_assets.science.models.search_space import Dimension
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

ROUNDS = Dimension("n_estimators", 150, 450, 3)


def a_budget(full_rounds):
    return Budget("some", 10, 5, 0, 2, racing=True, full_rounds=full_rounds)


def test_full_rounds_are_every_step_of_the_range_up_to_its_end():
    stages = a_budget(full_rounds=True).stages(ROUNDS)
    assert stages[:3] == (150, 153, 156)
    assert stages[-1] == 450
    assert len(stages) == 101


def test_otherwise_the_rounds_are_the_start_of_the_range():
    assert a_budget(full_rounds=False).stages(ROUNDS) == (150,)


@pytest.mark.parametrize("full_rounds", [True, False])
def test_a_model_without_rounds_has_one_stage(full_rounds):
    assert a_budget(full_rounds).stages(None) == (0,)


def test_the_papers_budget_is_the_papers():
    paper = budget_named("paper")
    assert (paper.max_evaluations, paper.patience, paper.racing, paper.full_rounds) == (500, 50, False, True)


def test_budgets_grow_and_leave_room_for_a_search_after_the_points_tried_first():
    quick, standard, paper = map(budget_named, ("quick", "standard", "paper"))
    assert quick.max_evaluations < standard.max_evaluations < paper.max_evaluations
    tried_first = 1 + max(len(model.starting_points) for model in SUB_MODELS.values())
    assert all(budget.max_evaluations > tried_first for budget in BUDGETS.values())
    assert all(name == budget.name for name, budget in BUDGETS.items())


def test_a_budget_that_does_not_exist_is_refused_with_the_names_of_those_that_do():
    with pytest.raises(UnknownBudgetError, match="no budget 'endless'; choose one of quick, standard, paper"):
        budget_named("endless")


@pytest.mark.parametrize("budget", BUDGETS.values(), ids=BUDGETS)
def test_a_warm_budget_is_a_handful_of_raced_trials_under_the_same_name(budget):
    warm = budget.warm()
    assert (warm.name, warm.racing, warm.near_first_point) == (budget.name, True, True)
    assert warm.max_evaluations == WARM_TRIALS < budget.max_evaluations
    assert not budget.near_first_point
