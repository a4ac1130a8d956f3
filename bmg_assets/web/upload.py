"""Reporting casts by a file: looked at first, row by row, then sent with a second button."""

from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bmg_assets.actions.pending_files import keep_for_now, kept
from bmg_assets.actions.reporting import judged_file, send_file
from bmg_assets.intake.check import Judged
from bmg_assets.science.errors import BmgError
from bmg_assets.web.forms import PERSON, Form, get, post, sender_of
from bmg_assets.web.site import Site

MOST_SHOWN = 1000


class NothingToSendError(BmgError):
    """There is no file to be looked at, or it is not there any more."""


def routes(site: Site) -> list[Route]:
    """The address of the form with a file."""

    def empty(request: Request) -> Response:
        return _page(site, request, None)

    def done(request: Request, form: Form) -> Response:
        return _sent(site, request, form) if form.first("do") == "send" else _looked_at(site, request, form)

    def again(request: Request, form: Form, problem: str) -> Response:
        return _shown_again(site, request, form, problem)

    return [get(site, "/report/upload", empty), post(site, "/report/upload", done, again)]


def _looked_at(site: Site, request: Request, form: Form) -> Response:
    file = form.files.get("file")
    if file is None:
        raise NothingToSendError("No file was chosen: choose a CSV file or an XLSX workbook with a row per cast.")
    judged = judged_file(site.inbox, file.name, file.data)
    can_be_sent = judged.kind == "casts" and judged.lines("accepted") > 0
    digest = keep_for_now(site.inbox, file.data) if can_be_sent else ""
    return _page(site, request, form, judged=judged, file=file.name, digest=digest)


def _sent(site: Site, request: Request, form: Form) -> Response:
    data = kept(site.inbox, form.first("sha256"))
    if data is None:
        raise NothingToSendError("The file is not kept here any more, so nothing was sent: choose it again.")
    sent = send_file(site.inbox, form.first("name"), data, form.form_id, sender_of(site, request, form))
    name = sent.intake.file if sent.intake is not None else sent.name
    return site.go("inbox", name, sent="again" if sent.is_earlier else "now")


def _shown_again(site: Site, request: Request, form: Form, problem: str) -> Response:
    """What was looked at, where it is kept still, with why it was not sent."""
    name, digest = form.first("name"), form.first("sha256")
    data = kept(site.inbox, digest)
    if data is None:
        return _page(site, request, form, problem)
    return _page(site, request, form, problem, judged_file(site.inbox, name, data), name, digest)


def _page(
    site: Site,
    request: Request,
    form: Form | None,
    problem: str = "",
    judged: Judged | None = None,
    file: str = "",
    digest: str = "",
) -> Response:
    return site.page(
        request,
        "upload",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        problem=problem,
        judged=_shown(judged) if judged is not None else None,
        file=file,
        digest=digest,
        person_name=form.first(PERSON) if form is not None and PERSON in form.values else site.who(request),
    )


def _shown(judged: Judged) -> dict[str, Any]:
    rows = [
        {
            "line": one.line or "file",
            "outcome": one.outcome,
            "column": one.column,
            "value": one.value,
            "said": "; ".join(filter(None, (one.read_as, one.note, one.reason, one.mend))),
        }
        for one in judged.rows
    ]
    return {
        "is_formulas": judged.kind == "formulas",
        "rows": rows[:MOST_SHOWN],
        "more": max(0, len(rows) - MOST_SHOWN),
        **{outcome: judged.lines(outcome) for outcome in ("accepted", "refused", "skipped")},
    }
