"""Synthetic alloys for the models: a table that trains in a moment and can be learnt."""

import numpy as np
from numpy.typing import NDArray


def learnable_table(n: int = 80, d: int = 6, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Descriptors (n, d) on very different scales, and labels in mm (n,), a third of them 0 as in the literature."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * 10.0 ** np.arange(-2, d - 2)
    signal = X[:, 0] * 100 + np.abs(X[:, 1] * 10) + rng.normal(scale=0.2, size=n)
    return X, np.maximum(signal, 0)
