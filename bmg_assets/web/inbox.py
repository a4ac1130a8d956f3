"""The inbox: what needs a person on top, then files that wait and were taken in, each with its report row by row."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bmg_assets.actions.file_reports import ReportRow
from bmg_assets.actions.inbox_view import FileNow, NoSuchFileError, Quarantined, file_now, inbox_now
from bmg_assets.actions.refused_rows import NoSuchRowError, RefusedRow, set_aside
from bmg_assets.actions.reporting import take_in_now
from bmg_assets.intake.check import cast_in_words
from bmg_assets.intake.record import IntakeRecord
from bmg_assets.web.forms import Form, NotThereError, get, post, sender_of
from bmg_assets.web.site import Site

MOST_ON_TOP = 20
MOST_ROWS = 1000
SHOWN_OF_ROW = ("sample_id", "composition_nominal", "method", "dimension_mm", "verdict")
"""What says which row it is."""


def routes(site: Site) -> list[Route]:
    """The addresses of the inbox and of its files."""

    def inbox(request: Request) -> Response:
        return _inbox(site, request)

    def file(request: Request) -> Response:
        return _file(site, request)

    def aside(request: Request, form: Form) -> Response:
        line = form.first("line")
        if not (line.isdecimal() and len(line) < 10):
            raise NoSuchRowError("The form names no line: load the page again.")
        set_aside(
            site.inbox, request.path_params["name"], int(line), sender_of(site, request, form) or site.who(request)
        )
        return site.go("inbox")

    def take_in(request: Request, form: Form) -> Response:
        sent = take_in_now(site.inbox, request.path_params["name"], sender_of(site, request, form))
        if sent.intake is None:
            return _file(site, request, sent.waits_because)
        return site.go("inbox", sent.intake.file, sent="now")

    def again(request: Request, form: Form, problem: str) -> Response:
        return _file(site, request, problem)

    return [
        get(site, "/inbox", inbox),
        get(site, "/inbox/{name}", file),
        post(site, "/inbox/{name}/aside", aside, again),
        post(site, "/inbox/{name}/take-in", take_in, again),
    ]


def _inbox(site: Site, request: Request) -> Response:
    page = request.query_params.get("page", "1")
    now = inbox_now(site.inbox, int(page) if page.isdecimal() and len(page) < 10 else 1)
    return site.page(
        request,
        "inbox",
        now=now,
        quarantined=[_alloy(one) for one in now.quarantined[:MOST_ON_TOP]],
        more_quarantined=max(0, len(now.quarantined) - MOST_ON_TOP),
        refused=[_refused(one) for one in now.refused[:MOST_ON_TOP]],
        more_refused=max(0, len(now.refused) - MOST_ON_TOP),
        intakes=[_intake(one, now.sent_by[one.order]) for one in now.intakes],
    )


def _file(site: Site, request: Request, problem: str = "") -> Response:
    try:
        found = file_now(site.inbox, request.path_params["name"])
    except NoSuchFileError as error:
        raise NotThereError(str(error)) from None
    return site.page(
        request,
        "inbox_file",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        problem=problem,
        done=_done(found, request.query_params.get("sent", "")),
        file=found,
        intake=_intake(found.intake, found.sent_by) if found.intake is not None else None,
        rows=[_row(one, found.rows.get(one.line, {})) for one in found.report[:MOST_ROWS]],
        more=max(0, len(found.report) - MOST_ROWS),
        refused=[_refused(one) for one in found.refused[:MOST_ON_TOP]],
        can_be_corrected=any(one.cells for one in found.refused),
        systems=_systems(site, found.intake) if found.intake is not None else [],
    )


def _done(found: FileNow, sent: str) -> str:
    """What the person who has just sent it is told."""
    if sent not in ("now", "again"):
        return ""
    if found.intake is None:
        return f"It is in the inbox and is taken in later: {found.waits_because}."
    if sent == "again":
        return "This was sent before, and nothing was done twice. Here is what became of it."
    count = len(found.intake.accepted_lines)
    return f"Taken in: {count} row{'s' if count != 1 else ''} accepted, {found.intake.refused} refused."


def _systems(site: Site, intake: IntakeRecord) -> list[dict[str, str]]:
    """The systems on which the casts of a file bear, by their registered keys where they have one."""
    from bmg_assets.partitions import usable_systems
    from bmg_assets.science.alloys.systems import parse_system

    with site.instance() as instance:
        registered = {parse_system(key).element_set: key for key in usable_systems(instance)}
    keys = [registered.get(frozenset(one.elements), "-".join(one.elements)) for one in intake.systems]
    known = set(registered.values())
    return [{"key": key, "address": site.at("systems", key) if key in known else ""} for key in keys]


def _intake(intake: IntakeRecord, sent_by: str) -> dict[str, Any]:
    return {
        "file": intake.file,
        "received_as": intake.received_as,
        "at": intake.taken_in_at[:16].replace("T", " "),
        "accepted": len(intake.accepted_lines),
        "refused": intake.refused,
        "skipped": intake.skipped,
        "is_accepted": intake.is_accepted,
        "sent_by": sent_by,
    }


def _alloy(alloy: Quarantined) -> dict[str, Any]:
    casts = [{"sample": cast.sample_id, "words": cast_in_words(cast)} for cast in alloy.casts]
    return {"formula": alloy.formula, "reason": alloy.label.reasons[0], "casts": casts}


def _refused(row: RefusedRow) -> dict[str, Any]:
    return {
        "file": row.intake.file,
        "received_as": row.intake.received_as,
        "line": row.line,
        "sample": row.cells.get("sample_id", ""),
        "alloy": row.cells.get("composition_nominal", ""),
        "reasons": row.reasons,
        "can_be_corrected": bool(row.cells),
    }


def _row(row: ReportRow, cells: Mapping[str, str]) -> dict[str, Any]:
    written = ", ".join(filter(None, (cells.get(name, "") for name in SHOWN_OF_ROW)))
    said = (row.reason, row.mend, row.note)
    return {
        "line": row.line or "file",
        "outcome": row.outcome,
        "column": row.column,
        "value": row.value,
        "said": "; ".join(filter(None, said if row.outcome == "refused" else (written, *said))),
    }
