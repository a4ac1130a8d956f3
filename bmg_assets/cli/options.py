"""Options of the command line, made from the declarations of the settings.

Does not belong here: options of one command alone that are no settings.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any, get_args, get_origin

import typer
from annotated_types import Ge, Le

from bmg_assets.settings import DECLARED, without_default

Command = Callable[..., None]


def settings_as_options(*names: str, **spelt: str) -> Callable[[Command], Command]:
    """Give a command an option for each of these settings; its `**choices` are those that a person chose.

    Args:
        spelt: settings whose option has another name, as `limits="--limit"`.
    """

    def with_options(command: Command) -> Command:
        @functools.wraps(command)
        def with_choices(**given: Any) -> None:
            chosen = {name: given.pop(name) for name in (*names, *spelt)}
            command(**given, **{name: value for name, value in chosen.items() if value not in (None, [])})

        signature = inspect.signature(command)
        own = [parameter for parameter in signature.parameters.values() if parameter.kind is not parameter.VAR_KEYWORD]
        options = [_option(name, spelt.get(name, f"--{name.replace('_', '-')}")) for name in (*names, *spelt)]
        with_choices.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
        return with_choices

    return with_options


def help_of(name: str) -> str:
    """The description of a setting as the help of the command line shows it."""
    return without_default(DECLARED[name])


def _option(name: str, spelt: str) -> inspect.Parameter:
    """A parameter as Typer reads it: optional, with the setting's type, bounds and description."""
    field = DECLARED[name]
    kind: Any = field.annotation
    bounds: dict[str, Any] = {}
    for bound in field.metadata:
        bounds |= {"min": bound.ge} if isinstance(bound, Ge) else {"max": bound.le} if isinstance(bound, Le) else {}
    is_list = any(get_origin(kind) is list for kind in (kind, *get_args(kind)))
    option = typer.Option(None, spelt, help=help_of(name) + (" Repeat it for more." if is_list else ""), **bounds)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=option, annotation=kind | None)
