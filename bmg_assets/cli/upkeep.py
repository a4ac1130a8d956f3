"""Keeping a deployment whole: is it as it was written, backups, and restoring from them."""

from dataclasses import asdict
from typing import Annotated

import typer

from bmg_assets.cli.shared import JsonOption, print_objects, stoppable


def verify(
    mend: Annotated[bool, typer.Option("--mend", help="Write anew what has a second copy.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check every file of the record, the store and Dagster's storage; exit code 1 if something is wrong."""
    from bmg_assets.cli.terminal.progress_bars import showing_count
    from bmg_assets.settings import Locations
    from bmg_assets.upkeep.verify import mend as mend_all
    from bmg_assets.upkeep.verify import verify as verify_all

    places = Locations.from_environment()
    with stoppable("`bmg verify` begins anew"), showing_count("verify") as progress:
        mended = mend_all(places) if mend else []
        findings = list(verify_all(places, progress))
    if as_json:
        print_objects([asdict(one) for one in findings])
    else:
        for path in mended:
            typer.echo(f"Written anew: {path}")
        for one in findings:
            typer.echo(f"{one.file} {one.what}: {one.remedy}.")
        if not findings:
            typer.echo("Every file of the record, the store and Dagster's storage is as it was written.")
    if findings:
        raise typer.Exit(1)
