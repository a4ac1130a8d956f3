"""The same descriptors by matminer itself, one alloy after the other: slow, and what ours must equal."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.descriptors.table import ALL_DESCRIPTORS


def by_matminer(alloys: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
    """Descriptors (n, 86) of alloys given as element: amount, in the order of `ALL_DESCRIPTORS`."""
    featurizers = matminer_featurizers()
    return np.array([featurized(alloy, featurizers) for alloy in alloys], dtype=np.float64)


def matminer_featurizers() -> list[Any]:
    """The five of the paper, as they come but for the imputation of missing data."""
    from matminer.featurizers.composition.alloy import Miedema, YangSolidSolution
    from matminer.featurizers.composition.composite import ElementProperty
    from matminer.featurizers.composition.orbital import ValenceOrbital
    from matminer.featurizers.composition.packing import AtomicPackingEfficiency

    return [
        AtomicPackingEfficiency(impute_nan=False),
        ElementProperty.from_preset("matminer", impute_nan=False),
        Miedema(impute_nan=False),
        ValenceOrbital(impute_nan=False),
        YangSolidSolution(impute_nan=False),
    ]


def featurized(alloy: Mapping[str, float], featurizers: Sequence[Any]) -> list[float]:
    """The 86 descriptors of one alloy, in the order of `ALL_DESCRIPTORS`."""
    from pymatgen.core import Composition

    row: dict[str, float] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for featurizer in featurizers:
            values = featurizer.featurize(Composition(alloy))
            row |= dict(zip(featurizer.feature_labels(), values, strict=True))
    row["Miedema_deltaH_ami"] = row["Miedema_deltaH_amor"] - row["Miedema_deltaH_inter"]
    row["Miedema_deltaH_ams"] = row["Miedema_deltaH_amor"] - row["Miedema_deltaH_ss_min"]
    row["Miedema_deltaH_am_min"] = min(row["Miedema_deltaH_ami"], row["Miedema_deltaH_ams"])
    ordered = [row.pop(name) for name in ALL_DESCRIPTORS]
    assert not row, f"columns of matminer that we do not have: {sorted(row)}"
    return ordered


def as_matrix(alloys: Sequence[Mapping[str, float]]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Mole fractions (n, E) of the alloys and the E symbols, alphabetical."""
    elements = tuple(sorted({element for alloy in alloys for element in alloy}))
    fractions = np.array([[alloy.get(element, 0.0) for element in elements] for alloy in alloys])
    return fractions / fractions.sum(axis=1)[:, None], elements
