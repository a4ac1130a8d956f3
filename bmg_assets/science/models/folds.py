"""The five folds on which every sub-model and the fusion are evaluated, prepared once and shared by all trials."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bmg_assets.science.arrays import FloatArray, IntArray
from bmg_assets.science.descriptors.scaler import Scaler
from bmg_assets.science.errors import BmgError

N_FOLDS = 5
FOLD_SEED = 12138
"""The random state of the paper's notebooks."""


class TooFewAlloysError(BmgError):
    """A training set that cannot be split into folds."""


@dataclass(frozen=True)
class Fold:
    """One split: standardised descriptors (the scaler has seen the training rows alone), labels in mm and weights."""

    train: IntArray
    test: IntArray
    X_train: FloatArray
    y_train: FloatArray
    weight_train: FloatArray
    X_test: FloatArray
    y_test: FloatArray

    @cached_property
    def squared_distances(self) -> tuple[FloatArray, FloatArray]:
        """Squared Euclidean distances train-train and test-train: all that an RBF kernel needs, whatever its width."""
        from scipy.spatial.distance import cdist

        return (
            cdist(self.X_train, self.X_train, "sqeuclidean"),
            cdist(self.X_test, self.X_train, "sqeuclidean"),
        )


def prepare_folds(X: FloatArray, y: FloatArray, weight: FloatArray | None = None) -> tuple[Fold, ...]:
    """Split as the paper does, `KFold(5, shuffle=True, random_state=12138)`.

    Args:
        X: descriptors, shape (n, d), without missing values.
        y: critical casting diameters in mm, shape (n,).
        weight: weight of each row in the fits, shape (n,); equal by default. The scores never use it.

    Raises:
        TooFewAlloysError: fewer than two rows for each fold.
    """
    from sklearn.model_selection import KFold

    _check_enough(y)
    return _cut_folds(X, y, KFold(N_FOLDS, shuffle=True, random_state=FOLD_SEED).split(X), weight)


def prepare_group_folds(X: FloatArray, y: FloatArray, groups: Sequence[str]) -> tuple[Fold, ...]:
    """Split so that no group lies in two folds.

    Args:
        X, y: as of `prepare_folds`, shapes (n, d) and (n,).
        groups: name of the group of each row, n of them, at least five different ones.

    Raises:
        TooFewAlloysError: fewer than two rows for each fold.
    """
    from sklearn.model_selection import GroupKFold

    _check_enough(y)
    return _cut_folds(X, y, GroupKFold(N_FOLDS).split(X, groups=list(groups)))


def _check_enough(y: FloatArray) -> None:
    """See that a training set can be split; raises TooFewAlloysError."""
    if len(y) < 2 * N_FOLDS:
        raise TooFewAlloysError(
            f"The training set has {len(y)} alloys; {2 * N_FOLDS} are needed for {N_FOLDS} folds: "
            "choose a sub-dataset that prunes less, or add a literature source."
        )


def _cut_folds(
    X: FloatArray, y: FloatArray, splits: Iterable[tuple[IntArray, IntArray]], weight: FloatArray | None = None
) -> tuple[Fold, ...]:
    """The folds of splits, each the rows to train on and those to hold out; other arguments as `prepare_folds`."""
    weight = np.ones(len(y)) if weight is None else weight
    folds = []
    for train, test in splits:
        scaler = Scaler.fit(X[train])
        folds.append(
            Fold(
                train=train,
                test=test,
                X_train=scaler.transform(X[train]),
                y_train=y[train],
                weight_train=weight[train],
                X_test=scaler.transform(X[test]),
                y_test=y[test],
            )
        )
    return tuple(folds)


def rmse(predicted: FloatArray, reported: FloatArray) -> float:
    """Root mean square error in mm."""
    return float(np.sqrt(np.mean((predicted - reported) ** 2)))
