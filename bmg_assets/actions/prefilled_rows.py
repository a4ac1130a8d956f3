"""Rows of the form as they are filled in already: for an alloy, for a plan or its result, for a report to be corrected.

The columns that people add to their files are kept in a correction and in a withdrawal.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bmg_assets.actions.known_casts import KnownCasts
from bmg_assets.intake.alloys import read_alloy
from bmg_assets.intake.faults import CellError
from bmg_assets.intake.rows import COLUMNS
from bmg_assets.intake.words import WITHDRAWN
from bmg_assets.science.casts.cast import Cast, CompositionUnit, differing_column
from bmg_assets.science.errors import BmgError


class NoSuchCastError(BmgError):
    """There is no report of this sample that counts."""


def row_of(cast: Cast) -> dict[str, str]:
    """The row that says what an accepted report says; its further columns come last."""
    values = {column: getattr(cast, column) for column in COLUMNS if column != "schema_version"}
    return {**{column: _text(value) for column, value in values.items() if value is not None}, **dict(cast.extra)}


def new_row(day: date, formula: str = "") -> dict[str, str]:
    """A row for a cast of today."""
    return {
        "composition_nominal": formula,
        "composition_unit": CompositionUnit.AT_PCT.value,
        "test_date": day.isoformat(),
    }


def row_for(known: KnownCasts, formula: str, day: date, sample_id: str = "") -> dict[str, str]:
    """The row for a cast of an alloy: that of its plan without a verdict, where it was planned, else a new one.

    Args:
        sample_id: of the sample, where it has a name already; without one any plan of the alloy will do.
    """
    plans = (one for one in casts_of(known, formula) if one.is_plan and sample_id in ("", one.sample_id))
    plan = next(plans, None)
    if plan is None:
        return new_row(day, formula) | ({"sample_id": sample_id} if sample_id else {})
    return {**row_of(plan), "test_date": day.isoformat(), "verdict": "", "supersedes": ""}


def casts_of(known: KnownCasts, formula: str) -> tuple[Cast, ...]:
    """The reports of an alloy that count, also those of a plan; none where the formula cannot be read."""
    try:
        alloy = read_alloy(formula, CompositionUnit.AT_PCT)
    except CellError:
        return ()
    return known.of_composition(alloy.composition)


def correction_of(known: KnownCasts, sample_id: str) -> dict[str, str]:
    """The row that corrects the report of a sample, equal to it until somebody changes it; raises NoSuchCastError."""
    return {**row_of(_current(known, sample_id)), "supersedes": sample_id}


def changes_nothing(known: KnownCasts, correction: Cast) -> bool:
    """Whether a correction says what the report says that it would take the place of."""
    corrected = known.current(correction.supersedes or "")
    if corrected is None:
        return False
    return differing_column(replace(correction, supersedes=corrected.supersedes), corrected) is None


def withdrawal_of(known: KnownCasts, sample_id: str, note: str = "") -> dict[str, str]:
    """The row that takes the report of a sample back; raises NoSuchCastError.

    Args:
        note: why; empty: the report's own note stays.
    """
    row = {**correction_of(known, sample_id), "verdict": WITHDRAWN}
    return {**row, "note": note} if note else row


def further_columns(known: KnownCasts, row: Mapping[str, str]) -> dict[str, str]:
    """The columns that are none of a lab file's, of the report that a row corrects."""
    cast = known.current(row.get("supersedes", ""))
    return dict(cast.extra) if cast is not None else {}


def _current(known: KnownCasts, sample_id: str) -> Cast:
    cast = known.current(sample_id)
    if cast is None:
        raise NoSuchCastError(
            f"There is no report of sample '{sample_id}' that counts: nothing was accepted under this name, or it was "
            "corrected under another, or withdrawn."
        )
    return cast


def _text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
