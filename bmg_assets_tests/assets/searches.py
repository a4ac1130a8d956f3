"""What stands for processes side by side: work in this process, one job after the other, and searches of one trial."""

import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

from bmg_assets.execution.search_pool import Search


class ThisProcess:
    """A pool of this process alone."""

    @contextmanager
    def pool(self, processes: int) -> Iterator["ThisProcess"]:
        assert processes >= 1
        yield self

    def submit(self, function: Callable[[Any], Any], job: Any) -> Future:
        future: Future = Future()
        future.set_result(self.result(function, job))
        return future

    def result(self, function: Callable[[Any], Any], job: Any) -> Any:
        return function(job)


class Searches(ThisProcess):
    """Runs searches of one trial and knows them. The same search gives the same in each test, and is run in one."""

    _results: ClassVar[dict[bytes, Any]] = {}

    def __init__(self) -> None:
        self.done: list[Search] = []

    def result(self, function: Callable[[Search], Any], job: Search) -> Any:
        self.done.append(job)
        search = replace(job, budget=replace(job.budget, max_evaluations=1))
        key = pickle.dumps(search)
        if key not in self._results:
            self._results[key] = function(search)
        return self._results[key]

    def since_then(self) -> int:
        """How many there were since this was last asked."""
        number = len(self.done)
        self.done.clear()
        return number
