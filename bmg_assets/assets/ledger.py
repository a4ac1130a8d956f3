"""The ledger of predictions as it follows from the record alone, for `bmg ledger` and the page of the ledger.

Belongs here: choosing what of the record is read. Does not belong here: what counts (science/evidence/ledger.py).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from bmg_assets.intake.inbox import LabInbox
from bmg_assets.science.alloys.systems import TargetSystem, parse_system
from bmg_assets.science.surrogates.catalogue import PAPER
from bmg_assets.settings import laboratory_day
from bmg_assets.store.page_addresses import LEDGER_PAGE
from bmg_assets.store.page_links import links_from
from bmg_assets.store.record import Record, RecordDamagedError
from bmg_assets.store.rounds import MAP, PROPOSED, SURROGATE_MAP, RecordedTraining, Rounds
from bmg_assets.store.store import Store
from bmg_assets.store.tables.arrow import empty_frame
from bmg_assets.store.tables.lab import LAB_RESULTS

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.intake.accepted import AcceptedCasts
    from bmg_assets.science.evidence.ledger import Training

FINGERPRINTS = ("training", "training_set", "known_alloys", "settings", "code")
"""What an entry of the record says of how its predictions were made."""


def ledger_now(
    record: Record, inbox: LabInbox, systems: Sequence[str] | None = None
) -> "tuple[pd.DataFrame, list[str]]":
    """The ledger, and a sentence for each system whose record cannot be read.

    Args:
        systems: keys; all that have a prediction by default.

    Raises:
        RecordDamagedError, RecordFormatError, InboxBusyError: as `LabInbox.accepted`.
    """
    from bmg_assets.science.evidence.ledger import ledger_frame

    accepted = inbox.accepted()
    taken_in = {str(entry.about["file"]): datetime.fromisoformat(entry.written_at) for entry in inbox.casts.entries()}
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    for key in record.systems_predicted() if systems is None else systems:
        try:
            rows += _rows_of(record, parse_system(key), accepted, taken_in)
        except RecordDamagedError as error:
            notes.append(f"{key} is left out: {error}")
    return ledger_frame(rows), notes


def write_ledger_page(store: Store, ledger: "pd.DataFrame", notes: Sequence[str]) -> str:
    """Replace the page of the ledger; its name in the store.

    Args:
        ledger, notes: of all systems, as `ledger_now` gives them.
    """
    from bmg_assets.pages.ledger_page import draw_ledger, render_ledger

    page = render_ledger(ledger, draw_ledger(ledger), datetime.now(UTC), notes, links_from(store, LEDGER_PAGE))
    return store.write_bytes(LEDGER_PAGE, page.encode())


def _rows_of(
    record: Record, system: TargetSystem, accepted: "AcceptedCasts", taken_in: Mapping[str, datetime]
) -> list[dict[str, Any]]:
    from bmg_assets.science.casts.first_results import first_results
    from bmg_assets.science.casts.lab_tables import as_frame, lab_results_rows
    from bmg_assets.science.evidence.ledger import ledger_rows

    recorded = {one.entry.number: one for one in Rounds.of(record, system.key).trainings}

    @cache
    def maps_of(entry: int) -> "dict[str, pd.DataFrame]":
        return _maps_of(recorded[entry])

    return ledger_rows(
        system,
        [_training(one) for one in recorded.values()],
        first_results(system, accepted.history, taken_in),
        as_frame(lab_results_rows(system, accepted.history), empty_frame(LAB_RESULTS)),
        lambda training: maps_of(training.entry),
    )


def _training(one: RecordedTraining) -> "Training":
    from bmg_assets.science.evidence.ledger import OF_PROPOSAL, Training

    about, row = one.entry.about, one.row
    recorded_at = datetime.fromisoformat(one.entry.written_at) if one.is_prospective else row["trained_at"]
    return Training(
        entry=one.entry.number,
        iteration=one.iteration,
        recorded_at=recorded_at,
        recorded_on=laboratory_day(recorded_at),
        is_taken_over=not one.is_prospective,
        known=frozenset(row["known_compositions"]),
        proposals=one.rows(PROPOSED, OF_PROPOSAL),
        coverage=about.get("coverage"),
        fingerprints={name: about[name] for name in FINGERPRINTS if name in about},
    )


def _maps_of(one: RecordedTraining) -> "dict[str, pd.DataFrame]":
    """Its maps by strategy. That of the surrogate has no amounts: it is of the points of the other one."""
    drawn, surrogate = one.frame(MAP), one.frame(SURROGATE_MAP)
    if drawn is None:
        return {}
    maps = {PAPER.name: drawn}
    if surrogate is not None and len(both := surrogate.merge(drawn[["composition", "at_pct"]], on="composition")):
        maps[str(both["strategy"].iloc[0])] = both
    return maps
