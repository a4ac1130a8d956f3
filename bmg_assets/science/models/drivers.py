"""The known alloys that drive a prediction, in two senses that are both stated.

*Share of the forest's prediction.* A random forest predicts a weighted mean of the labels that it was fitted to: in
each tree, the mean of the alloys that share the leaf with the composition. The weight of an alloy, averaged over the
trees, is its share; the shares sum to one and give the prediction back (Meinshausen, J. Mach. Learn. Res. 7, 2006).
They belong to the forest alone; the other sub-models have no such shares.

*Distance in descriptors.* The root of the mean squared difference of the standardised descriptors, that is how many
standard deviations two alloys lie apart in a typical descriptor. Support vectors act by this distance.
"""

from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.descriptors.scaler import Scaler
from bmg_assets.science.literature.known_alloys import amounts_of
from bmg_assets.science.literature.training_set import LearningData

LARGEST_SHARES = 5
NEAREST = 3


def forest_shares(forest: Any, X_train: FloatArray, X: FloatArray) -> FloatArray:
    """Share of each known alloy in the forest's prediction, shape (n, n_train), rows summing to one.

    Args:
        forest: a scikit-learn `RandomForestRegressor` fitted to `X_train`. Weights of rows decide how often each is
            drawn (scikit-learn 1.9), so that the draws are all that is needed.
        X_train: descriptors as the forest was fitted to them, shape (n_train, d).
        X: descriptors of new compositions on the same scale, shape (n, d).
    """
    single_train, single = X_train.astype(np.float32), X.astype(np.float32)
    shares = np.zeros((len(X), len(X_train)))
    for tree, drawn in zip(forest.estimators_, forest.estimators_samples_, strict=True):
        times = np.bincount(drawn, minlength=len(X_train)).astype(np.float64)
        leaves_train, leaves = tree.tree_.apply(single_train), tree.tree_.apply(single)
        in_leaf = np.bincount(leaves_train, weights=times, minlength=tree.tree_.node_count)
        together = leaves_train[np.newaxis, :] == leaves[:, np.newaxis]
        shares += together * times / in_leaf[leaves][:, np.newaxis]
    return shares / len(forest.estimators_)


def descriptor_distances(X_train: FloatArray, X: FloatArray) -> FloatArray:
    """Distances in standard deviations of the known alloys, shape (n, n_train); see the head of this file."""
    from scipy.spatial.distance import cdist

    scaler = Scaler.fit(X_train)
    distances: FloatArray = cdist(scaler.transform(X), scaler.transform(X_train)) / np.sqrt(X_train.shape[1])
    return distances


def drivers_of(
    system: TargetSystem,
    candidates: pd.DataFrame,
    X: FloatArray,
    training_set: pd.DataFrame,
    data: LearningData,
    shares: FloatArray,
    shares_count: bool,
) -> pd.DataFrame:
    """For each candidate the alloys with the largest shares, then the nearest in descriptors that are not among them.

    If the shares do not count, only the nearest are listed, by distance.

    Args:
        candidates: the table `candidates`.
        X: descriptors of the candidates, shape (n, d).
        training_set: the table `training_set`; `data` are its arrays.
        shares: as `forest_shares` gives them for `X`.
        shares_count: whether the forest has a part in the prediction that the candidates were chosen by.

    Returns:
        Columns `candidate` (its composition's key), `composition`, `glass_class`, `dmax_mm`, `category`,
        `forest_share` (0 to 1), `descriptor_distance` (standard deviations) and `exchanged_at_pct`.
    """
    distances = descriptor_distances(data.X, X)
    points = np.array(candidates["at_pct"].tolist(), dtype=np.float64)
    exchanged = exchanged_at_pct(points, amounts_of(system, training_set))
    known = training_set[["composition", "glass_class", "dmax_mm", "category"]]
    pieces = []
    for number, candidate in enumerate(candidates["composition"]):
        rows = _chosen(shares[number], distances[number]) if shares_count else _nearest(distances[number])
        pieces.append(
            known.iloc[rows].assign(
                candidate=candidate,
                forest_share=shares[number, rows],
                descriptor_distance=distances[number, rows],
                exchanged_at_pct=exchanged[number, rows],
            )
        )
    return pd.concat(pieces, ignore_index=True)


def _nearest(distances: FloatArray) -> list[int]:
    """Rows of the nearest alloys, as many as are listed by shares and nearness together."""
    return [int(row) for row in np.argsort(distances, kind="stable")[: LARGEST_SHARES + NEAREST]]


def _chosen(shares: FloatArray, distances: FloatArray) -> list[int]:
    """Rows of the alloys with the largest shares, then of the nearest."""
    driving = [int(row) for row in np.argsort(-shares, kind="stable")[:LARGEST_SHARES] if shares[row] > 0]
    near = [int(row) for row in np.argsort(distances, kind="stable")[:NEAREST] if row not in driving]
    return driving + near
