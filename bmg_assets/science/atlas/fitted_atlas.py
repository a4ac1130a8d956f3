"""What an atlas is made with: the surrogate fitted to all that is known, and the elements that this supports."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import FloatArray, IntArray
from bmg_assets.science.atlas.elements import SupportedElements, supported_elements
from bmg_assets.science.atlas.scorer import Scorer
from bmg_assets.science.atlas.shards import AtlasError
from bmg_assets.science.fingerprints import fingerprint_frame
from bmg_assets.science.proposals.surrogate_map import alloys_of_known
from bmg_assets.science.surrogates.alloys import Alloys
from bmg_assets.science.surrogates.composite import Composite, FittedComposite
from bmg_assets.science.surrogates.thinning import thinned

NO_TARGET: frozenset[str] = frozenset()
SURROGATE = Composite()


@dataclass(frozen=True)
class FittedAtlas:
    """The surrogate and what is known."""

    alloys: Alloys
    fitted: FittedComposite
    supported: SupportedElements
    fingerprint: str
    """Identity of the known alloys."""

    @classmethod
    def fit(cls, known: pd.DataFrame, seed: int) -> "FittedAtlas":
        """Fit to all known alloys; seconds per thousand of them.

        Args:
            known: see `known_to`; own casts count as other alloys.
            seed: of everything random.

        Raises:
            AtlasError: no alloy with a D_max is known, or of too few elements.
        """
        known = labelled(known)
        if known.empty:
            raise AtlasError("No alloy with a diameter is known; take in a source of literature (`bmg literature`).")
        return cls.of_alloys(alloys_of_known(known, (), SURROGATE), seed, identity_of_known(known))

    @classmethod
    def of_alloys(cls, alloys: Alloys, seed: int, fingerprint: str) -> "FittedAtlas":
        """The same from alloys that have a D_max, with an identity of them; raises AtlasError."""
        kept = thinned(alloys, NO_TARGET, SURROGATE.most_alloys, seed)
        supported = supported_elements(kept)
        return cls(kept, SURROGATE.fit(kept, NO_TARGET, seed), supported, fingerprint)

    @cached_property
    def scorer(self) -> Scorer:
        """The surrogate, with all that is known."""
        return Scorer.of(self.fitted)

    @property
    def rows_of_systems(self) -> Mapping[str, IntArray]:
        """Rows of the known alloys of each system, the elements of its name in alphabetical order."""
        return self.fitted.embedding.rows_by_system

    def amounts_of(self, elements: tuple[str, ...]) -> FloatArray:
        """Amounts of these elements in the known alloys in at.%, shape (n, k)."""
        columns = [self.alloys.compositions.elements.index(element) for element in elements]
        return np.asarray(100 * self.alloys.compositions.fractions[:, columns])

    def best_known(self, system: str) -> tuple[int, float | None, str | None]:
        """Number of the known alloys of a system, and the largest D_max of them in mm with its composition."""
        rows = self.rows_of_systems.get(system)
        if rows is None:
            return 0, None, None
        best = rows[np.argmax(self.alloys.dmax_mm[rows])]
        elements = tuple(system.split(SEPARATOR))
        amounts = self.amounts_of(elements)[best]
        return len(rows), float(self.alloys.dmax_mm[best]), composition_key(dict(zip(elements, amounts, strict=True)))


def identity_of_known(known: pd.DataFrame) -> str:
    """Identity of the known alloys that an atlas is made with; see `FittedAtlas.fit`."""
    return fingerprint_frame(labelled(known)[["composition", "dmax_mm"]])


def labelled(known: pd.DataFrame) -> pd.DataFrame:
    """Those of the known alloys that the surrogate learns from: they have a D_max. Own casts count as other alloys."""
    return known[known["dmax_mm"].notna()].assign(is_own=False)
