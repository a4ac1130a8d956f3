"""A benchmark on a small literature: no surrogate sees a left-out system, and every metric has its row."""

import numpy as np
import pytest

from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.evidence.benchmark import (
    Benchmark,
    Entry,
    EvaluationSet,
    evaluate_entry,
    evaluation_set,
    random_scores,
)
from bmg_assets.science.evidence.evaluation import evaluate
from bmg_assets.science.evidence.left_out import LeftOutSystem, known_rows, systems_left_out
from bmg_assets.science.evidence.pools import share_found_at_random
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.science.evidence.summary import summarise
from bmg_assets.science.surrogates.alloys import Alloys
from bmg_assets.science.surrogates.baselines import Nearest, NearestAlloy
from bmg_assets_tests.science.surrogates.literature import learnable_tables

BENCHMARK = Benchmark("test", (Split.DEVELOPMENT,), tuple(Track), with_casting=True, seed=0)


@pytest.fixture(scope="module")
def data() -> EvaluationSet:
    table, described = learnable_tables()
    described.loc[0, PAPER_DESCRIPTORS[0]] = np.nan
    return evaluation_set(table, described, element_tables("current"), PAPER_DESCRIPTORS)


@pytest.fixture(scope="module")
def left_out(data: EvaluationSet) -> LeftOutSystem:
    systems = {one.target.key: one for one in systems_left_out(data.table, Split.DEVELOPMENT)}
    return systems["Cu-Ti-Zr"]


class Listening(Nearest):
    """Remembers the systems that it was fitted to."""

    def __init__(self) -> None:
        self.heard: list[set[str]] = []

    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> NearestAlloy:
        self.heard.append(set(alloys.systems))
        return super().fit(alloys, target, seed)


def test_what_cannot_be_described_is_left_out(data: EvaluationSet) -> None:
    assert "alloy 0" not in set(data.table["composition"])
    assert len(data.alloys) == len(data.table)


def test_nothing_of_the_left_out_system_is_learnt_from(data: EvaluationSet, left_out: LeftOutSystem) -> None:
    surrogate = Listening()
    evaluate_entry(BENCHMARK, data, Entry(surrogate, left_out, Split.DEVELOPMENT))
    related, nothing = surrogate.heard
    assert "Cu-Ti-Zr" not in related | nothing
    assert "Ag-Cu-Zr" in related - nothing  # it shares two elements with the system
    everything = known_rows(data.table, left_out.target, Track.RELATED_KNOWN) | left_out.rows
    with pytest.raises(ValueError, match="known and left out at once"):
        evaluate(surrogate, data.alloys, left_out, everything, seed=0)


def test_every_track_has_its_scores(data: EvaluationSet, left_out: LeftOutSystem) -> None:
    scores, predictions = evaluate_entry(BENCHMARK, data, Entry(Nearest(), left_out, Split.DEVELOPMENT))
    assert set(scores["track"]) == {"related_known", "nothing_known"}
    wanted = {"auc", "spearman", "enrichment", "region_enrichment", "optima_found", "bulk_by_pair_1", "bulk_by_pair_5"}
    assert wanted <= set(scores["metric"])
    assert len(predictions) == 2 * left_out.rows.sum()
    by_pair = scores[scores["metric"].str.startswith("bulk_by_pair")].pivot(
        index="track", columns="metric", values="value"
    )
    assert (by_pair["bulk_by_pair_1"] <= by_pair["bulk_by_pair_5"]).all()
    pairs = scores[scores["metric"] == "pairs_to_bulk"].set_index("track")["value"].loc[by_pair.index]
    assert ((pairs == 1) == (by_pair["bulk_by_pair_1"] == 1)).all()
    assert ((pairs > 5) == (by_pair["bulk_by_pair_5"] == 0)).all()
    table = summarise(scores, seed=0)
    assert table.set_index(["track", "metric"])["mean"]["related_known", "auc"] > 0.8


def test_blind_casting_is_exact(data: EvaluationSet, left_out: LeftOutSystem) -> None:
    scores = random_scores(BENCHMARK, data, left_out, Split.DEVELOPMENT)
    bulk = int((data.alloys.dmax_mm[left_out.rows] >= 1).sum())
    found = scores[(scores["metric"] == "bulk_by_pair_2") & (scores["track"] == "nothing_known")]["value"].item()
    n = int(left_out.rows.sum())
    assert found == share_found_at_random(n, bulk, 2)
    pairs = scores[(scores["metric"] == "pairs_to_bulk") & (scores["track"] == "nothing_known")]["value"].item()
    not_found = [1 - share_found_at_random(n, bulk, k) for k in range(6)]
    expected = sum(k * (not_found[k - 1] - not_found[k]) for k in range(1, 6)) + 6 * not_found[5]
    assert pairs == pytest.approx(expected)
