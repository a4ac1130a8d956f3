"""The ledger of predictions: what had been predicted before the casts were known, and what came of it."""

import json
from typing import Annotated, Any

import typer

from bmg_assets.cli.shared import JsonOption, one_format

SystemOption = Annotated[str | None, typer.Option("--system", help="This system alone, for example Zr-Al-Cu.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print every prediction as CSV.")]


def show_ledger(system: SystemOption = None, as_json: JsonOption = False, as_csv: CsvOption = False) -> None:
    """Show what had been predicted for own casts before they were known: hits, errors, intervals, probabilities.

    It follows from the record alone. All columns with --json or --csv. Without --system the page of the ledger is made
    anew, too, where the store has pages.
    """
    from bmg_assets.assets.ledger import ledger_now, write_ledger_page
    from bmg_assets.build import build_resources
    from bmg_assets.cli.terminal.ledger_lists import ledger_for_people
    from bmg_assets.cli.terminal.terminal_table import terminal_width
    from bmg_assets.pages.ledger_page import ledger_csv
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.store.page_addresses import OVERVIEW_PAGE

    one_format(as_json, as_csv)
    resources = build_resources()
    systems = None if system is None else [parse_system(system).key]
    ledger, notes = ledger_now(resources["record"], resources["lab_inbox"], systems)
    if as_json:
        typer.echo(_as_json(ledger))
    elif as_csv:
        typer.echo(ledger_csv(ledger), nl=False)
    else:
        typer.echo(ledger_for_people(ledger, terminal_width()))
    for note in notes:
        typer.echo(note, err=True)
    store = resources["store"]
    if system is None and store.has_bytes(OVERVIEW_PAGE):
        write_ledger_page(store, ledger, notes)


def _as_json(ledger: Any) -> str:
    """The sums and every prediction."""
    from dataclasses import asdict

    from bmg_assets.pages.ledger_page import summary_tables
    from bmg_assets.science.evidence.ledger_summary import counts_of

    tables = {**summary_tables(ledger), "predictions": ledger}
    listed = {name: json.loads(one.to_json(orient="records", date_format="iso")) for name, one in tables.items()}
    return json.dumps({"counts": asdict(counts_of(ledger)), **listed}, ensure_ascii=False)
