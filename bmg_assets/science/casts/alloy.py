"""The composition of a cast: stricter than a published formula, because it is known what was weighed in.

The formula itself is read in compositions.py. A lab's row says whether its amounts are at% or wt%, so proportions
(Zr2Cu) and mole fractions are refused like any sum that is not 100, and so is an element of amount zero: either it was
not in the alloy, or its amount is missing.
"""

import re
import unicodedata
from dataclasses import dataclass

from bmg_assets.science.alloys.compositions import (
    PERCENT_TOLERANCE,
    FormulaError,
    FormulaFault,
    FormulaRule,
    composition_key,
    parse_formula,
)
from bmg_assets.science.casts.cells import CellError
from bmg_assets.science.casts.columns import CompositionUnit

MENDS = {
    FormulaFault.UNKNOWN_ELEMENT: "correct the symbol; capitals matter (Co is cobalt, CO is not)",
    FormulaFault.NEGATIVE_AMOUNT: "write positive amounts",
    FormulaFault.DECIMAL_COMMA: "write a decimal point",
    FormulaFault.REPEATED_ELEMENT: "look the alloy up in the lab book and name each element once",
    FormulaFault.IMPLAUSIBLE_SUM: "look the alloy up in the lab book; the amounts must sum to 100",
    FormulaFault.ZERO_SUM: "write positive amounts that sum to 100",
    FormulaFault.UNSTATED_AMOUNTS: "write the share of each element in the bracket",
}
ANY_MEND = "write elements with amounts that sum to 100, as in Zr58Al12Cu30"


@dataclass(frozen=True)
class Alloy:
    """A nominal composition as read; elements alphabetical with at.% beside them, and in the order as written."""

    composition: str
    elements: tuple[str, ...]
    at_pct: tuple[float, ...]
    elements_as_written: tuple[str, ...]
    rules: tuple[str, ...]


def read_alloy(text: str, unit: CompositionUnit) -> Alloy:
    """Read the nominal composition of a cast.

    Raises CellError for every formula that `parse_formula` refuses, for a sum outside 100 ± 0.5, and for an element of
    amount zero.
    """
    try:
        parsed = parse_formula(text, unit.value)
    except FormulaError as error:
        raise CellError(str(error).rstrip("."), MENDS.get(error.fault, ANY_MEND)) from error
    if {FormulaRule.RATIO, FormulaRule.MOLE_FRACTIONS} & set(parsed.rules):
        raise CellError(
            f"{text!r}: the amounts do not sum to 100 ± {PERCENT_TOLERANCE} {unit}", _mend_of_sum(parsed.amounts, unit)
        )
    if FormulaRule.ZERO_AMOUNT in parsed.rules:
        raise CellError(
            f"{text!r}: an element has the amount zero",
            "leave it out if it was not in the alloy, else write its amount",
        )
    elements = tuple(parsed.amounts)
    return Alloy(
        composition=composition_key(parsed.amounts),
        elements=elements,
        at_pct=tuple(parsed.amounts.values()),
        elements_as_written=_in_order(text, elements),
        rules=parsed.rules,
    )


def _mend_of_sum(amounts: dict[str, float], unit: CompositionUnit) -> str:
    if unit is CompositionUnit.WT_PCT:
        return "write amounts that sum to 100"
    return f"write {composition_key(amounts)}, if these were proportions in at%"


def _in_order(text: str, elements: tuple[str, ...]) -> tuple[str, ...]:
    """The elements in the order of their first mention; those split by markup, if any, at the end."""
    without_markup = re.sub(r"</?sub>", "", unicodedata.normalize("NFKC", text), flags=re.IGNORECASE)
    mentioned = [symbol for symbol in re.findall(r"[A-Z][a-z]?", without_markup) if symbol in elements]
    return tuple(dict.fromkeys((*mentioned, *elements)))
