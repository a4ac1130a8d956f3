"""How much is known of a system follows from the alloys alone."""

import numpy as np
import pytest

from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.regimes import Regime, regime_of

ELEMENTS = ("Al", "Cu", "Ni", "Zr")


def alloys(*amounts: tuple[float, float, float, float]) -> Alloys:
    fractions = np.array(amounts)
    n = len(fractions)
    compositions = Compositions(ELEMENTS, fractions, np.empty((n, 0)))
    return Alloys(compositions, np.ones(n), np.array(["?"] * n, dtype=object), np.zeros(n, dtype=bool))


@pytest.mark.parametrize(
    ("amounts", "regime"),
    [
        ((0.1, 0.4, 0.0, 0.5), Regime.HALF_KNOWN),
        ((0.0, 0.4, 0.1, 0.5), Regime.RELATED_KNOWN),
        ((0.0, 0.5, 0.0, 0.5), Regime.NOTHING_KNOWN),  # a binary is known everywhere
        ((0.5, 0.0, 0.5, 0.0), Regime.NOTHING_KNOWN),
    ],
)
def test_the_regime_of_zr_al_cu(amounts: tuple[float, float, float, float], regime: Regime) -> None:
    assert regime_of(alloys(amounts), frozenset({"Zr", "Al", "Cu"})) is regime
