"""Identities of arrays and frames, by which a consumer sees whether two things were made from the same rows."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

DIGITS = 16


def fingerprint_arrays(*arrays: NDArray[np.float64]) -> str:
    """A short hexadecimal identity of the shapes and values, in order."""
    digest = sha256()
    for array in arrays:
        digest.update(str(array.shape).encode())
        digest.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
    return digest.hexdigest()[:DIGITS]


def fingerprint_frame(frame: pd.DataFrame) -> str:
    """A short hexadecimal identity of the columns and rows, in order; the index does not count."""
    return sha256(frame.to_csv(index=False).encode()).hexdigest()[:DIGITS]


def fingerprint_parts(*parts: object) -> str:
    """A short hexadecimal identity of the texts of several parts, in order."""
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()[:DIGITS]


def fingerprint_table(frame: pd.DataFrame) -> str:
    """Identity of a frame, fast for many columns of numbers; its values differ from those of `fingerprint_frame`."""
    numbers = frame.select_dtypes("float64")
    others = frame.drop(columns=numbers.columns)
    return fingerprint_parts(*frame.columns, fingerprint_arrays(numbers.to_numpy()), fingerprint_frame(others))
