"""All benchmarks, in the order in which they run."""

from collections.abc import Callable
from dataclasses import dataclass

from bmg_assets_tests.benchmarks import (
    atlas,
    cluster,
    dagster_share,
    descriptors,
    fusion,
    growth,
    literature,
    prediction,
    recommending,
    surrogate,
    tuning,
)
from bmg_assets_tests.benchmarks.line import Line
from bmg_assets_tests.benchmarks.size import Size


@dataclass(frozen=True)
class Benchmark:
    """A subject that is measured."""

    name: str
    target: str
    """What is to be reached, for the list of benchmarks."""
    run: Callable[[Size], list[Line]]


BENCHMARKS = {
    benchmark.name: benchmark
    for benchmark in (
        Benchmark("descriptors", "the table 200 × faster than matminer, a grid 100 ×, memory flat", descriptors.run),
        Benchmark("literature", "all public sets read, merged and described in 60 s", literature.run),
        Benchmark("fusion", "10,000 trials a second", fusion.run),
        Benchmark("tuning", "10 × less CPU time than the authors' procedure, 6 min cold, 45 s warm", tuning.run),
        Benchmark("prediction", "a map in 1 s, 1,000 maps in 1 h, memory constant", prediction.run),
        Benchmark("dagster", "definitions in 2 s, 15 s of a run outside our functions", dagster_share.run),
        Benchmark("surrogate", "6,400 alloys fitted and calibrated in 10 s, 12,000 in 30 s and 2 GB", surrogate.run),
        Benchmark("recommending", "a file of casts to the recommended pair in 30 s", recommending.run),
        Benchmark("growth", "how cost grows with alloys, elements, trials and systems", growth.run),
        Benchmark("atlas", "every ternary at 1 at.% within 2 h on two cores", atlas.run),
        Benchmark("cluster", "systems an hour with 1, 2 and 4 workers", cluster.run),
    )
}
