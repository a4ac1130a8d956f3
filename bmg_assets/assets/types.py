"""What assets hand to each other, as Dagster's types.

They are stated here because the annotation of an asset that also emits check results has no type of its value, and
because an annotation is looked up when definitions load: pandas and the models' code are not loaded for
it, only when a value is there to be checked. To a type checker the two annotations are the classes themselves.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import dagster as dg

from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS
from bmg_assets.store.tables.validation import Examined


def _are_rows(_: dg.TypeCheckContext, value: Any) -> bool:
    import pandas as pd

    # An asset gives rows that were examined, and takes frames that were loaded.
    return isinstance(value, (Examined, pd.DataFrame))


def _is_sub_model(_: dg.TypeCheckContext, value: Any) -> bool:
    from bmg_assets.science.models.tuning import TunedSubModel

    return isinstance(value, TunedSubModel)


TABLE = dg.DagsterType(_are_rows, name="Table", description="Rows of one table of the registry.")
SUB_MODEL = dg.DagsterType(
    _is_sub_model, name="TunedSubModel", description="A tuned sub-model with its search and out-of-fold predictions."
)

SUB_MODEL_INPUTS = {asset: dg.AssetIn(asset, dagster_type=SUB_MODEL) for asset in SUB_MODEL_ASSETS.values()}
"""The `ins` of an asset that takes all sub-models; it gets them as **keywords, in no order (see `in_order`)."""


def in_order(sub_models: Mapping[str, "TunedSubModel"]) -> dict[str, "TunedSubModel"]:
    """Tuned sub-models by name, in the order of the catalogue, from those by asset."""
    return {name: sub_models[asset] for name, asset in SUB_MODEL_ASSETS.items()}


if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.models.tuning import TunedSubModel

    Frame: TypeAlias = pd.DataFrame
    SubModelResult: TypeAlias = TunedSubModel
    Result: TypeAlias = dg.MaterializeResult[Any]
else:
    # The bare class: of a parametrised one, Dagster would take the checks of the asset for further values.
    Frame, SubModelResult, Result = TABLE, SUB_MODEL, dg.MaterializeResult
