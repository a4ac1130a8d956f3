"""The laboratory's files of settings as its main machine publishes them for others, which have no laboratory's folder.

They lie in one file, so that they are of one moment. It also says which of them the laboratory does not have: a file
that nobody published must never be taken for "no limits", since what it excludes may be poisonous.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from bmg_assets.science.errors import BmgError

FOLDER = "laboratory"
"""Folder of the store in which they are published."""
FILE = "settings.json"


class PublishedSettingsError(BmgError):
    """The laboratory's settings are not where they should be published, or cannot be read."""


def to_published(files: Mapping[str, bytes | None]) -> bytes:
    """The laboratory's files by their stem, None for one that it does not have, as the file that is published."""
    texts = {stem: None if data is None else data.decode("utf-8", "surrogateescape") for stem, data in files.items()}
    return json.dumps({"files": texts, "sha256": _digest(texts)}, indent=1, sort_keys=True).encode()


def published_file(place: str, stem: str) -> bytes | None:
    """The bytes of one of the laboratory's files as it was published; None where the laboratory has none.

    Args:
        place: a local folder or an fsspec URL.

    Raises:
        PublishedSettingsError: nothing is published there, or it cannot be read.
    """
    where = f"{place.rstrip('/')}/{FILE}"
    try:
        found = json.loads(_read(where))
        texts = found["files"]
        if found["sha256"] != _digest(texts):
            raise ValueError("its contents are not what was written")
        text = texts[stem]
    except FileNotFoundError:
        raise PublishedSettingsError(
            f"The laboratory's settings are not published at {where}, where BMG_LAB_SETTINGS points. Nothing is "
            "proposed without them, since they may exclude what is poisonous: start `bmg ui` on the machine with the "
            "laboratory's folder, and see that its store is the one of this machine."
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise PublishedSettingsError(
            f"The laboratory's settings at {where} are damaged ({error}): remove the file, and `bmg ui` on the machine "
            "with the laboratory's folder publishes them anew."
        ) from None
    return None if text is None else str(text).encode("utf-8", "surrogateescape")


def _read(where: str) -> bytes:
    if "://" not in where:
        try:
            return Path(where).read_bytes()
        except NotADirectoryError as error:
            raise FileNotFoundError(where) from error
    from fsspec.core import url_to_fs

    try:
        filesystem, path = url_to_fs(where, use_listings_cache=False)
        return bytes(filesystem.cat_file(path))
    except FileNotFoundError:
        raise
    except Exception as error:  # each library behind fsspec has errors of its own
        raise PublishedSettingsError(
            f"The laboratory's settings at {where} cannot be read ({error}): look at the address, the network and the "
            "credentials of this machine and run again."
        ) from error


def _digest(texts: Mapping[str, str | None]) -> str:
    return sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()
