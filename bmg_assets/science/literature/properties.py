"""Declarations of properties of a glass other than D_max, and of the columns in which sources report them.

Belongs here: what a declaration may say and what follows from it. Does not belong here: the declarations on disk
(`sources`), reading values (property_reports.py), merging them (property_values.py), and the map of a property
(`science/evidence`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.pruning import EXCLUDED

Text = Annotated[str, Field(min_length=1)]
NOTHING_LEFT_OUT = 0
"""The sub-dataset of a property that holds all alloys, those of the system too; the paper's are 1 to 5."""
ZERO_CELSIUS_K = 273.15
SCALES: dict[tuple[str, str], tuple[float, float]] = {
    ("°C", "K"): (1.0, ZERO_CELSIUS_K),
    ("MPa", "GPa"): (1e-3, 0.0),
}
"""Factor and offset that bring a source's unit to a property's."""


class PropertyError(BmgError):
    """A property that nobody declared, or that cannot be read or mapped as declared."""


class Scale(StrEnum):
    """How a property is mapped: as it is, or as its decimal logarithm where it spans decades."""

    LINEAR = "linear"
    LOG = "log"

    def to_scale(self, values: Any) -> Any:
        """Values in the property's unit, which are positive on a log scale, as numbers on this scale.

        Takes and gives a number, an array or a frame.
        """
        import numpy as np

        return np.log10(values) if self is Scale.LOG else values

    def to_unit(self, numbers: Any) -> Any:
        """Numbers on this scale as values in the property's unit; takes and gives what `to_scale` does."""
        return 10.0**numbers if self is Scale.LOG else numbers


class Choice(StrEnum):
    """Which of several reports of one alloy is mapped."""

    MEDIAN = "median"
    MEAN = "mean"
    LARGEST = "largest"
    SMALLEST = "smallest"


class DerivationRule(StrEnum):
    """How a property follows from two others of the same report."""

    DIFFERENCE = "difference"
    YOUNGS_MODULUS = "youngs_modulus"


def youngs_modulus(bulk: Any, shear: Any) -> Any:
    """Young's modulus of an isotropic solid, 9KG/(3K + G), in the unit of bulk modulus K and shear modulus G."""
    return 9 * bulk * shear / (3 * bulk + shear)


DERIVATIONS: dict[DerivationRule, tuple[Callable[[Any, Any], Any], str]] = {
    DerivationRule.DIFFERENCE: (lambda first, second: first - second, "{0} − {1}"),
    DerivationRule.YOUNGS_MODULUS: (youngs_modulus, "9{0}{1}/(3{0} + {1})"),
}
"""The function of the two properties, and how it is written with their symbols."""


class Derived(BaseModel):
    """What a property follows from, where a report gives both and not the property itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: DerivationRule
    of: tuple[Text, Text]
    """Names of two properties, in the order of the rule."""

    def value(self, first: Any, second: Any) -> Any:
        """The property, of numbers or of columns."""
        return DERIVATIONS[self.rule][0](first, second)

    def formula(self, properties: Mapping[str, Property]) -> str:
        """How it follows, in symbols, like "T_x − T_g"."""
        return DERIVATIONS[self.rule][1].format(*(properties[name].symbol for name in self.of))


class Agreement(BaseModel):
    """How far two reports of one alloy may lie apart before they contradict each other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Annotated[float, Field(gt=0)]
    how: str
    """`unit`, `%` of the larger, or `factor`."""

    def holds(self, smallest: float, largest: float) -> bool:
        """Whether two values in the property's unit agree."""
        match self.how:
            case "factor":
                return largest <= self.by * smallest
            case "%":
                return largest - smallest <= self.by / 100 * abs(largest)
            case _:
                return largest - smallest <= self.by

    def in_words(self, unit: str) -> str:
        """Like "20 K", "10 %" or "a factor of 3"."""
        words = {"factor": f"a factor of {self.by:g}", "%": f"{self.by:g} %"}
        return words.get(self.how, f"{self.by:g} {unit}")


def _read_agreement(given: Any) -> Any:
    """Read `20`, `10 %` or `factor 3`."""
    if isinstance(given, Agreement):
        return given
    found = re.fullmatch(r"(factor )?\s*(\d+(?:\.\d+)?)\s*(%)?", str(given).strip())
    if found is None or (found[1] and found[3]) or not float(found[2]) or (found[1] and float(found[2]) <= 1):
        raise ValueError("a number in the unit, a percentage like 10 %, or a factor above 1 like factor 3")
    return Agreement(by=float(found[2]), how=(found[1] or found[3] or "unit").strip())


def _as_several(given: Any) -> Any:
    """One text, or a list of texts."""
    return (given,) if isinstance(given, str) else given


class Property(BaseModel):
    """One property; the keys are explained in data/literature/properties.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    name: str = Field(exclude=True)
    title: Text
    symbol: Text
    also: Annotated[tuple[Text, ...], BeforeValidator(_as_several)] = ()
    """Other ways to type the symbol."""
    unit: Text
    range: tuple[float, float]
    """Lowest and highest plausible value in `unit`."""
    scale: Scale = Scale.LINEAR
    below: str | None = None
    """Name of the property that must be larger."""
    derived: Derived | None = None
    agrees_within: Annotated[Agreement, BeforeValidator(_read_agreement)] = Agreement(by=10, how="%")
    maps: Choice = Choice.MEDIAN
    own_casts: Annotated[tuple[Text, ...], BeforeValidator(_as_several)] = ()
    """Column of the table `lab_casts`; of a derived property, the columns of the two that it follows from."""
    sub_dataset: int = NOTHING_LEFT_OUT
    budget: str | None = None

    @field_validator("range", mode="before")
    @classmethod
    def _ascends(cls, given: Any) -> Any:
        is_pair = isinstance(given, list | tuple) and len(given) == 2 and all(isinstance(n, int | float) for n in given)
        if not is_pair or not given[0] < given[1]:
            raise ValueError("two numbers, the smaller first")
        return given

    @field_validator("sub_dataset")
    @classmethod
    def _exists(cls, number: int) -> int:
        if number not in (NOTHING_LEFT_OUT, *EXCLUDED):
            raise ValueError("0 (nothing left out) to 5")
        return number

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if self.scale is Scale.LOG and self.range[0] <= 0:
            raise ValueError(f"has a log scale and a range from {self.range[0]:g}, which has no logarithm")
        expected = (0, 2) if self.derived else (0, 1)
        if len(self.own_casts) not in expected:
            raise ValueError(f"names {len(self.own_casts)} columns of own casts, expected {expected[1]} or none")
        return self

    @property
    def typed(self) -> str:
        """The symbol in characters that every keyboard has."""
        return next((one for one in (self.symbol, *self.also) if one.isascii()), self.name)

    @property
    def error_unit(self) -> str:
        """Unit of differences and errors on the property's scale."""
        return "decades" if self.scale is Scale.LOG else self.unit


class PropertyColumn(BaseModel):
    """Where a source reports a property."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: Text
    unit: Text | None = None
    """None: the property's own."""

    @model_validator(mode="before")
    @classmethod
    def _may_be_named_alone(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given


def property_named(properties: Mapping[str, Property], wanted: str) -> Property:
    """The property of this name or symbol; raises PropertyError, which names those there are."""
    for one in properties.values():
        if wanted in (one.name, one.symbol, *one.also):
            return one
    known = ", ".join(f"{one.typed} ({one.name})" for one in properties.values())
    raise PropertyError(f"There is no property '{wanted}'; choose one of {known}, or declare it in properties.yaml.")


def scale_of(column: PropertyColumn, prop: Property) -> tuple[float, float]:
    """Factor and offset from the column's unit to the property's; raises PropertyError where nobody knows them."""
    if column.unit is None or column.unit == prop.unit:
        return 1.0, 0.0
    if (column.unit, prop.unit) not in SCALES:
        known = ", ".join(sorted({there for there, here in SCALES if here == prop.unit} | {prop.unit}))
        raise PropertyError(
            f"Column '{column.column}' gives {prop.symbol} in {column.unit}, which is not converted to {prop.unit}; "
            f"expected one of {known}: correct the unit in sources.yaml."
        )
    return SCALES[column.unit, prop.unit]
