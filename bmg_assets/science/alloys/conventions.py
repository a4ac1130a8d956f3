"""The meaning of a source's codes, as declared, and the codes in a cell.

Belongs here: what a source's words stand for. Does not belong here: what a report says (labels.py).
"""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bmg_assets.science.alloys.report_kinds import GlassClass


class Way(StrEnum):
    """How a sample was made."""

    AS_SPUN = "as_spun"
    AS_CAST = "as_cast"
    FLUXED = "fluxed"
    FILM = "films"
    POWDER = "powders"
    NOT_A_CASTING = "not_castings"
    UNKNOWN = "unknown"


CASTINGS = frozenset({Way.AS_SPUN, Way.AS_CAST, Way.FLUXED})
"""Ways in which a melt is quenched; what is found of them says something of D_max."""
_DECISIVE = (Way.NOT_A_CASTING, Way.FILM, Way.POWDER, Way.FLUXED, Way.AS_SPUN, Way.AS_CAST)
"""Which way counts where method and form name two: what says least of a casting."""


class Conventions(BaseModel):
    """The meaning of a source's codes, as declared.

    classes: class code, as written in the source, to class; "" is an empty cell. `ribbon` is a glass that is not said
        to be bulk. A code in `partly_crystalline` must be among them.
    unclear: class codes that say neither glass nor crystal.
    values: number to the class for which it stands (0.2 for ribbon); any other number is a diameter in mm.
    ribbons_to_mm: numbers up to this one are thicknesses of ribbons, not diameters.
    missing: texts that stand for "not reported".
    averaged: the values are means of several reports, so that a number between the codes hides two of them.
    as_spun, as_cast, fluxed, films, powders: codes of method and form by how they make a sample.
    not_castings: codes of method and form that say nothing of D_max, such as annealing.
    unstated: how a sample was made where neither method nor form says it; `not_castings` refuses such rows.
    once: the rows of one composition are tests of one alloy, which is one report.
    needs_another: classes that count only where another source reports the same class.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    classes: dict[str, GlassClass] = {}
    partly_crystalline: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()
    values: dict[float, GlassClass] = {}
    ribbons_to_mm: float | None = Field(default=None, gt=0)
    missing: frozenset[str] = frozenset()
    averaged: bool = False
    as_spun: frozenset[str] = frozenset()
    as_cast: frozenset[str] = frozenset()
    fluxed: frozenset[str] = frozenset()
    films: frozenset[str] = frozenset()
    powders: frozenset[str] = frozenset()
    not_castings: frozenset[str] = frozenset()
    unstated: Literal["as_spun", "as_cast", "not_castings", "unknown"] = "as_spun"
    once: bool = False
    needs_another: frozenset[GlassClass] = frozenset()

    @model_validator(mode="after")
    def _declares_what_is_partly_crystalline(self) -> Self:
        stray = sorted(self.partly_crystalline - self.classes.keys())
        if stray:
            raise ValueError(f"calls the class '{stray[0]}' partly crystalline, but declares no such class")
        return self

    @model_validator(mode="after")
    def _gives_each_code_one_meaning(self) -> Self:
        declared: dict[str, Way] = {}
        for way in _DECISIVE:
            for code in sorted(self.codes_of(way)):
                if code in declared:
                    raise ValueError(f"declares '{code}' under {declared[code].value} and under {way.value}")
                declared[code] = way
        both = sorted(self.unclear & self.classes.keys())
        if both:
            raise ValueError(f"declares the class '{both[0]}' and calls it unclear")
        return self

    def codes_of(self, way: Way) -> frozenset[str]:
        """The codes of method and form that are declared to make a sample in this way."""
        codes: frozenset[str] = getattr(self, way.value)
        return codes

    def way_of(self, method: str | None, form: str | None) -> Way:
        """How a sample was made, by its method and form as written.

        Of a list of several in one cell the casting counts: it was made in this way, too.
        """
        stated = self._ways_in(method) | self._ways_in(form)
        return next((way for way in _DECISIVE if way in stated), Way(self.unstated))

    def _ways_in(self, cell: str | None) -> frozenset[Way]:
        codes = codes_in(cell, self.missing)
        ways = frozenset(way for way in _DECISIVE if self.codes_of(way).intersection(codes))
        return ways & CASTINGS or ways


_QUOTED = re.compile(r"""['"]([^'"]*)['"]""")


def codes_in(cell: str | None, missing: Collection[str]) -> list[str]:
    """The codes in a cell; a list, as in "['AM' 'CR']" or "[Rod, Wedge]", comes from a careless grouping of rows."""
    text = "" if cell is None else cell.strip()
    codes = [text]
    if text.startswith("[") and text.endswith("]"):
        codes = _QUOTED.findall(text) or text[1:-1].split(",")
    return [code.strip() for code in codes if code.strip() not in {*missing, ""}]
