"""Alloys side by side: which ones is in the address, so that a comparison can be kept and passed on."""

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bmg_assets.science.errors import BmgError
from bmg_assets.web.bench import download
from bmg_assets.web.forms import NotThereError, get
from bmg_assets.web.site import Site

if TYPE_CHECKING:
    from bmg_assets.actions.comparing import Comparison

ARGUMENT_COLUMNS = {"topic": "compared", "speaks_for": "speaks for", "sentence": "because"}
NOBODY = "none"
"""Stands where nothing tells the alloys apart."""


def routes(site: Site) -> list[Route]:
    """The addresses of comparisons."""

    def show(request: Request) -> Response:
        return _show(site, request)

    def file(request: Request) -> Response:
        return _file(site, request)

    return [get(site, "/compare", show), get(site, "/compare.{kind}", file)]


def _compared(site: Site, request: Request) -> "Comparison":
    from bmg_assets.actions.comparing import compare

    return compare(site.store, site.inbox, site.defaults, _asked(request))


def _asked(request: Request) -> list[str]:
    return [text for one in request.query_params.getlist("alloy") if (text := one.strip())]


def _show(site: Site, request: Request) -> Response:
    asked = _asked(request)
    if not asked:
        return _page(site, request, asked, {})
    try:
        found = _compared(site, request)
    except BmgError as error:
        return _page(site, request, asked, {}, str(error))
    return _page(site, request, asked, _facts(found))


def _page(site: Site, request: Request, asked: list[str], facts: dict[str, Any], problem: str = "") -> Response:
    from bmg_assets.science.proposals.comparison import FEWEST, MOST

    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return site.page(
        request,
        "compare",
        status,
        problem=problem,
        asked=asked,
        # What was typed stays, however much it was.
        fields=asked + [""] * max(0, MOST - len(asked)),
        fewest=FEWEST,
        has_result=bool(facts),
        **({"alloys": []} | facts),
    )


def _facts(found: "Comparison") -> dict[str, Any]:
    import pandas as pd

    from bmg_assets.pages.comparison_table import descriptor_columns, side_by_side, side_by_side_columns

    arguments = [
        {"topic": one.topic, "speaks_for": " and ".join(one.speaks_for) or NOBODY, "sentence": one.sentence}
        for one in found.arguments
    ]
    return {
        "alloys": found.alloys,
        "table_of_alloys": side_by_side(found.alloys, found.models),
        "columns": side_by_side_columns(found.alloys),
        "descriptors": found.descriptors,
        "descriptor_columns": descriptor_columns(found.alloys),
        "arguments": pd.DataFrame(arguments),
        "argument_columns": ARGUMENT_COLUMNS,
        "summary": found.summary,
        "notes": list(
            dict.fromkeys([*found.notes, *(f"{one.formula}: {n}" for one in found.alloys for n in one.notes)])
        ),
    }


def _file(site: Site, request: Request) -> Response:
    from bmg_assets.spreadsheets import csv_of_frame

    kind = request.path_params["kind"]
    if kind not in ("csv", "json"):
        raise NotThereError(f"A comparison can be had as csv or json, and not as .{kind[:20]}.")
    found = _compared(site, request)
    if kind == "csv":
        return download(csv_of_frame(found.table(), float_format="%.6g").encode("utf-8-sig"), "comparison", kind)
    return download(json.dumps(found.as_objects(), ensure_ascii=False, indent=1).encode(), "comparison", kind)
