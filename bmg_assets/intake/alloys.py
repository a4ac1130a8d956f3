"""The nominal composition of a cast: a formula whose amounts were weighed, so that they must sum to what the row says.

Belongs here: what a lab file demands of a formula beyond what `bmg_assets.science.alloys` reads, and what is possible
for the alloy. How a formula is read does not belong here.
"""

from dataclasses import dataclass

from bmg_assets.intake.faults import CellError
from bmg_assets.science.alloys.compositions import (
    PERCENT_TOLERANCE,
    FormulaError,
    FormulaFault,
    FormulaRule,
    composition_key,
    parse_formula,
)
from bmg_assets.science.casts.cast import CompositionUnit

_FIXES = {
    FormulaFault.NOT_PARSED: "write elements with amounts that sum to 100, as in Zr58Al12Cu30",
    FormulaFault.UNKNOWN_ELEMENT: "correct the symbol; capitals matter (Co is cobalt, CO is not)",
    FormulaFault.NEGATIVE_AMOUNT: "write positive amounts",
    FormulaFault.REPEATED_ELEMENT: "look the alloy up in the lab book and name each element once",
    FormulaFault.IMPLAUSIBLE_SUM: "look the alloy up in the lab book; the amounts must sum to 100",
}
"""What to do in the laboratory, where it differs from what to do with a published formula."""


@dataclass(frozen=True)
class Alloy:
    """A nominal composition as read; elements alphabetical with at.% beside them, and in the order as written.

    remarks: how the formula was read, what is improbable in it, and what is not possible for its elements.
    """

    composition: str
    elements: tuple[str, ...]
    at_pct: tuple[float, ...]
    elements_as_written: tuple[str, ...]
    rules: tuple[str, ...]
    remarks: tuple[str, ...]


def read_alloy(text: str, unit: CompositionUnit, *, decimal_comma: bool = False) -> Alloy:
    """Read the nominal composition of a cast; stricter than a published formula, because the weighed amounts are known.

    A row states whether its amounts are at% or wt%, so proportions (Zr2Cu) and mole fractions are refused like any sum
    outside 100 ± 0.5. An element of amount zero is refused, because its amount may be missing.

    decimal_comma: whether a comma between digits can only be a decimal point.

    Raises CellError for these, and for every formula that `parse_formula` refuses.
    """
    try:
        parsed = parse_formula(text, unit.value, decimal_comma)
    except FormulaError as error:
        raise CellError(error.found, _FIXES.get(error.fault, error.remedy)) from error
    if {FormulaRule.RATIO, FormulaRule.MOLE_FRACTIONS} & set(parsed.rules):
        fix = f"write {composition_key(parsed.amounts)}, if these were proportions in at%"
        if unit is CompositionUnit.WT_PCT:
            fix = "write amounts that sum to 100"
        raise CellError(f"{text!r}: the amounts do not sum to 100 ± {PERCENT_TOLERANCE} {unit}", fix)
    if FormulaRule.ZERO_AMOUNT in parsed.rules:
        raise CellError(
            f"{text!r}: an element has the amount zero",
            "leave it out if it was not in the alloy, else write its amount",
        )
    return Alloy(
        composition=parsed.composition,
        elements=tuple(parsed.amounts),
        at_pct=tuple(parsed.amounts.values()),
        elements_as_written=parsed.elements_as_written,
        rules=parsed.rules,
        remarks=(*_read_as(text, parsed.in_order, parsed.notes), *_not_possible(parsed.elements_as_written)),
    )


def _read_as(text: str, in_order: str, notes: tuple[str, ...]) -> tuple[str, ...]:
    if not notes:
        return ()
    return (f"composition_nominal: {text!r} was read as {in_order}: {', and '.join(notes)}",)


def _not_possible(elements: tuple[str, ...]) -> tuple[str, ...]:
    """What is not possible for the alloy's system, so that nobody learns it from a run."""
    from bmg_assets.science.surrogates.possible import possible_for

    return tuple(sentence.removesuffix(".") for sentence in possible_for(elements).sentences)
