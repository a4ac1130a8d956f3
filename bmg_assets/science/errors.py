"""The root of the platform's own errors, and how what pydantic finds is said in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


class BmgError(Exception):
    """Something a user can fix; the message says what was found, what was expected and what to do.

    Commands print the message alone. Any other exception is a fault of the platform and keeps its traceback.
    """


def expectation(error: ValidationError) -> str:
    """What the first value that pydantic refused was expected to be, to stand behind "expected"."""
    words = error.errors()[0]["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return words.split(", unable to parse")[0]
