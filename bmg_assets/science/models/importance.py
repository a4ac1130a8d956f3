"""The descriptors that the fused prediction depends on: how much worse it becomes when one of them is shuffled.

Permutation importance (Breiman, Machine Learning 45, 2001): a descriptor's values are exchanged among the alloys, so
that it carries no information, and the error of the prediction is measured again. Two descriptors with the same
information share their importance, and the alloys are those that the models were fitted to: importance shows what the
models use, not what makes a glass.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models.folds import rmse

ROWS = 200
"""Alloys that are drawn for it; with more the order hardly changes, and the time grows."""
REPEATS = 2


@dataclass(frozen=True)
class Importance:
    """Rise of the error in mm for each descriptor, shape (d,)."""

    descriptors: tuple[str, ...]
    rise_mm: FloatArray
    """RMSE with the descriptor shuffled minus RMSE as it is, mean over the repeats."""
    rmse_mm: float
    """RMSE of the prediction on the alloys drawn, nothing shuffled."""
    n_alloys: int

    def largest_first(self) -> list[tuple[str, float]]:
        """Descriptors with their rises in mm, the largest first; of equal ones the earlier."""
        order = np.argsort(-self.rise_mm, kind="stable")
        return [(self.descriptors[column], float(self.rise_mm[column])) for column in order]


def permutation_importance(
    predict: Callable[[FloatArray], FloatArray],
    X: FloatArray,
    y: FloatArray,
    descriptors: Sequence[str],
    seed: int,
    rows: int = ROWS,
    repeats: int = REPEATS,
) -> Importance:
    """Shuffle one descriptor after the other.

    Args:
        predict: gives D_max in mm, shape (n,), from descriptors of shape (n, d).
        X: descriptors of the known alloys, shape (n, d).
        y: their D_max in mm, shape (n,).
        rows: alloys to draw; all of them where there are fewer.
        repeats: shuffles of each descriptor.
    """
    rng = np.random.default_rng(seed)
    drawn = rng.permutation(len(X))[:rows]
    X, y = X[drawn], y[drawn]
    before = rmse(predict(X), y)
    rises = np.empty(X.shape[1])
    for column in range(X.shape[1]):
        shuffled = np.tile(X, (repeats, 1, 1))
        for repeat in shuffled:
            repeat[:, column] = rng.permutation(repeat[:, column])
        predicted = predict(shuffled.reshape(-1, X.shape[1])).reshape(repeats, len(X))
        rises[column] = np.mean([rmse(one, y) for one in predicted]) - before
    return Importance(tuple(descriptors), rises, float(before), len(X))
