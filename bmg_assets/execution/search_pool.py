"""Searches side by side in processes of one thread each, as many as there are cores.

For work that is many trainings of one step, like the study of pruning. The sub-models of a system's own training
are steps of their own, which Dagster's executor starts (see cores.py).
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, TypeVar

from bmg_assets.environment import set_variables
from bmg_assets.execution.cores import THREAD_VARIABLES, usable_cores

if TYPE_CHECKING:
    from bmg_assets.science.literature.training_set import LearningData
    from bmg_assets.science.models.budgets import Budget
    from bmg_assets.science.models.tuning import TunedSubModel

Key = TypeVar("Key")
Job = TypeVar("Job")
Result = TypeVar("Result")


class WorkerEndedError(RuntimeError):
    """A process was ended from outside. Not a user's mistake: a run may try again."""


@contextmanager
def search_pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes of one thread each. Left by an exception, or killed with its parent, none of them works on.

    Raises:
        WorkerEndedError: one of them was ended from outside.
    """
    theirs, ours = multiprocessing.Pipe(duplex=False)
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=spawn, initializer=_begin, initargs=(theirs,))
    try:
        yield pool
    except BrokenProcessPool:
        ours.close()
        raise WorkerEndedError(
            "The system ended one of the processes at work, mostly because memory ran short; what was finished is "
            "kept, so start the same again, with BMG_CORES=1 where it happens twice."
        ) from None
    except BaseException:
        ours.close()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        ours.close()
        theirs.close()


def side_by_side(
    function: Callable[[Job], Result],
    jobs: Sequence[tuple[Key, Job]],
    on_result: Callable[[Key, Result, str], None],
) -> None:
    """Call a function in processes on every job, as many at once as there are cores.

    Args:
        function: of a module, so that a fresh process finds it.
        jobs: each with its name, the longest first, so that no core waits at the end.
        on_result: called here with that name, the result and "3 of 8", in the order in which jobs are done.

    Raises:
        WorkerEndedError: a process was ended from outside.
        Exception: whatever `function` or `on_result` raises; the other jobs are then given up.
    """
    if not jobs:
        return
    with search_pool(min(usable_cores(), len(jobs))) as pool:
        waiting = {pool.submit(function, job): key for key, job in jobs}
        for future in as_completed(waiting):
            # Popped, so that nothing keeps what is stored: a fitted forest is large.
            key = waiting.pop(future)
            on_result(key, future.result(), f"{len(jobs) - len(waiting)} of {len(jobs)}")


@dataclass(frozen=True)
class Search:
    """What one process is to do."""

    sub_model: str
    data: "LearningData"
    budget: "Budget"
    seed: int


def tuned(search: Search) -> "TunedSubModel":
    """Run a search in this process, with one thread."""
    from bmg_assets.science.models.sub_models.catalogue import sub_model
    from bmg_assets.science.models.tuning import tune

    data = search.data
    return tune(sub_model(search.sub_model), data.X, data.y, search.budget, search.seed, data.weight, threads=1)


def tune_side_by_side(
    training_sets: Sequence[tuple[Key, "LearningData"]],
    budget: "Budget",
    seed: int,
    on_search: Callable[[Key, "TunedSubModel", str], None],
    on_tuned: Callable[[Key, dict[str, "TunedSubModel"]], None],
) -> None:
    """Tune every sub-model on every training set.

    Args:
        training_sets: each with its name.
        on_search: called with that, a tuned sub-model and "3 of 8" after each search.
        on_tuned: called with that and all sub-models, in the order of the catalogue, as soon as a set has them.

    Raises:
        TuningError, TooFewAlloysError: a search found nothing.
        WorkerEndedError: a process was ended from outside.
    """
    from bmg_assets.science.models.sub_models.catalogue import LONGEST_FIRST, SUB_MODELS

    done: dict[Key, dict[str, TunedSubModel]] = {key: {} for key, _ in training_sets}

    def collect(key: Key, model: "TunedSubModel", progress: str) -> None:
        done[key][model.name] = model
        on_search(key, model, progress)
        if len(done[key]) == len(SUB_MODELS):
            models = done.pop(key)
            on_tuned(key, {name: models[name] for name in SUB_MODELS})

    side_by_side(
        tuned,
        [(key, Search(name, data, budget, seed)) for key, data in training_sets for name in LONGEST_FIRST],
        collect,
    )


def _begin(lifeline: Connection) -> None:
    """Make a process ready: one thread for the libraries, which are not loaded yet, and an end with its parent's.

    A Ctrl-C on a terminal reaches every process; what becomes of the searches is the parent's decision.
    """
    set_variables(dict.fromkeys(THREAD_VARIABLES, "1"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    """End this process when the other end of the pipe is closed, which a killed parent does, too."""
    with suppress(EOFError, OSError):
        lifeline.recv()
    os._exit(1)
