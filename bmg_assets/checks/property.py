"""Checks of properties other than D_max: of what is reported, and of the maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmg_assets.checks.check import Check, Finding, schema_check
from bmg_assets.science.literature.contradictions import FEWEST_COMPARED, TOO_MANY
from bmg_assets.science.literature.properties import Scale
from bmg_assets.store.tables.property import PROPERTY_MAPS, PROPERTY_REPORTS, PROPERTY_VALUES

if TYPE_CHECKING:
    import pandas as pd

MOST_REFUSED = 0.1
"""Share of a source's values above which its columns or units are probably declared wrongly."""
FURTHEST = 0.5
"""Share of the range of the known values by which the map may leave it."""


def few_are_refused(reports: pd.DataFrame) -> Finding:
    """A source of which many values are refused is probably declared with a wrong column or unit."""
    shares = (reports["status"] == "refused").groupby(reports["source"]).mean()
    suspects = {str(source): float(share) for source, share in shares.items() if share > MOST_REFUSED}
    return Finding(not suspects, {"share_refused": suspects})


def sources_agree(compared: pd.DataFrame) -> Finding:
    """A source that contradicts the others in a third of what they have in common is probably shifted by a row."""
    suspects = compared[
        (compared["n_compared"] >= FEWEST_COMPARED) & (compared["n_contradicted"] >= TOO_MANY * compared["n_compared"])
    ]
    words = [
        f"{one.source}: {one.property} of {one.n_contradicted} of {one.n_compared} alloys contradicts the others"
        for one in suspects.itertuples()
    ]
    return Finding(suspects.empty, {"probably_shifted_by_a_row": words})


def one_value_each(values: pd.DataFrame) -> Finding:
    """A composition has one value of each property."""
    repeated = values[values.duplicated(["property", "composition"])]
    return Finding(repeated.empty, {"repeated": repeated["composition"].head(3).tolist()})


def models_beat_the_mean(_: pd.DataFrame, scores: pd.DataFrame) -> Finding:
    """Fused models should predict better than the mean of the other alloys."""
    figures = {name: float(scores[name].iloc[0]) for name in ("rmse_fusion", "rmse_mean")}
    return Finding(figures["rmse_fusion"] < figures["rmse_mean"], figures)


def map_near_what_is_known(grid: pd.DataFrame, scores: pd.DataFrame) -> Finding:
    """A prediction far outside the range of the known values is not credible."""
    scale = Scale(scores["scale"].iloc[0])
    lowest, highest = scale.to_scale(scores[["lowest_known", "highest_known"]].iloc[0].to_numpy(dtype=float))
    margin = FURTHEST * (highest - lowest)
    inside = scale.to_scale(grid["value"]).between(lowest - margin, highest + margin)
    return Finding(bool(inside.all()), {"points_outside": int((~inside).sum())})


PROPERTY_REPORTS_CHECKS = (
    schema_check(PROPERTY_REPORTS),
    Check("few_refused", "No source has more than a tenth of its values refused.", few_are_refused, blocking=False),
)
PROPERTY_VALUES_CHECKS = (
    schema_check(PROPERTY_VALUES),
    Check("one_value_each", "A composition has one value of each property.", one_value_each),
)
AGREEMENT_CHECKS = (
    Check("sources_agree", "No source contradicts a third of what others report.", sources_agree, blocking=False),
)
PROPERTY_MAPS_CHECKS = (schema_check(PROPERTY_MAPS),)
MODELS_CHECKS = (
    Check("beats_the_mean", "The fusion errs less than the mean of the other alloys.", models_beat_the_mean, False),
    Check("near_known", "No prediction lies far outside the range of the known values.", map_near_what_is_known, False),
)
