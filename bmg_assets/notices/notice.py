"""A notice: something that happened and that a person wants to hear of."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self


class Event(StrEnum):
    """What a notice is about."""

    CANDIDATES = "candidates"
    REFUSED_ROWS = "refused_rows"
    QUARANTINE = "quarantine"
    FAILED_TRAINING = "failed_training"
    UNUSABLE_KEY = "unusable_key"
    TEST = "test"


@dataclass(frozen=True)
class Notice:
    """A notice as it is kept; links follow from it when it is sent, since addresses change."""

    id: str
    """The same for the same event, whoever finds it and however often."""
    event: Event
    subject: str
    """One line."""
    text: str
    """Sentences, a line each."""
    page: tuple[str, ...] = ()
    """Path of the web application's page about it, in parts; empty for its first page."""
    run_id: str = ""
    """The run of Dagster that it is about; empty where it is about none."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The same for programs: JSON."""

    def as_json(self) -> dict[str, Any]:
        """The notice as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Read what `as_json` gave; raises ValueError, TypeError or KeyError for anything else."""
        return cls(**{**found, "event": Event(found["event"]), "page": tuple(found["page"])})
