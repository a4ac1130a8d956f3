"""The four sub-models of the paper, in the order in which tables and figures name them."""

from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.sub_models.base import SubModel
from bmg_assets.science.models.sub_models.lightgbm import LightGBM
from bmg_assets.science.models.sub_models.random_forest import RandomForest
from bmg_assets.science.models.sub_models.svr import SupportVectorRegression
from bmg_assets.science.models.sub_models.xgboost import XGBoost

SUB_MODELS: dict[str, SubModel] = {
    model.name: model for model in (SupportVectorRegression(), RandomForest(), XGBoost(), LightGBM())
}


class UnknownSubModelError(BmgError):
    """A sub-model that is not in the catalogue."""


def sub_model(name: str) -> SubModel:
    """The sub-model of that name.

    Raises:
        UnknownSubModelError: there is none.
    """
    if name not in SUB_MODELS:
        raise UnknownSubModelError(f"There is no sub-model '{name}'; choose one of {', '.join(SUB_MODELS)}.")
    return SUB_MODELS[name]
