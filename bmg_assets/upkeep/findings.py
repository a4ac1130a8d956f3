"""What an examination of the deployment's files finds."""

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int], None]
"""Called with the number of files that are done, and of all."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written."""

    file: str
    """Path or URL."""
    what: str
    """What is wrong with it."""
    remedy: str
    """What to do."""


def no_progress(done: int, of: int) -> None:
    """Show nothing."""
