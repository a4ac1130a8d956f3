"""The names of what can happen to a formula: rules that mended it, faults for which it is refused, tolerances.

The names are stored beside the data.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from bmg_assets.science.errors import BmgError

AmountUnit = Literal["at%", "wt%", "ratio"]

PERCENT_TOLERANCE = 0.5
FRACTION_TOLERANCE = PERCENT_TOLERANCE / 100


class FormulaRule(StrEnum):
    """The ways in which a formula is mended, and what is doubtful in it; they are stored with the report."""

    LOOK_ALIKES = "look_alike_letters_mended"
    SPACES = "spaces_removed"
    SUBSCRIPTS = "subscripts_flattened"
    MARK = "footnote_mark_dropped"
    UNIT_SUFFIX = "unit_suffix_read"
    NAME = "name_dropped"
    DECIMAL_COMMA = "decimal_comma_read"
    SEPARATORS = "separators_removed"
    DASHES = "dash_nomenclature"
    CAPITALS = "capitals_mended"
    LETTER_FOR_DIGIT = "letter_read_as_digit"
    FRACTIONS = "fractions_computed"
    BRACKETS = "brackets_expanded"
    BRACKET_PERCENT = "bracket_percent_normalised"
    BRACKET_PROPORTIONS = "bracket_proportions_normalised"
    ZERO_PADDING = "zero_padding_removed"
    ZERO_AMOUNT = "zero_amount_dropped"
    REPEATED_MERGED = "repeated_element_merged"
    MOLE_FRACTIONS = "mole_fractions_scaled"
    RATIO = "ratio_scaled"
    SUM_NORMALISED = "sum_normalised"
    WEIGHT_PERCENT = "weight_percent_converted"
    WEIGHT_ROUNDING = "weight_percent_within_rounding"
    UNPUBLISHED_ELEMENT = "element_of_no_published_alloy"
    IMPROBABLE_AMOUNT = "amount_above_published_glasses"


DOUBTS = frozenset({FormulaRule.UNPUBLISHED_ELEMENT, FormulaRule.IMPROBABLE_AMOUNT})
"""Rules that mended nothing: the formula is read as it stands, and what is improbable in it is said."""


class FormulaFault(StrEnum):
    """The reasons for which a formula is refused."""

    EMPTY = "formula_empty"
    WORD = "word_instead_of_formula"
    NOT_PARSED = "formula_not_parsed"
    UNKNOWN_ELEMENT = "unknown_element"
    UNCASTABLE_ELEMENT = "element_that_nobody_casts"
    CAPITALS = "capitals_read_as_other_elements"
    TWO_MEANINGS = "formula_with_two_meanings"
    NEGATIVE_AMOUNT = "negative_amount"
    DECIMAL_COMMA = "decimal_comma"
    REPEATED_ELEMENT = "repeated_element"
    ZERO_SUM = "zero_sum"
    IMPLAUSIBLE_SUM = "implausible_sum"
    IMPROBABLE_RATIO = "improbable_ratio"
    UNSTATED_AMOUNTS = "unstated_amounts"
    UNIT_UNSTATED = "unit_of_amounts_unstated"
    UNIT_CONTRADICTED = "unit_of_amounts_contradicted"


class FormulaError(BmgError):
    """A formula that is refused; `fault` names the reason and the message says it in a sentence."""

    def __init__(self, fault: FormulaFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault

    @property
    def found(self) -> str:
        """The message without what to do."""
        return str(self).rpartition("; ")[0]

    @property
    def remedy(self) -> str:
        """What to do, without a stop."""
        return str(self).rpartition("; ")[2].removesuffix(".")


@dataclass
class Notes:
    """What is noted while one formula is read: each rule that applied, with a sentence on what it did.

    text: the formula as written, for messages.
    """

    text: str
    by_rule: dict[FormulaRule, str] = field(default_factory=dict)

    def add(self, rule: FormulaRule, sentence: str) -> None:
        """Note a rule; of several sentences on one rule the first is kept."""
        self.by_rule.setdefault(rule, sentence)

    def refuse(self, fault: FormulaFault, what: str) -> FormulaError:
        """The error that refuses the formula: `what` is wrong, and what to do; signs that do not print are escaped."""
        shown = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in what)
        return FormulaError(fault, f"{self.text!r}: {shown}")

    def copy(self) -> "Notes":
        """The same notes, to try a reading that may fail."""
        return Notes(self.text, dict(self.by_rule))

    def rules(self) -> tuple[FormulaRule, ...]:
        """The rules in the order of their enumeration."""
        return tuple(rule for rule in FormulaRule if rule in self.by_rule)

    def sentences(self) -> tuple[str, ...]:
        """The sentences in the order of `rules`."""
        return tuple(self.by_rule[rule] for rule in self.rules())


def is_whole(total: float) -> bool:
    """Whether amounts with this sum are all that there is: percentages or mole fractions, within the tolerance."""
    return abs(total - 100) <= PERCENT_TOLERANCE or abs(total - 1) <= FRACTION_TOLERANCE


def listed(symbols: Iterable[str]) -> str:
    """Symbols for a sentence."""
    return ", ".join(symbols)
