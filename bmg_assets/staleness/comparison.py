"""Comparison of what a system was trained from with what there is now."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

MAPPINGS = ("literature", "settings", "code")


@dataclass(frozen=True)
class TrainingRecord:
    """What a training is made from, apart from what belongs to the system itself."""

    literature: Mapping[str, str | None]
    """Identity of what each literature asset holds; None before it was first made."""
    settings: Mapping[str, Any]
    """The deployment's settings that bear on a system's results."""
    code: Mapping[str, str]
    """Code version of each asset of a system."""
    casts_of_others: str = ""
    """Identity of the casts of other systems in its training set; empty if there are none."""

    def to_text(self) -> str:
        """The record as one line of JSON."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "TrainingRecord | None":
        """The record that `to_text` wrote; None for any other text."""
        try:
            parts = json.loads(text)
        except json.JSONDecodeError:
            return None
        if not isinstance(parts, dict) or set(parts) != {field.name for field in fields(cls)}:
            return None
        return cls(**parts) if all(isinstance(parts[name], dict) for name in MAPPINGS) else None


@dataclass(frozen=True)
class TrainedState:
    """The last training of a system."""

    record: TrainingRecord | None
    """What the training set was made from; None if it has no record."""
    versions: Mapping[str, int]
    """Version of each asset of the system; an asset that was never made is absent."""


@dataclass(frozen=True)
class PresentState:
    """What a training of today would be made from."""

    record: TrainingRecord
    parents: Mapping[str, Sequence[str]]
    """The system's assets in the order in which they are made, each with those that it is made from."""


def staleness_of(seen: TrainedState, now: PresentState) -> list[str]:
    """Reasons to train the system again, for people to read; an empty list if its models are up to date.

    Within a system the versions give the order in which assets were made, as long as its runs do not overlap. The
    literature may change while a system trains, so it is compared by the record.
    """
    made_from_others = [asset for asset, parents in now.parents.items() if parents]
    if not any(asset in seen.versions for asset in made_from_others):
        return ["never trained"]
    return [*_unfinished(seen, now), *_changed_since(seen.record, now.record)]


def _unfinished(seen: TrainedState, now: PresentState) -> Iterator[str]:
    """Assets that are missing or older than their parents, after new casts or a run that stopped half-way."""
    missing = [asset for asset in now.parents if asset not in seen.versions]
    if missing:
        yield f"not made yet: {', '.join(missing)}"
    for parent, version in ((name, seen.versions[name]) for name in now.parents if name in seen.versions):
        below = [asset for asset, parents in now.parents.items() if parent in parents]
        older = [asset for asset in below if seen.versions.get(asset, version) < version]
        if older:
            yield f"{parent} is newer than {', '.join(older)}"


def _changed_since(then: TrainingRecord | None, now: TrainingRecord) -> Iterator[str]:
    if then is None:
        yield "no record of what the last training was made from"
        return
    for asset in _differing(then.literature, now.literature):
        yield f"{asset} changed"
    if then.casts_of_others != now.casts_of_others:
        yield "casts of other systems with elements of this one changed"
    for setting in _differing(then.settings, now.settings):
        yield f"setting {setting} was {then.settings.get(setting)}, is {now.settings.get(setting)}"
    for asset in _differing(then.code, now.code):
        yield f"code version of {asset} was {then.code.get(asset)}, is {now.code.get(asset)}"


def _differing(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
