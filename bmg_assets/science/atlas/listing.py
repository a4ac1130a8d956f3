"""The rows of the atlas as one laboratory sees them: what is its own beside each, chosen and ranked.

Own casts, prices, what is not cast and which systems are registered change daily, so none of it is in the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.alloys.formulas.sums import atomic_mass
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.atlas.amounts import BestAmounts
from bmg_assets.science.atlas.choice import RANKED_BY, SMALLEST, AtlasChoice, AtlasChoiceError
from bmg_assets.science.atlas.laboratory import Laboratory

if TYPE_CHECKING:
    import pandas as pd

WITHOUT_VALUES = {
    "gain": "only systems of four elements have a gain over their ternary faces",
    "price": "say what the elements cost under `prices` in casting.yaml",
    "best-cast": "no own cast of them has a label",
    "best-known": "no alloy of them is reported",
}
"""Why a column can be empty, and what to do."""


def listed(rows: pd.DataFrame, laboratory: Laboratory, choice: AtlasChoice) -> pd.DataFrame:
    """Rows of the table `system_atlas` as a laboratory sees them, those of the choice, the best first.

    Args:
        rows: of any shards, n of them; a million take seconds.

    Returns:
        The columns of the table, and `is_registered`, `is_cast`, `best_cast_mm` (NaN without a label), `excluded`
        (elements that are not cast, as text), `price_per_kg` of the best composition (NaN unless every element has a
        price), `is_new` and `rank` (from 1). Where what ranks is equal or empty, the higher score comes first.

    Raises:
        AtlasChoiceError: an element is wanted that no row holds, or none of the chosen rows has a value to rank by.
    """
    amounts = BestAmounts.of(rows)
    own = _of_laboratory(rows, amounts, laboratory)
    chosen = np.flatnonzero(_chosen(rows, amounts, own, choice))
    column, end = RANKED_BY[choice.by]
    values = (own if column in own else rows)[column].to_numpy(dtype=np.float64)[chosen]
    if len(chosen) and np.isnan(values).all() and choice.by != AtlasChoice.by:
        raise _nothing_to_rank_by(choice.by, len(chosen))
    score = rows["score"].to_numpy(dtype=np.float64)[chosen]
    # The last key counts first. NaN is sorted behind all else.
    best = chosen[np.lexsort([-score, values if end is SMALLEST else -values])][: choice.most]
    return rows.iloc[best].assign(**own.iloc[best], rank=np.arange(1, len(best) + 1))


def keys_to_add(rows: pd.DataFrame, most: int) -> list[str]:
    """Keys of the first systems that are not registered, the elements in the order of falling amount at the best.

    Args:
        rows: of `listed`.
        most: how many, at most.
    """
    new = rows[~rows["is_registered"]].head(most)
    return [
        SEPARATOR.join(sorted(elements, key=lambda one: (-dict(zip(elements, amounts, strict=True))[one], one)))
        for elements, amounts in zip(new["elements"], new["at_pct"], strict=True)
    ]


def _of_laboratory(rows: pd.DataFrame, amounts: BestAmounts, laboratory: Laboratory) -> pd.DataFrame:
    """The columns that are the laboratory's own, by the index of the rows."""
    import pandas as pd

    systems, cast = rows["system"], laboratory.best_cast_mm
    is_cast = systems.isin(list(cast))
    return pd.DataFrame(
        {
            "is_registered": systems.isin(list(laboratory.registered)),
            "is_cast": is_cast,
            "best_cast_mm": systems.map(dict(cast)).astype(np.float64),
            "excluded": _excluded(amounts, laboratory.practice.not_cast),
            "price_per_kg": _prices(amounts, laboratory.practice.prices_per_kg),
            "is_new": (rows["n_known"] == 0) & ~is_cast,
        },
        index=rows.index,
    )


def _chosen(rows: pd.DataFrame, amounts: BestAmounts, own: pd.DataFrame, choice: AtlasChoice) -> BoolArray:
    """Marks the systems of a choice, shape (n,)."""
    missing = [one for one in dict.fromkeys(choice.wanted) if one not in amounts.symbols]
    if missing and len(rows):
        raise AtlasChoiceError(
            f"No system of the atlas holds {missing[0]}: too few alloys with it are known, or the surrogate has no "
            "data of it; ask for other elements."
        )
    marks = amounts.counted(amounts.of_elements(choice.wanted)) == len(set(choice.wanted))
    marks &= amounts.counted(amounts.of_elements(choice.refused)) == 0
    if choice.n_elements is not None:
        marks &= rows["n_elements"].to_numpy() == choice.n_elements
    if choice.trusted_only:
        marks &= rows["is_trusted"].to_numpy(dtype=bool)
    if choice.new_only:
        marks &= own["is_new"].to_numpy(dtype=bool)
    if choice.allowed_only:
        marks &= own["excluded"].to_numpy() == ""
    for column, least in (("chance_bulk", choice.least_chance), ("dmax_mm", choice.least_dmax_mm)):
        if least is not None:
            marks &= rows[column].to_numpy(dtype=np.float64) >= least
    return np.asarray(marks)


def _excluded(amounts: BestAmounts, not_cast: frozenset[str]) -> list[str]:
    """Elements of each system that are not cast, in their order, joined by ', '."""
    found: list[list[str]] = [[] for _ in range(amounts.n)]
    marked = np.flatnonzero(amounts.of_elements(not_cast))
    for row, element in zip(amounts.row[marked].tolist(), amounts.element[marked].tolist(), strict=True):
        found[row].append(amounts.symbols[element])
    return [", ".join(one) for one in found]


def _prices(amounts: BestAmounts, prices: Mapping[str, float]) -> FloatArray:
    """Price of the metals in a kg of each best composition, shape (n,)."""
    if not prices:
        return np.full(amounts.n, np.nan)
    masses = {symbol: atomic_mass(symbol) for symbol in amounts.symbols}
    of_mole = {symbol: mass * prices[symbol] for symbol, mass in masses.items() if symbol in prices}
    return amounts.summed(of_mole) / amounts.summed(masses)


def _nothing_to_rank_by(by: str, n: int) -> AtlasChoiceError:
    why = WITHOUT_VALUES.get(by, "rank by score")
    return AtlasChoiceError(f"None of the {n:,} systems has a value to be ranked by '{by}': {why}.")
