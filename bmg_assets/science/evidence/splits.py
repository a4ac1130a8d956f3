"""The sets of systems that are left out, and what is known when one of them is; the systems are in drawn_splits.py."""

from enum import StrEnum


class Split(StrEnum):
    """A set of systems that are left out, one after the other."""

    DEVELOPMENT = "development"
    """Systems with bulk glasses and other alloys that may guide choices."""
    RELEASE = "release"
    """Other systems of this kind, which nobody looks at until a version is released."""
    WITHOUT_BULK = "without_bulk"
    """Ternaries of twenty alloys or more and no bulk glass: where a surrogate raises false alarms."""

    @property
    def has_bulk(self) -> bool:
        """Whether its systems have bulk glasses, and others."""
        return self is not Split.WITHOUT_BULK


class Track(StrEnum):
    """What is known when a system is left out, as the paper's sub-datasets."""

    RELATED_KNOWN = "related_known"
    """Sub-dataset (1): everything but the system itself."""
    NOTHING_KNOWN = "nothing_known"
    """Sub-dataset (3): alloys that hold two of its elements or more are left out, except the binaries."""

    @property
    def sub_dataset(self) -> int:
        """The number that the paper gives it."""
        return 1 if self is Track.RELATED_KNOWN else 3
