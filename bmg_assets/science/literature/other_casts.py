"""Casts of other systems: in a training set they count as literature and are pruned by the same rules."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.descriptors.elements import ElementTables
from bmg_assets.science.descriptors.table import compute_descriptors
from bmg_assets.science.fingerprints import DIGITS
from bmg_assets.science.literature.known_alloys import not_cast
from bmg_assets.science.literature.pruning import category_of_counts, excluded_categories

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class CastSystems:
    """Systems with own casts, listed by element: each of ten thousand systems asks which of them it learns from."""

    cast: Mapping[str, str]
    """Keys of systems, each with the identity of its casts."""

    def to_learn_from(self, target: str, sub_dataset: int) -> dict[str, str]:
        """Systems whose casts the target's models are fitted to: they share elements, and its sub-dataset keeps them.

        Args:
            target: key of the target system.
            sub_dataset: the paper's number, 1 to 5.

        Raises:
            SubDatasetError: there is no such sub-dataset.
        """
        elements, pruned = target.split(SEPARATOR), excluded_categories(sub_dataset)
        shared = Counter(place for element in elements for place in self._places.get(element, ()))
        kept = {
            (n_shared, n_elements)
            for n_shared, n_elements in product(range(1, len(elements) + 1), set(self._sizes))
            if category_of_counts(n_shared, n_elements, len(elements)) not in pruned
            and not n_shared == n_elements == len(elements)
        }
        # In the order of the casts: whoever reads them gets the same rows each time.
        places = [place for place in sorted(shared) if (shared[place], self._sizes[place]) in kept]
        return {self._systems[place]: self.cast[self._systems[place]] for place in places}

    @cached_property
    def _systems(self) -> tuple[str, ...]:
        return tuple(self.cast)

    @cached_property
    def _sizes(self) -> tuple[int, ...]:
        """Elements of each system."""
        return tuple(system.count(SEPARATOR) + 1 for system in self._systems)

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Which of the systems hold each element."""
        found: dict[str, list[int]] = {}
        for place, system in enumerate(self._systems):
            for element in system.split(SEPARATOR):
                found.setdefault(element, []).append(place)
        return found


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
