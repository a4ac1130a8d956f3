"""The platform as a step's process finds it: all definitions made. Imported by the fork server of the executor alone.

It is the last module that the server loads, after the libraries (bmg_assets/execution/preload.py).
"""

import atexit
import gc
import os

from bmg_assets.automation.jobs import SYSTEM_JOB
from bmg_assets.definitions import defs
from bmg_assets.execution.database_patience import wait_for_database
from bmg_assets.execution.run_history import commit_without_waiting
from bmg_assets.launch import runs  # noqa: F401

defs.resolve_job_def(SYSTEM_JOB)
commit_without_waiting()
wait_for_database()
gc.enable()
# The server ends without taking its libraries apart: for two seconds, whoever reads the output of `bmg run` would wait.
atexit.register(os._exit, 0)
