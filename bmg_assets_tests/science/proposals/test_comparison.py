"""Alloys side by side: which descriptors differ most, measured by the known alloys."""

import numpy as np

from bmg_assets.science.proposals.comparison import LEAST_DIFFERENCE, differing_descriptors, models_of
from bmg_assets_tests.science.proposals.compared import PAPER, compared, predicted

NAMES = ["Yang delta", "Yang omega", "PymatgenData mean X", "Miedema_deltaH_amor"]
KNOWN = np.array([[0.0, 10.0, 1.0, 5.0], [2.0, 30.0, 1.0, np.nan], [4.0, 20.0, 1.0, 7.0]])


def test_the_descriptors_that_differ_most_come_first_in_standard_deviations() -> None:
    spread = KNOWN.std(axis=0)
    values = np.array([[0.0, 10.0, 1.0, 5.0], [spread[0], 10.0 + 3 * spread[1], 9.0, 5.0], [0.0, 10.0, 1.0, 5.0]])
    found = differing_descriptors(values, KNOWN, NAMES)
    # What is the same in all known alloys has no measure, and what does not differ is left out.
    assert found["descriptor"].tolist() == ["Yang omega", "Yang delta"]
    assert found["difference"].round(6).tolist() == [3.0, 1.0]
    assert found["in_words"].iloc[1] == "δ, mismatch of atomic sizes"
    assert found[["0", "1", "2"]].iloc[1].tolist() == [0.0, spread[0], 0.0]
    assert found["known_mean"].tolist() == [20.0, 2.0]


def test_alike_alloys_and_those_that_cannot_be_described_differ_in_nothing() -> None:
    alike = np.array([[0.0, 10.0, 1.0, 5.0], [LEAST_DIFFERENCE / 2, 10.0, 1.0, 5.0]])
    assert differing_descriptors(alike, KNOWN, NAMES).empty
    assert differing_descriptors(np.vstack([KNOWN[0], np.full(4, np.nan)]), KNOWN, NAMES).empty


def test_the_model_that_predicts_the_most_alloys_comes_first() -> None:
    one = compared("A", predicted(0.5, by=PAPER), predicted(0.5))
    assert models_of([one, compared("B", predicted(0.5))]) == ["composite", PAPER]
    assert (one.by("svr"), one.models) == (None, (PAPER, "composite"))
