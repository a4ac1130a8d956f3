"""What is hidden and what is asked for when a system is judged, regime by regime.

A case is one set of alloys that is not known and the alloys that are predicted without them. The systems of the release
split have no case.
"""

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import IntArray
from bmg_assets.science.evidence.drawn_splits import RELEASE_SYSTEMS
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.left_out import FEWEST_ALLOYS
from bmg_assets.science.evidence.splits import Track
from bmg_assets.science.surrogates.regimes import Regime


@dataclass(frozen=True)
class Case:
    """Alloys that are hidden, and those among them that are predicted."""

    regime: Regime
    system: str
    part: int
    """Number of the case within its regime and system."""
    hidden: IntArray
    """Rows that are not known, rising, shape (h,)."""
    asked: IntArray
    """Rows that are predicted, rising, all of them hidden, shape (m,)."""


def judged_systems(learnt: LearntAlloys) -> list[str]:
    """Systems of two elements or more with enough alloys, by name; none of the release split."""
    names, counts = np.unique(learnt.alloys.systems.astype(str), return_counts=True)
    return [
        str(name)
        for name, count in zip(names, counts, strict=True)
        if count >= FEWEST_ALLOYS and SEPARATOR in name and name not in RELEASE_SYSTEMS
    ]


def cases_of(learnt: LearntAlloys, system: str, seed: int) -> list[Case]:
    """All cases of one system: each of its alloys is asked for once in each regime, where anything stays known.

    Args:
        learnt: all alloys.
        system: one of `judged_systems`.
        seed: of the halves; those of a system do not depend on the other systems.
    """
    own = np.flatnonzero(learnt.alloys.systems == system)
    related = np.flatnonzero(learnt.hidden_by([system], Track.NOTHING_KNOWN))
    shuffled = np.random.default_rng([seed, crc32(system.encode())]).permutation(own)
    halves = [np.sort(half) for half in np.array_split(shuffled, 2)]
    cases = [
        Case(Regime.NOTHING_KNOWN, system, 0, related, own),
        Case(Regime.RELATED_KNOWN, system, 0, own, own),
        *(Case(Regime.HALF_KNOWN, system, part, half, half) for part, half in enumerate(halves)),
        *(Case(Regime.ALL_BUT_ONE_KNOWN, system, part, row, row) for part, row in enumerate(own[:, np.newaxis])),
    ]
    return [case for case in cases if len(case.hidden) < len(learnt.alloys)]
