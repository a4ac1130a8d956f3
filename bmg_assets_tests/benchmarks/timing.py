"""CPU time of a call, and calls in a process of their own, whose peak memory is then theirs alone."""

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from bmg_assets.execution.cores import usable_cores

Result = TypeVar("Result")

BYTES_OF_MAXRSS = 1 if sys.platform == "darwin" else 1024


def timed(function: Callable[..., Result], *arguments: Any) -> tuple[Result, float]:
    """What the function gives, and its CPU time in seconds, all threads together."""
    started = time.process_time()
    result = function(*arguments)
    return result, time.process_time() - started


def best_of(times: int, function: Callable[..., Any], *arguments: Any) -> float:
    """The shortest CPU time of some calls, in seconds: what the others took longer was not the function's."""
    return min(timed(function, *arguments)[1] for _ in range(times))


def processes() -> ProcessPoolExecutor:
    """Fresh processes, as many as there are cores."""
    return ProcessPoolExecutor(usable_cores(), mp_context=multiprocessing.get_context("spawn"))


def apart(function: Callable[..., Result], *arguments: Any) -> tuple[Result, float]:
    """What the function gives when it is called in a fresh process, and that process's peak memory in MB."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(here, function, *arguments).result()


def here(function: Callable[..., Result], *arguments: Any) -> tuple[Result, float]:
    """What the function gives, and the peak memory of this process in MB."""
    result = function(*arguments)
    return result, peak_mb()


def peak_mb() -> float:
    """The most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_OF_MAXRSS / 1e6
