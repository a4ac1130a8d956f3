"""What goes wrong with the place of a backup, in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from bmg_assets.science.errors import BmgError
from bmg_assets.upkeep.snapshot import BackupError


@contextmanager
def reachable(target: str) -> Iterator[None]:
    """Say in one sentence what goes wrong with the place of a backup.

    Raises:
        BackupError: in place of what Python and the libraries behind fsspec raise.
    """
    try:
        yield
    except BmgError:
        raise
    except ImportError as error:
        raise BackupError(
            f"{target} needs a library that is not installed ({error}): install the extra of its kind, like "
            "bmg-assets[s3]."
        ) from error
    except Exception as error:
        if "://" not in target and not isinstance(error, OSError):
            raise
        raise BackupError(
            f"{target} cannot be used ({str(error) or type(error).__name__}): check the place, its rights and the "
            "connection. Earlier snapshots are as they were."
        ) from error
