"""The simulated campaigns as pieces of work: a few systems, campaigned in by every rule from one fit."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.errors import BmgError
from bmg_assets.science.evidence.campaign_names import BULK_METRIC, REFERENCE, RULE_NAMES, SHARE_METRICS, Start, Truth
from bmg_assets.science.evidence.campaign_rules import RULES
from bmg_assets.science.evidence.campaign_truths import drawn_map, map_of_nearest, map_of_trees
from bmg_assets.science.evidence.campaigns import DRAWN_CASTS, Campaign, Field, drawn_casts, run_campaign
from bmg_assets.science.evidence.left_out import LeftOutSystem, systems_left_out
from bmg_assets.science.evidence.map_process import MapProcess, map_processes
from bmg_assets.science.evidence.splits import Split
from bmg_assets.science.fingerprints import fingerprint_arrays
from bmg_assets.science.models.calibration import CalibrationError
from bmg_assets.science.models.interval_calibration import IntervalCalibration
from bmg_assets.science.surrogates.alloys import Alloys, Compositions, alloys_of_tables
from bmg_assets.science.surrogates.base import FittedSurrogate
from bmg_assets.science.surrogates.composite import Composite, FittedComposite, uncalibrated_composite
from bmg_assets.science.surrogates.composite_left_out import left_out_alloys
from bmg_assets.science.surrogates.regimes import hidden_with
from bmg_assets.science.surrogates.weighted import Weighted

CAMPAIGN_VERSION = "1"
"""Raised when campaigns give other numbers than before; the surrogates have versions of their own."""
STEP_AT_PCT = 2
"""Of the maps that are cast from: 1,176 compositions."""
ELEMENTS = 3
FEWEST_IN_POOL = 2 * (DRAWN_CASTS + 1)
"""Reported alloys from which on six of them may be drawn before a campaign begins."""
SYSTEMS_AT_ONCE, QUICK_SYSTEMS = 8, 6
QUICK_RULES = ("expected_gain", "paper", "score_apart", "random")
NO_TARGET: frozenset[str] = frozenset()
CAMPAIGN_SCORE_COLUMNS = ("truth", "start", "rule", "system", "metric", "value")
CAMPAIGN_FORECAST_COLUMNS = ("truth", "start", "system", "round", "gain_mm", "best_mm", "share", "is_more")


class NoCampaignError(BmgError):
    """The literature at hand has no system to campaign in."""


@dataclass(frozen=True)
class CampaignData:
    """What all entries are made from."""

    alloys: Alloys
    systems: tuple[LeftOutSystem, ...]
    """All that are campaigned in by any entry: none of them takes part in the calibration."""
    seed: int

    @property
    def made_from(self) -> str:
        """Identity of the alloys, the systems and the code."""
        alloys = fingerprint_arrays(self.alloys.compositions.fractions, self.alloys.dmax_mm)
        names = ",".join(one.target.key for one in self.systems)
        return f"{alloys}; {names}; seed {self.seed}; version {CAMPAIGN_VERSION}; {Composite.version}"


@dataclass(frozen=True)
class CampaignEntry:
    """Some systems, and the rules that are tried in them."""

    name: str
    systems: tuple[LeftOutSystem, ...]
    rules: tuple[str, ...]

    @property
    def made_from(self) -> str:
        """Identity of what is tried."""
        return f"{','.join(one.target.key for one in self.systems)}; {','.join(self.rules)}"


def campaign_data(table: pd.DataFrame, seed: int) -> CampaignData:
    """All ternaries of the development split with bulk glasses and other alloys.

    Args:
        table: the table `alloys` of the literature.
        seed: of what is drawn.

    Raises:
        NoCampaignError: there is none.
    """
    known = table[table["dmax_mm"].notna()].reset_index(drop=True)
    found = [one for one in systems_left_out(known, Split.DEVELOPMENT) if len(one.target.elements) == ELEMENTS]
    if not found:
        raise NoCampaignError(
            "Found no ternary of the development systems with bulk glasses and other alloys, so there is no map to "
            "campaign on; take in a larger source (`bmg data`, then `bmg literature`)."
        )
    return CampaignData(alloys_of_tables(known, known, ()), tuple(found), seed)


def campaign_entries(data: CampaignData, quick: bool) -> list[CampaignEntry]:
    """All pieces of work.

    Args:
        data: the systems.
        quick: a few systems and rules.
    """
    if quick:
        every = max(1, len(data.systems) // QUICK_SYSTEMS)
        return [CampaignEntry("quick", data.systems[::every][:QUICK_SYSTEMS], QUICK_RULES)]
    count = -(-len(data.systems) // SYSTEMS_AT_ONCE)
    return [CampaignEntry(f"whole-{number}", data.systems[number::count], RULE_NAMES) for number in range(count)]


def run_campaigns(data: CampaignData, entry: CampaignEntry) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fit once, and campaign in each system from every start, on every truth, by every rule.

    Returns:
        Scores with CAMPAIGN_SCORE_COLUMNS, and what was predicted of stopping while the reference rule was
        cast by, with CAMPAIGN_FORECAST_COLUMNS.

    Raises:
        NoCampaignError: too few bulk glasses are known to say what a score means.
    """
    fitted = uncalibrated_composite(data.alloys)
    calibration = _calibrated(data, fitted)
    trees = Weighted().fit(data.alloys, NO_TARGET, data.seed)
    scores: list[tuple[object, ...]] = []
    forecasts: list[tuple[object, ...]] = []
    for left_out in entry.systems:
        for truth, start, field, process in _grounds(data, fitted, calibration, trees, left_out):
            drawn = drawn_casts(len(process), start, [data.seed, len(truth)])
            for name in entry.rules:
                campaign = run_campaign(field, process, drawn, RULES[name], data.seed, name == REFERENCE)
                where = (str(truth), str(start), name, left_out.target.key)
                scores += [(*where, metric, value) for metric, value in _metrics(campaign, field.truth_mm).items()]
                forecasts += [
                    (str(truth), str(start), left_out.target.key, *astuple(one)) for one in campaign.forecasts
                ]
    return (
        pd.DataFrame(scores, columns=list(CAMPAIGN_SCORE_COLUMNS)),
        pd.DataFrame(forecasts, columns=list(CAMPAIGN_FORECAST_COLUMNS)),
    )


def _metrics(campaign: Campaign, truth_mm: FloatArray) -> dict[str, float]:
    """Best so far over the best of the map after each round, and rounds to the first bulk glass, if there is one."""
    shares = dict(zip(SHARE_METRICS, np.array(campaign.best_mm) / truth_mm.max(), strict=True))
    has_bulk = truth_mm.max() >= BULK_FROM_MM
    return {**shares, BULK_METRIC: float(campaign.bulk_in_round) if has_bulk else np.nan}


def _calibrated(data: CampaignData, fitted: FittedComposite) -> IntervalCalibration:
    """What scores mean, by the systems that nobody campaigns in."""
    everything = left_out_alloys(data.alloys, fitted.embedding, fitted.process.process, NO_TARGET, data.seed)
    campaigned = [SEPARATOR.join(sorted(one.target.elements)) for one in data.systems]
    try:
        return IntervalCalibration.fit(everything.take(~np.isin(everything.systems.astype(str), campaigned)))
    except CalibrationError as too_few:
        raise NoCampaignError(f"Campaigns need a calibrated surrogate. {too_few}") from None


def _grounds(
    data: CampaignData,
    fitted: FittedComposite,
    calibration: IntervalCalibration,
    trees: FittedSurrogate,
    left_out: LeftOutSystem,
) -> Iterator[tuple[Truth, Start, Field, MapProcess]]:
    """Every truth and start of a system, with what is known of the field before it is cast."""
    alloys, target = data.alloys, left_out.target
    columns = [alloys.compositions.elements.index(element) for element in target.elements]
    points = composition_grid(ELEMENTS, STEP_AT_PCT).astype(np.float64)
    grid = Compositions(target.elements, points / 100, np.empty((len(points), 0)))
    pool = alloys.take(left_out.rows)
    fractions = np.vstack([grid.with_elements(alloys.compositions.elements).fractions, pool.compositions.fractions])
    both = Compositions(alloys.compositions.elements, fractions, np.empty((len(fractions), 0)))
    present = alloys.compositions.fractions > 0
    is_target = np.array([element in target.element_set for element in alloys.compositions.elements])
    own, related = (hidden_with(present, is_target, related_too=too) for too in (False, True))
    nothing = np.zeros(len(alloys), dtype=bool)
    nothing_known, related_known, all_known = map_processes(fitted, calibration, both, (related, own, nothing))
    on_map, in_pool = np.arange(len(points)), np.arange(len(points), len(both))
    knowing = all_known.take(on_map)
    fields = {
        Truth.TREES: Field(points, STEP_AT_PCT, map_of_trees(trees, knowing)),
        Truth.DRAWN: Field(points, STEP_AT_PCT, drawn_map(knowing, data.seed)),
        Truth.NEAREST: Field(points, STEP_AT_PCT, map_of_nearest(alloys, target.element_set, knowing)),
        Truth.REPORTED: Field(100 * pool.compositions.fractions[:, columns], None, pool.dmax_mm),
    }
    for start in Start:
        process = nothing_known if start is Start.NOTHING_KNOWN else related_known
        on_field = {True: process.take(on_map), False: process.take(in_pool)}
        for truth, field in fields.items():
            if truth.is_map or start is not Start.SIX_CASTS or len(pool) >= FEWEST_IN_POOL:
                yield truth, start, field, on_field[truth.is_map]
