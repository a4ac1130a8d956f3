"""Comparison of what a system was trained from with what there is now."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from bmg_assets.store.origin import Origin

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


Stored = Mapping[str, Origin | None]
"""Origin of each asset of a system that is stored; None for a file that is damaged or tells none."""
Parents = Mapping[str, Sequence[str]]
"""The system's assets in the order in which they are made, each with those that it is made from."""


def staleness_of(stored: Stored, parents: Parents, now: TrainingRecord) -> list[str]:
    """Reasons to train the system again, for people to read; an empty list if its models are up to date.

    Args:
        now: what a training of today would be made from.
    """
    if not any(above and stored.get(asset) is not None for asset, above in parents.items()):
        return ["never trained"]
    return [*unfinished(stored, parents), *_changed_since(stored, now)]


def unfinished(stored: Stored, parents: Parents) -> list[str]:
    """What is missing, damaged or does not belong together, after new casts or a run that stopped half-way."""
    missing = [asset for asset in parents if asset not in stored]
    return [f"not made yet: {', '.join(missing)}"] * bool(missing) + not_together(stored, parents)


def not_together(stored: Stored, parents: Parents) -> list[str]:
    """What of the stored is damaged, or was made from an earlier state of what it is made from."""
    damaged = [asset for asset in parents if asset in stored and stored[asset] is None]
    return [f"damaged, or without its origin: {', '.join(damaged)}"] * bool(damaged) + behind(stored, parents)


def behind(stored: Stored, parents: Parents) -> list[str]:
    """What was made from an earlier state of what it is made from; each asset is named once."""
    found: dict[str, list[str]] = {}
    for asset, above in parents.items():
        newer = next((parent for parent in above if _is_behind(stored.get(asset), parent, stored.get(parent))), None)
        if newer is not None:
            found.setdefault(newer, []).append(asset)
    return [_behind_in_words(stored, parent, assets) for parent, assets in found.items()]


def of_one_training(stored: Stored, assets: Sequence[str]) -> list[str]:
    """Which of some assets, named in the order in which they are made, are of an earlier training than the first."""
    there = [asset for asset in assets if (origin := stored.get(asset)) is not None and origin.trainings]
    trainings = {asset: set(origin.trainings) for asset in there if (origin := stored[asset]) is not None}
    others = [asset for asset in there if trainings[asset] != trainings[there[0]]]
    return [_behind_in_words(stored, there[0], others)] if others else []


def _is_behind(origin: Origin | None, parent: str, parents_origin: Origin | None) -> bool:
    """Whether the parent is another one by now than that which the file was made from."""
    return origin is not None and parents_origin is not None and origin.parents.get(parent) != parents_origin.id


def _behind_in_words(stored: Stored, parent: str, assets: Sequence[str]) -> str:
    trainings = {name: set(one.trainings) for name, one in stored.items() if one is not None}
    if all(trainings[parent] - trainings[asset] for asset in assets):
        verb = "are" if len(assets) > 1 or assets[0].endswith("s") else "is"
        return f"{', '.join(assets)} {verb} of an earlier training than {parent}"
    return f"{parent} is newer than {', '.join(assets)}"


def _changed_since(stored: Stored, now: TrainingRecord) -> Iterator[str]:
    records = [origin.record for origin in stored.values() if origin is not None and origin.record]
    then = TrainingRecord.from_text(records[0]) if records else None
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
