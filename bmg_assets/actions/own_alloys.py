"""The own alloys of a system: their labels, what had been predicted, what to cast next, and what no run knows yet."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bmg_assets.science.alloys.systems import TargetSystem

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.intake.inbox import LabInbox
    from bmg_assets.store.store import Store


@dataclass(frozen=True)
class OwnAlloys:
    """The own alloys of a system.

    Attributes:
        results: the table `lab_results` with `predicted_mm`, and with `next_rung`, which is missing where no ladder is
            open.
        casts: the rows of the table `lab_casts` that count, the latest first.
        waiting: rows of the table `lab_casts` that were accepted and are in no run yet.
    """

    results: "pd.DataFrame"
    casts: "pd.DataFrame"
    waiting: list[dict[str, Any]]


def own_alloys(store: "Store", inbox: "LabInbox", system: TargetSystem) -> OwnAlloys:
    """The own alloys of a system as the last run knew them, and the casts that came since.

    Raises:
        BmgError: nothing is stored of the system, and no cast of it was accepted.
    """
    from bmg_assets.intake.inbox import casts_in_no_run
    from bmg_assets.store.tables.arrow import empty_frame
    from bmg_assets.store.tables.lab import LAB_RESULTS

    waiting = casts_in_no_run(store, inbox, system)
    if waiting and not store.has_table(LAB_RESULTS.name, system.key):
        results = empty_frame(LAB_RESULTS)
    else:
        results = store.read_table(LAB_RESULTS.name, system.key)
    results = results.merge(_predicted_for_casts(store, system.key), on="composition", how="left")
    rungs = results["composition"].map(_next_rungs(store, system.key, results)).astype(object)
    return OwnAlloys(results.assign(next_rung=rungs), _casts_that_count(store, system.key), waiting)


def _casts_that_count(store: "Store", key: str) -> "pd.DataFrame":
    from bmg_assets.science.casts.lab_tables import CastState
    from bmg_assets.store.tables.arrow import empty_frame
    from bmg_assets.store.tables.lab import LAB_CASTS

    has_any = store.has_table(LAB_CASTS.name, key)
    casts = store.read_table(LAB_CASTS.name, key) if has_any else empty_frame(LAB_CASTS)
    return casts[casts["state"] == CastState.CURRENT.value].iloc[::-1].reset_index(drop=True)


def _next_rungs(store: "Store", key: str, results: "pd.DataFrame") -> dict[str, str]:
    """The next rung of each open ladder; none where no map was made yet."""
    from bmg_assets.science.proposals.first_rung import next_rungs
    from bmg_assets.settings import Locations

    if not store.has_table("transfer_grid", key):
        return {}
    practice = Locations.from_environment().casting_practice()
    return next_rungs(results, store.read_table("transfer_grid", key), practice)


def _predicted_for_casts(store: "Store", system: str) -> "pd.DataFrame":
    """What had been predicted for own alloys: columns `composition` and `predicted_mm`."""
    from bmg_assets.store.tables.arrow import empty_frame
    from bmg_assets.store.tables.iterations import CAST_OUTCOMES

    name = CAST_OUTCOMES.name
    outcomes = store.read_table(name, system) if store.has_table(name, system) else empty_frame(CAST_OUTCOMES)
    return outcomes[["composition", "predicted_mm"]]
