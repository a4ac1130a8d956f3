"""What each command does before its own work: settle where things are, and refuse settings that cannot be."""

from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperCommand


class CheckedCommand(TyperCommand):
    """A command that begins only with settings that can be; its help needs none."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command.

        Raises:
            MachineError: this machine cannot run the platform.
            BmgError: a setting is wrong, see `check_environment`.
        """
        from bmg_assets.execution.machine import check_machine
        from bmg_assets.settings import check_environment

        check_machine()
        check_environment()
        for remark in remarks_on_places():
            typer.echo(remark, err=True)
        return super().invoke(ctx)


def remarks_on_places() -> Iterator[str]:
    """What a person should know of where this deployment lies."""
    from bmg_assets.execution.machine import network_file_system
    from bmg_assets.settings import HOME, IS_PROJECT_FOLDER, Locations

    places = Locations.from_environment()
    if not IS_PROJECT_FOLDER and not places.data.exists():
        yield f"The data of this deployment will lie in {places.data}; BMG_DATA names another folder."
    kind = network_file_system(places.dagster_home)
    if kind is not None:
        yield (
            f"{places.dagster_home} lies on a network file system ({kind}), where Dagster's run history can be "
            f"damaged: set {HOME} to a folder of a local disk."
        )
