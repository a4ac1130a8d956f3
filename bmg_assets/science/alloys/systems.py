"""Target systems: what a key such as ``Zr-Al-Cu`` means, and which keys are refused.

A key names the elements in the order in which the user wants the corners of the diagram; the *set* of elements is what
identifies the system. The caller hands in the systems that are registered already.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bmg_assets.science.errors import BmgError
from bmg_assets.science.validation import on_one_line

SEPARATOR = "-"
FEWEST_ELEMENTS = 3
TERNARY = 3
"""Number of elements whose compositions a triangle can show."""
QUATERNARY = 4
"""Number of elements whose compositions a tetrahedron can show."""


class SystemKeyError(BmgError):
    """A target-system key that cannot be used."""


@dataclass(frozen=True)
class TargetSystem:
    """The elements of a target system, in the order of the diagram's corners."""

    elements: tuple[str, ...]

    @property
    def key(self) -> str:
        """The partition key, for example ``Zr-Al-Cu``."""
        return SEPARATOR.join(self.elements)

    @property
    def is_ternary(self) -> bool:
        """Whether a triangular map can show it."""
        return len(self.elements) == TERNARY

    @property
    def is_quaternary(self) -> bool:
        """Whether a tetrahedron can show it."""
        return len(self.elements) == QUATERNARY

    @property
    def element_set(self) -> frozenset[str]:
        """What identifies the system, whatever the order of the corners."""
        return frozenset(self.elements)


@cache
def known_symbols() -> frozenset[str]:
    """Symbols of all chemical elements."""
    from pymatgen.core.periodic_table import Element

    return frozenset(element.symbol for element in Element)


def parse_system(key: str) -> TargetSystem:
    """Read a key such as ``Zr-Al-Cu``.

    Raises:
        SystemKeyError: fewer than three elements, an unknown symbol, an element twice, or another way of writing.
    """
    symbols = key.split(SEPARATOR)
    unknown = [symbol for symbol in symbols if symbol not in known_symbols()]
    if unknown:
        raise SystemKeyError(
            f"'{on_one_line(key)}' is not a target system: '{on_one_line(unknown[0])}' is not an element symbol; "
            "write the symbols joined by '-', for example Zr-Al-Cu."
        )
    repeated = sorted(symbol for symbol, times in Counter(symbols).items() if times > 1)
    if repeated:
        raise SystemKeyError(
            f"'{on_one_line(key)}' is not a target system: {repeated[0]} stands in it twice; name each element once."
        )
    if len(symbols) < FEWEST_ELEMENTS:
        raise SystemKeyError(
            f"'{key}' has {len(symbols)} element(s); a target system has three or more, for example Zr-Al-Cu."
        )
    return TargetSystem(tuple(symbols))


def check_new_key(key: str, registered: Iterable[str]) -> TargetSystem:
    """Read a key that is to be registered beside those that are.

    Raises:
        SystemKeyError: as `parse_system`; or the same elements are registered in another order.
    """
    system = parse_system(key)
    for other in registered:
        if other != key and frozenset(other.split(SEPARATOR)) == system.element_set:
            raise _twin_of(other, key)
    return system


def sort_out_keys(keys: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Those of registered keys that are systems, and for each other one the reason why it is none.

    Of two keys with the same elements the first one is the system.
    """
    systems: dict[frozenset[str], str] = {}
    refused = {}
    for key in keys:
        try:
            elements = parse_system(key).element_set
            if elements in systems:
                raise _twin_of(systems[elements], key)
        except SystemKeyError as error:
            refused[key] = str(error)
        else:
            systems[elements] = key
    return list(systems.values()), refused


def _twin_of(other: str, key: str) -> SystemKeyError:
    return SystemKeyError(
        f"'{key}' has the same elements as '{other}', which is registered already; "
        f"use '{other}', or remove it first if you want the corners in another order."
    )
