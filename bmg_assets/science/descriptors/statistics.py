"""Statistics of element properties over an alloy: matminer's ElementProperty, 13 properties by 5 statistics."""

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.descriptors.elements import ELEMENT_PROPERTIES, ElementTables

STATISTICS = ("minimum", "maximum", "range", "mean", "std_dev")
STATISTICS_NAMES = tuple(f"PymatgenData {statistic} {name}" for name in ELEMENT_PROPERTIES for statistic in STATISTICS)


def property_statistics(
    index: NDArray[np.intp], fractions: NDArray[np.float64], tables: ElementTables
) -> NDArray[np.float64]:
    """The 65 statistics of n alloys of m elements each.

    Args:
        index: (n, m) positions of the alloys' elements in `tables.symbols`.
        fractions: (n, m) mole fractions, all above zero.
        tables: element data.

    Returns:
        (n, 65) in the order of `STATISTICS_NAMES`, in the units of pymatgen; nan where an element lacks the property.
    """
    values = tables.properties[index]
    lowest, highest = values.min(axis=1), values.max(axis=1)
    mean = np.einsum("nm,nmp->np", fractions, values) / fractions.sum(axis=1)[:, None]
    stacked = np.stack([lowest, highest, highest - lowest, mean, _weighted_std_dev(values, fractions, mean)], axis=2)
    return stacked.reshape(len(index), -1)


def _weighted_std_dev(
    values: NDArray[np.float64], fractions: NDArray[np.float64], mean: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Standard deviation (n, p) of values (n, m, p) with reliability weights, as matminer's PropertyStats.std_dev.

    The weights' correction is sum w / ((sum w)^2 - sum w^2), which has no value for a single element: there it is 0.
    """
    if values.shape[1] == 1:
        return np.zeros_like(mean)
    total = fractions.sum(axis=1)
    correction = total / (total**2 - (fractions**2).sum(axis=1))
    squares = np.einsum("nm,nmp->np", fractions, (values - mean[:, None, :]) ** 2)
    spread: NDArray[np.float64] = np.sqrt(correction[:, None] * squares)
    return spread
