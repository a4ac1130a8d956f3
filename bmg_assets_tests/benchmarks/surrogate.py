"""The recommended surrogate: its fit with its calibration, a cast more, and maps, against scikit-learn's process."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.catalogue import RECOMMENDED
from bmg_assets.science.surrogates.kernels import EmbeddingSpace
from bmg_assets.science.surrogates.transfer import NOISE
from bmg_assets_tests.benchmarks.alloys import ZR_AL_CU, alloys
from bmg_assets_tests.benchmarks.line import Line, at_least, at_most, number, seconds
from bmg_assets_tests.benchmarks.size import Size

LARGE = 12_000
FIT_S, LARGE_FIT_S, LARGE_FIT_MB, POINTS_PER_S = 10.0, 30.0, 2000.0, 20_000.0
CASTS = 4


@dataclass(frozen=True)
class Times:
    """Seconds by the clock, all threads that the process may use."""

    fit_s: float
    cast_s: float
    """Four casts more, and their map."""
    map_s: float
    points: int
    left_out: int
    """Predictions of systems left out, by which the fit calibrates itself."""


def run(size: Size) -> list[Line]:
    """The fit at two sizes, conditioning, and maps."""
    n = len(alloys().y) if size.rows is None else size.rows
    library_s = timed_by_the_clock(_fit_by_library, known_alloys(n, size.seed))[1]
    ours, peak = size.apart(measure, n, size.seed)
    large = LARGE if size.rows is None else 2 * n
    larger, large_peak = size.apart(measure, large, size.seed)
    is_judged = alloys().published and size.rows is None
    by_refits = library_s * (1 + ours.left_out)
    return [
        Line(
            f"fit to {n:,} alloys, calibrated by {ours.left_out:,} predictions of systems left out",
            f"{seconds(ours.fit_s)} by the clock",
            f"{seconds(by_refits)}, scikit-learn's process refitted for each, from one of {seconds(library_s)}",
            by_refits / ours.fit_s,
            peak,
            at_most(FIT_S, "s"),
            ours.fit_s if is_judged else None,
        ),
        Line(
            f"the same for {large:,} alloys",
            f"{seconds(larger.fit_s)} by the clock",
            peak_mb=large_peak,
            target=at_most(LARGE_FIT_S, "s"),
            found=larger.fit_s if is_judged else None,
        ),
        Line(
            "its memory",
            f"{large_peak:.0f} MB",
            peak_mb=large_peak,
            target=at_most(LARGE_FIT_MB, "MB"),
            found=large_peak if is_judged else None,
        ),
        Line(
            f"{CASTS} casts more, and the map again",
            f"{seconds(ours.cast_s)} by the clock",
            f"{seconds(ours.fit_s + ours.map_s)}, fitted anew",
            (ours.fit_s + ours.map_s) / ours.cast_s,
        ),
        Line(
            f"a map of {ours.points:,} compositions with its errors",
            f"{seconds(ours.map_s)} by the clock, {number(ours.points / ours.map_s)} compositions a second",
            target=at_least(POINTS_PER_S, "compositions a second"),
            found=ours.points / ours.map_s if is_judged else None,
        ),
    ]


def measure(n: int, seed: int) -> Times:
    """Fit to n alloys, map Zr-Al-Cu, then the same with four casts more."""
    known, target = known_alloys(n, seed), frozenset(ZR_AL_CU)
    EmbeddingSpace.fit(known.compositions.take(np.arange(10)))  # loads the libraries
    fitted, fit_s = timed_by_the_clock(RECOMMENDED.fit, known, target, seed)
    points = composition_grid(len(ZR_AL_CU))
    grid = Compositions(ZR_AL_CU, points / 100, np.empty((len(points), 0)))
    grid = grid.with_elements(known.compositions.elements)
    _, map_s = timed_by_the_clock(fitted.predict, grid)
    rows = np.linspace(0, len(points) - 1, CASTS).astype(int)
    casts = Alloys(
        grid.take(rows), np.arange(1.0, 1 + CASTS), np.full(CASTS, "Al-Cu-Zr", object), np.ones(CASTS, dtype=bool)
    )
    _, cast_s = timed_by_the_clock(lambda: fitted.condition_on(known.followed_by(casts)).predict(grid))
    return Times(fit_s, cast_s, map_s, len(points), _systems_left_out(fitted))


def known_alloys(n: int, seed: int) -> Alloys:
    """n alloys: some of the set, or all of it and others near to them."""
    found = alloys()
    amounts = [found.amounts[row % len(found.y)] for row in range(n)]
    fractions, elements = fraction_matrix([list(one) for one in amounts], [list(one.values()) for one in amounts])
    shaken = fractions * np.exp(0.03 * np.random.default_rng(seed).normal(size=fractions.shape))
    shaken[: len(found.y)] = fractions[: len(found.y)]
    shaken /= shaken.sum(axis=1, keepdims=True)
    systems = np.array([SEPARATOR.join(sorted(one)) for one in amounts], dtype=object)
    dmax_mm = found.y[np.arange(n) % len(found.y)]
    return Alloys(Compositions(elements, shaken, np.empty((n, 0))), dmax_mm, systems, np.zeros(n, dtype=bool))


def timed_by_the_clock(function: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """What the function gives, and the seconds that it took by the clock."""
    started = time.perf_counter()
    result = function(*arguments)
    return result, time.perf_counter() - started


def _systems_left_out(fitted: Any) -> int:
    """Pairs of a system and a regime."""
    if fitted.calibration is None:
        return 0
    left_out = fitted.calibration.left_out
    return len(set(zip(left_out.systems.tolist(), left_out.regimes.tolist(), strict=True)))


def _fit_by_library(known: Alloys) -> None:
    """scikit-learn's process with one RBF kernel, hyper-parameters fixed."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF

    coordinates = EmbeddingSpace.fit(known.compositions)[1].coordinates
    process = GaussianProcessRegressor(RBF(1.0), alpha=NOISE, optimizer=None)
    process.fit(coordinates, np.log1p(known.dmax_mm))
