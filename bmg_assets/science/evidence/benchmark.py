"""The contest of strategies: each of them on each left-out system, with little known and with much.

One piece of work is one strategy on one system; its scores are what the summary is made of.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.descriptors.elements import ElementTables
from bmg_assets.science.errors import BmgError
from bmg_assets.science.evidence.evaluation import COVERAGES, Judged, judge
from bmg_assets.science.evidence.left_out import FEWEST_IN_DEVELOPMENT, LeftOutSystem, known_rows, systems_left_out
from bmg_assets.science.evidence.metrics import is_bulk
from bmg_assets.science.evidence.pools import MOST_PAIRS, choosing, pairs_to_first_bulk, share_found_at_random
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.science.evidence.summary import as_scores
from bmg_assets.science.models.prediction import describe_points
from bmg_assets.science.surrogates.alloys import Alloys, Compositions, alloys_of_tables
from bmg_assets.science.surrogates.base import Strategy

RANDOM = "random"
"""Not a strategy but the exact mean over all orders of casting."""
PAIRS_TOLD = (1, 2, MOST_PAIRS)


class UnknownContestError(BmgError):
    """A form of the contest that does not exist."""


class NothingToJudgeError(BmgError):
    """A literature without a system that tells good strategies from bad ones."""


@dataclass(frozen=True)
class Contest:
    """How much is judged."""

    name: str
    splits: tuple[Split, ...]
    tracks: tuple[Track, ...]
    with_casting: bool
    """Whether pairs are cast from the pools, which takes a training each."""
    seed: int

    @property
    def rules_of_an_entry(self) -> str:
        """All that one strategy on one system depends on; not on the splits, so that another may join later."""
        return f"tracks {', '.join(self.tracks)}; casting {self.with_casting}; seed {self.seed}"


@dataclass(frozen=True)
class Ground:
    """What all strategies learn from and are judged by."""

    table: pd.DataFrame
    """Literature alloys with a diameter and all descriptors, as the table `alloys`."""
    alloys: Alloys
    """The same as arrays."""
    element_data: ElementTables
    descriptors: tuple[str, ...]

    def grid_of(self, left_out: LeftOutSystem) -> Compositions:
        """The grid of a system, described as the alloys are."""
        target = left_out.target
        fractions = composition_grid(len(target.elements)) / 100
        X = describe_points(fractions, target, self.element_data, self.descriptors)
        return Compositions(target.elements, fractions, X).with_elements(self.alloys.compositions.elements)


@dataclass(frozen=True)
class Entry:
    """One strategy on one left-out system."""

    strategy: Strategy
    left_out: LeftOutSystem
    split: Split


def prepare_ground(
    alloys: pd.DataFrame, descriptors: pd.DataFrame, element_data: ElementTables, chosen: Sequence[str]
) -> Ground:
    """Join the two tables of the literature; alloys without a diameter or with a missing descriptor are left out."""
    both = alloys.merge(descriptors[["composition", *chosen]], on="composition", how="inner")
    both = both[both["dmax_mm"].notna() & both[list(chosen)].notna().all(axis=1)].reset_index(drop=True)
    names = tuple(chosen)
    return Ground(both[list(alloys.columns)], alloys_of_tables(both, both, names), element_data, names)


def hold(contest: Contest, ground: Ground, entry: Entry) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judge one strategy on one system, on every track of the contest.

    Returns:
        The scores in long form, and a row per reported alloy and track with what was promised of it.
    """
    scores, promises = [], []
    for track in contest.tracks:
        known = known_rows(ground.table, entry.left_out.target, track)
        describe_grid = ground.grid_of if entry.split.has_bulk else None
        judged, learnt = judge(entry.strategy, ground.alloys, entry.left_out, known, contest.seed, describe_grid)
        metrics = dict(judged.metrics)
        if contest.with_casting and entry.split.has_bulk:
            pool = ground.alloys.take(entry.left_out.rows)
            choose = choosing(learnt, ground.alloys.take(known), pool, entry.strategy.pairs)
            pair = pairs_to_first_bulk(choose, is_bulk(pool.dmax_mm))
            metrics |= {f"bulk_by_pair_{told}": float(pair is not None and pair <= told) for told in PAIRS_TOLD}
            metrics["pairs_to_bulk"] = float(pair or MOST_PAIRS + 1)
        labels = _labels(entry.strategy.name, track, entry.split, entry.left_out, contest.seed)
        scores.append(as_scores(metrics, _weights(ground, entry.left_out), **labels))
        promises.append(_promises(judged, ground, entry.left_out).assign(**labels))
    return pd.concat(scores, ignore_index=True), pd.concat(promises, ignore_index=True)


def random_scores(contest: Contest, ground: Ground, left_out: LeftOutSystem, split: Split) -> pd.DataFrame:
    """What blind casting gives, exactly: the mean over all orders."""
    bulk = is_bulk(ground.alloys.dmax_mm[left_out.rows])
    metrics = {"auc": 0.5, "spearman": 0.0, "enrichment": 1.0, "region_enrichment": 1.0}
    if contest.with_casting:
        found_by = [share_found_at_random(len(bulk), int(bulk.sum()), pairs) for pairs in range(MOST_PAIRS + 1)]
        metrics |= {f"bulk_by_pair_{told}": found_by[told] for told in PAIRS_TOLD}
        # Each pair that has not brought one is followed by another.
        metrics["pairs_to_bulk"] = float(sum(1 - found for found in found_by))
    return pd.concat(
        [as_scores(metrics, {}, **_labels(RANDOM, track, split, left_out, contest.seed)) for track in contest.tracks],
        ignore_index=True,
    )


def _labels(strategy: str, track: Track, split: Split, left_out: LeftOutSystem, seed: int) -> dict[str, str | int]:
    return {
        "strategy": strategy,
        "track": str(track),
        "split": str(split),
        "left_out_system": left_out.target.key,
        "seed": seed,
    }


def _weights(ground: Ground, left_out: LeftOutSystem) -> dict[str, float]:
    """Shares of alloys weigh as many alloys as they are of."""
    bulk = int(is_bulk(ground.alloys.dmax_mm[left_out.rows]).sum())
    rest = int(left_out.rows.sum()) - bulk
    counts = {"held_bulk": bulk, "held_rest": rest}
    return {f"{name}_{coverage:.0%}": float(count) for name, count in counts.items() for coverage in COVERAGES}


def _promises(judged: Judged, ground: Ground, left_out: LeftOutSystem) -> pd.DataFrame:
    reported = ground.table[left_out.rows]
    low, high = judged.intervals.get(0.9, (None, None))
    frame = pd.DataFrame(
        {
            "composition": reported["composition"].to_list(),
            "dmax_mm": reported["dmax_mm"].to_numpy(np.float64),
            "score": judged.promise.score,
            "predicted_mm": judged.promise.dmax_mm,
            "probability_bulk": judged.promise.probability_bulk,
            "interval_low_mm": low,
            "interval_high_mm": high,
        }
    )
    missing_as_numbers = ["probability_bulk", "interval_low_mm", "interval_high_mm"]
    return frame.astype(dict.fromkeys(missing_as_numbers, "float64"))


def contest_named(name: str, seed: int, with_release: bool = False) -> Contest:
    """The two forms of the contest.

    Args:
        with_release: whether the release split is looked at, too.

    Raises:
        UnknownContestError: there is no such form.
    """
    if name == "quick":
        return Contest(name, (Split.DEVELOPMENT,), (Track.NOTHING_KNOWN,), with_casting=False, seed=seed)
    if name == "standard":
        release = (Split.RELEASE,) if with_release else ()
        return Contest(
            name, (Split.DEVELOPMENT, *release, Split.WITHOUT_BULK), tuple(Track), with_casting=True, seed=seed
        )
    raise UnknownContestError(f"There is no contest '{name}'; choose quick or standard.")


def entries_of(contest: Contest, ground: Ground, strategies: Sequence[Strategy]) -> list[Entry]:
    """Every strategy on every system of the contest's splits, strategy by strategy.

    Raises:
        NothingToJudgeError: the literature has no system that could be left out.
    """
    systems = [(split, one) for split in contest.splits for one in systems_left_out(ground.table, split)]
    if not any(split.has_bulk for split, _ in systems):
        raise NothingToJudgeError(
            f"Found no ternary with {FEWEST_IN_DEVELOPMENT} alloys or more, bulk glasses and others among them, that "
            "could be left out; take in a larger source (`bmg data`, then `bmg literature`)."
        )
    return [Entry(strategy, one, split) for strategy in strategies for split, one in systems]
