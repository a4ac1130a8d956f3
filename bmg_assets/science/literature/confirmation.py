"""Reports of a source that is not believed alone: they count only where another source reports the same."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bmg_assets.science.alloys.report_kinds import GlassClass
from bmg_assets.science.arrays import FloatArray

if TYPE_CHECKING:
    import pandas as pd

SAME_WITHIN_AT_PCT = 0.5
"""Two compositions of the same elements are the same for this comparison if no amount differs by more."""
UNCONFIRMED = "no_other_source_agrees"
"""The fault of a report that would need another source."""
_LABEL_CELLS = ("kind", "is_glass", "glass_class", "dmax_mm", "dmax_low_mm", "dmax_high_mm", "thickness_mm")


def refuse_unconfirmed(reports: "pd.DataFrame", needing: Mapping[str, Collection[GlassClass]]) -> "pd.DataFrame":
    """The reports, those refused that would need another source and have none.

    Args:
        reports: REPORT_COLUMNS of all sources together, before copies are marked.
        needing: by source, the classes that count only where another source reports the same kind of the composition.
    """
    classes = {source: {one.value for one in found} for source, found in needing.items() if found}
    needs = np.array(
        [
            status == "accepted" and glass_class in classes.get(source, ())
            for source, status, glass_class in zip(
                reports["source"], reports["status"], reports["glass_class"], strict=True
            )
        ],
        dtype=bool,
    )
    if not needs.any():
        return reports
    known = _amounts_by_kind(reports[(reports["status"] == "accepted") & ~needs])
    alone = needs.copy()
    alone[needs] = [not _is_among(row, known) for row in reports[needs].itertuples()]
    refused = reports.copy()
    refused.loc[alone, list(_LABEL_CELLS)] = None
    refused.loc[alone, "status"] = "refused"
    refused["rules"] = [
        [*rules, UNCONFIRMED] if is_alone else rules for rules, is_alone in zip(reports["rules"], alone, strict=True)
    ]
    refused.loc[alone, "reason"] = [
        f"{source} alone reports it as {glass_class}, which counts only where another source agrees."
        for source, glass_class in zip(reports["source"][alone], reports["glass_class"][alone], strict=True)
    ]
    return refused


def _amounts_by_kind(reports: "pd.DataFrame") -> dict[tuple[str, ...], FloatArray]:
    """Amounts in at.% of the alloys, shape (n, elements), by kind and elements."""
    found: dict[tuple[str, ...], list[list[float]]] = {}
    for kind, elements, at_pct in zip(reports["kind"], reports["elements"], reports["at_pct"], strict=True):
        found.setdefault((kind, *elements), []).append(at_pct)
    return {key: np.array(amounts, dtype=np.float64) for key, amounts in found.items()}


def _is_among(row: Any, known: Mapping[tuple[str, ...], FloatArray]) -> bool:
    amounts = known.get((row.kind, *row.elements))
    if amounts is None:
        return False
    apart = np.abs(amounts - np.array(row.at_pct)).max(axis=1)
    return bool((apart <= SAME_WITHIN_AT_PCT + 1e-9).any())
