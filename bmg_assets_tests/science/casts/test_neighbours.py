"""Own casts of neighbouring compositions that cannot both be right."""

import pandas as pd

from bmg_assets.science.casts.neighbours import neighbours_that_contradict


def results(*rows: tuple[list[float], float | None]) -> pd.DataFrame:
    """Labels of Al-Cu-Zr: amounts and D_max."""
    return pd.DataFrame(
        {
            "composition": ["-".join(f"{amount:g}" for amount in at_pct) for at_pct, _ in rows],
            "at_pct": [at_pct for at_pct, _ in rows],
            "dmax_mm": pd.Series([dmax for _, dmax in rows], dtype="float64"),
            "sample_ids": [[f"S{number}"] for number in range(len(rows))],
        }
    )


def test_a_bulk_glass_beside_no_glass_is_told_with_both_samples() -> None:
    (told,) = neighbours_that_contradict(results(([10, 40, 50], 3.0), ([10, 41, 49], 0.0), ([10, 45, 45], 0.0)))
    assert told == (
        "10-40-50 was glass up to 3 mm (S0), but 10-41-49, 1 at.% away, not even as a ribbon (S1): check both, and "
        "withdraw the one that is wrong"
    )


def test_what_may_both_be_right_is_not_told() -> None:
    for other in (([10, 42, 48], 0.0), ([10, 41, 49], 0.2), ([10, 41, 49], None)):
        assert neighbours_that_contradict(results(([10, 40, 50], 3.0), other)) == []
    assert neighbours_that_contradict(results(([10, 40, 50], 0.2), ([10, 41, 49], 0.0))) == []
    assert neighbours_that_contradict(results()) == []
