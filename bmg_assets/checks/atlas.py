"""Checks of the atlas: a chance that ranks no better than a coin misleads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.checks.check import Check, Finding, schema_check
from bmg_assets.store.tables.atlas import ATLAS_CALIBRATION, ATLAS_EVIDENCE

if TYPE_CHECKING:
    import pandas as pd

LEAST_AUC = 0.7


def chances_rank_systems(calibration: pd.DataFrame) -> Finding:
    """Systems with a bulk glass have to be told from those without one, which were left out."""
    from bmg_assets.science.evidence.metrics import auc

    told = calibration[calibration["chance_bulk"].notna()]
    figures = {
        f"auc_of_{size}_elements": auc(rows["chance_bulk"].to_numpy(np.float64), rows["has_bulk"].to_numpy(bool))
        for size, rows in told.groupby("n_elements")
    }
    return Finding(bool(figures) and min(figures.values()) >= LEAST_AUC, figures)


def likeness_is_beaten(evidence: pd.DataFrame) -> Finding:
    """A ranking that is no better than looking for the most similar known glass is not worth its hour."""
    means = evidence.pivot_table(index="ranked_by", columns=["test", "n_elements", "metric"], values="mean")
    won = float((means.loc["atlas"] > means.loc["likeness"]).mean())
    return Finding(won > 1 / 2, {"share_of_figures_won": won})


ATLAS_CALIBRATION_CHECKS = (
    schema_check(ATLAS_CALIBRATION),
    Check(
        "chances_rank",
        f"Of left-out systems those with a bulk glass have the higher chance: AUC {LEAST_AUC} or more.",
        chances_rank_systems,
        blocking=False,
    ),
)

ATLAS_EVIDENCE_CHECKS = (
    schema_check(ATLAS_EVIDENCE),
    Check(
        "beats_likeness",
        "In most figures the atlas ranks better than the likeness to a known glass.",
        likeness_is_beaten,
        blocking=False,
    ),
)
