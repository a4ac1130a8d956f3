"""Letters that a terminal does not know: one is shown as another sign, and the answer goes on."""

import sys
from codecs import lookup

from bmg_assets.environment import set_variables

VARIABLE = "PYTHONIOENCODING"
"""Python's variable for the encoding of what a process reads and prints."""


def show_any_letter() -> None:
    """Let this process and those that it starts print `?` for a letter that their output cannot hold."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    encoding = getattr(sys.stdout, "encoding", None)
    if encoding is not None and lookup(encoding).name != "utf-8":
        set_variables({VARIABLE: f"{encoding}:replace"})


def can_be_printed(text: str) -> bool:
    """Whether standard output can hold every letter of a text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
