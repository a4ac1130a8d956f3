"""The evidence by regimes as pieces of work: one surrogate, learnt from one literature, in every regime."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.evidence.benchmark import Benchmark
from bmg_assets.science.evidence.cross_calibration import ABOVE_NOTHING_MM, is_held
from bmg_assets.science.evidence.learners import VERSIONS
from bmg_assets.science.evidence.literature_entries import NOT_FITTED, LiteratureEntry
from bmg_assets.science.evidence.literature_variants import PAPER, PAPER_SOURCE, WHOLE, Variant
from bmg_assets.science.evidence.metrics import is_bulk
from bmg_assets.science.evidence.pools import first_pair_metrics
from bmg_assets.science.evidence.regime_evaluation import ANEW, IN_CLOSED_FORM
from bmg_assets.science.evidence.regime_metrics import regime_metrics
from bmg_assets.science.evidence.regime_scores import as_regime_scores, regime_score_rows
from bmg_assets.science.evidence.splits import Split, Track

OF_MAPS = ("region_enrichment", "optima_found")
TIME_SPLIT_YEAR = 2005


@dataclass(frozen=True)
class RegimeEntry:
    """A surrogate, and the literature that it learns from."""

    variant: Variant
    strategy: str

    @property
    def name(self) -> str:
        """Name of the entry in the store."""
        return f"{self.variant.name}-{self.strategy}"

    @property
    def made_from(self) -> str:
        """Identity of the literature and of the code behind the surrogate."""
        return f"{self.variant.made_from}; {self.strategy} {VERSIONS[self.strategy]}"


def regime_entries(sources: Sequence[str], quick: bool) -> list[RegimeEntry]:
    """All entries in closed form, and but for the quick form those that are grown anew; the longest first.

    Args:
        sources: those that are at hand.
        quick: no trees.
    """
    literatures = [Variant(WHOLE, tuple(sources))]
    if PAPER_SOURCE in sources and len(sources) > 1:
        literatures.append(Variant(PAPER, (PAPER_SOURCE,)))
    strategies = IN_CLOSED_FORM if quick else (*ANEW, *IN_CLOSED_FORM)
    return [RegimeEntry(literature, strategy) for strategy in strategies for literature in literatures]


def entries_of_later(entries: Sequence[LiteratureEntry], quick: bool) -> list[LiteratureEntry]:
    """The entries of the evidence on the literature that judge newcomers and what was found after a year.

    Args:
        entries: those of its whole form, see `literature_entries`.
        quick: newcomers learnt from the paper's table alone, without trees.
    """
    found = []
    for entry in entries:
        is_main = entry.variant.name == WHOLE or (entry.variant.name == PAPER and entry.variant.until is None)
        is_left_out = quick and entry.variant.name == WHOLE and entry.variant.until is None
        is_long = quick and not set(entry.strategies) <= {*NOT_FITTED, *IN_CLOSED_FORM}
        if is_main and not is_left_out and not is_long and entry.variant.until in (None, TIME_SPLIT_YEAR):
            found.append(entry)
    return found


def paper_benchmark(seed: int) -> Benchmark:
    """The paper's surrogate on the left-out systems, fitted anew for each: the only regimes in which it is judged."""
    return Benchmark("regimes", (Split.DEVELOPMENT,), tuple(Track), with_casting=False, seed=seed)


def paper_scores(scores: pd.DataFrame, predictions: pd.DataFrame, alloys: pd.DataFrame) -> pd.DataFrame:
    """Scores of the paper's surrogate in the form of the other entries.

    Args:
        scores: of the table `left_out_scores`.
        predictions: of the table `left_out_alloys`, one row per alloy and track.
        alloys: the table `alloys`, for what the compositions are made of.
    """
    rows = []
    of_alloys = predictions.merge(alloys[["composition", "elements", "at_pct"]], on="composition", how="left")
    keys = ["track", "left_out_system", "strategy"]
    for (track, system, strategy), of_system in of_alloys.groupby(keys, sort=False):
        dmax_mm = of_system["dmax_mm"].to_numpy(np.float64)
        low, high = (of_system[f"interval_{end}_mm"].to_numpy(np.float64) for end in ("low", "high"))
        held = is_held(low, high, dmax_mm, ABOVE_NOTHING_MM)
        metrics, weights = regime_metrics(of_system.assign(part=0, is_held=held))
        fractions, _ = fraction_matrix(list(of_system["elements"]), list(of_system["at_pct"]))
        metrics |= first_pair_metrics(100 * fractions, of_system["score"].to_numpy(np.float64), is_bulk(dmax_mm))
        rows += regime_score_rows(metrics, weights, str(track), str(strategy), str(system))
    found = as_regime_scores(rows)
    of_maps = scores[scores["metric"].isin(OF_MAPS)].rename(columns={"track": "regime"})
    return pd.concat([found, of_maps[list(found.columns)]], ignore_index=True)
