"""The surrogate at hand: fitted once for the same alloys, with own casts as what their ladder says."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from bmg_assets.actions import fitted_surrogate
from bmg_assets.actions.fitted_surrogate import FittedToAll, NothingKnownError, UnknownElementError, fitted_to_all
from bmg_assets.science.literature.known_alloys import BOUNDS, KNOWN_COLUMNS
from bmg_assets_tests.science.surrogates.literature import learnable_tables

NO_CASTS = pd.DataFrame(columns=[*KNOWN_COLUMNS, *BOUNDS])
MIDDLE = (("Zr", "Ag", "Nb"), (45.0, 35.0, 20.0))


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    fitted_surrogate._last = None
    yield
    fitted_surrogate._last = None


def fitted(own: pd.DataFrame = NO_CASTS, said: list[str] | None = None) -> FittedToAll:
    return fitted_to_all(own, learnable_tables()[0], MIDDLE[0], 0, (lambda _: None) if said is None else said.append)


def cast(high_mm: float) -> pd.DataFrame:
    row = ("Ag35Nb20Zr45", ["Ag", "Nb", "Zr"], [35.0, 20.0, 45.0], 0.0, 0.0, high_mm)
    return pd.DataFrame([row], columns=NO_CASTS.columns)


def test_the_fit_is_kept_until_the_alloys_change() -> None:
    said: list[str] = []
    first = fitted(said=said)
    assert fitted(said=said) is first
    assert fitted(cast(1.0), said) is not first
    assert len(said) == 2
    assert "known alloys, which takes about half a minute" in said[0]


def test_own_casts_count_for_the_alloys_of_their_system() -> None:
    before, after = fitted().predict(*MIDDLE, 0.9), fitted(cast(0.2)).predict(*MIDDLE, 0.9)
    assert after.dmax_mm < before.dmax_mm
    assert (after.explained or 0) > (before.explained or 0)
    assert before.low_mm is not None
    assert before.high_mm is not None
    assert before.low_mm <= before.dmax_mm <= before.high_mm
    assert 0 <= (before.probability_bulk or 0) <= 1


def test_what_cannot_be_predicted_is_a_sentence() -> None:
    with pytest.raises(UnknownElementError, match="holds Pd or Xe"):
        fitted_to_all(NO_CASTS, learnable_tables()[0], ("Zr", "Pd", "Xe"), 0)
    assert fitted_surrogate._last is None  # nobody waits for a fit that is of no use
    with pytest.raises(NothingKnownError, match="take in a source of literature"):
        fitted_to_all(NO_CASTS, learnable_tables()[0].assign(dmax_mm=np.nan), MIDDLE[0], 0)
