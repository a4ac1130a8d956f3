"""Addresses of the application: what is shown for a GET, and what is done with a form.

What fails is said in a sentence where the person is: a form comes back filled as it was sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from bmg_assets.actions.audit import note_write
from bmg_assets.science.errors import BmgError
from bmg_assets.web.site import NAME_COOKIE, Site
from bmg_assets.web.tokens import new_form_id, session_of

LARGEST_MB = 12.0
"""Of a form with its files; the intake refuses a lab file above 10 MB."""
DRAINED_MB = 100.0
"""What is read and thrown away of a form that is too large: a browser shows the answer only when it has sent all."""
MOST_FIELDS = 20_000
LONGEST_FIELD = 4 * 1024 * 1024
LONGEST_NAME = 80
TOKEN, FORM_ID, PERSON = "token", "form_id", "person"
"""Fields that every form has."""


class NotThereError(BmgError):
    """There is nothing at this address."""


@dataclass(frozen=True)
class UploadedFile:
    """A file that was sent with a form."""

    name: str
    """As the browser gave it: from outside, so never a path of ours."""
    data: bytes


@dataclass(frozen=True)
class Form:
    """A form as it was sent.

    Attributes:
        values: of each field, in their order.
        files: those that are not empty, by field.
        form_id: the same however often the form is sent; made anew for each form that is shown.
        problem: why it cannot be done as it is, as a sentence; None where it can.
    """

    values: Mapping[str, Sequence[str]]
    files: Mapping[str, UploadedFile]
    form_id: str
    problem: str | None = None

    def first(self, name: str, otherwise: str = "") -> str:
        """The value of a field, without blanks around it."""
        return next(iter(self.values.get(name, ())), otherwise).strip()

    def all(self, name: str) -> list[str]:
        """All values of a field."""
        return list(self.values.get(name, ()))


Show: TypeAlias = Callable[[Request], Response]
Do: TypeAlias = Callable[[Request, Form], Response]
Again: TypeAlias = Callable[[Request, Form, str], Response]


def get(site: Site, path: str, show: Show) -> Route:
    """An address that shows something; a BmgError is a page with its sentence."""

    async def answer(request: Request) -> Response:
        return await run_in_threadpool(_shown, site, request, show)

    return Route(path, answer, methods=["GET"])


def post(site: Site, path: str, do: Do, again: Again) -> Route:
    """An address that does what a form says.

    Args:
        do: does it; a BmgError leads to `again`.
        again: shows the form filled as it was sent, with a sentence on why it was not done.
    """

    async def answer(request: Request) -> Response:
        form = await _form_of(site, request)
        return await run_in_threadpool(_done, site, request, form, do, again)

    return Route(path, answer, methods=["POST"])


def note(site: Site, request: Request, form: Form, what: str, **about: Any) -> None:
    """Note in the record what a person is about to change; raises as `note_write`, and then nothing is changed."""
    note_write(site.record, sender_of(site, request, form), what, about)


def _shown(site: Site, request: Request, show: Show) -> Response:
    try:
        return show(request)
    except NotThereError as error:
        return site.sentence(request, HTTPStatus.NOT_FOUND, str(error))
    except (BmgError, OSError) as error:
        return site.sentence(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error))


def _done(site: Site, request: Request, form: Form, do: Do, again: Again) -> Response:
    if form.problem is not None:
        return _shown(site, request, lambda request: again(request, form, str(form.problem)))
    try:
        answer = do(request, form)
    except (BmgError, OSError) as error:
        sentence = str(error)
        answer = _shown(site, request, lambda request: again(request, form, sentence))
    if site.user_header is None and PERSON in form.values:
        site.keep(answer, NAME_COOKIE, form.first(PERSON)[:LONGEST_NAME])
    return answer


def sender_of(site: Site, request: Request, form: Form) -> str:
    """The person that sends a form: as a reverse proxy names them, else as they named themselves, here or before."""
    is_asked = site.user_header is None and PERSON in form.values
    return form.first(PERSON)[:LONGEST_NAME] if is_asked else site.who(request)


async def _form_of(site: Site, request: Request) -> Form:
    try:
        sent = await _limited(request).form(max_files=10, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD)
    except _TooLargeError as error:
        return Form({}, {}, new_form_id(), str(error))
    except (HTTPException, ClientDisconnect) as error:
        return Form(
            {}, {}, new_form_id(), f"The form did not arrive as one ({getattr(error, 'detail', error)}); send it again."
        )
    values: dict[str, list[str]] = {}
    files = {}
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            data = await value.read()
            if data or value.filename:
                files[name] = UploadedFile(value.filename or "", data)
        else:
            values.setdefault(name, []).append(value)
    form = Form(values, files, new_form_id())
    return replace(
        form,
        form_id=form.first(FORM_ID) if _is_form_id(form.first(FORM_ID)) else form.form_id,
        problem=site.tokens.problem(session_of(request), form.first(TOKEN)),
    )


def _is_form_id(text: str) -> bool:
    return len(text) == len(new_form_id()) and set(text) <= set("0123456789abcdef")


class _TooLargeError(Exception):
    """More was sent than any form needs."""


def _limited(request: Request) -> Request:
    """The request, whose body ends in _TooLargeError where it is too large."""
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > LARGEST_MB * 1e6:
            while message.get("more_body") and received <= DRAINED_MB * 1e6:
                message = await request.receive()
                received += len(message.get("body", b""))
            raise _TooLargeError(
                f"What was sent is larger than {LARGEST_MB:g} MB. A file of casts may have 10 MB: send the casts "
                "alone, in several files if need be."
            )
        return message

    return Request(request.scope, receive)
