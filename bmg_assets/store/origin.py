"""What a stored file of a system was made by and from, written into the file itself.

So a table, a model or a page that is copied, restored or left behind by a killed run still says of which training it
is. Dagster's run history can be lost, or cleaned up by a person, without anybody noticing it here.
Does not belong here: which files there are, and what follows from their origins (`bmg_assets.staleness`).
"""

import html
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field

PARQUET_KEY = b"bmg_origin"
META_NAME = "bmg-origin"
_META = re.compile(f'<meta name="{META_NAME}" content="([^"]*)">')
_PARQUET_END = 8
"""Bytes behind the footer of a Parquet file: its length and the letters PAR1."""
_ZIP_END = b"PK\x05\x06"
_ZIP_COMMENT_AT = 22


@dataclass(frozen=True)
class Origin:
    """What a file was made by and from."""

    id: str
    """By which what is made from this file records it: the run that made it, or the identity of the casts in it."""
    trainings: tuple[str, ...] = ()
    """Runs that made the training sets behind it, one unless it is a mixture; none before the training set."""
    parents: Mapping[str, str] = field(default_factory=dict)
    """`id` of each asset of the system that it was made from, as it was read; empty text where that had none."""
    record: str = ""
    """What else the training set was made from, see `bmg_assets.staleness.comparison`; empty for all other files."""

    def to_text(self) -> str:
        """The origin as one line of ASCII."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "Origin | None":
        """The origin that `to_text` wrote; None for any other text."""
        with suppress(ValueError, TypeError, KeyError):
            parts = json.loads(text)
            return cls(parts["id"], tuple(parts["trainings"]), dict(parts["parents"]), parts["record"])
        return None


def made_from(parents: Mapping[str, Origin | None], run_id: str, record: str = "") -> Origin:
    """The origin of what a run makes from these files of the same system.

    Args:
        parents: by asset; None where it is missing or cannot be read.
        record: of a training set, which begins a training.
    """
    trainings = {one for parent in parents.values() if parent is not None for one in parent.trainings}
    return Origin(
        id=run_id,
        trainings=(run_id,) if record else tuple(sorted(trainings)),
        parents={asset: parent.id if parent is not None else "" for asset, parent in parents.items()},
        record=record,
    )


def end_of_parquet(last: bytes) -> int:
    """How many bytes from the end of a Parquet file have its footer, told from its last bytes."""
    return int.from_bytes(last[-_PARQUET_END:-4], "little") + _PARQUET_END


def origin_in_parquet(end: bytes) -> Origin | None:
    """The origin in the footer of a Parquet file; None where there is none, or no footer that can be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with suppress(pa.ArrowInvalid, OSError):
        metadata = pq.read_metadata(pa.BufferReader(end)).metadata or {}
        return Origin.from_text(metadata.get(PARQUET_KEY, b"").decode())
    return None


def origin_in_zip(end: bytes) -> Origin | None:
    """The origin in the comment at the end of a zip archive."""
    at = end.rfind(_ZIP_END)
    return Origin.from_text(end[at + _ZIP_COMMENT_AT :].decode(errors="replace")) if at >= 0 else None


def origin_in_page(beginning: bytes) -> Origin | None:
    """The origin in the head of a page, which a template wrote there."""
    found = _META.search(beginning.decode(errors="replace"))
    return Origin.from_text(html.unescape(found[1])) if found else None
