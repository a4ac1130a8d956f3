"""The table `descriptors`: the 86 descriptors of every alloy of the literature, only the new ones computed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.descriptors.elements import ElementTables, element_tables
from bmg_assets.science.descriptors.selection import SelectionReport, select_descriptors
from bmg_assets.science.descriptors.table import ALL_DESCRIPTORS, DESCRIPTORS_VERSION, compute_descriptors
from bmg_assets.science.fingerprints import DIGITS

COLUMNS = (
    "composition",
    *ALL_DESCRIPTORS,
    "element_tables",
    "matminer_version",
    "pymatgen_version",
    "made_from",
    "failure",
)


@dataclass(frozen=True)
class Description:
    """The table `descriptors`, and how it was made."""

    table: pd.DataFrame
    n_computed: int
    n_reused: int


def describe_alloys(alloys: pd.DataFrame, variant: str, known: pd.DataFrame | None = None) -> Description:
    """The table `descriptors` for the compositions of the table `alloys`, in its order.

    Args:
        alloys: the table `alloys` of the literature.
        variant: name of the element tables.
        known: a table `descriptors` that was made before. A row that was made from the same amounts, element data and
            code is taken as it is; anything else in it, and a table of other columns, counts for nothing.

    Raises:
        UnknownVariantError: there are no such element tables.
    """
    tables = element_tables(variant)
    identities = pd.Index(_identities(alloys["elements"], alloys["at_pct"], tables))
    reusable = _reusable(known, identities)
    is_new = ~identities.isin(reusable.index)
    described = _described(alloys[is_new], identities[is_new], tables)
    # Only parts with rows: one without has no types either.
    rows = pd.concat([part for part in (reusable, described) if len(part)])
    table = rows.loc[identities].reset_index(drop=True)
    table["composition"] = alloys["composition"].to_numpy()
    return Description(table, n_computed=int(is_new.sum()), n_reused=int((~is_new).sum()))


def selection_of(descriptors: pd.DataFrame) -> SelectionReport:
    """The paper's selection rules on the alloys of the table `descriptors` that could be described."""
    described = descriptors[descriptors["failure"].isna()]
    return select_descriptors(described[list(ALL_DESCRIPTORS)].to_numpy(), ALL_DESCRIPTORS)


def _described(alloys: pd.DataFrame, identities: pd.Index, tables: ElementTables) -> pd.DataFrame:
    """Rows of the table, computed; the index is what each was made from."""
    if alloys.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    fractions, elements = fraction_matrix(list(alloys["elements"]), list(alloys["at_pct"]))
    block = compute_descriptors(fractions, elements, tables)
    frame = pd.DataFrame(block.values, columns=list(block.names)).assign(
        composition=alloys["composition"].to_numpy(),
        element_tables=tables.variant,
        matminer_version=tables.matminer_version,
        pymatgen_version=tables.pymatgen_version,
        made_from=identities,
        failure=pd.Series(block.failures, dtype=object).reindex(range(len(alloys))),
    )
    return frame[list(COLUMNS)].set_index(identities)


def _reusable(known: pd.DataFrame | None, identities: pd.Index) -> pd.DataFrame:
    """Rows of a table made before that stand for some of these alloys; the index is what each was made from."""
    if known is None or set(known.columns) != set(COLUMNS):
        return pd.DataFrame(columns=list(COLUMNS))
    rows = known[known["made_from"].isin(identities) & ~known["made_from"].duplicated()]
    return rows[list(COLUMNS)].set_index(pd.Index(rows["made_from"]))


def _identities(
    elements: Iterable[Sequence[str]], at_pct: Iterable[Sequence[float]], tables: ElementTables
) -> list[str]:
    """Identity of everything that the descriptors of each alloy follow from."""
    common = (DESCRIPTORS_VERSION, tables.variant, tables.matminer_version, tables.pymatgen_version)
    amounts = (sorted(zip(names, map(float, row), strict=True)) for names, row in zip(elements, at_pct, strict=True))
    return [sha256(repr((common, pairs)).encode()).hexdigest()[:DIGITS] for pairs in amounts]
