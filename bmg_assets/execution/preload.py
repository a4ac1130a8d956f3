"""Libraries that a step's process finds loaded already; imported by the fork server of the executor alone."""

import gc
import os
from contextlib import suppress

from bmg_assets.execution.cores import limit_library_threads

# Collecting garbage would look again and again at what stays for good; in a forked process that copies the memory.
gc.disable()
os.register_at_fork(after_in_child=gc.freeze)
os.register_at_fork(after_in_child=gc.enable)
# This comes before anything else: the libraries look at the environment once, while they are loaded.
limit_library_threads()

# Import skops.io first: it scans sys.modules, which is slow once the other libraries are loaded.
import skops.io  # noqa: E402, I001, F401

# What every step opens Dagster's storage with: without it, a second of each step goes into these imports.
import dagster._core.secrets.env_file  # noqa: E402
import dagster._core.storage.local_compute_log_manager  # noqa: E402
import dagster._core.storage.sqlite_storage  # noqa: E402
import dagster._core.utility_ops  # noqa: E402, F401
import duckdb  # noqa: E402, F401
import hyperopt  # noqa: E402, F401
import pandas  # noqa: E402, F401
import pyarrow.compute  # noqa: E402
import pyarrow.parquet  # noqa: E402, F401
import pymatgen.core  # noqa: E402, F401
import sklearn.ensemble  # noqa: E402
import sklearn.svm  # noqa: E402, F401
import upath.implementations.local  # noqa: E402, F401

# Where one of these cannot be loaded, the step that needs it says what is missing.
with suppress(ImportError, OSError, ValueError):
    import lightgbm  # noqa: F401
with suppress(ImportError, OSError, ValueError):
    import xgboost  # noqa: F401
