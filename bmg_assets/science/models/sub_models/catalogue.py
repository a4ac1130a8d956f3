"""The sub-models, those of the paper first, in the order in which tables and figures name them."""

from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.sub_models.base import SubModel
from bmg_assets.science.models.sub_models.lightgbm import LightGBM
from bmg_assets.science.models.sub_models.random_forest import RandomForest
from bmg_assets.science.models.sub_models.svr import SupportVectorRegression
from bmg_assets.science.models.sub_models.xgboost import XGBoost

SUB_MODELS: dict[str, SubModel] = {
    model.name: model
    for model in (
        SupportVectorRegression(),
        RandomForest(),
        XGBoost(),
        LightGBM(),
    )
}
"""Sub-models by name. What else knows of them (assets, tables, files, figures, pages) is derived from these."""

SUB_MODEL_ASSETS = {name: f"{name}_model" for name in SUB_MODELS}
"""The asset of each: what it is traced and stored under."""
SUB_MODEL_KINDS = frozenset[str]().union(*(model.kinds for model in SUB_MODELS.values()))
LONGEST_FIRST = tuple(sorted(SUB_MODELS, key=lambda name: SUB_MODELS[name].search_time_s, reverse=True))
"""Names by the time of their searches: begun in this order, cores wait least at the end."""


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
