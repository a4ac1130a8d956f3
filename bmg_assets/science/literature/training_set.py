"""The training set of a target system: pruned literature and the group's own casts, with their descriptors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.descriptors.elements import ElementTables
from bmg_assets.science.descriptors.table import compute_descriptors
from bmg_assets.science.errors import BmgError
from bmg_assets.science.fingerprints import fingerprint_arrays
from bmg_assets.science.literature.known_alloys import not_cast
from bmg_assets.science.literature.pruning import Category, categorise_all, excluded_categories

ALLOY_COLUMNS = ["composition", "elements", "at_pct", "dmax_mm", "glass_class"]
CONTEXT_COLUMNS = ["target_system", *ALLOY_COLUMNS, "category", "sub_dataset", "element_tables", "weight"]
"""Columns of a training set that are not descriptors."""


class TrainingSetError(BmgError):
    """A training set that cannot be made, or that does not belong to what was trained on it."""


@dataclass(frozen=True)
class LearningData:
    """A training set as arrays."""

    X: FloatArray
    """Descriptors, shape (n, d)."""
    y: FloatArray
    """Critical casting diameters in mm, shape (n,)."""
    weight: FloatArray
    """Weight of each row in the fits, shape (n,)."""
    descriptors: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Identity of the rows and their order."""
        return fingerprint_arrays(self.X, self.y, self.weight)


def assemble_training_set(
    target: TargetSystem,
    alloys: pd.DataFrame,
    descriptors: pd.DataFrame,
    lab: pd.DataFrame,
    tables: ElementTables,
    sub_dataset: int,
    chosen: Sequence[str],
    own_weight: float = 1.0,
) -> pd.DataFrame:
    """Literature alloys that the sub-dataset keeps, then the system's own casts; rows without a label are left out.

    An own result wins: the literature's row of a composition that the group has cast is left out. Alloys that lack a
    chosen descriptor are left out too.

    Args:
        alloys: the table `alloys` of the literature.
        descriptors: the table `descriptors` of the literature, made with `tables`.
        lab: the table `lab_results` of the system; a composition without a label is as if it had not been cast.
        chosen: names of the descriptors to train on.
        own_weight: weight of an own cast in the fits; an alloy of the literature has 1.

    Raises:
        SubDatasetError: there is no such sub-dataset.
        TrainingSetError: an own cast has an element that the descriptors do not know, or nothing is left.
    """
    lab = lab[lab["dmax_mm"].notna()]
    literature = alloys.merge(descriptors[["composition", *chosen]], on="composition", how="inner")
    literature = literature[literature["dmax_mm"].notna() & literature[list(chosen)].notna().all(axis=1)]
    literature = not_cast(literature, lab)
    categories = np.array(categorise_all(literature["elements"], target.element_set), dtype=object)
    kept = ~pd.Series(categories, index=literature.index).isin(excluded_categories(sub_dataset))
    literature = literature.assign(category=categories)[kept][[*ALLOY_COLUMNS, "category", *chosen]]
    own = _own_casts(lab, tables, chosen)
    rows = pd.concat([literature, own], ignore_index=True) if len(own) else literature.reset_index(drop=True)
    if rows.empty:
        raise TrainingSetError(
            f"Sub-dataset {sub_dataset} of {target.key} has no alloys: choose one that prunes less, or add a source."
        )
    rows["category"] = rows["category"].map(str)  # plain text: `astype` leaves members of an enumeration as they are
    rows = rows.assign(
        target_system=target.key,
        sub_dataset=sub_dataset,
        element_tables=tables.variant,
        weight=np.where(rows["category"] == str(Category.LAB), own_weight, 1.0),
    )
    return rows[[*CONTEXT_COLUMNS, *chosen]]


def learning_data(training_set: pd.DataFrame) -> LearningData:
    """The arrays that models are fitted to."""
    names = tuple(column for column in training_set.columns if column not in CONTEXT_COLUMNS)
    return LearningData(
        X=training_set[list(names)].to_numpy(np.float64),
        y=training_set["dmax_mm"].to_numpy(np.float64),
        weight=training_set["weight"].to_numpy(np.float64),
        descriptors=names,
    )


def check_describable(target: TargetSystem, tables: ElementTables, chosen: Sequence[str]) -> None:
    """See that the target's compositions can be described at all, before anything is trained.

    Args:
        target: the system to predict in.
        tables: element data behind the descriptors.
        chosen: names of the descriptors.

    Raises:
        TrainingSetError: an element of the target has no data for a chosen descriptor.
    """
    centre = np.full((1, len(target.elements)), 1 / len(target.elements))
    block = compute_descriptors(centre, target.elements, tables)
    values = pd.DataFrame(block.values, columns=list(block.names))[list(chosen)]
    if block.failures or values.isna().to_numpy().any():
        missing = ", ".join(values.columns[values.isna().any()][:3])
        reason = block.failures.get(0, f"no value for {missing}")
        raise TrainingSetError(
            f"{target.key} cannot be described ({reason}); choose elements that the element tables know."
        )


def _own_casts(lab: pd.DataFrame, tables: ElementTables, chosen: Sequence[str]) -> pd.DataFrame:
    if lab.empty:
        return pd.DataFrame()
    fractions, elements = fraction_matrix(list(lab["elements"]), list(lab["at_pct"]))
    block = compute_descriptors(fractions, elements, tables)
    values = pd.DataFrame(block.values, columns=list(block.names), index=lab.index)[list(chosen)]
    if values.isna().to_numpy().any():
        row = int(np.flatnonzero(values.isna().any(axis=1))[0])
        raise TrainingSetError(
            f"The own cast {lab['composition'].iloc[row]} cannot be described "
            f"({block.failures.get(row, 'a descriptor has no value')}); withdraw it, or fix its composition."
        )
    return pd.concat([lab[ALLOY_COLUMNS].assign(category=str(Category.LAB)), values], axis=1)
