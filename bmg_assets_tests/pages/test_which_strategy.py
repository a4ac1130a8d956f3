"""Which strategy to trust: what was measured, what follows from it, and how to measure it."""

from collections.abc import Mapping, Sequence

import pandas as pd
import pytest

from bmg_assets.pages.which_strategy import which_strategy
from bmg_assets.science.evidence.summary import as_scores, summarise

SYSTEMS = ["Al-Cu-Zr", "Ca-Mg-Zn", "Cu-Mg-Y", "Al-La-Ni", "Cu-Hf-Zr", "Al-Ce-Cu", "Cu-Ti-Zr", "Al-Ni-Y"]


def judged(released: Mapping[str, Sequence[float]] | None = None, **auc: Sequence[float]) -> pd.DataFrame:
    """The table `strategy_benchmark` of strategies with these AUC, system by system.

    Args:
        released: the same on the release split.
    """
    scores = [
        as_scores(
            {"auc": value, "enrichment": 2 * value},
            {},
            strategy=strategy,
            track="nothing_known",
            split=split,
            left_out_system=system,
            seed=0,
        )
        for split, judged in (("development", auc), ("release", released or {}))
        for strategy, values in judged.items()
        for system, value in zip(SYSTEMS, values, strict=True)
    ]
    return summarise(pd.concat(scores, ignore_index=True), seed=0)


HALF, HIGH = [0.5 + n / 100 for n in range(8)], [0.8 + n / 100 for n in range(8)]


def test_where_nothing_was_judged_the_command_is_named() -> None:
    (words,) = which_strategy(None, "pruned", "Zr-Al-Cu")
    assert words.startswith("These candidates come from the surrogate `pruned`; `bmg run Zr-Al-Cu --strategy transfer`")
    assert "`bmg evidence --quick`" in words


@pytest.mark.parametrize(("in_use", "other"), [("pruned", "transfer"), ("transfer", "pruned")])
def test_the_strategy_in_use_comes_first_and_the_better_one_is_named(in_use: str, other: str) -> None:
    chosen, first, second, verdict = which_strategy(judged(pruned=HALF, transfer=HIGH), in_use, "Zr-Al-Cu")
    assert f"`{in_use}`" in chosen
    assert first.startswith(f"The surrogate `{in_use}`, evaluated on 8 systems")
    assert second.startswith(f"The surrogate `{other}`, evaluated on 8 systems")
    assert "where nothing related was known, `transfer` ranked the alloys better (AUC by 0.30, p 0.0" in verdict
    assert "blind casting" in verdict


def test_the_papers_strategy_may_win_and_a_difference_may_be_uncertain() -> None:
    papers = which_strategy(judged(pruned=HIGH, transfer=HALF), "pruned", "A-B-C")[-1]
    assert "`pruned` ranked the alloys better" in papers
    shuffled = [HALF[place] for place in (3, 1, 0, 2, 7, 6, 4, 5)]
    assert "is not certain" in which_strategy(judged(pruned=HALF, transfer=shuffled), "pruned", "A-B-C")[-1]


def test_advice_follows_from_systems_that_had_guided_no_choice() -> None:
    shuffled = [HALF[place] for place in (3, 1, 0, 2, 7, 6, 4, 5)]
    uncertain = judged({"pruned": HALF, "transfer": shuffled}, pruned=HALF, transfer=HIGH)
    words = which_strategy(uncertain, "pruned", "A-B-C")[-1]
    assert "`transfer` ranked the alloys better (AUC by 0.30" in words
    assert (
        "On 8 systems that have guided no choice, the difference between `transfer` and `pruned` is not certain"
        in words
    )
    assert "trust `" not in words
    assert "flatters" not in words
    certain = which_strategy(judged({"pruned": HALF, "transfer": HIGH}, pruned=HALF, transfer=HIGH), "pruned", "A-B-C")
    assert certain[-1].count("trust `transfer` more there") == 1
    guided_only = which_strategy(judged(pruned=HALF, transfer=HIGH), "pruned", "A-B-C")[-1]
    assert "trust `" not in guided_only
    assert "flatters it. `bmg evidence --with-release`" in guided_only


def test_a_strategy_that_was_not_judged_is_told() -> None:
    _, first, second, verdict = which_strategy(judged(transfer=HIGH), "pruned", "A-B-C")
    assert first.startswith("The surrogate `pruned` has not been evaluated")
    assert "evaluated on 8 systems" in second
    assert "same systems" not in verdict
