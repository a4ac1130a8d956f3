"""Where the literature is blind: what nobody has reported, and what was reported only when it went one way.

A model learns nothing of an element that is in few alloys, of two elements that are never together, and, inside a
system, of what makes the difference where all reports are alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.labels import GlassClass
from bmg_assets.science.alloys.report_kinds import APART, ReportKind
from bmg_assets.science.arrays import IntArray

FEW = 10
"""An element in fewer alloys is hardly known."""
COMMON = 50
"""An element in that many alloys is one that people cast."""
LEAST_ALLOYS = 5
"""A system with fewer alloys cannot be said to lack anything."""
MOST_ELEMENTS = 6
"""Few alloys of more elements are cast at all."""
FAILURES, RIBBONS, BULK, MIXED = "only failures", "no bulk glass", "only bulk glasses", "bulk glasses and others"


@dataclass(frozen=True)
class BlindSpots:
    """What is missing; tables have the largest gap first."""

    elements: tuple[str, ...]
    """All elements, the one in most alloys first."""
    together: IntArray
    """Alloys that hold both of two elements, shape (e, e); on the diagonal those that hold the element."""
    never_together: pd.DataFrame
    """Pairs of common elements of which no alloy holds both: `pair`, `alloys_a`, `alloys_b`."""
    n_common: int
    """Elements in COMMON alloys or more."""
    rare: dict[str, int]
    """Elements in fewer than FEW alloys, the rarest first."""
    systems: pd.DataFrame
    """Systems of three or more elements and LEAST_ALLOYS alloys: `chemical_system`, `alloys`, and `has`, one of
    FAILURES (all crystalline), RIBBONS (glasses, none of them bulk), BULK and MIXED."""
    missing_kinds: tuple[str, ...]
    """Kinds of reports of castings of which there is none."""
    missing_classes: tuple[tuple[int, str], ...]
    """Numbers of elements, from 2 to MOST_ELEMENTS, and classes of which there is no alloy."""


def blind_spots_of(alloys: pd.DataFrame) -> BlindSpots:
    """The blind spots of a table `alloys`."""
    elements, together = _together(alloys["elements"].tolist())
    counts = dict(zip(elements, np.diag(together).tolist(), strict=True))
    common = [element for element in elements if counts[element] >= COMMON]
    return BlindSpots(
        elements=elements,
        together=together,
        never_together=_never_together(common, elements, together),
        n_common=len(common),
        rare=dict(sorted(((e, n) for e, n in counts.items() if n < FEW), key=lambda one: one[1])),
        systems=_systems(alloys),
        missing_kinds=tuple(kind.value for kind in ReportKind if kind not in APART | set(alloys["kind"])),
        missing_classes=_missing_classes(alloys),
    )


def _together(alloys: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], IntArray]:
    names = sorted({element for alloy in alloys for element in alloy})
    place = {name: column for column, name in enumerate(names)}
    holds = np.zeros((len(alloys), len(names)), dtype=np.int64)
    for row, alloy in enumerate(alloys):
        holds[row, [place[element] for element in alloy]] = 1
    together = holds.T @ holds
    order = np.argsort(-np.diag(together), kind="stable")
    return tuple(names[column] for column in order), together[np.ix_(order, order)]


def _never_together(common: Sequence[str], elements: Sequence[str], together: IntArray) -> pd.DataFrame:
    """The common elements come first among all elements."""
    rows = [
        {"pair": f"{elements[a]}-{elements[b]}", "alloys_a": int(together[a, a]), "alloys_b": int(together[b, b])}
        for a, b in combinations(range(len(common)), 2)
        if together[a, b] == 0
    ]
    frame = pd.DataFrame(rows, columns=["pair", "alloys_a", "alloys_b"])
    return frame.sort_values(["alloys_b", "alloys_a"], ascending=False, kind="stable", ignore_index=True)


def _systems(alloys: pd.DataFrame) -> pd.DataFrame:
    counts = pd.crosstab(alloys["chemical_system"], alloys["glass_class"])
    counts = counts.reindex(columns=[one.value for one in GlassClass], fill_value=0)
    n_elements = alloys.groupby("chemical_system")["n_elements"].first()
    counts = counts[(n_elements.reindex(counts.index) >= 3) & (counts.sum(axis=1) >= LEAST_ALLOYS)]
    n, bulk = counts.sum(axis=1), counts[GlassClass.BULK.value]
    has = np.select(
        [counts[GlassClass.CRYSTALLINE.value] == n, bulk == 0, bulk == n], [FAILURES, RIBBONS, BULK], default=MIXED
    )
    frame = pd.DataFrame({"alloys": n.astype("int64"), "has": has}, index=counts.index)
    return frame.sort_values("alloys", ascending=False, kind="stable").rename_axis("chemical_system").reset_index()


def _missing_classes(alloys: pd.DataFrame) -> tuple[tuple[int, str], ...]:
    there = set(zip(alloys["n_elements"].tolist(), alloys["glass_class"].tolist(), strict=True))
    numbers = range(2, MOST_ELEMENTS + 1)
    return tuple((n, one.value) for one in GlassClass for n in numbers if (n, one.value) not in there)
