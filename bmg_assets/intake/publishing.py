"""Copying the laboratory's settings into the store, for machines that have no laboratory's folder."""

from pathlib import Path

from bmg_assets.science.proposals.casting_practice import CastingPracticeError
from bmg_assets.sources.casting_file import STEM
from bmg_assets.sources.laboratory_file import laboratory_file
from bmg_assets.sources.published_settings import FILE, FOLDER, to_published
from bmg_assets.store.manifest import write_noted
from bmg_assets.store.store import Store

NAME = f"{FOLDER}/{FILE}"


def publish_settings(lab: Path, store: Store) -> bool:
    """Publish the settings if they are others than those published; whether they were.

    A file with a wrong value is published as it is: everybody refuses it then.

    Args:
        lab: the laboratory's folder, which must be there: see `LabInbox.check_there`.

    Raises:
        CastingPracticeError: the file cannot be found out, see `laboratory_file`, or not be read; what was published
            before stays.
        FolderError: the store cannot be written.
    """
    path = laboratory_file(lab, STEM, CastingPracticeError)
    try:
        data = to_published({STEM: None if path is None else path.read_bytes()})
    except OSError as error:
        raise CastingPracticeError(f"{path} cannot be read ({error.strerror or error}); fix its rights.") from error
    store.check_format()
    try:
        if store.folder.read(NAME) == data:
            return False
    except FileNotFoundError:
        pass
    store.mark_format()
    write_noted(store.folder, NAME, data)
    return True
