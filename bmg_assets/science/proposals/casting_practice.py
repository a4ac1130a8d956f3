"""The casting practice of a laboratory: limits, elements that are not cast, prices, hours, moulds, losses, purities.

It is read from the laboratory's file and from the config of a run, which overrides the file. A wrong value ends in one
sentence that names the file, the key, what was found and what was expected.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from bmg_assets.science.alloys.labels import BULK_FROM_MM, LARGEST_CREDIBLE_MM
from bmg_assets.science.alloys.systems import TargetSystem, known_symbols
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.errors import BmgError
from bmg_assets.science.validation import validated

AMOUNT = r"(\d+(?:\.\d+)?)"
RANGE = re.compile(rf"{AMOUNT}\s*(?:-|to)\s*{AMOUNT}")
LARGEST_ROD_MM = 10.0
"""Largest mould where the laboratory does not say its own, in mm: a guess of ours."""
LARGEST_LOSS_PCT = 50.0
LEAST_PURITY_PCT = 50.0
"""A stock of less of an element is an alloy, and no stock of it."""
LIMIT = re.compile(rf"([A-Z][a-z]?)\s+({RANGE.pattern})")


class CastingPracticeError(BmgError):
    """Limits, elements, prices, hours, moulds, losses or purities with a value that they cannot have."""


class NotCastError(BmgError):
    """A system in which the laboratory can cast nothing."""


def _element(given: Any) -> Any:
    if not isinstance(given, str) or given not in known_symbols():
        raise ValueError("symbols of elements, such as Al")
    return given


def _low_and_high(given: Any) -> Any:
    found = RANGE.fullmatch(given.strip()) if isinstance(given, str) else None
    pair = [float(one) for one in found.groups()] if found else given
    is_pair = isinstance(pair, list | tuple) and len(pair) == 2 and all(map(_is_number, pair))
    if not is_pair or not 0 <= pair[0] <= pair[1] <= 100:
        raise ValueError("two amounts from 0 to 100 at.%, the lower first, such as [0, 20]")
    if 0 < pair[1] < 1 or (0 < pair[0] < pair[1] == 1):
        # No map has a point between 0 and 1 at.%.
        as_pct = f"[{100 * pair[0]:g}, {100 * pair[1]:g}]"
        raise ValueError(f"amounts in at.%, not fractions, such as {as_pct}; for not at all name it under not_cast")
    return pair


def _price(given: Any) -> Any:
    if not _is_number(given) or not 0 < given < np.inf:
        raise ValueError("a price per kg above 0")
    return given


def _hours(given: Any) -> Any:
    if not _is_number(given) or not 0 < given < np.inf:
        raise ValueError("hours above 0")
    return given


def _rod(given: Any) -> Any:
    if not _is_number(given) or not BULK_FROM_MM <= given <= LARGEST_CREDIBLE_MM:
        raise ValueError(f"a diameter from {BULK_FROM_MM:g} to {LARGEST_CREDIBLE_MM:g} mm")
    return given


def _loss(given: Any) -> Any:
    if not _is_number(given) or not 0 <= given <= LARGEST_LOSS_PCT:
        raise ValueError(f"percent from 0 to {LARGEST_LOSS_PCT:g}")
    return given


def _purity(given: Any) -> Any:
    if not _is_number(given) or not LEAST_PURITY_PCT <= given <= 100:
        raise ValueError(f"weight percent from {LEAST_PURITY_PCT:g} to 100, such as 99.9")
    return given


def _by_element(given: Any) -> Any:
    if not isinstance(given, Mapping):
        raise ValueError("elements with their percent, such as Mn: 2")
    return given


def _elements(given: Any) -> Any:
    if not isinstance(given, list | tuple | frozenset):
        raise ValueError("a list of elements, such as [Be, As]")
    return given


def _prices(given: Any) -> Any:
    if not isinstance(given, Mapping):
        raise ValueError("elements with their price per kg, such as Zr: 40")
    return given


def _limits(given: Any) -> Any:
    """Limits by element, from a mapping, or from a text or texts such as "Al 0-20"."""
    if isinstance(given, Mapping):
        return given
    texts = given.split(",") if isinstance(given, str) else given
    if not isinstance(texts, list | tuple):
        raise ValueError("elements with their lowest and highest amount, such as Al: [0, 20]")
    found = {str(text): LIMIT.fullmatch(str(text).strip()) for text in texts}
    for text, limit in found.items():
        if limit is None:
            expected = "an element with its lowest and highest amount in at.%, such as Al 0-20"
            raise PydanticCustomError("value_error", expected, {"found": text})
    limits = [(limit[1], limit[2]) for limit in map(found.get, map(str, texts)) if limit is not None]
    twice = next((one for one, _ in limits if [element for element, _ in limits].count(one) > 1), None)
    if twice is not None:
        raise PydanticCustomError("value_error", "one limit of each element", {"found": f"{twice} twice"})
    return dict(limits)


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


Element = Annotated[str, BeforeValidator(_element)]
Price = Annotated[float, BeforeValidator(_price)]
Limits = Annotated[tuple[float, float], BeforeValidator(_low_and_high)]
Hours = Annotated[float, BeforeValidator(_hours)]
Loss = Annotated[float, BeforeValidator(_loss)]
Purity = Annotated[float, BeforeValidator(_purity)]


class RungHours(BaseModel):
    """Hours of a person for one sample, from the ingot to the verdict: quenching, cutting, polishing and XRD.

    The defaults are guesses of ours, not measured in any laboratory: change them to your own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ribbon: Hours | None = 2.0
    """A melt-spun ribbon and its XRD; None where no ribbon is spun."""
    wedge: Hours | None = 5.0
    """A wedge, cut lengthwise and looked at from its tip on; None where none is cast."""
    rod: Hours = 3.0
    """A rod cast into a copper mould, and the XRD of its cross-section."""


class CastingPractice(BaseModel):
    """Limits on what is cast; by default anything is, at any price."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limits_at_pct: Annotated[dict[Element, Limits], BeforeValidator(_limits)] = Field(default={}, alias="limits")
    """Lowest and highest amount by element, in at.%, both allowed."""
    not_cast: Annotated[frozenset[Element], BeforeValidator(_elements)] = frozenset()
    """Elements that are not cast in any amount."""
    prices_per_kg: Annotated[dict[Element, Price], BeforeValidator(_prices)] = Field(default={}, alias="prices")
    """Price of an element per kg, all in one currency."""
    highest_price_per_kg: Price | None = Field(default=None, alias="highest_price")
    """Highest price of an alloy, in the same currency."""
    hours: RungHours = RungHours()
    """Hours for a sample of each rung."""
    largest_rod_mm: Annotated[float, BeforeValidator(_rod)] = Field(default=LARGEST_ROD_MM, alias="largest_rod")
    """Diameter of the largest mould in mm."""
    losses_pct: Annotated[dict[Element, Loss], BeforeValidator(_by_element)] = Field(default={}, alias="losses")
    """What evaporates of an element in melting, in percent of what the button shall hold; for the lab sheet alone."""
    purities_pct: Annotated[dict[Element, Purity], BeforeValidator(_by_element)] = Field(default={}, alias="purities")
    """Weight percent of an element in its stock; for the lab sheet alone."""

    @classmethod
    def read(cls, content: Any, where: str) -> "CastingPractice":
        """Read it from parsed YAML, or from the config of a run.

        Args:
            content: a mapping, or None. `limits` maps elements to [low, high] or "low-high", or is a text or a list of
                texts such as "Al 0-20". A key that is None is ignored.
            where: name of the file for messages.

        Raises:
            CastingPracticeError: anything else.
        """
        if content is None:
            return cls()
        if isinstance(content, Mapping):
            content = {key: value for key, value in content.items() if value is not None}
        return validated(cls, content, where, CastingPracticeError)

    def overridden_by(self, other: "CastingPractice") -> "CastingPractice":
        """Both combined: limits and prices of `other` win by element; what either excludes is not cast."""
        highest = other.highest_price_per_kg
        said = other.model_fields_set
        return CastingPractice(
            limits={**self.limits_at_pct, **other.limits_at_pct},
            not_cast=self.not_cast | other.not_cast,
            prices={**self.prices_per_kg, **other.prices_per_kg},
            highest_price=self.highest_price_per_kg if highest is None else highest,
            hours=other.hours if "hours" in said else self.hours,
            largest_rod=other.largest_rod_mm if "largest_rod_mm" in said else self.largest_rod_mm,
            losses={**self.losses_pct, **other.losses_pct},
            purities={**self.purities_pct, **other.purities_pct},
        )

    def as_settings(self) -> dict[str, Any]:
        """The values that are set and that results depend on, as JSON can hold them: nothing of the lab sheet."""
        said = {
            "casting.limits": {element: list(limits) for element, limits in sorted(self.limits_at_pct.items())},
            "casting.not_cast": sorted(self.not_cast),
            "casting.prices": dict(sorted(self.prices_per_kg.items())),
            "casting.highest_price": self.highest_price_per_kg,
            "casting.hours": self.hours.model_dump() if self.hours != RungHours() else None,
            "casting.largest_rod": self.largest_rod_mm if self.largest_rod_mm != LARGEST_ROD_MM else None,
        }
        return {key: value for key, value in said.items() if value not in ({}, [], None)}

    def check_system(self, system: TargetSystem, needs_prices: bool = False) -> None:
        """Refuse a system in which nothing can be cast.

        Args:
            needs_prices: whether alloys are chosen by price, too; with a highest price they are.

        Raises:
            NotCastError: it holds an element that is not cast, no amounts within the limits sum to 100 at.%, or an
                element has no price and needs one.
        """
        refused = [element for element in system.elements if element in self.not_cast]
        if refused:
            raise NotCastError(
                f"{system.key} holds {refused[0]}, which the laboratory does not cast (not_cast), so no alloy of it is "
                "proposed; take another system, or take the element off the list."
            )
        limits = [self.limits_at_pct.get(element, (0.0, 100.0)) for element in system.elements]
        if sum(low for low, _ in limits) >= 100 or sum(high for _, high in limits) < 100:
            raise NotCastError(
                f"The limits ({self._limits_in_words(system)}) leave no composition of {system.key}, since its amounts "
                "sum to 100 at.%; widen them."
            )
        unpriced = [element for element in system.elements if element not in self.prices_per_kg]
        if unpriced and (needs_prices or self.highest_price_per_kg is not None):
            raise NotCastError(
                f"Alloys of {system.key} are to be chosen by price, but {unpriced[0]} has none; say it under `prices`."
            )

    def allows(self, at_pct: FloatArray, system: TargetSystem) -> BoolArray:
        """Marks the compositions within the limits and the highest price, shape (n,), from their at.%, shape (n, k)."""
        allowed = np.ones(len(at_pct), dtype=bool)
        for amounts, element in zip(at_pct.T, system.elements, strict=True):
            low, high = self.limits_at_pct.get(element, (0.0, 100.0))
            allowed &= (amounts >= low) & (amounts <= high)
        if self.highest_price_per_kg is not None:
            allowed &= self.alloy_prices_per_kg(at_pct, system) <= self.highest_price_per_kg
        return allowed

    def alloy_prices_per_kg(self, at_pct: FloatArray, system: TargetSystem) -> FloatArray:
        """Price of the metals in a kg of each alloy, shape (n,); NaN where an element has no price.

        The mass fractions follow from pymatgen's atomic masses; losses are not included.
        """
        if not self.prices_per_kg:
            return np.full(len(at_pct), np.nan)
        from pymatgen.core.periodic_table import Element

        masses = at_pct * np.array([float(Element(element).atomic_mass) for element in system.elements])
        prices = np.array([self.prices_per_kg.get(element, np.nan) for element in system.elements])
        return np.asarray(masses @ prices / masses.sum(axis=1))

    def in_words(self, system: TargetSystem) -> list[str]:
        """Limits of the alloys of a system, in words."""
        words = [self._limits_in_words(system)]
        if self.highest_price_per_kg is not None:
            words.append(f"at most {self.highest_price_per_kg:g} per kg")
        return [one for one in words if one]

    def _limits_in_words(self, system: TargetSystem) -> str:
        limited = [(element, self.limits_at_pct.get(element)) for element in system.elements]
        parts = [f"{element} {limits[0]:g} to {limits[1]:g} at.%" for element, limits in limited if limits is not None]
        return ", ".join(parts)
