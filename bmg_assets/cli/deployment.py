"""The deployment as a whole: its UI and its tables."""

from typing import TYPE_CHECKING, Annotated

import typer

from bmg_assets.cli.shared import JsonOption, open_store, print_frame
from bmg_assets.store.page_addresses import DEFAULT_PORT

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from bmg_assets.launch.access import Access


def ui(
    port: Annotated[int, typer.Option(help="Port of the Dagster UI.", min=1, max=65535)] = 3000,
    pages_port: Annotated[int, typer.Option(help="Port of the web application.", min=1, max=65535)] = DEFAULT_PORT,
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 for the whole network.")] = "127.0.0.1",
    path_prefix: Annotated[str, typer.Option(help="Where a reverse proxy shows the UI, like /bmg.")] = "",
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A further name under which a reverse proxy passes requests on.")
    ] = None,
    user_header: Annotated[
        str | None,
        typer.Option(help="Header in which a reverse proxy names the person; without it nothing may be changed then."),
    ] = None,
) -> None:
    """Open the Dagster UI with the sensor and the nightly schedule at work, and the web application beside it."""
    from bmg_assets.actions.known_casts import read_ahead
    from bmg_assets.build import build_resources
    from bmg_assets.launch.dagster_ui import Served, run_ui
    from bmg_assets.web.app import web_app
    from bmg_assets.web.site import site_of

    served = Served(host, port, pages_port, path_prefix, tuple(allow_host or ()), user_header)
    resources = build_resources()

    def web(access: "Access") -> "ASGIApp":
        read_ahead(resources["lab_inbox"])
        return web_app(site_of(resources, access, served.pages_prefix, served.url))

    run_ui(resources["store"], served, web)


def worker(
    name: Annotated[str | None, typer.Option(help="What this worker is called; by default the machine's name.")] = None,
) -> None:
    """Join this machine to a deployment of several: take its runs, one at a time, until Ctrl-C."""
    from bmg_assets.launch.worker import run_worker

    run_worker(name)


def query(sql: Annotated[str, typer.Argument(help="SQL over all tables.")], as_json: JsonOption = False) -> None:
    """Answer a question in SQL, for example: SELECT * FROM candidates."""
    from bmg_assets.build import build_resources
    from bmg_assets.staleness.training_records import mixed_systems
    from bmg_assets.store.queries import answer, leave_out_damaged, open_views, tables_named
    from bmg_assets.store.tables.catalogue import SYSTEM_TABLES

    store = open_store()
    with open_views(store) as connection:
        notes = leave_out_damaged(connection, store, sql)
        frame = answer(connection, sql)
    notes += mixed_systems(store, build_resources()["system_chain"], tables_named(sql, SYSTEM_TABLES))
    print_frame(frame, as_json)
    for note in notes:
        typer.echo(note, err=True)
