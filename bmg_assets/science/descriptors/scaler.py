"""Standardisation of descriptors."""

from dataclasses import dataclass

import numpy as np

from bmg_assets.science.arrays import FloatArray


@dataclass(frozen=True)
class Scaler:
    """Mean and standard deviation of each descriptor over the rows that a model is fitted to, both of shape (d,)."""

    mean: FloatArray
    scale: FloatArray

    @classmethod
    def fit(cls, X: FloatArray) -> "Scaler":
        """Standardisation as scikit-learn's `StandardScaler`: a constant descriptor is left at zero.

        Rounding of the mean can give equal numbers a small deviation, so it is compared with this rounding, not zero.
        """
        mean, deviation = X.mean(axis=0), X.std(axis=0)
        rounding = len(X) * np.finfo(np.float64).eps * np.abs(mean)
        return cls(mean, np.where(deviation > rounding, deviation, 1.0))

    def transform(self, X: FloatArray) -> FloatArray:
        """Standardised descriptors, shape (n, d) as `X`."""
        return (X - self.mean) / self.scale
