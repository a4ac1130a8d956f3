"""What the map of a system may really be like: several truths, each of which knows the system's reported alloys."""

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.evidence.map_process import MapProcess
from bmg_assets.science.surrogates.alloys import Alloys
from bmg_assets.science.surrogates.base import FittedSurrogate
from bmg_assets.science.surrogates.baselines import NearestAlloy
from bmg_assets.science.surrogates.transfer import OWN_NOISE


def map_of_trees(trees: FittedSurrogate, process: MapProcess) -> FloatArray:
    """D_max in mm on the map by trees that were fitted to all alloys, shape (n,)."""
    return trees.predict(process.compositions).dmax_mm


def drawn_map(process: MapProcess, seed: int) -> FloatArray:
    """D_max in mm on a map that is drawn, shape (n,); without what casts vary by themselves.

    Args:
        process: on the map, with all alloys known.
        seed: of the draw.
    """
    lower = np.linalg.cholesky(process.covariance + 1e-5 * np.eye(len(process)))
    drawn = lower @ np.random.default_rng(seed).standard_normal(len(process))
    cast = process.next_cast
    log_mm = cast.mean + cast.spread * drawn / np.sqrt(process.variance + OWN_NOISE)
    return np.asarray(np.minimum(np.exp(log_mm), cast.largest_mm))


def map_of_nearest(alloys: Alloys, target: frozenset[str], process: MapProcess) -> FloatArray:
    """D_max in mm of the nearest alloy of the target's elements alone, shape (n,)."""
    foreign = [element not in target for element in alloys.compositions.elements]
    inside = (alloys.compositions.fractions[:, foreign] == 0).all(axis=1)
    return NearestAlloy(alloys.take(np.flatnonzero(inside))).predict(process.compositions).dmax_mm
