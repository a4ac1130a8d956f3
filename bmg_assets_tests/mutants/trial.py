"""Tests run on mutants: each in a fork of this process, which has loaded the libraries once."""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import CodeType

from bmg_assets_tests.mutants.mutations import Mutant
from bmg_assets_tests.mutants.targets import PROJECT, TARGETS, module_name, module_path, noticing_tests

MOST_MEMORY = 12 * 2**30
"""Address space of a run in bytes: a fault in a size must not take the machine's memory."""
POLL_SECONDS = 0.05
LIBRARIES = (
    "hyperopt",
    "lightgbm",
    "pandas",
    "pytest",
    "scipy.integrate",
    "scipy.stats",
    "sklearn.ensemble",
    "sklearn.isotonic",
    "sklearn.model_selection",
    "sklearn.svm",
    "xgboost",
)
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant."""

    mutant: Mutant
    is_killed: bool
    """Whether a test failed, or did not end in time."""


class TestsFailError(Exception):
    """Tests that fail without any fault, so that they can tell nothing."""


def preload() -> None:
    """Import the libraries that tests of the science use, and nothing that is mutated."""
    for variable in THREADS:
        os.environ[variable] = "1"  # mutants run side by side
    for library in LIBRARIES:
        importlib.import_module(library)
    import hypothesis
    from matminer.utils.data import MagpieData

    from bmg_assets.science.descriptors.elements import element_tables

    MagpieData(impute_nan=False)
    element_tables("current")
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", deadline=None, database=None, derandomize=True, phases=phases)
    loaded = [target for target in TARGETS if module_name(target) in sys.modules]
    if loaded:
        raise RuntimeError(f"{', '.join(loaded)} must not be imported before it is mutated")


def seconds_without_fault(tests: tuple[str, ...]) -> float:
    """How long tests take on the modules as they are.

    Raises:
        TestsFailError: they fail.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        run = _Run(None, tests, limit_seconds=600, output=output.fileno())
        while (status := run.status()) is None:
            time.sleep(POLL_SECONDS)
        if status != 0:
            output.seek(0)
            raise TestsFailError(f"{' and '.join(tests)} fail without any fault:\n{output.read()}")
    return time.perf_counter() - started


def run_all(
    mutants: Iterable[Mutant], limits: dict[str, float], at_once: int, on_outcome: Callable[[Outcome], None]
) -> None:
    """Run the tests of each mutant.

    Args:
        limits: seconds after which a mutant is taken for killed, by target.
        at_once: processes side by side.
        on_outcome: called with each outcome as soon as it is known.
    """
    waiting = iter(mutants)
    running: list[_Run] = []
    try:
        while True:
            while len(running) < at_once and (mutant := next(waiting, None)) is not None:
                running.append(_Run(mutant, noticing_tests(mutant.target), limits[mutant.target]))
            if not running:
                return
            time.sleep(POLL_SECONDS)
            for run in list(running):
                status = run.status()
                if status is not None and run.mutant is not None:
                    running.remove(run)
                    on_outcome(Outcome(run.mutant, status != 0))
    finally:
        for run in running:
            run.stop()


class _Run:
    """Tests on one mutant, or on the modules as they are, in a process of their own."""

    def __init__(
        self, mutant: Mutant | None, tests: tuple[str, ...], limit_seconds: float, output: int | None = None
    ) -> None:
        self.mutant = mutant
        self.ends = time.perf_counter() + limit_seconds
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            _test(mutant, tests, output)
        with suppress(OSError):  # the child does the same: whoever comes first
            os.setpgid(self.pid, self.pid)

    def status(self) -> int | None:
        """Zero if all tests passed, another number if not; None while they run."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0 and time.perf_counter() <= self.ends:
            return None
        if pid == 0:
            self.stop()
            return -1
        return os.waitstatus_to_exitcode(status)

    def stop(self) -> None:
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _test(mutant: Mutant | None, tests: tuple[str, ...], output: int | None) -> None:
    """Run the tests in this process with the fault in it, and end the process with their status."""
    status = 1
    try:
        os.setpgrp()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        output = os.open(os.devnull, os.O_WRONLY) if output is None else output
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.chdir(PROJECT)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        if mutant is not None:
            sys.meta_path.insert(0, _Finder(mutant))
        import pytest

        # The fixtures shared by all tests load Dagster; tests of the science do without, but for the published table.
        options = ["-x", "-q", "--noconftest", "-p", "no:cacheprovider", "-m", "not published and not slow"]
        status = int(pytest.main([*options, "--hypothesis-profile=mutants", *tests]))
        sys.stdout.flush()
    finally:
        os._exit(status)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the mutant in the place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = module_name(mutant.target)
        self.path = str(PROJECT / module_path(mutant.target))
        self.source = mutant.source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=_Loader(self))


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, finder: _Finder) -> None:
        super().__init__(finder.name, finder.path)
        self.source = finder.source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.source, self.path, "exec")
