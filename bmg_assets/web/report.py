"""Reporting casts by a form: new ones, plans, corrections, and taking a report back.

A row that is refused stays in the form with what to do; those that are right are sent at once.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bmg_assets.actions.form_rows import Cells, JudgedCells
from bmg_assets.actions.known_casts import KnownCasts, known_casts
from bmg_assets.actions.prefilled_rows import (
    NoSuchCastError,
    casts_of,
    changes_nothing,
    correction_of,
    further_columns,
    new_row,
    row_for,
    withdrawal_of,
)
from bmg_assets.actions.refused_rows import OpenRefusals
from bmg_assets.actions.reporting import Sent, cast_meanwhile, intakes_until_now, judged, send_rows
from bmg_assets.intake.check import cast_in_words
from bmg_assets.science.casts.cast import Cast
from bmg_assets.science.casts.ladder import CastLabel, LadderState, label_of
from bmg_assets.settings import laboratory_day
from bmg_assets.web.cast_form import FIELDS, TypedRow, faults_in_words, next_row, rows_of, shown, summary
from bmg_assets.web.forms import PERSON, Form, NotThereError, get, post, sender_of
from bmg_assets.web.site import Site

MOST_ALLOYS = 20
UNCHANGED = "Nothing was sent: the row says what was reported. Change what is wrong in it."


@dataclass(frozen=True)
class Kind:
    """A use of the form of casts, in words."""

    title: str
    intro: str
    button: str


REPORT, PLAN, CORRECT = "report", "plan", "correct"
KINDS = {
    REPORT: Kind("Report casts", "One row is one cast: one sample of one alloy, with its verdict.", "Report"),
    PLAN: Kind(
        "Take alloys up",
        "A planned cast marks its alloy as requested. The result is reported later under the same name of the sample.",
        "Plan",
    ),
    CORRECT: Kind(
        "Correct a report",
        "The row says what was reported. Change what is wrong; the earlier report is kept, and this one counts.",
        "Correct",
    ),
}


def routes(site: Site) -> list[Route]:
    """The addresses of the form of casts."""
    reporting = _Reporting(site)
    return [
        get(site, "/report", reporting.new),
        post(site, "/report", reporting.done, reporting.again),
        post(site, "/report/check", reporting.checked, _not_checked),
        get(site, "/report/plan", reporting.plan),
        post(site, "/report/plan", reporting.done, reporting.again),
        get(site, "/casts/{sample:path}/correct", reporting.correct),
        post(site, "/casts/{sample:path}/correct", reporting.done, reporting.again),
        get(site, "/casts/{sample:path}/withdraw", reporting.withdraw),
        post(site, "/casts/{sample:path}/withdraw", reporting.withdrawn, reporting.not_withdrawn),
    ]


class _Reporting:
    """The pages of one site."""

    def __init__(self, site: Site) -> None:
        self._site, self._inbox = site, site.inbox

    def new(self, request: Request) -> Response:
        """The form with the alloys of the address, or with the refused rows of a file."""
        refused = request.query_params.get("refused", "")
        if refused:
            rows = self._refused_rows(refused)
            return self._page(request, REPORT, rows, self._judged(rows))
        return self._page(request, REPORT, self._rows_of_alloys(request))

    def plan(self, request: Request) -> Response:
        """The form with the alloys of the address as planned casts."""
        rows = [
            TypedRow({**new_row(laboratory_day(), row.given), "verdict": "planned"}, row.given)
            for row in self._rows_of_alloys(request)
        ]
        return self._page(request, PLAN, rows)

    def correct(self, request: Request) -> Response:
        """The form with the report of a sample."""
        row = self._of_sample(request, correction_of)
        return self._page(request, CORRECT, [TypedRow({name: row.get(name, "") for name in FIELDS})])

    def done(self, request: Request, form: Form) -> Response:
        """Check the rows, add one, or send those that are right."""
        rows, kind = rows_of(form), _kind_of(form)
        if form.first("do") == "add":
            return self._page(request, kind, [*rows, next_row(rows)], form=form)
        found = self._judged(rows, kind)
        if form.first("do") == "check":
            return self._page(request, kind, rows, found, form=form)
        meanwhile = cast_meanwhile(self._inbox, found, _number(form.first("since")), form.form_id)
        if meanwhile:
            said = [*map(cast_in_words, meanwhile), *self._ladders(meanwhile)]
            return self._page(request, kind, rows, found, form=form, meanwhile=said)
        if kind == CORRECT and any(self._changes_nothing(one) for one in found):
            return self._page(request, kind, rows, found, form=form, problem=UNCHANGED)
        return self._send(request, form, rows, kind)

    def _send(self, request: Request, form: Form, rows: Sequence[TypedRow], kind: str) -> Response:
        """Send what is right; what is not is shown again."""
        who = sender_of(self._site, request, form)
        found, sent = send_rows(self._inbox, self._to_judge(rows, kind), form.form_id, who)
        left = [number for number, one in enumerate(found) if one.outcome == "refused"]
        if sent is None:
            return self._page(request, kind, rows, found, form=form, problem="" if left else _why_nothing(found))
        if not left:
            return self._gone(sent)
        wrong, why = [rows[number] for number in left], [found[number] for number in left]
        return self._page(request, kind, wrong, why, form=form, sent=self._in_words(sent))

    def again(self, request: Request, form: Form, problem: str) -> Response:
        """The form as it was sent, with why it was not done."""
        rows = rows_of(form)
        return self._page(
            request, _kind_of(form), rows or [TypedRow(new_row(laboratory_day()))], form=form, problem=problem
        )

    def checked(self, request: Request, form: Form) -> Response:
        """What the intake would say of the rows, for the script of the page."""
        return JSONResponse({"rows": [_as_json(one) for one in self._judged(rows_of(form))]})

    def withdraw(self, request: Request) -> Response:
        """What would be taken back, and why."""
        return self._withdrawal(request)

    def withdrawn(self, request: Request, form: Form) -> Response:
        """Take a report back."""
        row = self._of_sample(request, lambda known, sample: withdrawal_of(known, sample, form.first("note")))
        found, sent = send_rows(self._inbox, [row], form.form_id, sender_of(self._site, request, form))
        if sent is not None:
            return self._gone(sent)
        problem = " ".join(faults_in_words(found[0]).values()) or _why_nothing(found)
        return self._withdrawal(request, form, problem)

    def not_withdrawn(self, request: Request, form: Form, problem: str) -> Response:
        """The same page with why it was not done."""
        return self._withdrawal(request, form, problem)

    def _withdrawal(self, request: Request, form: Form | None = None, problem: str = "") -> Response:
        sample = request.path_params["sample"]
        cast = known_casts(self._inbox).current(sample)
        if cast is None:
            raise NotThereError(f"There is no report of sample '{sample}' that counts: it may be withdrawn already.")
        return self._site.page(
            request,
            "withdraw",
            HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
            sample=sample,
            words=cast_in_words(cast),
            note=form.first("note") if form is not None else "",
            name=self._name(request, form),
            problem=problem,
        )

    def _page(
        self,
        request: Request,
        kind: str,
        rows: Sequence[TypedRow],
        found: Sequence[JudgedCells] = (),
        form: Form | None = None,
        problem: str = "",
        meanwhile: Sequence[str] = (),
        sent: Mapping[str, str] | None = None,
    ) -> Response:
        rows_shown, words = shown(rows, found), KINDS[kind]
        wrong = summary(rows_shown)
        alloys = list(dict.fromkeys(row.given for row in rows if row.given))
        return self._site.page(
            request,
            "report",
            HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and (wrong or problem or meanwhile) else HTTPStatus.OK,
            kind=kind,
            title=words.title,
            intro=words.intro,
            button=words.button,
            action=self._site.prefix + request.url.path.removeprefix(self._site.prefix),
            shown=rows_shown,
            summary=wrong,
            since=self._since(),
            meanwhile=meanwhile,
            alloys=", ".join(alloys),
            known=self._known(alloys),
            sent=sent,
            name=self._name(request, form),
            problem=problem,
        )

    def _rows_of_alloys(self, request: Request) -> list[TypedRow]:
        known, day = known_casts(self._inbox), laboratory_day()
        alloys = request.query_params.getlist("alloy")[:MOST_ALLOYS] or [""]
        samples = request.query_params.getlist("sample")
        named = itertools.zip_longest(alloys, samples[: len(alloys)], fillvalue="")
        return [TypedRow(row_for(known, alloy.strip(), day, sample.strip()), alloy.strip()) for alloy, sample in named]

    def _refused_rows(self, file: str) -> list[TypedRow]:
        intake = next((one for one in reversed(known_casts(self._inbox).intakes) if one.file == file), None)
        rows = OpenRefusals(self._inbox).of(intake) if intake is not None else ()
        found = [TypedRow({name: row.cells.get(name, "") for name in FIELDS}) for row in rows if row.cells]
        if not found:
            raise NotThereError(f"No refused row of '{file}' is left to be corrected.")
        return found

    def _of_sample(self, request: Request, row_of: Callable[[KnownCasts, str], dict[str, str]]) -> dict[str, str]:
        try:
            return row_of(known_casts(self._inbox), request.path_params["sample"])
        except NoSuchCastError as error:
            raise NotThereError(str(error)) from None

    def _judged(self, rows: Sequence[TypedRow], kind: str = REPORT) -> tuple[JudgedCells, ...]:
        return judged(self._inbox, self._to_judge(rows, kind))

    def _to_judge(self, rows: Sequence[TypedRow], kind: str) -> list[Cells]:
        """The rows as they are meant; a correction keeps the further columns of what it corrects."""
        if kind != CORRECT:
            return [row.to_judge for row in rows]
        known = known_casts(self._inbox)
        return [{**row.to_judge, **further_columns(known, row.cells)} for row in rows]

    def _changes_nothing(self, one: JudgedCells) -> bool:
        return one.cast is not None and changes_nothing(known_casts(self._inbox), one.cast)

    def _known(self, alloys: Sequence[str]) -> list[str]:
        known = known_casts(self._inbox)
        casts = [cast for alloy in alloys for cast in casts_of(known, alloy)]
        return [*map(cast_in_words, casts), *self._ladders(casts)]

    def _ladders(self, casts: Sequence[Cast]) -> list[str]:
        """What the casts of the same alloys say together."""
        known = known_casts(self._inbox)
        compositions = dict.fromkeys(cast.composition for cast in casts)
        return [f"Together: {_in_words(label_of(known.of_composition(one)))}." for one in compositions]

    def _since(self) -> int:
        return intakes_until_now(self._inbox)

    def _name(self, request: Request, form: Form | None) -> str:
        return form.first(PERSON) if form is not None and PERSON in form.values else self._site.who(request)

    def _gone(self, sent: Sent) -> Response:
        file = sent.intake.file if sent.intake is not None else sent.name
        return self._site.go("inbox", file, sent="again" if sent.is_earlier else "now")

    def _in_words(self, sent: Sent) -> dict[str, str]:
        if sent.intake is None:
            return {
                "words": f"What was right waits in the inbox as {sent.name}: {sent.waits_because}",
                "address": self._site.at("inbox", sent.name),
            }
        count = len(sent.intake.accepted_lines)
        words = f"{count} cast{'s were' if count != 1 else ' was'} taken in; below is what is left to correct."
        return {"words": words, "address": self._site.at("inbox", sent.intake.file)}


def _not_checked(request: Request, form: Form, problem: str) -> Response:
    return JSONResponse({"problem": problem}, HTTPStatus.UNPROCESSABLE_ENTITY)


def _kind_of(form: Form) -> str:
    kind = form.first("kind")
    return kind if kind in KINDS else REPORT


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _why_nothing(found: Sequence[JudgedCells]) -> str:
    """Why there was nothing to send although nothing is wrong."""
    if any(one.outcome == "skipped" for one in found):
        return "Nothing was sent: all of this was reported before, as it says at each row."
    return "Nothing was sent, since no row is filled in."


def _in_words(label: CastLabel) -> str:
    """What the casts of an alloy say of its D_max, and what to cast next."""
    if label.state is LadderState.QUARANTINE:
        return "they contradict each other"
    if label.dmax_mm is None:
        return "no D_max yet"
    found = f"D_max {label.dmax_mm:g} mm"
    if label.high_mm is not None:
        found += f", below {label.high_mm:g} mm"
    if label.cast_next_mm is not None:
        found += f"; cast {label.cast_next_mm:g} mm{' or more' if label.state is LadderState.OPEN else ''} next"
    return found


def _as_json(judged: JudgedCells) -> dict[str, Any]:
    at_fields: dict[str, list[str]] = {}
    for note in judged.notes:
        column, _, words = note.partition(": ")
        if column in FIELDS:
            at_fields.setdefault(column, []).append(words)
    return {
        "outcome": judged.outcome,
        "faults": faults_in_words(judged),
        "notes": {column: "; ".join(words) for column, words in at_fields.items()},
        "read_as": judged.read_as,
        "reason": judged.reason,
    }
