"""What each command does before its own work: settle where things are, and refuse settings that cannot be."""

from typing import Any

import typer
from typer.core import TyperCommand


class CheckedCommand(TyperCommand):
    """A command that begins only with settings that can be; its help needs none."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command.

        Raises:
            BmgError: a setting is wrong, see `check_environment`.
        """
        from bmg_assets.settings import IS_PROJECT_FOLDER, Locations, check_environment

        check_environment()
        data = Locations.from_environment().data
        if not IS_PROJECT_FOLDER and not data.exists():
            typer.echo(f"The data of this deployment will lie in {data}; BMG_DATA names another folder.", err=True)
        return super().invoke(ctx)
