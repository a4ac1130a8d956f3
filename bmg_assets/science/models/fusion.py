"""Fusion of the sub-models, eq. (1) of the paper: pred = Σ xᵢ yᵢ / Σ xᵢ with weights xᵢ between 0 and 1.

The weights are chosen for the mean R² over the five folds. On out-of-fold predictions that objective is quadratic: with
weights that sum to one, the residual of the fusion is the same mixture of the sub-models' residuals, so

    1 - mean R² = wᵀ A w,   A = Σ_f E_fᵀ E_f / (F · SST_f)

where E_f holds the residuals of the sub-models in fold f and SST_f the spread of its labels. A is small (one row per
sub-model) and positive semi-definite, so every point of the weights' lattice is evaluated, and the exact optimum is
computed too. Nothing is refitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from bmg_assets.science.alloys.simplex import simplex_points
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.folds import Fold, rmse

LATTICE_STEPS = 100
"""Weights are searched in steps of 1/100, as in the authors' notebooks."""
COARSER_STEPS = (50, 25, 20, 10, 5)
"""For more than four sub-models: points of the lattice grow with the power of their number."""
MOST_POINTS = 500_000
ROWS_AT_ONCE = 100_000


class FusionError(BmgError):
    """Sub-models that cannot be fused."""


@dataclass(frozen=True)
class FusionScores:
    """How good a set of predictions is by the five folds."""

    r2_mean: float
    """Mean of the folds' coefficients of determination."""
    rmse_mean_mm: float
    """Mean of the folds' RMSE in mm."""


@dataclass(frozen=True)
class Fusion:
    """Weights of the sub-models and the scores of their fusion."""

    weights: FloatArray
    """Shape (m,), the best point of the lattice, summing to one."""
    exact_weights: FloatArray
    """Shape (m,), the exact optimum over all weights, summing to one."""
    scores: FusionScores
    exact_scores: FusionScores
    part_scores: tuple[FusionScores, ...]
    """Scores of each sub-model alone."""


def fuse(predictions: FloatArray, weights: FloatArray) -> FloatArray:
    """Eq. (1) of the paper.

    Args:
        predictions: of each sub-model in mm, shape (n, m).
        weights: shape (m,), not all zero.

    Returns:
        Fused critical casting diameters in mm, shape (n,).
    """
    fused: FloatArray = predictions @ weights / weights.sum()
    return fused


def fold_scores(predicted: FloatArray, y: FloatArray, folds: Sequence[Fold]) -> FusionScores:
    """Scores of out-of-fold predictions, means over the folds.

    Args:
        predicted: in mm, shape (n,).
        y: labels in mm, shape (n,); in a fold where all are equal, R² is not finite.
        folds: they hold out rows of these arrays.
    """
    r2 = [
        1 - np.sum((predicted[fold.test] - y[fold.test]) ** 2) / np.sum((y[fold.test] - y[fold.test].mean()) ** 2)
        for fold in folds
    ]
    return FusionScores(
        float(np.mean(r2)), float(np.mean([rmse(predicted[fold.test], y[fold.test]) for fold in folds]))
    )


def objective_matrix(predictions: FloatArray, y: FloatArray, folds: Sequence[Fold]) -> FloatArray:
    """The matrix A of 1 - mean R² = wᵀ A w, shape (m, m), see the head of this file.

    Args:
        predictions: out-of-fold predictions in mm, shape (n, m).
        y: labels in mm, shape (n,).
        folds: those behind the predictions.

    Raises:
        FusionError: the labels of a fold are all equal, so that R² is not defined.
    """
    matrix = np.zeros((predictions.shape[1],) * 2)
    for fold in folds:
        residuals = predictions[fold.test] - y[fold.test, np.newaxis]
        spread = np.sum((y[fold.test] - y[fold.test].mean()) ** 2)
        if np.ptp(y[fold.test]) == 0:  # not the spread: the mean of equal labels may differ from them by rounding
            raise FusionError(
                f"All {len(fold.test)} alloys of one fold have the same label, so the fusion has no score to optimise; "
                "use a training set with more than one class of alloys."
            )
        matrix += residuals.T @ residuals / (len(folds) * spread)
    return matrix


def objective(weights: FloatArray, matrix: FloatArray) -> FloatArray:
    """1 - mean R² of the fusion with each row of weights: wᵀ A w, shape (k,).

    Args:
        weights: shape (k, m), each row summing to one.
        matrix: the matrix A of `objective_matrix`, shape (m, m).
    """
    blocks = np.array_split(weights, max(1, len(weights) // ROWS_AT_ONCE))
    return np.concatenate([np.einsum("ni,ij,nj->n", block, matrix, block, optimize=True) for block in blocks])


def lattice_steps(parts: int) -> int:
    """Number of steps of a weight for this many sub-models: the most whose lattice has at most MOST_POINTS points."""
    return next(
        (steps for steps in (LATTICE_STEPS, *COARSER_STEPS) if comb(steps + parts - 1, parts - 1) <= MOST_POINTS),
        COARSER_STEPS[-1],
    )


def search_weights(matrix: FloatArray, steps: int | None = None) -> FloatArray:
    """The best weights in steps of 1/`steps`, shape (m,), by looking at every point of the lattice.

    Args:
        matrix: the matrix A of `objective_matrix`, shape (m, m).
        steps: those of `lattice_steps` by default.
    """
    steps = steps or lattice_steps(len(matrix))
    lattice = simplex_points(len(matrix), steps) / steps
    best: FloatArray = lattice[int(np.argmin(objective(lattice, matrix)))]
    return best


def exact_weights(matrix: FloatArray) -> FloatArray:
    """The weights that minimise wᵀ A w with w ≥ 0 and Σ w = 1, shape (m,).

    For each choice of sub-models with a weight above zero, the optimum solves a linear system (Lagrange, with the
    multiplier as the last unknown, so that a loss of zero is found too). The solution with the lowest loss and no
    negative weight is the optimum of the convex problem.
    """
    m = len(matrix)
    best, best_loss = np.full(m, 1 / m), np.inf
    for size in range(1, m + 1):
        for chosen in combinations(range(m), size):
            system = np.ones((size + 1, size + 1))
            system[:size, :size], system[size, size] = matrix[np.ix_(chosen, chosen)], 0
            part = np.linalg.lstsq(system, np.eye(size + 1)[size], rcond=None)[0][:size]
            if part.sum() <= 0 or (part < 0).any():
                continue
            weights = np.zeros(m)
            weights[list(chosen)] = part / part.sum()
            loss = float(weights @ matrix @ weights)
            if loss < best_loss:
                best, best_loss = weights, loss
    return best


def find_fusion(predictions: FloatArray, y: FloatArray, folds: Sequence[Fold]) -> Fusion:
    """The weights of eq. (1) of the paper, on its lattice and at the exact optimum.

    Args:
        predictions: out-of-fold predictions of m sub-models in mm, shape (n, m).
        y: labels in mm, shape (n,).
        folds: those behind the predictions.

    Raises:
        FusionError: the labels of a fold are all equal, so that R² is not defined.
    """
    matrix = objective_matrix(predictions, y, folds)
    searched, exact = search_weights(matrix), exact_weights(matrix)
    return Fusion(
        weights=searched,
        exact_weights=exact,
        scores=fold_scores(fuse(predictions, searched), y, folds),
        exact_scores=fold_scores(fuse(predictions, exact), y, folds),
        part_scores=tuple(fold_scores(part, y, folds) for part in predictions.T),
    )
