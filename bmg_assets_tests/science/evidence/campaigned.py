"""A small literature with systems to campaign in, fitted once for all tests."""

from functools import cache

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.evidence.campaign_entries import CampaignData, campaign_data
from bmg_assets.science.evidence.map_process import MapProcess, map_processes
from bmg_assets.science.models.interval_calibration import IntervalCalibration
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.composite import FittedComposite, uncalibrated_composite
from bmg_assets.science.surrogates.composite_left_out import left_out_alloys
from bmg_assets_tests.science.surrogates.literature import learnable_tables

SYSTEM = "Cu-Ti-Zr"
STEP_AT_PCT = 5


@cache
def learnable_data() -> CampaignData:
    return campaign_data(alloys_table(), seed=0)


def alloys_table() -> pd.DataFrame:
    """The table `alloys` as far as campaigns need it."""
    return learnable_tables()[0]


@cache
def fitted_once() -> tuple[Alloys, FittedComposite, IntervalCalibration]:
    alloys = learnable_data().alloys
    fitted = uncalibrated_composite(alloys)
    left_out = left_out_alloys(alloys, fitted.embedding, fitted.process.process, frozenset(SYSTEM.split("-")), 0)
    return alloys, fitted, IntervalCalibration.fit(left_out)


def points() -> np.ndarray:
    """The map of the system in at.%."""
    return composition_grid(3, STEP_AT_PCT).astype(np.float64)


def on_map(at_pct: np.ndarray) -> Compositions:
    """Compositions of the system, in the columns of the literature."""
    bare = Compositions(tuple(SYSTEM.split("-")), at_pct / 100, np.empty((len(at_pct), 0)))
    return bare.with_elements(learnable_data().alloys.compositions.elements)


@cache
def process_without_system() -> MapProcess:
    """The map of the system, of which nothing is known but what other systems say."""
    alloys, fitted, calibration = fitted_once()
    (process,) = map_processes(fitted, calibration, on_map(points()), (alloys.systems == SYSTEM,))
    return process
