"""How far the laboratory has come with a proposed composition, as it follows from the reported casts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bmg_assets.science.casts.cast import Verdict
from bmg_assets.science.casts.lab_tables import CastState
from bmg_assets.science.casts.ladder import LadderState

if TYPE_CHECKING:
    import pandas as pd


class CandidateState(StrEnum):
    """How far the laboratory has come with a composition."""

    PROPOSED = "proposed"
    """Nothing is reported."""
    REQUESTED = "requested"
    """The laboratory has taken it up, and there is no label yet."""
    CAST = "cast"
    """Its ladder gives a label."""
    REFUSED = "refused"
    """The reports give nothing usable."""


SETTLED = frozenset({CandidateState.CAST, CandidateState.REFUSED})
"""States in which a composition is not proposed again."""


@dataclass(frozen=True)
class Standing:
    """The state of a composition, and the casts behind it as a sentence."""

    state: CandidateState
    because: str


def standings_of(results: pd.DataFrame, casts: pd.DataFrame) -> dict[str, Standing]:
    """The standing of every composition with a report, by its key; a composition without one is proposed.

    A composition counts as never reported if its only casts were corrected to be of another one.

    Args:
        results: the table `lab_results` of the system.
        casts: the table `lab_casts` of the system.
    """
    labels = {row["composition"]: row for row in results.to_dict("records")}
    standings = {
        str(composition): _standing(labels.get(composition), reports.to_dict("records"))
        for composition, reports in casts.groupby("composition")
    }
    return {composition: standing for composition, standing in standings.items() if standing is not None}


def settled(standings: Mapping[str, Standing]) -> frozenset[str]:
    """The compositions that are not proposed again."""
    return frozenset(composition for composition, standing in standings.items() if standing.state in SETTLED)


def with_states(rows: pd.DataFrame, standings: Mapping[str, Standing]) -> pd.DataFrame:
    """Rows that have a column `composition`, with the columns `state` and `state_because` set to today's standing."""
    import pandas as pd

    found = [standings.get(composition) for composition in rows["composition"]]
    return rows.assign(
        state=[one.state.value if one else CandidateState.PROPOSED.value for one in found],
        state_because=pd.Series([one.because if one else None for one in found], index=rows.index, dtype=object),
    )


def _standing(label: Mapping[Any, Any] | None, reports: Sequence[Mapping[Any, Any]]) -> Standing | None:
    import pandas as pd

    if label is None:
        withdrawn = [report["sample_id"] for report in reports if report["state"] == CastState.WITHDRAWN.value]
        return Standing(CandidateState.REFUSED, f"withdrawn: {', '.join(withdrawn)}") if withdrawn else None
    samples = ", ".join(label["sample_ids"])
    if pd.notna(label["dmax_mm"]):
        return Standing(CandidateState.CAST, f"{label['dmax_mm']:g} mm by {samples}")
    if label["state"] == LadderState.QUARANTINE.value:
        return Standing(CandidateState.REFUSED, f"the casts contradict each other: {samples}")
    counting = [report for report in reports if report["sample_id"] in label["sample_ids"] and _counts(report)]
    if all(report["verdict"] == Verdict.FAILED_CAST.value for report in counting):
        return Standing(CandidateState.REFUSED, f"failed: {samples}")
    return Standing(CandidateState.REQUESTED, "; ".join(_words(report) for report in counting))


def _counts(report: Mapping[Any, Any]) -> bool:
    return bool(report["state"] == CastState.CURRENT.value)


def _words(report: Mapping[Any, Any]) -> str:
    return f"{report['sample_id']}: {report['verdict'].replace('_', ' ')} ({report['method'].replace('_', ' ')})"
