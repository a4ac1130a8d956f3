"""Gaussian-process regression on a covariance matrix, and its predictions without some of its rows.

The inverse of the covariance holds the prediction of any rows from all others, so that leaving a system out costs a
small solve and no fit (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, section 5.4.2, for
blocks of rows).
"""

from dataclasses import dataclass

import numpy as np

from bmg_assets.science.arrays import FloatArray, IntArray, RealArray
from bmg_assets.science.errors import BmgError

DIRECTIONS = 400
"""Directions from which many new points see the rows."""
MIRRORED_AT_ONCE = 512
"""Rows and columns; 2 MB of numbers."""


class CovarianceError(BmgError):
    """A covariance that no alloys can have."""


@dataclass(frozen=True)
class GaussianProcess:
    """Regressions of several targets that share one covariance."""

    inverse: RealArray
    """Inverse of the covariance with noise, shape (n, n)."""
    mean: FloatArray
    """Mean of the targets, shape (t,)."""
    residuals: FloatArray
    """Targets less their mean, shape (n, t)."""
    coefficients: FloatArray
    """`inverse` times `residuals`, shape (n, t)."""

    @classmethod
    def fit(cls, covariance: RealArray, noise: FloatArray, targets: FloatArray) -> "GaussianProcess":
        """Condition on targets.

        Args:
            covariance: of the function values, shape (n, n); it is written over. In single precision the inverse is
                half as large and made in half the time.
            noise: variance of each row's noise in the same unit, above zero, shape (n,).
            targets: shape (n, t).

        Raises:
            CovarianceError: the covariance is not positive definite.
        """
        from scipy.linalg import get_lapack_funcs

        covariance[np.diag_indices_from(covariance)] += noise.astype(covariance.dtype)
        # LAPACK itself, since SciPy's own inverse forgets the symmetry and costs three times as much. It counts rows as
        # columns: the transposed view spares a copy, and the matrix is symmetric.
        potrf, potri, potrs = get_lapack_funcs(("potrf", "potri", "potrs"), (covariance,))
        factor, not_definite = potrf(covariance.T, lower=1, overwrite_a=1)
        # Of what is not a number LAPACK does not always say that it is not positive.
        if not_definite or not np.isfinite(factor.diagonal()).all():
            raise CovarianceError(
                f"Found a covariance of {len(targets):,} alloys that is not positive definite, so nothing follows from "
                "it; expected amounts and estimates that are numbers, and noise above zero. Report this as a fault, "
                "and use another strategy until it is mended."
            )
        mean = targets.mean(axis=0)
        residuals = targets - mean
        coefficients, _ = potrs(factor, residuals, lower=1)
        inverse, _ = potri(factor, lower=1, overwrite_c=1)
        _mirror_lower(inverse)
        return cls(inverse, mean, residuals, coefficients.astype(np.float64))

    def predict(self, covariance: RealArray) -> FloatArray:
        """Means of the targets at new points, shape (m, t), from their covariance with the rows, shape (m, n)."""
        return np.asarray(covariance @ self.coefficients.astype(covariance.dtype) + self.mean)

    def with_rows(
        self, to_known: FloatArray, covariance: FloatArray, noise: FloatArray, targets: FloatArray
    ) -> "GaussianProcess":
        """The process with a few more rows behind the others; its mean stays.

        Args:
            to_known: covariance of the new rows with the others, shape (m, n).
            covariance: of the new rows, shape (m, m).
            noise: shape (m,).
            targets: shape (m, t).
        """
        solved = to_known @ self.inverse
        remaining = np.linalg.inv(covariance + np.diag(noise) - solved @ to_known.T)
        corner = -remaining @ solved
        inverse = np.block([[self.inverse - solved.T @ corner, corner.T], [corner, remaining]])
        residuals = np.vstack([self.residuals, targets - self.mean])
        return GaussianProcess(inverse, self.mean, residuals, inverse @ residuals)

    def explained_variance(self, covariance: RealArray, hidden: IntArray | None = None) -> FloatArray:
        """Decrease of the variance at new points by the rows, shape (m,), from their covariance, shape (m, n).

        Args:
            covariance: of the new points with the rows.
            hidden: rows that are not known, shape (h,).
        """
        from scipy.linalg import cholesky, solve_triangular

        if hidden is None or len(hidden) == 0:
            return np.asarray(((covariance @ self.inverse) * covariance).sum(axis=1))
        covariance = covariance.copy()
        covariance[:, hidden] = 0
        solved = covariance @ self.inverse
        lower = cholesky(self.inverse[np.ix_(hidden, hidden)], lower=True)
        by_hidden = solve_triangular(lower, solved[:, hidden].T, lower=True)
        return np.asarray((solved * covariance).sum(axis=1) - (by_hidden**2).sum(axis=0))

    def half_inverse(self) -> RealArray:
        """A lower triangle C with C Cᵀ the inverse, shape (n, n), in the order of columns that LAPACK takes."""
        from scipy.linalg import cholesky

        return np.asarray(cholesky(self.inverse, lower=True, check_finite=False))

    def explained_roots(self, covariance: RealArray) -> FloatArray:
        """Rows whose products are the decrease by the rows of the covariance of m new points, shape (m, r).

        Thousands of new points of one system see the rows from a few directions, so that a random projection to
        DIRECTIONS of them (Halko, Martinsson and Tropp, SIAM Rev. 53 (2011) 217) loses less than a thousandth.

        Args:
            covariance: of the new points with the rows, shape (m, n).
        """
        if len(covariance) <= 2 * DIRECTIONS:
            explained = (covariance @ self.inverse) @ covariance.T
            basis = None
        else:
            drawn = np.random.default_rng(0).normal(size=(covariance.shape[1], DIRECTIONS))
            basis = np.linalg.qr(covariance @ drawn.astype(covariance.dtype))[0]
            seen = basis.T @ covariance
            explained = (seen @ self.inverse) @ seen.T
        values, vectors = np.linalg.eigh(np.asarray((explained + explained.T) / 2, dtype=np.float64))
        roots = vectors * np.sqrt(np.maximum(values, 0))
        return np.asarray(roots if basis is None else basis @ roots)

    def coefficients_without(self, hidden: IntArray) -> FloatArray:
        """The coefficients as if some rows were not known; theirs are zero, and the mean of the targets stays.

        So `covariance @ coefficients + mean` predicts new points from the other rows, without another fit.

        Args:
            hidden: rows that are not known, shape (h,).

        Returns:
            Shape (n, t).
        """
        from scipy.linalg import cho_factor, cho_solve

        if len(hidden) == 0:
            return self.coefficients
        solved = cho_solve(cho_factor(self.inverse[np.ix_(hidden, hidden)]), self.coefficients[hidden])
        left = self.coefficients - self.inverse[:, hidden] @ solved
        left[hidden] = 0.0
        return np.asarray(left)

    def without(self, hidden: IntArray, wanted: IntArray) -> tuple[FloatArray, FloatArray]:
        """Predict some of the hidden rows from the others: means of the targets and their variance, noise included.

        Args:
            hidden: rows that are not known, shape (h,).
            wanted: places in `hidden` of the rows that are asked for, shape (w,).

        Returns:
            Means, shape (w, t), and variances in the unit of the covariance, shape (w,).
        """
        means, roots = self._without(hidden, wanted)
        return means, np.asarray((roots**2).sum(axis=0))

    def joint_without(self, hidden: IntArray, wanted: IntArray) -> tuple[FloatArray, FloatArray]:
        """As `without`, with the covariance of the rows that are asked for, noise included, shape (w, w)."""
        means, roots = self._without(hidden, wanted)
        return means, np.asarray(roots.T @ roots, dtype=np.float64)

    def _without(self, hidden: IntArray, wanted: IntArray) -> tuple[FloatArray, RealArray]:
        """Means, shape (w, t), and a root of the covariance, shape (h, w)."""
        from scipy.linalg import cho_solve, cholesky, solve_triangular

        block = self.inverse[np.ix_(hidden, hidden)]
        lower = cholesky(block, lower=True, overwrite_a=True, check_finite=False)
        surprise = cho_solve((lower, True), self.coefficients[hidden], check_finite=False)
        units = np.zeros((len(hidden), len(wanted)), dtype=block.dtype)
        units[wanted, np.arange(len(wanted))] = 1
        roots = solve_triangular(lower, units, lower=True, overwrite_b=True, check_finite=False)
        return np.asarray((self.residuals[hidden] - surprise + self.mean)[wanted]), roots


def _mirror_lower(matrix: RealArray) -> None:
    """Write the lower triangle over the upper one, block by block, without a copy of the whole."""
    n = len(matrix)
    for start in range(0, n, MIRRORED_AT_ONCE):
        stop = min(start + MIRRORED_AT_ONCE, n)
        diagonal = matrix[start:stop, start:stop]
        diagonal[:] = np.tril(diagonal) + np.tril(diagonal, -1).T
        matrix[start:stop, stop:] = matrix[stop:, start:stop].T


def explained_by(half_inverse: RealArray, covariance: RealArray) -> FloatArray:
    """As `explained_variance` of many new points, with half the multiplications.

    Args:
        half_inverse: see `GaussianProcess.half_inverse`.
        covariance: of the new points with the rows, shape (m, n); it is written over.
    """
    from scipy.linalg.blas import get_blas_funcs

    (multiply,) = get_blas_funcs(("trmm",), (half_inverse, covariance))
    # Transposed, the rows are columns in the order that BLAS takes, and nothing is copied.
    halves = multiply(1.0, half_inverse, covariance.T, lower=1, trans_a=1, overwrite_b=1)
    return np.asarray((halves**2).sum(axis=0), dtype=np.float64)
