"""What assets hand to each other, as Dagster's types.

Stated here because the annotation of an asset that also emits check results says nothing about its value.
"""

import dagster as dg
import pandas as pd

from bmg_assets.science.tuning import TunedSubModel

TABLE = dg.PythonObjectDagsterType(pd.DataFrame, name="Table", description="Rows of one table of the registry.")
SUB_MODEL = dg.PythonObjectDagsterType(
    TunedSubModel, name="TunedSubModel", description="A tuned sub-model with its search and out-of-fold predictions."
)
