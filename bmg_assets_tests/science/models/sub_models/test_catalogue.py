"""The catalogue: the paper's four sub-models by name."""

import pytest

from bmg_assets.science.models.sub_models.catalogue import LONGEST_FIRST, SUB_MODELS, UnknownSubModelError, sub_model


def test_the_four_sub_models_stand_under_their_names_in_the_order_of_the_tables():
    assert list(SUB_MODELS) == ["svr", "random_forest", "xgboost", "lightgbm"]
    assert all(sub_model(name) is model for name, model in SUB_MODELS.items())
    assert [model.title for model in SUB_MODELS.values()] == ["SVR", "RF", "XGBoost", "LightGBM"]


def test_the_longest_search_is_begun_first():
    assert LONGEST_FIRST == ("lightgbm", "svr", "random_forest", "xgboost")


@pytest.mark.parametrize("model", SUB_MODELS.values(), ids=SUB_MODELS)
def test_starting_points_are_points_of_the_space(model):
    assert model.starting_points
    for point in model.starting_points:
        assert model.space.snap(point) == point


def test_a_sub_model_that_does_not_exist_is_refused_with_the_names_of_those_that_do():
    with pytest.raises(UnknownSubModelError, match="no sub-model 'mlp'; choose one of svr, random_forest, xgboost, li"):
        sub_model("mlp")
