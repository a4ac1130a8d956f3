"""The map of a system from all known alloys by likeness: the strategy `transfer` on the grid.

Own casts of the system count most; what is known of the system in the literature is learnt from as well, since nothing
is pruned. How far to trust a point is told beside it: the probability of a bulk glass and an interval that hold for
systems that nobody has cast, how much of what is unknown the known alloys explain there, and how far away they are. So
is what a cast may add to the best alloy that is known of the system.
"""

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.alloys.distances import nearest_known
from bmg_assets.science.alloys.grid import composition_grid, default_step, grid_keys, scale_to_unit
from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.regions import label_regions, top_share
from bmg_assets.science.alloys.systems import SEPARATOR, TargetSystem
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.errors import BmgError
from bmg_assets.science.fingerprints import fingerprint_arrays
from bmg_assets.science.literature.known_alloys import amounts_of
from bmg_assets.science.models.prediction import MapSettings
from bmg_assets.science.proposals.improvement import chance_above, expected_gain_mm
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.transfer import Transfer

KNOWN_COLUMNS = ("composition", "elements", "at_pct", "dmax_mm")


class TransferMapError(BmgError):
    """A map that cannot be made from what is known."""


def known_to(own: pd.DataFrame, others: pd.DataFrame, literature: pd.DataFrame) -> pd.DataFrame:
    """What a system learns from: its own casts, those of other systems, and the literature; the first report wins.

    Args:
        own: the table `lab_results` of the system.
        others: the tables `lab_results` of other systems.
        literature: the table `alloys`.

    Returns:
        KNOWN_COLUMNS and `is_own`; alloys without a diameter are left out.
    """
    tables = ((own, True), (others, False), (literature, False))
    labelled = [
        table.loc[table["dmax_mm"].notna(), list(KNOWN_COLUMNS)].assign(is_own=is_own) for table, is_own in tables
    ]
    rows = [table for table in labelled if len(table)] or labelled[:1]
    return pd.concat(rows, ignore_index=True).drop_duplicates("composition", ignore_index=True)


def map_by_likeness(target: TargetSystem, known: pd.DataFrame, settings: MapSettings, seed: int) -> pd.DataFrame:
    """The table `transfer_grid` of a system.

    Args:
        known: see `known_to`.
        settings: step, top share and coverage of the intervals.

    Raises:
        TransferMapError: nothing is known.
        GridError: there is no such grid.
    """
    if known.empty:
        raise TransferMapError("No alloy with a diameter is known; take in a source of literature (`bmg literature`).")
    step = settings.step_at_pct or default_step(len(target.elements))
    points = composition_grid(len(target.elements), step)
    alloys = _as_alloys(known, target)
    grid = Compositions(target.elements, points / 100, np.empty((len(points), 0)))
    grid = grid.with_elements(alloys.compositions.elements)
    learnt = Transfer().learn(alloys, target.element_set, seed)
    promise = learnt.promise(grid)
    low, high = learnt.interval(promise, settings.coverage) or (np.nan, np.nan)
    marked = top_share(promise.score, settings.top_share)
    regions = label_regions(points, marked, step)
    best_known = best_known_mm(target, known)
    gain, chance = _improvement(learnt.next_cast(grid), best_known)
    support = support_of_elements(target, known)
    rarest = min(support, key=lambda symbol: support[symbol])
    return pd.DataFrame(
        {
            "target_system": target.key,
            "point": np.arange(len(points)),
            "composition": grid_keys(points, target.elements),
            "at_pct": points.astype(np.float64).tolist(),
            "score": promise.score,
            "dmax_mm": promise.dmax_mm,
            "dmax_scaled": scale_to_unit(promise.score),
            "probability_bulk": promise.probability_bulk,
            "interval_low_mm": low,
            "interval_high_mm": high,
            "expected_gain_mm": gain,
            "chance_of_better": chance,
            "best_known_mm": best_known,
            "explained": learnt.explained(grid),
            "nearest_at_pct": _distance_to_known(target, known, points.astype(np.float64)),
            "top_share": marked,
            "region": pd.Series(regions, dtype="Int64").mask(regions == 0),
            "rarest_element": rarest,
            "n_with_rarest_element": support[rarest],
            "n_known": len(alloys),
            "known_fingerprint": fingerprint_arrays(alloys.compositions.fractions, alloys.dmax_mm),
        }
    ).astype(dict.fromkeys(["probability_bulk", "expected_gain_mm", "chance_of_better"], "float64"))


def best_known_mm(target: TargetSystem, known: pd.DataFrame) -> float:
    """The largest D_max that is known of the system's own alloys, in mm; 0 where none is known.

    Args:
        known: see `known_to`.
    """
    inside = [target.element_set == set(elements) for elements in known["elements"]]
    return float(known.loc[inside, "dmax_mm"].max()) if any(inside) else 0.0


def support_of_elements(target: TargetSystem, known: pd.DataFrame) -> dict[str, int]:
    """How many known alloys hold each element of the system."""
    return {symbol: int(sum(symbol in elements for elements in known["elements"])) for symbol in target.elements}


def _improvement(
    next_cast: tuple[FloatArray, FloatArray] | None, best_known: float
) -> tuple[FloatArray | float, FloatArray | float]:
    """Expected gain in mm, and the chance of a better alloy that is a bulk glass, too; not a number if unknown."""
    if next_cast is None:
        return np.nan, np.nan
    gain = expected_gain_mm(*next_cast, best_known)
    return gain, chance_above(*next_cast, max(best_known, BULK_FROM_MM))


def _as_alloys(known: pd.DataFrame, target: TargetSystem) -> Alloys:
    fractions, elements = fraction_matrix(list(known["elements"]), list(known["at_pct"]))
    wider = tuple(sorted({*elements, *target.elements}))
    compositions = Compositions(elements, fractions, np.empty((len(known), 0))).with_elements(wider)
    systems = np.array([SEPARATOR.join(sorted(one)) for one in known["elements"]], dtype=object)
    return Alloys(compositions, known["dmax_mm"].to_numpy(np.float64), systems, known["is_own"].to_numpy(bool))


def _distance_to_known(target: TargetSystem, known: pd.DataFrame, points: FloatArray) -> FloatArray:
    return nearest_known(points, amounts_of(target, known))[1]
