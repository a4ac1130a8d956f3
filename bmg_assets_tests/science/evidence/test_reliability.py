"""Alloys are counted in the range of what they were promised, and as what they turned out to be."""

import numpy as np
import pytest

from bmg_assets.science.evidence.reliability import reliability


def test_outcomes_are_counted_by_promise() -> None:
    promised = np.array([0.0, 0.04, 0.05, 0.5, 0.6, 0.9, 1.0])
    dmax_mm = np.array([0.0, 2.0, 0.2, 3.0, 0.2, 0.6, 0.0])
    systems = np.array(["A-B-C", "A-B-C", "A-B-D", "A-B-C", "A-B-C", "A-B-D", "A-B-D"], dtype=object)
    table = reliability(promised, dmax_mm, systems).set_index("range")
    assert list(table["alloys"]) == [2, 1, 4]
    assert table.loc["0% to 5%", ["bulk", "ribbon", "no_glass"]].tolist() == pytest.approx([0.5, 0, 0.5])
    assert table.loc["5% to 10%", ["bulk", "ribbon", "no_glass"]].tolist() == pytest.approx([0, 1, 0])
    high = table.loc["40% to 100%"]
    assert high[["bulk", "ribbon", "no_glass"]].tolist() == pytest.approx([0.25, 0.5, 0.25])
    assert (high["systems"], high["mean_predicted"]) == (2, pytest.approx(0.75))
