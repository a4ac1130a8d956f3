"""The candidates of a system as a file for others: as CSV, XLSX or JSON, in the words of the pages."""

import json
from typing import TYPE_CHECKING

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.errors import BmgError

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.store.store import Store

COLUMNS = (
    "formula",
    "kind",
    "rank",
    "is_recommended",
    "strategy",
    "rule",
    "state",
    "state_because",
    "surrogate_mm",
    "surrogate_low_mm",
    "surrogate_high_mm",
    "probability_bulk",
    "paper_mm",
    "paper_low_mm",
    "paper_high_mm",
    "paper_probability_bulk",
    "agreement",
    "is_trusted",
    "expected_gain_mm",
    "chance_of_better",
    "reason",
    "first_rung",
    "nearest_formula",
    "nearest_class",
    "nearest_dmax_mm",
    "nearest_at_pct",
    "nearest_who",
    "repeats_known",
    "price_per_kg",
    "limits",
)
"""Columns of `candidates` and `recommendations` in the order in which one reads; the latter has none of the paper's."""


class NothingProposedError(BmgError):
    """A system without candidates."""


def candidates_at_hand(store: "Store", system: TargetSystem) -> "pd.DataFrame":
    """The candidates as they are exported: a column for each element in at.%, then COLUMNS.

    Raises:
        NothingProposedError: nothing is proposed yet.
    """
    from bmg_assets.actions.system_now import proposed

    found = proposed(store, system.key)
    if found is None:
        raise NothingProposedError(f"Nothing is proposed in {system.key} yet; `bmg run {system.key}` does.")
    return as_exported(found, system)


def as_exported(candidates: "pd.DataFrame", system: TargetSystem) -> "pd.DataFrame":
    """Rows of the table `candidates` or `recommendations` as they are exported."""
    import pandas as pd

    from bmg_assets.pages.sentences import with_formulas

    shown = with_formulas(candidates, system).reset_index(drop=True)
    amounts = pd.DataFrame(shown["at_pct"].tolist(), columns=[f"{element}_at_pct" for element in system.elements])
    return pd.concat([shown[["formula"]], amounts, shown[[one for one in COLUMNS[1:] if one in shown]]], axis=1)


def file_of(exported: "pd.DataFrame", kind: str) -> bytes:
    """The file of an export.

    Args:
        kind: csv, xlsx or json.
    """
    import pandas as pd

    from bmg_assets.spreadsheets import csv_of_frame, xlsx_of

    if kind == "json":
        objects = json.loads(exported.to_json(orient="records"))
        return json.dumps(objects, ensure_ascii=False, indent=1).encode()
    if kind == "xlsx":
        rows = [[None if pd.isna(value) else value for value in row] for row in exported.to_numpy(object).tolist()]
        return xlsx_of([str(name) for name in exported.columns], rows, "candidates")
    return csv_of_frame(exported, float_format="%.6g").encode("utf-8-sig")
