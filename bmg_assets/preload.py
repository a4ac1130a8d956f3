"""Libraries that a step's process finds loaded already; imported by the fork server of the executor alone."""

import hyperopt  # noqa: F401
import lightgbm  # noqa: F401
import pandas  # noqa: F401
import pyarrow.parquet  # noqa: F401
import sklearn.ensemble
import sklearn.svm  # noqa: F401
import xgboost  # noqa: F401

import bmg_assets.definitions  # noqa: F401
