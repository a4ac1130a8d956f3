"""A Gaussian process with a few rows more, such as own casts, without another inverse of the many."""

from dataclasses import dataclass

import numpy as np

from bmg_assets.science.arrays import FloatArray, RealArray
from bmg_assets.science.models.gaussian_process import GaussianProcess


@dataclass(frozen=True)
class ExtendedProcess:
    """A process of n rows and k more; the mean of its targets stays.

    New points are given by their covariance with the n rows, shape (m, n), and with the k rows, shape (m, k).
    """

    process: GaussianProcess
    solved: FloatArray
    """The inverse of the n rows times their covariance with the k, shape (n, k)."""
    precision: FloatArray
    """Inverse of the covariance that the n rows leave to the k, noise included, shape (k, k)."""
    surprise: FloatArray
    """`precision` times what the targets of the k differ from the process, shape (k, t)."""

    @classmethod
    def of(cls, process: GaussianProcess) -> "ExtendedProcess":
        """The process itself, k being 0."""
        n, t = process.residuals.shape
        return cls(process, np.empty((n, 0)), np.empty((0, 0)), np.empty((0, t)))

    @classmethod
    def with_rows(
        cls,
        process: GaussianProcess,
        solved: FloatArray,
        left: FloatArray,
        noise: FloatArray,
        differences: FloatArray,
    ) -> "ExtendedProcess":
        """The process with k rows more.

        Args:
            process: of n rows.
            solved, left: see `left_by`.
            noise: variance of the noise of each of the k, shape (k,).
            differences: targets of the k less what the process predicts, shape (k, t).
        """
        precision = np.asarray(np.linalg.inv(left + np.diag(noise)), dtype=np.float64)
        return cls(process, solved, precision, precision @ differences)

    @property
    def mean(self) -> FloatArray:
        """Mean of the targets, shape (t,)."""
        return self.process.mean

    def left(self, to_known: RealArray, to_more: RealArray) -> FloatArray:
        """Covariance with the k rows that the n rows leave to m new points, shape (m, k)."""
        return np.asarray(to_more - to_known @ self.solved.astype(to_known.dtype), dtype=np.float64)

    def predict(self, to_known: RealArray, to_more: RealArray) -> FloatArray:
        """Means of the targets at m new points, shape (m, t)."""
        known = self.process.predict(to_known)
        return known if len(self.surprise) == 0 else known + self.left(to_known, to_more) @ self.surprise

    def explained_roots(self, to_known: RealArray, to_more: RealArray) -> FloatArray:
        """Rows whose products are the decrease by all rows of the covariance of m new points, shape (m, r)."""
        by_known = self.process.explained_roots(to_known)
        if len(self.surprise) == 0:
            return by_known
        return np.hstack([by_known, self.left(to_known, to_more) @ np.linalg.cholesky(self.precision)])


def left_by(process: GaussianProcess, to_known: RealArray, covariance: RealArray) -> tuple[FloatArray, FloatArray]:
    """What a process of n rows leaves to k new points.

    Args:
        process: of n rows.
        to_known: covariance of the k points with the n rows, shape (k, n).
        covariance: of the k points, shape (k, k).

    Returns:
        The inverse of the n rows times their covariance with the k, shape (n, k), and the covariance that is left,
        shape (k, k).
    """
    solved = np.asarray(process.inverse @ to_known.T, dtype=np.float64)
    left = covariance - to_known @ solved
    return solved, np.asarray((left + left.T) / 2)
