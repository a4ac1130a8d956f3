"""The surrogate is trusted unless the paper's model is certainly better, and the sentence holds the figures."""

import pandas as pd
import pytest

from bmg_assets.science.evidence.trust import FIGURE_COLUMNS, Trust, figures_to_ship, trust_here


def summary(ours: float = 0.8, theirs: float | None = 0.7, p_value: float = 0.01) -> pd.DataFrame:
    rows = []
    for name, mean in (("transfer", ours), ("pruned", theirs)):
        if mean is None:
            continue
        row = dict.fromkeys(FIGURE_COLUMNS, float("nan")) | {
            "literature": "whole", "regime": "nothing_known", "systems_of": "both_kinds", "metric": "auc",
            "strategy": name, "mean": mean, "low": mean - 0.06, "high": mean + 0.06, "systems": 39,
        }  # fmt: skip
        compared = {"p_value_to_pruned": p_value, "difference_to_pruned": None if theirs is None else ours - theirs}
        rows.append(row | compared if name == "transfer" else row | {"systems": 12})
    held = rows[0] | {"systems_of": "all", "metric": "held_bulk_90%", "mean": 0.906}
    return pd.DataFrame([*rows, held])


def test_a_certain_difference_decides_and_its_figures_are_said() -> None:
    assert trust_here(summary(), "nothing_known", "transfer") == Trust(
        "transfer",
        "Trust `transfer` here: on 39 left-out systems with nothing related known, it ranked a bulk glass above "
        "another alloy in 80 % of the pairs (95 % interval 74 to 86 %), and its 90 % intervals held 91 % of the bulk "
        "glasses; on the 12 of them on which the paper's model was judged it did so in 10 % more of the pairs "
        "than that one (p 0.010).",
    )
    worse = trust_here(summary(ours=0.6), "nothing_known", "transfer")
    assert worse.strategy == "pruned"
    assert worse.because.startswith("Trust `pruned` here: on 39")
    assert "in 10 % fewer of the pairs" in worse.because


def test_without_a_certain_difference_the_surrogate_is_trusted_and_the_doubt_is_said() -> None:
    found = trust_here(summary(ours=0.69, p_value=0.4), "nothing_known", "transfer")
    assert found.strategy == "transfer"
    assert "no certain difference (p 0.40)" in found.because


@pytest.mark.parametrize("figures", [None, summary()])
def test_what_was_not_measured_is_said(figures: pd.DataFrame | None) -> None:
    found = trust_here(figures, "half_known", "transfer")
    assert found.strategy == "transfer"
    assert "with half of their alloys known has not been measured" in found.because


def test_a_paper_that_was_not_judged_there_is_not_compared() -> None:
    found = trust_here(summary(theirs=None), "nothing_known", "transfer")
    assert found.because.endswith("; the paper's model was not judged there.")


def test_the_papers_model_in_use_is_no_advice_against_itself() -> None:
    found = trust_here(summary(), "nothing_known", "pruned")
    assert found.strategy == "pruned"
    assert found.because.startswith("`pruned` is the model in use: on 12 left-out systems")


def test_the_largest_literature_counts() -> None:
    papers = summary(ours=0.5).assign(literature="paper")
    found = trust_here(pd.concat([summary(), papers]), "nothing_known", "transfer")
    assert "80 % of the pairs" in found.because


def test_what_advice_rests_on_comes_with_the_code() -> None:
    table = pd.concat([summary(), summary().assign(metric="optima_found")], ignore_index=True)
    shipped = figures_to_ship(table)
    assert tuple(shipped.columns) == FIGURE_COLUMNS
    assert set(shipped["metric"]) == {"auc", "held_bulk_90%"}
    assert trust_here(shipped, "nothing_known", "transfer") == trust_here(summary(), "nothing_known", "transfer")
