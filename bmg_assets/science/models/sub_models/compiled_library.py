"""Loading the libraries of boosted trees, whose compiled part needs OpenMP from the machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from bmg_assets.science.errors import BmgError


class CompiledLibraryError(BmgError):
    """A library of boosted trees that this machine cannot load."""


@contextmanager
def loading(library: str) -> Iterator[None]:
    """Report in one sentence that a library, which is imported inside the block, cannot be loaded.

    macOS and slim containers come without OpenMP; the libraries say so with errors of different kinds.

    Raises:
        CompiledLibraryError: the import failed.
    """
    try:
        yield
    except (ImportError, OSError, ValueError) as error:
        reason = " ".join(str(error).split("\n\n")[0].split())[:300]
        raise CompiledLibraryError(
            f"{library} cannot be loaded on this machine ({reason}): it needs OpenMP, which is installed by "
            "`brew install libomp` on macOS and by `apt install libgomp1` on Debian and Ubuntu."
        ) from error
