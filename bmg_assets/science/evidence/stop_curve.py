"""The curve from the share of drawn maps with a better composition to the chance of one, and how well it holds.

It is fitted to simulated campaigns on every second system and tested on the others. A system counts once, however many
campaigns there were in it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.evidence.campaign_names import Truth
from bmg_assets.science.proposals.stopping import curve_terms

LEAST_CURVATURE = 1e-3
"""Of the penalty on the terms, which keeps them finite where all maps agree."""


@dataclass(frozen=True)
class StopCurve:
    """Log-odds of a better composition, linear in `curve_terms`."""

    parameters: tuple[float, ...]
    """INTERCEPT, BY_SHARE, BY_BEST of stopping.py."""

    @classmethod
    def fit(cls, forecasts: pd.DataFrame) -> "StopCurve":
        """Logistic regression (maximum likelihood) on forecasts with both outcomes."""
        from scipy.optimize import minimize

        terms, outcome, weights = terms_of(forecasts), forecasts["is_more"].to_numpy(np.float64), weights_of(forecasts)

        def loss(parameters: FloatArray) -> tuple[float, FloatArray]:
            odds = terms @ parameters
            likelihood = weights @ (outcome * odds - np.logaddexp(0, odds))
            gradient = terms.T @ (weights * (outcome - 1 / (1 + np.exp(-odds))))
            penalty = LEAST_CURVATURE * parameters[1:]
            return float(-likelihood + penalty @ parameters[1:] / 2), -gradient + np.concatenate([[0.0], penalty])

        found = minimize(loss, np.zeros(terms.shape[1]), jac=True, method="BFGS")
        return cls(tuple(float(value) for value in found.x))

    def chances(self, forecasts: pd.DataFrame) -> FloatArray:
        """Chance of each forecast, shape (n,)."""
        return np.asarray(1 / (1 + np.exp(-terms_of(forecasts) @ np.array(self.parameters))))


def terms_of(forecasts: pd.DataFrame) -> FloatArray:
    """See `curve_terms`; of the columns `share` and `best_mm`."""
    return curve_terms(forecasts["share"].to_numpy(np.float64), forecasts["best_mm"].to_numpy(np.float64))


def weights_of(forecasts: pd.DataFrame) -> FloatArray:
    """Weight of each forecast, shape (n,): all systems weigh the same, and the sum is their number."""
    return np.asarray(1 / forecasts.groupby("system")["system"].transform("size").to_numpy(np.float64))


def of_maps(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Forecasts of whole maps, without those of pools of reported alloys."""
    return forecasts[forecasts["truth"] != Truth.REPORTED]


def guides(forecasts: pd.DataFrame) -> BoolArray:
    """Whether the curve is fitted to the system of a forecast, shape (n,): every second one by name."""
    return np.isin(forecasts["system"], sorted(forecasts["system"].unique())[::2])
