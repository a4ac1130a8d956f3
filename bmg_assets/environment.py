"""Environment variables: the one place where they are read and set.

Belongs here: what a variable holds, whoever asks. Does not belong here: what it means and which values it can have
(settings.py).
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

OURS = "BMG_"


def variable(name: str) -> str | None:
    """What a variable holds, without blanks around it; None where it is not set.

    A variable that is set to nothing, as compose files do, counts as not set.
    """
    return os.environ.get(name, "").strip() or None


def own_variables() -> dict[str, str]:
    """All variables of this platform that are set, in the order of their names."""
    found = {name: variable(name) for name in sorted(os.environ) if name.startswith(OURS)}
    return {name: text for name, text in found.items() if text is not None}


def set_variables(values: Mapping[str, str | None]) -> None:
    """Set variables for this process and those that it starts; None takes one away."""
    for name, text in values.items():
        if text is None:
            os.environ.pop(name, None)
        elif os.environ.get(name) != text:
            os.environ[name] = text


def set_where_unset(name: str, text: str) -> str:
    """Set a variable unless it is set; what it holds now."""
    found = variable(name)
    if found is None:
        set_variables({name: text})
    return found or text


@contextmanager
def with_variables(values: Mapping[str, str | None]) -> Iterator[None]:
    """Set variables for the block, and give them back what they held before."""
    before = {name: os.environ.get(name) for name in values}
    set_variables(values)
    try:
        yield
    finally:
        set_variables(before)
