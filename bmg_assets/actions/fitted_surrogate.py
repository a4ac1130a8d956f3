"""The recommended surrogate, fitted to everything that is known, for compositions that are on no stored map.

The fit is kept in memory as long as the known alloys are the same: some 300 MB for 8,000 alloys, and half a minute.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.errors import BmgError
from bmg_assets.science.proposals.comparison import Prediction

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.surrogates.alloys import Alloys
    from bmg_assets.science.surrogates.composite import FittedComposite


class NothingKnownError(BmgError):
    """Nothing is known that a surrogate could be fitted to."""


class UnknownElementError(BmgError):
    """An alloy with an element that no known alloy holds."""


@dataclass(frozen=True)
class FittedToAll:
    """The surrogate and the alloys that it was fitted to."""

    fitted: "FittedComposite"
    alloys: "Alloys"

    def predict(self, elements: Sequence[str], at_pct: Sequence[float], coverage: float) -> Prediction:
        """What it predicts of one alloy.

        Args:
            elements: those that the alloy holds, each of which a known alloy holds, and `at_pct` their amounts.
            coverage: of the interval, 0 to 1.
        """
        from bmg_assets.science.alloys.labels import BULK_FROM_MM
        from bmg_assets.science.proposals.trust import is_trusted
        from bmg_assets.science.surrogates.alloys import Compositions
        from bmg_assets.science.surrogates.catalogue import RECOMMENDED

        known = self.alloys.compositions.elements
        fractions = np.array([at_pct], dtype=np.float64) / 100
        points = Compositions(tuple(elements), fractions, np.empty((1, 0))).with_elements(known)
        posterior = self.fitted.for_system(frozenset(elements), self.alloys).predict(points)
        interval, chance = posterior.interval(coverage), posterior.probability_at_least(BULK_FROM_MM)
        explained = posterior.explained()
        return Prediction(
            by=RECOMMENDED.name,
            dmax_mm=float(posterior.dmax_mm[0]),
            low_mm=None if interval is None else float(interval[0][0]),
            high_mm=None if interval is None else float(interval[1][0]),
            probability_bulk=None if chance is None else float(chance[0]),
            is_trusted=bool(is_trusted(explained, 1)[0]),
            explained=float(explained[0]),
        )


NO_TARGET: frozenset[str] = frozenset()
_lock = threading.Lock()
_last: "tuple[str, FittedToAll] | None" = None


def fitted_to_all(
    own: "pd.DataFrame",
    literature: "pd.DataFrame",
    elements: Sequence[str],
    seed: int,
    say: Callable[[str], None] = lambda _: None,
) -> FittedToAll:
    """The surrogate fitted to all known alloys, of any system; it waits while another caller fits it.

    Args:
        own: the tables `lab_results` of all systems, one below the other.
        literature: the table `alloys`.
        elements: of an alloy that is to be predicted.
        say: called with a sentence before a fit begins.

    Raises:
        NothingKnownError: no alloy with a D_max is known.
        UnknownElementError: no known alloy holds one of the elements.
    """
    from bmg_assets.science.fingerprints import fingerprint_arrays, fingerprint_parts
    from bmg_assets.science.literature.known_alloys import known_to
    from bmg_assets.science.proposals.surrogate_map import alloys_of_known
    from bmg_assets.science.surrogates.catalogue import RECOMMENDED
    from bmg_assets.science.surrogates.thinning import thinned

    global _last
    known = known_to(own, own.iloc[:0], literature)
    if known["dmax_mm"].isna().all():
        raise NothingKnownError(
            "No alloy with a diameter is known, so nothing can be predicted; take in a source of literature "
            "(`bmg literature`)."
        )
    alloys = thinned(alloys_of_known(known, (), RECOMMENDED), NO_TARGET, RECOMMENDED.most_alloys, seed)
    foreign = [element for element in elements if element not in alloys.compositions.elements]
    if foreign:
        raise UnknownElementError(
            f"No alloy that is known to the surrogates holds {' or '.join(foreign)}, so nothing can be predicted with "
            "it; leave it out."
        )
    rows = fingerprint_arrays(
        alloys.compositions.fractions, alloys.dmax_mm, alloys.is_own.astype(np.float64), alloys.bounds_mm
    )
    identity = fingerprint_parts(rows, alloys.compositions.elements, seed, RECOMMENDED.version)
    with _lock:
        if _last is None or _last[0] != identity:
            _last = None  # so that two never lie in memory
            say(f"{RECOMMENDED.name} is fitted to {len(alloys):,} known alloys, which takes about half a minute.")
            _last = (identity, FittedToAll(RECOMMENDED.fit(alloys, NO_TARGET, seed), alloys))
        return _last[1]
