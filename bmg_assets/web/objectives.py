"""A system by several objectives: filters, the compositions that none beats, their plot; all of it in the address."""

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bmg_assets.science.errors import BmgError
from bmg_assets.web.bench import download, system_of
from bmg_assets.web.forms import NotThereError, get
from bmg_assets.web.site import Site

if TYPE_CHECKING:
    from bmg_assets.actions.objectives import WeighedSystem
    from bmg_assets.science.alloys.systems import TargetSystem

FIELDS = ("front", "at_least", "at_most", "untrusted")
MOST_SHOWN = 60


def routes(site: Site) -> list[Route]:
    """The addresses of several objectives."""

    def show(request: Request) -> Response:
        return _show(site, request)

    def file(request: Request) -> Response:
        return _file(site, request)

    return [
        get(site, "/systems/{key}/objectives", show),
        get(site, "/systems/{key}/objectives.{kind}", file),
    ]


def _weighed(site: Site, system: "TargetSystem", asked: dict[str, str]) -> "WeighedSystem":
    from bmg_assets.actions.objectives import USUALLY, weigh_objectives

    wanted = [asked["front"]] if asked["front"] else USUALLY
    return weigh_objectives(
        site.store, system, wanted, [asked["at_least"]], [asked["at_most"]], bool(asked["untrusted"])
    )


def _asked(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "").strip() for name in FIELDS}


def _show(site: Site, request: Request) -> Response:
    from bmg_assets.actions.objectives import USUALLY

    system, asked = system_of(site, request), _asked(request)
    usual: dict[str, Any] = {"usual": ",".join(USUALLY), "filled": asked, "system": system, "names": []}
    try:
        found = _weighed(site, system, asked)
    except BmgError as error:
        refused: dict[str, Any] = {"problem": str(error), "found": None, "shown": []}
        return site.page(request, "objectives", HTTPStatus.UNPROCESSABLE_ENTITY, **(usual | refused))
    return site.page(request, "objectives", **(usual | _facts(site, found, asked)))


def _facts(site: Site, found: "WeighedSystem", asked: dict[str, str]) -> dict[str, Any]:
    import pandas as pd

    from bmg_assets.pages.objective_figure import front_picture
    from bmg_assets.pages.objective_table import about_in_words, counts_in_words, front_columns, front_in_words
    from bmg_assets.pages.rendering import Link

    key, first = found.system.key, found.front.head(MOST_SHOWN)
    shown = front_in_words(first, found.shown)
    names = [Link(one, site.at("report", "plan", system=key, alloy=one)) for one in first["formula"]]
    shown["formula"] = pd.Series(names, dtype=object)
    n_counted = int(found.counts.sum())
    return {
        "found": found,
        "names": [f"{name}: {one.axis}" for name, one in found.table.objectives.items()],
        "absent": list(dict.fromkeys(found.table.absent.values())),
        "shown": shown,
        "columns": front_columns(found.shown),
        "counts": counts_in_words(len(found.front), n_counted, found.n_untrusted, found.n_outside, found.n_incomplete),
        "about": about_in_words(found.shown),
        "goals": "; ".join(map(found.goal, found.wanted)),
        "picture": front_picture(key, found.table, found.wanted, found.counts, found.front),
        "across": _across(list(found.front["formula"])),
        "asked": {name: text for name, text in asked.items() if text},
    }


def _across(formulas: list[str]) -> list[str]:
    """Both ends of the front and its middle, which are worth comparing; neighbours are not."""
    return list(dict.fromkeys(formulas[row] for row in (0, len(formulas) // 2, -1))) if formulas else []


def _file(site: Site, request: Request) -> Response:
    from bmg_assets.actions.objectives import as_objects
    from bmg_assets.spreadsheets import csv_of_frame

    system, kind = system_of(site, request), request.path_params["kind"]
    if kind not in ("csv", "json"):
        raise NotThereError(f"The front can be had as csv or json, and not as .{kind[:20]}.")
    found, name = _weighed(site, system, _asked(request)), f"{system.key}-objectives"
    if kind == "csv":
        return download(csv_of_frame(found.front, float_format="%.6g").encode("utf-8-sig"), name, kind)
    return download(json.dumps(as_objects(found), ensure_ascii=False, indent=1).encode(), name, kind)
