"""All systems and one of them: where they stand, adding one, and training it."""

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bmg_assets.science.alloys.systems import SEPARATOR, SystemKeyError, check_new_key
from bmg_assets.science.errors import BmgError
from bmg_assets.web.forms import Form, NotThereError, get, note, post
from bmg_assets.web.site import Site

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.actions.system_now import SystemNow

ROUND_COLUMNS = {
    "stage": "trained",
    "trained_at": "on (UTC)",
    "n_lab": "own alloys",
    "best_predicted_mm": "highest prediction (mm)",
    "best_cast_mm": "best cast (mm)",
    "mean_error_of_new_casts_mm": "mean error of the new casts (mm)",
}
MOST_SHOWN = 200
"""Systems in the table; elements that are asked for choose among more."""
BUDGETS = {
    "standard": "standard: the usual search",
    "quick": "quick: minutes, for a first look",
    "paper": "paper: hours, as the paper did",
}


def routes(site: Site) -> list[Route]:
    """The addresses of systems."""

    def systems(request: Request) -> Response:
        return _systems(site, request)

    def again(request: Request, form: Form, problem: str) -> Response:
        facts = {name: form.first(name) for name in ("system", "budget")}
        return _systems(site, request, problem, facts | {"train": bool(form.first("train"))})

    def add(request: Request, form: Form) -> Response:
        return _add(site, request, form)

    def system(request: Request) -> Response:
        return _system(site, request, request.path_params["key"])

    def train(request: Request, form: Form) -> Response:
        key = request.path_params["key"]
        _queue(site, request, form, key, {})
        return site.go("systems", key)

    def not_trained(request: Request, form: Form, problem: str) -> Response:
        return _system(site, request, request.path_params["key"], problem)

    return [
        get(site, "/", systems),
        get(site, "/systems", systems),
        post(site, "/systems", add, again),
        get(site, "/systems/{key}", system),
        post(site, "/systems/{key}/train", train, not_trained),
    ]


def _systems(site: Site, request: Request, problem: str = "", filled: dict[str, Any] | None = None) -> Response:
    import pandas as pd

    from bmg_assets.actions.systems import overview_of
    from bmg_assets.execution.claims import systems_with_a_run
    from bmg_assets.pages.overview_page import as_shown, counts_in_words
    from bmg_assets.pages.rendering import Link
    from bmg_assets.pages.system_lists import SYSTEM_COLUMNS

    attention = _attention(site)
    with site.instance() as instance:
        overview, notes = overview_of(instance, site.store)
        busy = systems_with_a_run(instance)
    wanted = request.query_params.get("q", "")
    chosen = overview[_holds_all(overview["target_system"], wanted)].head(MOST_SHOWN).reset_index(drop=True)
    shown = as_shown(chosen, datetime.now(UTC))
    names = [Link(key, site.at("systems", key)) for key in chosen["target_system"]]
    shown = shown.assign(now=["at work" if key in busy else "" for key in chosen["target_system"]])
    shown["system"] = pd.Series(names, dtype=object)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return site.page(
        request,
        "systems",
        status,
        systems=shown,
        columns={"system": "system", "now": "now", **SYSTEM_COLUMNS},
        counts=counts_in_words(overview),
        wanted=wanted,
        has_more=len(overview) > MOST_SHOWN or bool(wanted),
        notes=notes,
        attention=attention,
        budgets=BUDGETS,
        problem=problem,
        **(filled or {"system": "", "budget": "standard", "train": True}),
    )


def _attention(site: Site) -> str:
    """What of the casts needs a person, in words; empty where nothing does."""
    from bmg_assets.actions.inbox_view import inbox_now

    inbox = inbox_now(site.inbox)
    counts = {
        f"refused row{'s' * (len(inbox.refused) != 1)} nobody has corrected": len(inbox.refused),
        f"alloy{'s' * (len(inbox.quarantined) != 1)} whose casts contradict each other": len(inbox.quarantined),
        f"file{'s' * (len(inbox.waiting) != 1)} that wait{'s' * (len(inbox.waiting) == 1)}": len(inbox.waiting),
    }
    return ", ".join(f"{count} {words}" for words, count in counts.items() if count)


def _holds_all(keys: "pd.Series", wanted: str) -> "pd.Series":
    """Marks the systems that hold every element that is asked for, in whatever order; all of them where none is."""
    elements = set(re.findall(r"[A-Za-z]+", wanted.title()))
    return keys.map(lambda key: elements <= set(key.split(SEPARATOR))).astype(bool)


def _add(site: Site, request: Request, form: Form) -> Response:
    from bmg_assets.actions.systems import add_system
    from bmg_assets.partitions import registered_systems

    with site.instance() as instance:
        wanted = check_new_key(form.first("system"), registered_systems(instance))
        note(site, request, form, "added a system", system=wanted.key)
        added, _ = add_system(instance, site.store, wanted.key)
    if form.first("train"):
        try:
            _queue(site, request, form, added.key, {"budget": form.first("budget")})
        except BmgError as error:
            return _system(site, request, added.key, str(error))
    return site.go("systems", added.key)


def _queue(site: Site, request: Request, form: Form, key: str, choices: dict[str, Any]) -> None:
    from bmg_assets.actions.system_now import registered_system
    from bmg_assets.launch.queueing import queue_system

    with site.instance() as instance:
        registered_system(instance, key)
        note(site, request, form, "asked for a training", system=key, **choices)
        queue_system(instance, key, choices, site.reason(request))


def _system(site: Site, request: Request, key: str, problem: str = "") -> Response:
    from bmg_assets.actions.system_now import system_now

    with site.instance() as instance:
        try:
            now = system_now(instance, site.store, site.inbox, key)
        except SystemKeyError as error:
            raise NotThereError(str(error)) from None
    return site.page(
        request,
        "system",
        HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        system=now.system,
        problem=problem,
        run=now.run,
        notes=now.notes,
        stale_because=now.stale_because,
        report_page=site.at("reports", f"{now.system.key}.html") if now.has_page else "",
        **_proposed(now),
        **_own(site, now),
        **_rounds(now),
    )


def _proposed(now: "SystemNow") -> dict[str, Any]:
    from bmg_assets.pages.cards import card_groups

    if now.candidates is None:
        return {"has_candidates": False, "groups": []}
    return {"has_candidates": True, "groups": card_groups(now.system, now.candidates)}


def _own(site: Site, now: "SystemNow") -> dict[str, Any]:
    import pandas as pd

    from bmg_assets.pages.rendering import Link
    from bmg_assets.pages.system_lists import (
        ALLOY_COLUMNS,
        CAST_COLUMNS,
        listed_alloys,
        listed_casts,
        next_rungs_in_words,
    )

    facts: dict[str, Any] = {
        "alloy_columns": {name: words for name, words in ALLOY_COLUMNS.items() if name != "cast_next_mm"},
        "waiting_columns": CAST_COLUMNS,
        "cast_columns": {**CAST_COLUMNS, "correct": "wrong?", "withdraw": "not true?"},
    }
    if now.own is None:
        return facts | {"alloys": [], "waiting": [], "rungs": [], "casts": []}
    alloys, casts = listed_alloys(now.system, now.own.results), listed_casts(now.system, now.own.casts)
    for deed in ("correct", "withdraw"):
        links = [Link(f"{deed} {sample}", site.at("casts", sample, deed)) for sample in casts["sample_id"]]
        casts[deed] = pd.Series(links, dtype=object)
    waiting: Any = listed_casts(now.system, now.own.waiting) if now.own.waiting else []
    return facts | {"alloys": alloys, "waiting": waiting, "rungs": next_rungs_in_words(alloys), "casts": casts}


def _rounds(now: "SystemNow") -> dict[str, Any]:
    from bmg_assets.pages.sentences import rounds_in_words

    rounds: Any = [] if now.rounds is None else now.rounds.assign(stage=rounds_in_words(now.rounds).to_numpy())
    return {"rounds": rounds, "round_columns": ROUND_COLUMNS}
