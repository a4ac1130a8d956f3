"""What the choice of a system depends on beside the atlas: what a laboratory has cast, casts, and has registered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bmg_assets.science.alloys.compositions import chemical_system
from bmg_assets.science.casts.cast import Cast
from bmg_assets.science.casts.ladder import label_of
from bmg_assets.science.casts.merging import Merge
from bmg_assets.science.proposals.casting_practice import CastingPractice


@dataclass(frozen=True)
class Laboratory:
    """What one laboratory has cast, casts, and has registered."""

    best_cast_mm: Mapping[str, float] = field(default_factory=dict)
    """Largest D_max of the own casts by system, like Al-Cu-Zr, in mm; NaN where none of them has a label."""
    practice: CastingPractice = field(default_factory=CastingPractice)
    """Of its casting.yaml: prices, and elements that are not cast."""
    registered: frozenset[str] = frozenset()
    """Target systems, the elements of each in alphabetical order, like Al-Cu-Zr."""


def best_casts(history: Merge) -> dict[str, float]:
    """Largest D_max of a laboratory's own casts by system, in mm; NaN where none of them gives a label."""
    by_composition: dict[str, list[Cast]] = {}
    for cast in history.current:
        if not cast.is_withdrawal and not cast.is_plan:
            by_composition.setdefault(cast.composition, []).append(cast)
    best: dict[str, float] = {}
    for casts in by_composition.values():
        system, label = chemical_system(casts[0].elements), label_of(casts).dmax_mm
        best[system] = float(np.fmax(best.get(system, np.nan), np.nan if label is None else label))
    return best
