"""What picks rest on, in words: how many known alloys the model learnt from, and the reports that lie nearest."""

from typing import TYPE_CHECKING, Any

import numpy as np

from bmg_assets.pages.sentences import formula_led_by
from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.alloys.labels import GlassClass
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import BoolArray
from bmg_assets.science.literature.known_alloys import amounts_of
from bmg_assets.science.literature.pruning import Category, categorise_all
from bmg_assets.science.literature.reported import WORDS

if TYPE_CHECKING:
    import pandas as pd

NEAREST_SHOWN = 2
OF_SYSTEM = {Category.V, Category.LAB}
RELATED = {Category.II, Category.III, Category.IV}


def fitted_in_words(system: TargetSystem, fitted: "pd.DataFrame", n_fitted: int, title: str) -> str:
    """The model, how many alloys it was fitted to, and how many of these are of the system itself or related.

    Args:
        fitted: `elements` and `glass_class` of the alloys that it was fitted to, own and published.
        n_fitted: all of them, the casts of other systems included.
        title: of the surrogate.
    """
    categories = np.array(categorise_all(fitted["elements"], system.element_set), dtype=object)
    is_bulk = (fitted["glass_class"] == GlassClass.BULK.value).to_numpy()
    own, related = (np.isin(categories, sorted(group)) for group in (OF_SYSTEM, RELATED))
    return (
        f"The picks rest on the surrogate {title}, fitted to {n_fitted:,} known alloys: {_counted(own, is_bulk)} of "
        f"{system.key} itself, and {_counted(related, is_bulk)} that hold two or more of its elements."
    )


def nearest_reports_in_words(system: TargetSystem, picks: "pd.DataFrame", literature: "pd.DataFrame") -> list[str]:
    """For each pick the alloys of the literature that lie nearest, with who reported what of them.

    Args:
        picks: `at_pct`, in the order of the system's key.
        literature: the table `alloys`, one row at least.
    """
    points = np.array(picks["at_pct"].tolist(), dtype=np.float64)
    distances = exchanged_at_pct(points, amounts_of(system, literature))
    return [
        "; ".join(
            f"{_alloy_in_words(system, literature.iloc[row])}, {of_pick[row]:.3g} at.% away"
            for row in np.argsort(of_pick, kind="stable")[:NEAREST_SHOWN]
        )
        for of_pick in distances
    ]


def _counted(chosen: BoolArray, is_bulk: BoolArray) -> str:
    return f"{chosen.sum():,} ({(chosen & is_bulk).sum():,} bulk glasses)" if chosen.any() else "none"


def _alloy_in_words(system: TargetSystem, alloy: "pd.Series[Any]") -> str:
    """The alloy with the report that decides, and how many there are beside it."""
    formula = formula_led_by(system.elements, dict(zip(alloy["elements"], alloy["at_pct"], strict=True)))
    reported = alloy["reported"]
    deciding = next((one for one in reported if f"{WORDS[alloy['kind']]}:" in one), reported[0])
    further = f" and {len(reported) - 1} more" if len(reported) > 1 else ""
    return f"{formula} ({deciding}{further})"
