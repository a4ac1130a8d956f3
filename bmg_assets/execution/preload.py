"""Libraries that a step's process finds loaded already; imported by the fork server of the executor alone."""

from bmg_assets.execution.cores import limit_library_threads

# Before anything else: the libraries look at the environment once, while they are loaded.
limit_library_threads()

# First: it looks up the names of its types in every module that is there, which takes seconds once all others are.
import skops.io  # noqa: E402, I001, F401

# What every step opens Dagster's storage with: without it, a second of each step goes into these imports.
import dagster._core.secrets  # noqa: E402
import dagster._core.storage.local_compute_log_manager  # noqa: E402
import dagster._core.storage.sqlite_storage  # noqa: E402
import dagster._core.utility_ops  # noqa: E402, F401
import duckdb  # noqa: E402, F401
import hyperopt  # noqa: E402, F401
import lightgbm  # noqa: E402, F401
import pandas  # noqa: E402, F401
import pyarrow.parquet  # noqa: E402, F401
import sklearn.ensemble  # noqa: E402
import sklearn.svm  # noqa: E402, F401
import upath.implementations.local  # noqa: E402, F401
import xgboost  # noqa: E402, F401
