"""The command `bmg`: the same words as in the Dagster UI, for a shell and for scripts.

A user's mistake ends in one sentence on standard error and exit code 2; a run that failed in exit code 1; Ctrl-C in
exit code 130, with a sentence on how to go on.
"""

import atexit
import os
import sys
from contextlib import suppress

import typer

from bmg_assets.cli import (
    atlas,
    bench,
    check,
    comparing,
    deployment,
    formulas,
    ledger,
    literature,
    notices,
    properties,
    studies,
    systems,
    training,
    upkeep,
)
from bmg_assets.cli.checked_command import CheckedCommand
from bmg_assets.cli.shared import StoppedError
from bmg_assets.cli.terminal.letters import show_any_letter
from bmg_assets.science.errors import BmgError

STOPPED_BY_PERSON = 130
"""Exit code of a command that Ctrl-C ended, as shells have it."""

app = typer.Typer(help="Which alloy to cast next.", no_args_is_help=True, pretty_exceptions_enable=False)
# In the order in which `bmg --help` lists them.
app.command(cls=CheckedCommand)(systems.add)
app.command(cls=CheckedCommand)(systems.remove)
app.command("list", cls=CheckedCommand)(systems.list_systems)
app.command(cls=CheckedCommand)(literature.literature)
app.command(cls=CheckedCommand)(atlas.atlas)
app.command(cls=CheckedCommand)(training.run)
app.command(cls=CheckedCommand)(bench.candidates)
app.command(cls=CheckedCommand)(bench.propose)
app.command(cls=CheckedCommand)(bench.sheet)
app.command(cls=CheckedCommand)(systems.casts)
app.command(cls=CheckedCommand)(check.check)
app.command(cls=CheckedCommand)(formulas.formula)
app.command(cls=CheckedCommand)(comparing.compare)
app.command(cls=CheckedCommand)(comparing.objectives)
app.command(cls=CheckedCommand)(systems.report)
app.command("ledger", cls=CheckedCommand)(ledger.show_ledger)
app.command(cls=CheckedCommand)(training.demo)
app.command(cls=CheckedCommand)(training.replay)
app.command(cls=CheckedCommand)(studies.study)
app.command(cls=CheckedCommand)(studies.evidence)
app.command("property", cls=CheckedCommand)(properties.property_map)
app.command(cls=CheckedCommand)(deployment.ui)
app.command(cls=CheckedCommand)(deployment.worker)
app.command(cls=CheckedCommand)(notices.notices)
app.command(cls=CheckedCommand)(literature.data)
app.command(cls=CheckedCommand)(deployment.query)
app.command(cls=CheckedCommand)(upkeep.verify)
app.command(cls=CheckedCommand)(upkeep.backup)
app.command(cls=CheckedCommand)(upkeep.restore)
app.command(cls=CheckedCommand)(upkeep.rebuild)


def main() -> None:
    """Entry point of the command."""
    show_any_letter()
    try:
        app()
    except BmgError as error:
        typer.echo(str(error), err=True)
        sys.exit(_exit_code(error))


def _exit_code(error: BmgError) -> int:
    if isinstance(error, StoppedError):
        return STOPPED_BY_PERSON
    # Where nobody has imported the module, no run has failed; importing it brings all of Dagster.
    runs = sys.modules.get("bmg_assets.launch.runs")
    return 1 if runs is not None and isinstance(error, runs.RunFailedError) else 2


def command() -> None:
    """Run `main`, then end the process without taking its libraries apart, which takes two seconds after a run."""
    try:
        main()
    except SystemExit as end:
        if end.code not in (None, *range(256)):
            raise
        atexit._run_exitfuncs()
        with suppress(BrokenPipeError):  # whoever read the output has seen enough
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 0)


if __name__ == "__main__":
    command()
