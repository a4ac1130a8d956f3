"""The progress of a replay, kept in its folder so that an interrupted one can go on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bmg_assets.replay.batches import ReplayFileError
from bmg_assets.store.folder import replacing

FILE = "replay.json"


@dataclass(frozen=True)
class Progress:
    """What is replayed, and how many of its trainings are done."""

    folder: Path
    identity: Mapping[str, Any]
    trained: int = 0

    @classmethod
    def of(cls, folder: Path, identity: Mapping[str, Any]) -> "Progress":
        """The replay in the folder, to go on with, or a new one in an empty folder.

        Raises:
            ReplayFileError: the folder holds something else, or a replay of other casts or settings.
        """
        path = folder / FILE
        if not path.is_file():
            if folder.exists() and any(folder.iterdir()):
                raise ReplayFileError(
                    f"{folder} is not empty and holds no replay; remove it, or name another folder for the replay."
                )
            progress = cls(folder, identity)
            progress._write()
            return progress
        kept = json.loads(path.read_text(encoding="utf-8"))
        then = kept["identity"]
        differing = [name for name in sorted({*identity, *then}) if then.get(name) != identity.get(name)]
        if differing:
            raise ReplayFileError(
                f"{folder} holds a replay with other {', '.join(differing)}; remove it to begin anew, name another "
                "folder, or give the casts and options with which it was begun to go on with it."
            )
        return cls(folder, identity, kept["trained"])

    def one_more(self) -> "Progress":
        """The progress after one more training, written down."""
        progress = replace(self, trained=self.trained + 1)
        progress._write()
        return progress

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"identity": self.identity, "trained": self.trained}, indent=1)
        with replacing(self.folder / FILE) as temporary:
            temporary.write_text(content, encoding="utf-8")
