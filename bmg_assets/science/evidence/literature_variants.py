"""What a surrogate may learn from: the whole literature, the paper's, or either with one source more or less.

A variant is made from the reports themselves, so that a report that was another one's copy counts again where the other
is left out, and so that what was published after a year does not leak into the label of an older alloy.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.alloys.labels import NUMBER_OF_KIND
from bmg_assets.science.alloys.report_kinds import ReportKind
from bmg_assets.science.literature.copies import mark_copies
from bmg_assets.science.literature.curation import DOES_NOT_TEACH, ROW_OF_ONE_ALLOY, ReportOrigin
from bmg_assets.science.literature.merging import merge_alloys

if TYPE_CHECKING:
    import pandas as pd

PAPER_SOURCE = "ml_bmg_gfa"
WHOLE = "whole"
PAPER = "paper"
RECOMMENDED = "recommended"
WITHOUT = "without_"
PAPER_AND = "paper_and_"
WITHOUT_EASY = "without_easy_negatives"
EASY_NEGATIVE = ReportKind.CRYSTALLINE_AS_CAST.value
"""Alloys cast without success, nearly all in lists of high-entropy alloys: the elements alone give them away."""


@dataclass(frozen=True)
class Variant:
    """A literature to learn from."""

    name: str
    sources: tuple[str, ...]
    """Sources whose reports are learnt from."""
    trains: str = "mean"
    """Which of conflicting diameters is learnt."""
    easy_negatives: bool = True
    """Whether alloys that were cast and crystalline are learnt from."""
    teaching: tuple[str, ...] | None = None
    """Sources whose diameters are learnt; the others give class and interval alone. None: all of them."""
    until: int | None = None
    """Only reports of this year or earlier; those without a year do not count. None: all reports."""

    @property
    def made_from(self) -> str:
        """Identity of the variant, for an entry of the store."""
        return repr(self)


def variants(sources: Sequence[str], teaching: Sequence[str], quick: bool) -> list[Variant]:
    """The variants that are compared, the most telling first.

    Args:
        sources: sources that are at hand.
        teaching: those of them whose reports train today.
        quick: leave out single sources beside the paper's, and the numbers that train.
    """
    whole = tuple(sources)
    found = [Variant(WHOLE, whole)]
    if PAPER_SOURCE in whole:
        found.append(Variant(PAPER, (PAPER_SOURCE,)))
    if set(teaching) not in ({PAPER_SOURCE}, set(whole)):
        found.append(Variant(RECOMMENDED, whole, teaching=tuple(teaching)))
    if len(whole) > 1:
        found += [Variant(WITHOUT + name, tuple(one for one in whole if one != name)) for name in whole]
    if quick:
        return found
    if PAPER_SOURCE in whole:
        found += [Variant(PAPER_AND + name, (PAPER_SOURCE, name)) for name in whole if name != PAPER_SOURCE]
    found += [Variant("largest_trains", whole, trains="largest"), Variant("smallest_trains", whole, trains="smallest")]
    return [*found, Variant(WITHOUT_EASY, whole, easy_negatives=False)]


def alloys_of(reports: "pd.DataFrame", origins: Sequence[ReportOrigin], variant: Variant) -> "pd.DataFrame":
    """The table `alloys` that a variant gives; its columns are those of `merge_alloys`.

    Args:
        reports: what `as_if_all_taught` gives of all sources that are at hand.
        origins: of the sources, in the order in which they count.
        variant: what of it is known.
    """
    known = reports["source"].isin(variant.sources)
    if not variant.easy_negatives:
        known &= reports["kind"] != EASY_NEGATIVE
    if variant.until is not None:
        known &= (reports["year"] <= variant.until).fillna(False)
    teaching = variant.sources if variant.teaching is None else variant.teaching
    of_variant = [
        replace(origin, teaches=origin.source in teaching) for origin in origins if origin.source in variant.sources
    ]
    marked = mark_copies(reports[known], of_variant)
    taught = marked["dmax_mm"].where(marked["source"].isin(teaching))
    return merge_alloys(marked.assign(dmax_mm=taught), variant.trains)


def as_if_all_taught(reports: "pd.DataFrame") -> "pd.DataFrame":
    """The table `reports` before copies were marked, with the numbers of sources that do not teach.

    Further rows of an alloy within its source stay copies.
    """
    rules = reports["rules"]
    is_further_row = np.array([ROW_OF_ONE_ALLOY in found for found in rules], dtype=bool)
    is_silent = np.array([DOES_NOT_TEACH in found for found in rules], dtype=bool)
    numbers = reports["kind"].map(NUMBER_OF_KIND).astype("float64").fillna(reports["dmax_low_mm"])
    return reports.assign(
        status=reports["status"].mask((reports["status"] == "copied") & ~is_further_row, "accepted"),
        dmax_mm=reports["dmax_mm"].mask(is_silent, numbers),
    )
