"""How many cores there are for us, and how the steps of a run share them.

Belongs here: counting and dividing. Does not belong here: what a step does with its threads (science/sub_models).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bmg_assets.science.errors import BmgError

LIMIT_VARIABLE = "BMG_CORES"
MOST_STEPS = 4
"""Steps of a run at once: the paper's sub-models. A further one waits until one of them is done."""
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""What the numerical libraries read when they are loaded; by themselves they count the machine's cores, each for
itself, and know nothing of a container's share of them."""


class CoresError(BmgError):
    """A limit of cores or threads that cannot be."""


@dataclass(frozen=True)
class CoreShares:
    """Steps side by side, and the threads of each; together never more than the cores, unless a step has but one."""

    steps: int
    threads: int


def shared_cores(cores: int, threads: int | None = None) -> CoreShares:
    """How the steps of a run share this many cores.

    As many steps at once as are useful, since one thread each wastes nothing, and threads for each of them only out of
    what is left: two cores are two steps with one thread, 64 are four with 16.

    Args:
        threads: threads that each step shall have, where somebody decided that; then fewer steps run at once.
    """
    if threads is not None:
        threads = min(threads, cores)
        return CoreShares(min(MOST_STEPS, cores // threads), threads)
    steps = min(MOST_STEPS, cores)
    return CoreShares(steps, cores // steps)


def usable_cores(root: Path = Path("/")) -> int:
    """Cores that this process may use, and no more than BMG_CORES where that is set; at least one.

    What the machine has is not what a process gets: it may be bound to some of the cores, and a container has a quota.

    Args:
        root: where /proc and /sys are, for tests.

    Raises:
        CoresError: BMG_CORES is not a whole number of one or more.
    """
    limits = [_bound_to(), *_quotas(root), *_limit(os.environ)]
    return max(1, min(limits))


def limit_library_threads() -> None:
    """See that libraries loaded from now on use a step's share of the cores where nobody says otherwise."""
    for name in THREAD_VARIABLES:
        os.environ.setdefault(name, str(shared_cores(usable_cores()).threads))


def _limit(environment: Mapping[str, str]) -> list[int]:
    """What somebody decided, if anybody did."""
    text = environment.get(LIMIT_VARIABLE)
    if text is None:
        return []
    if not text.strip().isdecimal() or int(text) < 1:
        raise CoresError(f"{LIMIT_VARIABLE} is '{text}', expected a whole number of cores from 1; fix or unset it.")
    return [int(text)]


def _bound_to() -> int:
    """Cores that the process is bound to, or all where the system does not bind (macOS)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _quotas(root: Path) -> list[int]:
    """Whole cores that each quota on the process leaves it, in both versions of control groups."""
    groups = root / "sys/fs/cgroup"
    found = [line.split() for line in _lines(*(folder / "cpu.max" for folder in _own_groups(root, groups)))]
    older = _lines(groups / "cpu/cpu.cfs_quota_us", groups / "cpu/cpu.cfs_period_us")
    # No quota is `max`, or -1 in the older version.
    pairs = [pair for pair in (*found, older) if len(pair) == 2 and pair[0].isdecimal()]
    return [int(quota) // int(period) for quota, period in pairs]


def _own_groups(root: Path, groups: Path) -> list[Path]:
    """Folders of the process's control group (version 2) and of all above it, each of which may have a quota."""
    own = next((line[3:] for line in _lines(root / "proc/self/cgroup") if line.startswith("0::")), "/")
    path = PurePosixPath(own.lstrip("/"))
    return [groups / part for part in (path, *path.parents)]


def _lines(*files: Path) -> list[str]:
    """Lines of those of the files that are there."""
    found = []
    for file in files:
        try:
            found += file.read_text().splitlines()
        except OSError:
            continue
    return found
