"""The benchmark of surrogates: each of them on each left-out system, with little known and with much.

One piece of work is one surrogate on one system; the summary is made of the scores of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.descriptors.elements import ElementTables
from bmg_assets.science.errors import BmgError
from bmg_assets.science.evidence.evaluation import COVERAGES, Evaluation, evaluate
from bmg_assets.science.evidence.left_out import FEWEST_ALLOYS, LeftOutSystem, known_rows, systems_left_out
from bmg_assets.science.evidence.metrics import is_bulk
from bmg_assets.science.evidence.pools import MOST_PAIRS, PAIRS_REPORTED, choosing, pair_metrics, share_found_at_random
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.science.evidence.summary import as_scores
from bmg_assets.science.models.prediction import describe_points
from bmg_assets.science.surrogates.alloys import Alloys, Compositions, alloys_of_tables
from bmg_assets.science.surrogates.base import Surrogate

RANDOM = "random"
"""Not a surrogate, but the exact mean over all orders of casting."""


class UnknownBenchmarkError(BmgError):
    """A form of the benchmark that does not exist."""


class NothingToEvaluateError(BmgError):
    """The literature has no system with bulk glasses and other alloys that could be left out."""


@dataclass(frozen=True)
class Benchmark:
    """How much is evaluated."""

    name: str
    splits: tuple[Split, ...]
    tracks: tuple[Track, ...]
    with_casting: bool
    """Whether pairs are cast from the pools, which takes a fit for each pair."""
    seed: int

    @property
    def rules_of_an_entry(self) -> str:
        """What the scores of an entry depend on. The splits are not part of it, so that another may join later."""
        return f"tracks {', '.join(self.tracks)}; casting {self.with_casting}; seed {self.seed}"


@dataclass(frozen=True)
class EvaluationSet:
    """Alloys to which all surrogates are fitted and by which they are evaluated."""

    table: pd.DataFrame
    """Literature alloys with a diameter and all descriptors, as the table `alloys`."""
    alloys: Alloys
    """The same alloys as arrays."""
    element_data: ElementTables
    descriptors: tuple[str, ...]

    def grid_of(self, left_out: LeftOutSystem) -> Compositions:
        """The grid of a system, with the descriptors that the alloys have."""
        target = left_out.target
        fractions = composition_grid(len(target.elements)) / 100
        X = describe_points(fractions, target, self.element_data, self.descriptors)
        return Compositions(target.elements, fractions, X).with_elements(self.alloys.compositions.elements)


@dataclass(frozen=True)
class Entry:
    """One surrogate on one left-out system."""

    surrogate: Surrogate
    left_out: LeftOutSystem
    split: Split


def evaluation_set(
    alloys: pd.DataFrame, descriptors: pd.DataFrame, element_data: ElementTables, chosen: Sequence[str]
) -> EvaluationSet:
    """Join two tables of the literature; alloys without a D_max or with a missing descriptor are left out.

    Args:
        alloys: the table `alloys`.
        descriptors: the table `descriptors`.
        element_data: element tables that the descriptors were made with.
        chosen: names of the descriptors.
    """
    both = alloys.merge(descriptors[["composition", *chosen]], on="composition", how="inner")
    both = both[both["dmax_mm"].notna() & both[list(chosen)].notna().all(axis=1)].reset_index(drop=True)
    names = tuple(chosen)
    return EvaluationSet(both[list(alloys.columns)], alloys_of_tables(both, both, names), element_data, names)


def evaluate_entry(benchmark: Benchmark, data: EvaluationSet, entry: Entry) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Evaluate one surrogate on one system, on every track of the benchmark.

    Args:
        benchmark: its tracks, its seed, and whether pairs are cast.
        data: alloys to fit to and to evaluate by.
        entry: the surrogate, the left-out system and its split.

    Returns:
        The scores in long form, and a row per reported alloy and track with its prediction.
    """
    scores, predictions = [], []
    for track in benchmark.tracks:
        known = known_rows(data.table, entry.left_out.target, track)
        describe_grid = data.grid_of if entry.split.has_bulk else None
        found, fitted = evaluate(entry.surrogate, data.alloys, entry.left_out, known, benchmark.seed, describe_grid)
        metrics = dict(found.metrics)
        if benchmark.with_casting and entry.split.has_bulk:
            pool = data.alloys.take(entry.left_out.rows)
            choose = choosing(fitted, data.alloys.take(known), pool)
            metrics |= pair_metrics(choose, is_bulk(pool.dmax_mm))
        labels = _labels(entry.surrogate.name, track, entry.split, entry.left_out, benchmark.seed)
        scores.append(as_scores(metrics, _weights(data, entry.left_out), **labels))
        predictions.append(_predictions(found, data, entry.left_out).assign(**labels))
    return pd.concat(scores, ignore_index=True), pd.concat(predictions, ignore_index=True)


def random_scores(benchmark: Benchmark, data: EvaluationSet, left_out: LeftOutSystem, split: Split) -> pd.DataFrame:
    """Exact scores of blind casting: the mean over all orders, in the form of `evaluate_entry`.

    Args:
        benchmark: its tracks and seed, which label the rows, and whether pairs are cast.
        data: alloys to evaluate by.
        left_out: the system that is cast.
        split: label of the rows.
    """
    bulk = is_bulk(data.alloys.dmax_mm[left_out.rows])
    metrics = {"auc": 0.5, "spearman": 0.0, "enrichment": 1.0, "region_enrichment": 1.0}
    if benchmark.with_casting:
        found_by = [share_found_at_random(len(bulk), int(bulk.sum()), pairs) for pairs in range(MOST_PAIRS + 1)]
        metrics |= {f"bulk_by_pair_{count}": found_by[count] for count in PAIRS_REPORTED}
        # E[pairs] = Σ_k P(no bulk glass in the first k pairs).
        metrics["pairs_to_bulk"] = float(sum(1 - found for found in found_by))
    return pd.concat(
        [
            as_scores(metrics, {}, **_labels(RANDOM, track, split, left_out, benchmark.seed))
            for track in benchmark.tracks
        ],
        ignore_index=True,
    )


def _labels(name: str, track: Track, split: Split, left_out: LeftOutSystem, seed: int) -> dict[str, str | int]:
    return {
        "strategy": name,
        "track": str(track),
        "split": str(split),
        "left_out_system": left_out.target.key,
        "seed": seed,
    }


def _weights(data: EvaluationSet, left_out: LeftOutSystem) -> dict[str, float]:
    """Number of alloys behind each share, by metric."""
    bulk = int(is_bulk(data.alloys.dmax_mm[left_out.rows]).sum())
    rest = int(left_out.rows.sum()) - bulk
    counts = {"held_bulk": bulk, "held_rest": rest}
    return {f"{name}_{coverage:.0%}": float(count) for name, count in counts.items() for coverage in COVERAGES}


def _predictions(found: Evaluation, data: EvaluationSet, left_out: LeftOutSystem) -> pd.DataFrame:
    reported = data.table[left_out.rows]
    low, high = found.intervals.get(0.9, (None, None))
    frame = pd.DataFrame(
        {
            "composition": reported["composition"].to_list(),
            "dmax_mm": reported["dmax_mm"].to_numpy(np.float64),
            "score": found.posterior.score,
            "predicted_mm": found.posterior.dmax_mm,
            "probability_bulk": found.posterior.probability_at_least(BULK_FROM_MM),
            "interval_low_mm": low,
            "interval_high_mm": high,
        }
    )
    missing_as_numbers = ["probability_bulk", "interval_low_mm", "interval_high_mm"]
    return frame.astype(dict.fromkeys(missing_as_numbers, "float64"))


def benchmark_named(name: str, seed: int, with_release: bool = False) -> Benchmark:
    """One of the two forms of the benchmark.

    Args:
        name: `quick` or `standard`.
        seed: of the surrogates.
        with_release: whether the release split is evaluated, too.

    Raises:
        UnknownBenchmarkError: there is no such form.
    """
    if name == "quick":
        return Benchmark(name, (Split.DEVELOPMENT,), (Track.NOTHING_KNOWN,), with_casting=False, seed=seed)
    if name == "standard":
        release = (Split.RELEASE,) if with_release else ()
        return Benchmark(
            name, (Split.DEVELOPMENT, *release, Split.WITHOUT_BULK), tuple(Track), with_casting=True, seed=seed
        )
    raise UnknownBenchmarkError(f"There is no contest '{name}'; choose quick or standard.")


def entries_of(benchmark: Benchmark, data: EvaluationSet, surrogates: Sequence[Surrogate]) -> list[Entry]:
    """Every surrogate on every system of the benchmark's splits, surrogate by surrogate.

    Args:
        benchmark: its splits.
        data: the alloys that the systems are taken from.
        surrogates: those to evaluate.

    Raises:
        NothingToEvaluateError: the literature has no system that could be left out.
    """
    systems = [(split, one) for split in benchmark.splits for one in systems_left_out(data.table, split)]
    if not any(split.has_bulk for split, _ in systems):
        raise NothingToEvaluateError(
            f"Found none of the systems that are left out with {FEWEST_ALLOYS} alloys or more, bulk glasses and others "
            "among them; take in a larger source (`bmg data`, then `bmg literature`)."
        )
    return [Entry(surrogate, one, split) for surrogate in surrogates for split, one in systems]
