"""The table `descriptors`: the 86 descriptors of every alloy of the literature."""

import pandas as pd

from bmg_assets.science.compositions import fraction_matrix
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.selection import SelectionReport, select_descriptors
from bmg_assets.science.descriptors.table import ALL_DESCRIPTORS, compute_descriptors


def describe_alloys(alloys: pd.DataFrame, variant: str) -> pd.DataFrame:
    """The table `descriptors` for the compositions of the table `alloys`, in its order.

    Raises:
        UnknownVariantError: there are no such element tables.
    """
    tables = element_tables(variant)
    fractions, elements = fraction_matrix(list(alloys["elements"]), list(alloys["at_pct"]))
    block = compute_descriptors(fractions, elements, tables)
    frame = pd.DataFrame(block.values, columns=list(block.names))
    frame.insert(0, "composition", alloys["composition"].to_numpy())
    return frame.assign(
        element_tables=tables.variant,
        matminer_version=tables.matminer_version,
        pymatgen_version=tables.pymatgen_version,
        failure=pd.Series(block.failures, dtype=object).reindex(frame.index),
    )


def selection_of(descriptors: pd.DataFrame) -> SelectionReport:
    """The paper's selection rules on the alloys of the table `descriptors` that could be described."""
    described = descriptors[descriptors["failure"].isna()]
    return select_descriptors(described[list(ALL_DESCRIPTORS)].to_numpy(), ALL_DESCRIPTORS)
