"""How much the benchmarks measure: enough to be believed, or just enough to see that they run."""

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bmg_assets_tests.benchmarks.timing import apart, here, processes


@dataclass(frozen=True)
class Size:
    """Sizes of the samples, and where figures go."""

    systems_of_elements: dict[int, int]
    """For each number of elements, of how many sets the reference describes alloys."""
    alloys_of_system: int
    """Alloys of such a set at most."""
    grid_sample: int
    """Points of a grid that the reference describes."""
    new_alloys: int
    """Alloys that come to a literature described before."""
    memory_factor: int
    """How many times more alloys the memory is measured with."""
    fusion_trials: int
    """Trials of the fusion by refitting."""
    authors_trials: dict[str, int]
    """Trials by the authors' procedure, for each sub-model."""
    budget: str
    """Of our searches."""
    grids: int
    """Grids mapped one after the other."""
    rows: int | None
    """Alloys that are described and learnt from; none leaves all."""
    growth_alloys: tuple[int, ...]
    growth_elements: tuple[int, ...]
    growth_trials: int
    growth_systems: tuple[int, ...]
    atlas_systems: int
    """Systems of the atlas that are scanned."""
    cluster: dict[int, int]
    """For each number of workers, how many systems they train."""
    folder: Path
    """Where files are written."""
    apart: Callable[..., tuple[Any, float]]
    """Calls a function, in a process of its own where its memory matters."""
    workers: Callable[[], Executor]
    """Side by side on the cores."""
    seed: int = 12138


def full_size(folder: Path) -> Size:
    """What `make bench` measures."""
    return Size(
        systems_of_elements={1: 2, 2: 20, 3: 32, 4: 7, 5: 3, 6: 1, 7: 1},
        alloys_of_system=8,
        grid_sample=300,
        new_alloys=100,
        memory_factor=10,
        fusion_trials=1,
        authors_trials={"svr": 3, "random_forest": 5, "xgboost": 12, "lightgbm": 6},
        budget="standard",
        grids=60,
        rows=None,
        growth_alloys=(500, 1000, 2000, 4000, 8000),
        growth_elements=(3, 4, 5, 6, 7),
        growth_trials=40,
        growth_systems=(10, 100, 1000),
        atlas_systems=64,
        cluster={1: 6, 2: 12, 4: 12},
        folder=folder,
        apart=apart,
        workers=processes,
    )


def tiny_size(folder: Path) -> Size:
    """Seconds for everything: its numbers mean nothing."""
    return Size(
        systems_of_elements={2: 1, 3: 1},
        alloys_of_system=2,
        grid_sample=4,
        new_alloys=3,
        memory_factor=2,
        fusion_trials=1,
        authors_trials={"svr": 1, "random_forest": 1, "xgboost": 1, "lightgbm": 1},
        budget="quick",
        grids=2,
        rows=60,
        growth_alloys=(10, 20),
        growth_elements=(3,),
        growth_trials=3,
        growth_systems=(1, 2),
        atlas_systems=2,
        cluster={1: 1},
        folder=folder,
        apart=here,
        workers=partial(ThreadPoolExecutor, 1),
    )
