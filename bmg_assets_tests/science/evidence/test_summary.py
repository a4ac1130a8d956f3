"""The table of strategies: seeds are repetitions, systems the evidence, the paper's strategy the reference."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.summary import as_scores, summarise


def scores(strategy: str, values: dict[str, list[float]], metric: str = "auc", **others: float) -> pd.DataFrame:
    """Values of each system, one per seed, on the development split with nothing known."""
    frames = [
        as_scores(
            {metric: value}, others, strategy=strategy, track="nothing_known",
            split=str(others.get("split", "development")), left_out_system=system, seed=seed,
        )
        for system, found in values.items()
        for seed, value in enumerate(found)
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


PAPER = scores("pruned", {"A-B-C": [0.5, 0.7], "A-B-D": [0.6, 0.6], "A-B-E": [0.7, 0.7]})
OURS = scores("composite", {"A-B-C": [0.9, 0.9], "A-B-D": [0.8, 0.8], "A-B-E": [0.7, 1.0]})


def row(table: pd.DataFrame, strategy: str) -> pd.Series:
    return table.set_index("strategy").loc[strategy]


def test_systems_are_averaged_after_their_seeds() -> None:
    table = summarise(pd.concat([PAPER, OURS]), seed=0)
    ours, paper = row(table, "composite"), row(table, "pruned")
    assert (paper["mean"], paper["systems"]) == (pytest.approx(0.6333, abs=1e-4), 3)
    assert ours["difference_to_paper"] == pytest.approx(np.mean([0.3, 0.2, 0.15]))
    assert ours["p_value"] == pytest.approx(2 / 8)
    assert ours["low"] <= ours["mean"] <= ours["high"]
    assert pd.isna(paper["difference_to_paper"])


def test_verdicts_name_what_is_missing() -> None:
    table = summarise(pd.concat([PAPER, OURS]), seed=0)
    assert row(table, "composite")["verdict"] == "met"
    assert pd.isna(row(table, "pruned")["verdict"])
    assert row(summarise(PAPER.assign(strategy="composite"), seed=0), "composite")["verdict"] == "missed by 0.15"


def test_a_share_of_alloys_counts_alloys() -> None:
    first = as_scores(
        {"held_bulk_90%": 1.0}, {"held_bulk_90%": 9.0}, strategy="composite", track="nothing_known",
        split="development", left_out_system="A-B-C", seed=0,
    )  # fmt: skip
    second = first.assign(left_out_system="A-B-D", value=0.0, weight=1.0)
    assert summarise(pd.concat([first, second]), seed=0)["mean"].iloc[0] == pytest.approx(0.9)


def test_a_system_that_cannot_tell_is_left_out_of_the_comparison() -> None:
    blind = OURS.assign(value=OURS["value"].mask(OURS["left_out_system"] == "A-B-C"))
    ours = row(summarise(pd.concat([PAPER, blind]), seed=0), "composite")
    assert ours["systems"] == 2
    assert ours["difference_to_paper"] == pytest.approx(np.mean([0.2, 0.15]))


def test_whole_systems_are_ranked_by_their_highest_score() -> None:
    with_bulk = scores("composite", {"A-B-C": [3.0], "A-B-D": [1.0]}, metric="highest_score")
    without = scores("composite", {"A-C-D": [2.0], "A-C-E": [0.0]}, metric="highest_score").assign(split="without_bulk")
    table = summarise(pd.concat([with_bulk, without]), seed=0).set_index("metric")
    assert (table.loc["ranks_systems", "mean"], table.loc["ranks_systems", "systems"]) == (0.75, 4)
    assert "ranks_systems" not in set(summarise(with_bulk, seed=0)["metric"])
