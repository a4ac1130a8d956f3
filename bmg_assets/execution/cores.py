"""How many cores this process may use, and how the steps of a run share them."""

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bmg_assets.environment import set_where_unset, variable
from bmg_assets.science.errors import BmgError

LIMIT_VARIABLE = "BMG_CORES"
LONGEST_LIMIT = 6
"""Digits of a limit; nobody has more cores."""
MOST_STEPS = 4
"""Steps of a run at once: the paper's sub-models. A further one waits until one of them is done."""
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Environment variables that the numerical libraries read when they are loaded. If they are absent, each library counts
the machine's cores, and ignores the quota of a container."""


class CoresError(BmgError):
    """A limit of cores or threads that is no positive whole number."""


@dataclass(frozen=True)
class CoreShares:
    """Steps side by side, and threads of each. The product never exceeds the cores, unless a step has one thread."""

    steps: int
    threads: int


def shared_cores(cores: int, threads: int | None = None) -> CoreShares:
    """How the steps of a run share this many cores.

    Steps side by side come first, since a step with one thread wastes nothing; threads share what is left. Two cores
    give two steps with one thread, 64 cores give four steps with 16.

    Args:
        cores: cores that may be used.
        threads: threads of each step if somebody chose them; then fewer steps run at once.
    """
    if threads is not None:
        threads = min(threads, cores)
        return CoreShares(min(MOST_STEPS, cores // threads), threads)
    steps = min(MOST_STEPS, cores)
    return CoreShares(steps, cores // steps)


def usable_cores(root: Path = Path("/")) -> int:
    """Cores that this process may use, at most BMG_CORES where that is set; at least one.

    A process may be bound to some of the machine's cores, and a container has a quota; the smallest limit counts.

    Args:
        root: where /proc and /sys are, for tests.

    Raises:
        CoresError: BMG_CORES is not a whole number of one or more.
    """
    limits = [_bound_to(), *_quotas(root), *_limit()]
    return max(1, min(limits))


def limit_library_threads() -> None:
    """Limit libraries loaded from now on to a step's share of the cores; what the environment sets stays."""
    for name in THREAD_VARIABLES:
        set_where_unset(name, str(shared_cores(usable_cores()).threads))


def _limit() -> list[int]:
    """The limit of BMG_CORES, if it is set."""
    text = variable(LIMIT_VARIABLE)
    if text is None:
        return []
    if not (text.isdecimal() and len(text) <= LONGEST_LIMIT and int(text)):
        raise CoresError(f"{LIMIT_VARIABLE} is '{text}', expected a whole number of cores from 1; fix or unset it.")
    return [int(text)]


def _bound_to() -> int:
    """Cores that the process is bound to; all cores where the system does not bind processes (macOS)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _quotas(root: Path) -> list[int]:
    """Whole cores that each quota of a control group leaves to the process, in both versions of control groups."""
    groups = root / "sys/fs/cgroup"
    found = [line.split() for line in _lines(*(folder / "cpu.max" for folder in _own_groups(root, groups)))]
    older = _lines(groups / "cpu/cpu.cfs_quota_us", groups / "cpu/cpu.cfs_period_us")
    # No quota is `max`, or -1 in the older version.
    pairs = [pair for pair in (*found, older) if len(pair) == 2 and pair[0].isdecimal()]
    return [int(quota) // int(period) for quota, period in pairs]


def _own_groups(root: Path, groups: Path) -> list[Path]:
    """Folders of the process's control group (version 2) and of its parents; each may have a quota."""
    own = next((line[3:] for line in _lines(root / "proc/self/cgroup") if line.startswith("0::")), "/")
    path = PurePosixPath(own.lstrip("/"))
    return [groups / part for part in (path, *path.parents)]


def _lines(*files: Path) -> list[str]:
    """Lines of those files that can be read."""
    found = []
    for file in files:
        try:
            found += file.read_text().splitlines()
        except OSError:
            continue
    return found
