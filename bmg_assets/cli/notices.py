"""Who is told without asking, and a notice to try it."""

from pathlib import Path
from typing import Annotated

import typer

from bmg_assets.science.errors import BmgError


class NotAcceptedError(BmgError):
    """A test was not accepted by every receiver."""


def notices(
    test: Annotated[
        bool, typer.Option("--test", help="Send a test notice by every way, and say what came of it.")
    ] = False,
) -> None:
    """Show by which ways people are told what happens, what was told last, and what waits; or try the ways."""
    from bmg_assets.build import build_resources
    from bmg_assets.notices.notices_file import read_notices
    from bmg_assets.notices.overview import send_test, ways_now
    from bmg_assets.settings import Locations

    lab = Path(Locations.from_environment().lab)
    settings = read_notices(lab)
    if settings is None:
        typer.echo(f"Nobody is told anything: {lab} has no notices.yaml; docs/operation.md says what it may hold.")
        return
    if test:
        outcome = send_test(settings, lab)
        for way, why_not in outcome.items():
            typer.echo(f"{way}: {'accepted' if why_not is None else why_not}")
        if any(outcome.values()):
            raise NotAcceptedError("Not every receiver accepted the test; fix notices.yaml, or what it names.")
        return
    for now in ways_now(settings, lab, build_resources()["record"]):
        last = "nothing yet" if now.last is None else f"{now.last.notice.subject} ({now.last.at})"
        typer.echo(f"{now.name}: {now.in_words}; last: {last}; waiting: {now.pending}")
    typer.echo(f"Told is: {', '.join(sorted(settings.events))}.")
