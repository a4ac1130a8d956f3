"""From a candidate to the furnace: the lab sheet, the candidates as a file, and choosing anew on the stored maps."""

import io
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bmg_assets.science.alloys.systems import SystemKeyError, TargetSystem
from bmg_assets.science.errors import BmgError
from bmg_assets.web.forms import Form, NotThereError, get, note, post
from bmg_assets.web.site import Site

if TYPE_CHECKING:
    from bmg_assets.actions.sheets import LabSheet

KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
"""What an export can be, with its media type."""
TEXTS = (
    "strategy",
    "rule",
    "picks",
    "apart_at_pct",
    "limits",
    "not_cast",
    "pending",
    "highest_price",
    "weights",
    "at_least",
    "at_most",
)
"""Fields of the form by which alloys are chosen anew, each a setting; what is empty is left to the deployment."""
LISTS = frozenset({"limits", "not_cast", "pending", "weights", "at_least", "at_most"})
USUAL_MASS_G = "5"


def routes(site: Site) -> list[Route]:
    """The addresses of the sheet, the exports and the choice."""

    def sheet(request: Request) -> Response:
        return _sheet(site, request)

    def lab_file(request: Request) -> Response:
        return _lab_file(site, request)

    def candidates(request: Request) -> Response:
        return _candidates(site, request)

    def choosing(request: Request) -> Response:
        return _choosing(site, request, {}, None, "")

    def choose(request: Request, form: Form) -> Response:
        return _choose(site, request, form)

    def again(request: Request, form: Form, problem: str) -> Response:
        return _choosing(site, request, _filled(form), None, problem)

    return [
        get(site, "/systems/{key}/sheet", sheet),
        get(site, "/systems/{key}/sheet.{kind}", lab_file),
        get(site, "/systems/{key}/candidates.{kind}", candidates),
        get(site, "/systems/{key}/propose", choosing),
        post(site, "/systems/{key}/propose", choose, again),
    ]


def system_of(site: Site, request: Request) -> TargetSystem:
    """The registered system of an address; raises NotThereError."""
    from bmg_assets.actions.system_now import registered_system

    with site.instance() as instance:
        try:
            return registered_system(instance, request.path_params["key"])
        except SystemKeyError as error:
            raise NotThereError(str(error)) from None


def download(data: bytes, name: str, kind: str) -> Response:
    """A file that the browser saves."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=KINDS[kind], headers=headers)


def _sheet_asked_for(site: Site, request: Request, system: TargetSystem) -> "LabSheet":
    from bmg_assets.actions.sheets import SheetError, lab_sheet

    text = request.query_params.get("mass", USUAL_MASS_G).strip().replace(",", ".")
    try:
        mass_g = float(text)
    except ValueError:
        raise SheetError(f"The mass is '{text[:50]}', expected grams, like 5; correct it in the address.") from None
    return lab_sheet(site.store, site.inbox, system, request.query_params.getlist("alloy"), mass_g)


def _sheet(site: Site, request: Request) -> Response:
    system = system_of(site, request)
    try:
        sheet = _sheet_asked_for(site, request, system)
    except BmgError as error:
        return site.page(
            request,
            "no_sheet",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            system=system,
            problem=str(error),
            asked=_asked(request),
        )
    codes = {
        sample.code: _qr(site, request, system, alloy.formula, sample.code)
        for alloy in sheet.alloys
        for sample in alloy.samples
    }
    return site.page(request, "sheet", sheet=sheet, qr=codes, asked=_asked(request))


def _asked(request: Request) -> dict[str, Any]:
    """What the address says, so that the files of the sheet are of the same alloys."""
    alloys = request.query_params.getlist("alloy")
    return {"mass": request.query_params.get("mass", USUAL_MASS_G)} | ({"alloy": alloys} if alloys else {})


def _qr(site: Site, request: Request, system: TargetSystem, formula: str, code: str) -> Markup:
    """The code of a sample as a picture; it leads to the form in which that sample is reported."""
    import segno

    address = site.at("report", system=system.key, alloy=formula, sample=code)
    buffer = io.BytesIO()
    made = segno.make(f"{request.base_url.scheme}://{request.base_url.netloc}{address}", error="m")
    made.save(buffer, kind="svg", omitsize=True, xmldecl=False, border=2, title=f"Report {code}")
    return Markup(buffer.getvalue().decode())


def _lab_file(site: Site, request: Request) -> Response:
    from bmg_assets.actions.sheets import lab_file

    system, kind = system_of(site, request), request.path_params["kind"]
    if kind not in ("csv", "xlsx"):
        raise NotThereError(f"A lab file is a .csv or an .xlsx, and not .{kind[:20]}.")
    sheet = _sheet_asked_for(site, request, system)
    return download(lab_file(sheet, as_xlsx=kind == "xlsx"), f"{system.key}-planned-{sheet.day}", kind)


def _candidates(site: Site, request: Request) -> Response:
    from bmg_assets.actions.exports import candidates_at_hand, file_of

    system, kind = system_of(site, request), request.path_params["kind"]
    if kind not in KINDS:
        raise NotThereError(f"Candidates can be had as {', '.join(KINDS)}, and not as .{kind[:20]}.")
    return download(file_of(candidates_at_hand(site.store, system), kind), f"{system.key}-candidates", kind)


def _filled(form: Form) -> dict[str, str]:
    return {name: form.first(name) for name in (*TEXTS, "repeats")}


def _choices(form: Form) -> dict[str, Any]:
    """The settings that a form chooses, as the command line gives them.

    Raises:
        CandidateChoiceError: a number that is none.
    """
    chosen: dict[str, Any] = {}
    for name in TEXTS:
        text = form.first(name)
        if text:
            chosen[name] = [one.strip() for one in text.split(",") if one.strip()] if name in LISTS else text
    for name, kind in (("picks", int), ("apart_at_pct", float), ("highest_price", float)):
        if name in chosen:
            chosen[name] = _number(name, chosen[name], kind)
    return chosen | ({"repeats": True} if form.first("repeats") else {})


def _number(name: str, text: str, kind: type[int] | type[float]) -> float:
    from bmg_assets.science.proposals.candidate_choice import CandidateChoiceError

    try:
        return kind(text.replace(",", "."))
    except ValueError:
        expected = "a whole number" if kind is int else "a number"
        raise CandidateChoiceError(f"{name} is '{text[:50]}', expected {expected}; correct it.") from None


def _choose(site: Site, request: Request, form: Form) -> Response:
    from bmg_assets.actions.proposing import KEPT, propose
    from bmg_assets.launch.queueing import queue_system

    system, choices = system_of(site, request), _choices(form)
    found = propose(site.store, system, choices)
    if not form.first("keep"):
        return _choosing(site, request, _filled(form), found, "")
    note(site, request, form, "kept other candidates", system=system.key, **choices)
    with site.instance() as instance:
        queue_system(instance, system.key, choices, site.reason(request), KEPT)
    return site.go("systems", system.key)


def _choosing(site: Site, request: Request, filled: dict[str, str], found: Any, problem: str) -> Response:
    from bmg_assets.actions.system_now import proposed
    from bmg_assets.pages.cards import card_groups
    from bmg_assets.pages.sentences import RULES
    from bmg_assets.science.surrogates.catalogue import SURROGATES

    system = system_of(site, request)
    present = proposed(site.store, system.key)
    return site.page(
        request,
        "propose",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        system=system,
        problem=problem,
        filled=dict.fromkeys((*TEXTS, "repeats"), "") | filled,
        strategies={"": "as usual"}
        | {name: f"{name}: {one.title}" for name, one in SURROGATES.items() if one.makes_maps},
        rules={"": "as usual"} | {name: f"{name}: {words}" for name, words in RULES.items()},
        groups=[] if found is None else card_groups(system, found.candidates),
        notes=[] if found is None else found.notes,
        present=[] if present is None else card_groups(system, present),
    )
