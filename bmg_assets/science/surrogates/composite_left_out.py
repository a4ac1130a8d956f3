"""What the calibration of `composite` is fitted to: alloys, predicted with more and more of their system known."""

from collections.abc import Sequence

import numpy as np

from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import FloatArray, IntArray
from bmg_assets.science.models.gaussian_process import GaussianProcess
from bmg_assets.science.models.interval_calibration import LeftOutAlloys
from bmg_assets.science.surrogates.alloys import Alloys
from bmg_assets.science.surrogates.kernels import FEWEST_OF_MANY, Embedding
from bmg_assets.science.surrogates.regimes import Regime, hidden_with
from bmg_assets.science.surrogates.transfer import NOT_METALS, noise_of

FEWEST_ALLOYS = 4
"""Alloys from which a system takes part in the calibration."""
MOST_WITHOUT_RELATED = 60
"""Systems that are left out with all that is related: the cost grows with the cube of what is related."""


def left_out_alloys(
    alloys: Alloys, embedding: Embedding, process: GaussianProcess, target: frozenset[str], seed: int
) -> LeftOutAlloys:
    """Every alloy of the systems other than the target, predicted in all regimes.

    Args:
        alloys: n alloys.
        embedding: of them.
        process: fitted to them.
        target: elements of the system that nothing is calibrated on.
        seed: of the halves of systems that are known.
    """
    systems, place, counts = np.unique(embedding.systems, return_inverse=True, return_counts=True)
    elements = [frozenset(system.split(SEPARATOR)) for system in systems]
    takes_part = [
        count >= FEWEST_ALLOYS and len(of) > 1 and of != target for count, of in zip(counts, elements, strict=True)
    ]
    order = np.split(np.argsort(place, kind="stable"), np.cumsum(counts)[:-1])
    taken = [rows for rows, takes in zip(order, takes_part, strict=True) if takes]
    present = alloys.compositions.fractions > 0
    every = max(1, -(-len(taken) // MOST_WITHOUT_RELATED))
    rng = np.random.default_rng(seed)
    pieces: list[tuple[Regime, IntArray, IntArray]] = []
    for number, own in enumerate(taken):
        half = np.sort(rng.permutation(own)[: len(own) // 2])
        pieces += [(Regime.RELATED_KNOWN, own, own), (Regime.HALF_KNOWN, half, half)]
        if number % every == 0:
            related = hidden_with(present, present[own[0]], related_too=True)
            pieces.append((Regime.NOTHING_KNOWN, np.flatnonzero(related), own))
    flags = flags_of(embedding)
    parts = [_one_alone(np.concatenate([*taken, np.empty(0, dtype=np.int64)]), alloys, embedding, process, flags)]
    for regime, hidden, rows in pieces:
        score, variance = process.without(hidden, np.searchsorted(hidden, rows))
        parts.append(_as_left_out(regime, score[:, 0], variance, rows, alloys, embedding, flags))
    return LeftOutAlloys.of_all(parts)


def flags_of(embedding: Embedding) -> FloatArray:
    """Of each alloy whether it has four elements or more, two, and a metalloid or non-metal; shape (n, 3)."""
    systems, place = np.unique(embedding.systems, return_inverse=True)
    return flags_of_elements([system.split(SEPARATOR) for system in systems])[place]


def flags_of_elements(elements: Sequence[Sequence[str]]) -> FloatArray:
    """The same of alloys of which these are the elements."""
    flags = [(len(of) >= FEWEST_OF_MANY, len(of) == 2, not NOT_METALS.isdisjoint(of)) for of in elements]
    return np.array(flags, dtype=np.float64)


def _one_alone(
    rows: IntArray, alloys: Alloys, embedding: Embedding, process: GaussianProcess, flags: FloatArray
) -> LeftOutAlloys:
    """Each of these alloys predicted from all others."""
    variance = 1 / process.inverse.diagonal()[rows].astype(np.float64)
    score = process.residuals[rows, 0] - process.coefficients[rows, 0] * variance + process.mean[0]
    return _as_left_out(Regime.ALL_BUT_ONE_KNOWN, score, variance, rows, alloys, embedding, flags)


def _as_left_out(
    regime: Regime,
    score: FloatArray,
    variance: FloatArray,
    rows: IntArray,
    alloys: Alloys,
    embedding: Embedding,
    flags: FloatArray,
) -> LeftOutAlloys:
    """These rows with their scores and the variances of these, noise included."""
    left_open = np.maximum(variance - noise_of(alloys.take(rows)), 1e-9)
    return LeftOutAlloys(
        score=score,
        uncertainty=np.sqrt(left_open),
        flags=flags[rows],
        dmax_mm=alloys.dmax_mm[rows],
        systems=embedding.systems[rows].astype(object),
        regimes=np.full(len(rows), regime, dtype=object),
    )
