"""Casts of other systems: in a training set they count as literature and are pruned by the same rules."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.descriptors.elements import ElementTables
from bmg_assets.science.descriptors.table import compute_descriptors
from bmg_assets.science.fingerprints import DIGITS
from bmg_assets.science.literature.known_alloys import not_cast
from bmg_assets.science.literature.pruning import categorise, excluded_categories

if TYPE_CHECKING:
    import pandas as pd


def systems_to_learn_from(target: str, cast: Mapping[str, str], sub_dataset: int) -> dict[str, str]:
    """Systems whose casts the target's models are fitted to: they share elements, and its sub-dataset keeps them.

    Args:
        target: key of the target system.
        cast: keys of systems, each with the identity of its casts.
        sub_dataset: the paper's number, 1 to 5.

    Raises:
        SubDatasetError: there is no such sub-dataset.
    """
    elements, pruned = _elements(target), excluded_categories(sub_dataset)
    related = [system for system in cast if not elements.isdisjoint(_elements(system))]
    return {
        system: cast[system]
        for system in related
        if _elements(system) != elements and categorise(_elements(system), elements) not in pruned
    }


def casts_fingerprint(cast: Mapping[str, str]) -> str:
    """Identity of the casts of several systems; empty if there are none."""
    return sha256(json.dumps(sorted(cast.items())).encode()).hexdigest()[:DIGITS] if cast else ""


def with_other_casts(
    alloys: pd.DataFrame,
    descriptors: pd.DataFrame,
    casts: pd.DataFrame,
    tables: ElementTables,
    chosen: Sequence[str],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables `alloys` and `descriptors` of the literature with labelled casts of other systems at their end.

    A result of the group wins over the literature's of the same composition, which is left out.

    Args:
        casts: the tables `lab_results` of the other systems; compositions without a label are ignored.
        tables: what `descriptors` was made with.
        chosen: names of the descriptors that are needed; one that cannot be computed is nan.
    """
    import pandas as pd

    casts = casts[casts["dmax_mm"].notna()].reset_index(drop=True)
    if casts.empty:
        return alloys, descriptors
    fractions, elements = fraction_matrix(list(casts["elements"]), list(casts["at_pct"]))
    block = compute_descriptors(fractions, elements, tables)
    described = pd.DataFrame(block.values, columns=list(block.names))[list(chosen)]
    described.insert(0, "composition", casts["composition"])
    columns = ["composition", "elements", "at_pct", "dmax_mm", "glass_class"]
    return (
        pd.concat([not_cast(alloys, casts)[columns], casts[columns]], ignore_index=True),
        pd.concat([not_cast(descriptors, casts)[["composition", *chosen]], described], ignore_index=True),
    )


@cache
def _elements(system: str) -> frozenset[str]:
    """The elements of a system; cached, because thousands of systems are compared."""
    return frozenset(system.split(SEPARATOR))
