"""The same descriptors by matminer itself, one alloy after the other: slow, and what ours must equal."""

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.descriptors.table import ALL_DESCRIPTORS


def by_matminer(alloys: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
    """Descriptors (n, 86) of alloys given as element: amount, in the order of `ALL_DESCRIPTORS`."""
    from matminer.featurizers.composition.alloy import Miedema, YangSolidSolution
    from matminer.featurizers.composition.composite import ElementProperty
    from matminer.featurizers.composition.orbital import ValenceOrbital
    from matminer.featurizers.composition.packing import AtomicPackingEfficiency
    from pymatgen.core import Composition

    featurizers = [
        AtomicPackingEfficiency(impute_nan=False),
        ElementProperty.from_preset("matminer", impute_nan=False),
        Miedema(impute_nan=False),
        ValenceOrbital(impute_nan=False),
        YangSolidSolution(impute_nan=False),
    ]
    rows = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for alloy in alloys:
            row: dict[str, float] = {}
            for featurizer in featurizers:
                values = featurizer.featurize(Composition(alloy))
                row |= dict(zip(featurizer.feature_labels(), values, strict=True))
            row["Miedema_deltaH_ami"] = row["Miedema_deltaH_amor"] - row["Miedema_deltaH_inter"]
            row["Miedema_deltaH_ams"] = row["Miedema_deltaH_amor"] - row["Miedema_deltaH_ss_min"]
            row["Miedema_deltaH_am_min"] = min(row["Miedema_deltaH_ami"], row["Miedema_deltaH_ams"])
            rows.append([row.pop(name) for name in ALL_DESCRIPTORS])
            assert not row, f"columns of matminer that we do not have: {sorted(row)}"
    return np.array(rows, dtype=np.float64)


def as_matrix(alloys: Sequence[Mapping[str, float]]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Mole fractions (n, E) of the alloys and the E symbols, alphabetical."""
    elements = tuple(sorted({element for alloy in alloys for element in alloy}))
    fractions = np.array([[alloy.get(element, 0.0) for element in elements] for alloy in alloys])
    return fractions / fractions.sum(axis=1)[:, None], elements
