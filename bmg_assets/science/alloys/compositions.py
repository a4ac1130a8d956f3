"""The identity of an alloy: formulas as people write them, and the one composition behind them.

Everything that reads a formula, of the literature or of the lab, reads it here, so that two writings of one alloy
become one composition. What can mean only one thing is read, and a note says how; what can mean two things is refused
with both; nothing improbable is read without a word. The steps of reading are in `formulas/`. What a glass is does not
belong here.
"""

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.alloys.formulas.brackets import expanded
from bmg_assets.science.alloys.formulas.characters import as_plain_text, with_decimal_points
from bmg_assets.science.alloys.formulas.dashes import without_dashes
from bmg_assets.science.alloys.formulas.elements import ELEMENT_SYMBOLS, RARE_LETTERS, note_doubts
from bmg_assets.science.alloys.formulas.marks import without_marks, without_name, without_units
from bmg_assets.science.alloys.formulas.rounding import simple_within_rounding
from bmg_assets.science.alloys.formulas.spellings import spellings_of, with_digits_for_letters
from bmg_assets.science.alloys.formulas.sums import scaled_to_percent
from bmg_assets.science.alloys.formulas.terms import (
    DOUBTS,
    PERCENT_TOLERANCE,
    AmountUnit,
    FormulaError,
    FormulaFault,
    FormulaRule,
    Notes,
)
from bmg_assets.science.alloys.formulas.tokens import tokens_of

__all__ = [
    "ELEMENT_SYMBOLS",
    "PERCENT_TOLERANCE",
    "AmountUnit",
    "FormulaError",
    "FormulaFault",
    "FormulaRule",
    "ParsedFormula",
    "chemical_system",
    "composition_key",
    "formula_in_order",
    "fraction_matrix",
    "parse_formula",
]
"""What a caller of `parse_formula` needs is found beside it; the modules of `formulas` are its own matter."""

KEY_DECIMALS = 4
LONGEST_FORMULA = 500
LONG_NUMBER = re.compile(r"[\d₀-₉⁰¹²³⁴-⁹]{30,}")
"""More digits than double precision keeps; products of such numbers overflow."""
NOTHING = frozenset({"", "nan", "none", "null", "n/a", "n.a.", "-", "–", "—", "?", "/"})
WORDS = frozenset({"no", "yes", "na", "in", "as", "at", "he", "be", "am", "i", "unknown", "various"})
"""Words that are symbols of elements, or stand where nobody knew the formula."""


@dataclass(frozen=True)
class ParsedFormula:
    """A composition and how it was read.

    Attributes:
        amounts: at.% by element symbol, alphabetical, all positive, sum 100 (not rounded, for exact descriptors).
        rules: names of the rules (FormulaRule) that mended something or found something improbable, in the order of
            that enumeration.
        notes: what each of these rules did, in a sentence without a stop.
        basis: what the amounts that were written are.
        elements_as_written: the symbols in the order in which the formula names them.
        formula: what was read, in plain characters without marks and dashes.
    """

    amounts: dict[str, float]
    rules: tuple[str, ...]
    notes: tuple[str, ...] = ()
    basis: AmountUnit = "at%"
    elements_as_written: tuple[str, ...] = ()
    formula: str = ""

    @property
    def composition(self) -> str:
        """The identity of the composition, see `composition_key`."""
        return composition_key(self.amounts)

    @property
    def in_order(self) -> str:
        """The composition for people, with the elements in the order of the formula."""
        return formula_in_order(self.elements_as_written, [self.amounts[one] for one in self.elements_as_written])

    @property
    def doubts(self) -> tuple[str, ...]:
        """The notes on what is improbable."""
        return tuple(note for rule, note in zip(self.rules, self.notes, strict=True) if rule in DOUBTS)


@dataclass(frozen=True)
class _Basis:
    """What the amounts are, and whether somebody said so."""

    unit: AmountUnit
    is_stated: bool


def parse_formula(text: str, unit: AmountUnit | None = None, decimal_comma: bool = False) -> ParsedFormula:
    """Read a formula as written in papers, tables and lab files.

    With `at%` the amounts must sum to 100 ± 0.5, or be mole fractions (sum 1 ± 0.005), or be proportions such as Fe2B,
    Fe23B6 or Al1Cu0.062 (see `is_ratio`). Any other sum is evidence of a typing error: an alloy of 226 % is not the
    alloy that was cast. With `ratio` any positive sum is accepted, because the source says that its amounts are
    proportions. With `wt%` the sum must be 100 or 1, and the amounts are converted with pymatgen's atomic masses.

    Args:
        unit: what the amounts are, where somebody says so; None where nobody does, and then a suffix as in
            "Zr50Cu50 (wt.%)" decides, and they are at.% without one.
        decimal_comma: whether a comma between digits can only be a decimal point, as where cells are set apart by
            semicolons; else it is refused.

    Raises:
        FormulaError: with the fault and one sentence, for a formula that cannot be read, that can be read in two ways,
            or that can only be a slip: an unknown element or one that nobody casts, an element named twice on one level
            (Ti41Zr25Zr29Al5: adding the two would invent an alloy), shares that are not stated ((CuNi)25 is equiatomic
            in some papers and mischmetal in others), capitals that would read as another alloy, an implausible sum.
    """
    notes = Notes(_checked(text))
    if text != text.strip():
        notes.add(FormulaRule.SPACES, "blanks are left out")
    plain = without_marks(as_plain_text(text, notes), notes)
    plain, stated = without_units(plain, notes)
    plain = without_marks(plain, notes)
    if decimal_comma:
        plain = with_decimal_points(plain, notes)
    basis = _basis(unit, stated, notes)
    try:
        return _read(plain, basis, notes.copy())
    except FormulaError as refusal:
        named = _read_beside_name(plain, basis, notes)
        if named is None:
            raise refusal
        return named


def composition_key(amounts: Mapping[str, float]) -> str:
    """Identity of a composition: alphabetical, at.% to 4 decimals without trailing zeros, like "Al12Cu30Zr58".

    amounts: positive proportions by element; they need not sum to 100. Amounts below 0.00005 at.% do not show.
    Rounding can move the sum off 100, and a key that is read again is scaled back to 100; so the rounding is repeated
    until nothing moves, and the key of a key is that key. Raises ValueError where nothing positive is given.
    """
    elements = sorted(amounts)
    values = [float(amounts[element]) for element in elements]
    if not all(0 <= value < math.inf for value in values) or not sum(values) > 0:
        raise ValueError(f"a composition needs finite amounts of zero or more, and one above zero; got {dict(amounts)}")
    rounded = _rounded_percent(values)
    for _ in range(10):
        again = _rounded_percent(rounded)
        if again == rounded:
            break
        rounded = again
    pairs = zip(elements, rounded, strict=True)
    return "".join(f"{element}{_plain(value)}" for element, value in pairs if value > 0)


def formula_in_order(elements: Sequence[str], at_pct: Sequence[float]) -> str:
    """A composition for people, elements in the order given and amounts as in a key, like "Zr58Al12Cu30"."""
    amounts = [(element, round(value, 4)) for element, value in zip(elements, at_pct, strict=True)]
    return "".join(f"{element}{_plain(amount)}" for element, amount in amounts if amount)


def chemical_system(elements: Iterable[str]) -> str:
    """Name of the set of elements: alphabetical, joined by "-", like "Al-Cu-Zr"."""
    return "-".join(sorted(set(elements)))


def fraction_matrix(
    elements: Sequence[Sequence[str]], at_pct: Sequence[Sequence[float]]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Mole fractions of n compositions over all the elements that occur in them.

    elements, at_pct: n sequences each, of matching lengths; amounts in any common unit of moles.
    Returns the (n, E) matrix, rows summing to 1, and its E element symbols in alphabetical order.
    Raises ValueError where lengths differ or a row has no positive sum.
    """
    lengths = [len(row) for row in elements]
    if lengths != [len(row) for row in at_pct]:
        raise ValueError("elements and at_pct must have the same length, row by row")
    symbols = list(itertools.chain.from_iterable(elements))
    names = tuple(sorted(set(symbols)))
    position = {name: column for column, name in enumerate(names)}
    columns = np.fromiter((position[symbol] for symbol in symbols), dtype=np.intp, count=len(symbols))
    amounts = np.fromiter(itertools.chain.from_iterable(at_pct), dtype=np.float64, count=len(symbols))
    matrix = np.zeros((len(lengths), len(names)))
    np.add.at(matrix, (np.repeat(np.arange(len(lengths)), lengths), columns), amounts)
    sums = matrix.sum(axis=1, keepdims=True)
    if not (sums > 0).all():
        raise ValueError(f"row {int(np.argmin(sums > 0))} has no positive amount")
    return matrix / sums, names


def _checked(text: object) -> str:
    if not isinstance(text, str) or text.strip().lower() in NOTHING:
        raise FormulaError(FormulaFault.EMPTY, f"Found no formula ({text!r}); write elements with amounts: Zr50Cu50.")
    if text.strip().lower() in WORDS:
        or_element = " or an element without an amount" if text.strip().capitalize() in ELEMENT_SYMBOLS else ""
        raise FormulaError(FormulaFault.WORD, f"{text!r} is a word{or_element}; write elements with amounts: Zr50Cu50.")
    if len(text) > LONGEST_FORMULA:
        raise FormulaError(
            FormulaFault.NOT_PARSED,
            f"The formula has {len(text)} characters, more than the {LONGEST_FORMULA} of any real one; shorten it.",
        )
    if LONG_NUMBER.search(text):
        raise FormulaError(
            FormulaFault.NOT_PARSED,
            f"{text!r}: a number has more digits than any amount; write amounts with a few digits.",
        )
    return text


def _basis(declared: AmountUnit | None, stated: AmountUnit | None, notes: Notes) -> _Basis:
    if stated is None:
        return _Basis(declared or "at%", is_stated=declared in ("at%", "wt%"))
    if declared not in (None, "ratio", stated):
        raise notes.refuse(
            FormulaFault.UNIT_CONTRADICTED,
            f"the formula says {stated} and its table {declared}; correct the one that is wrong.",
        )
    return _Basis(stated, is_stated=True)


def _read_beside_name(plain: str, basis: _Basis, notes: Notes) -> ParsedFormula | None:
    """The formula without a name beside it; None unless the rest is a whole formula, whose amounts sum to 100 or 1."""
    for formula, name in without_name(plain):
        attempt = notes.copy()
        attempt.add(FormulaRule.NAME, f"{name!r} beside the formula is left out")
        with suppress(FormulaError):
            reading = _read(without_marks(formula, attempt), basis, attempt)
            if len(reading.amounts) > 1 and (basis.unit == "ratio" or FormulaRule.RATIO not in reading.rules):
                return reading
    return None


def _read(plain: str, basis: _Basis, notes: Notes) -> ParsedFormula:
    """Read the spelling that is meant."""
    spellings = spellings_of(plain)
    if len(spellings) > 1:
        return _of_capitals(spellings, basis, notes)
    try:
        return _as_spelt(plain, basis, notes.copy())
    except FormulaError:
        mended = _with_digits(plain, basis, notes)
        if mended is None:
            raise
        return mended


def _with_digits(plain: str, basis: _Basis, notes: Notes) -> ParsedFormula | None:
    """The formula with digits for letters, where it is a whole and probable one then."""
    spelt = with_digits_for_letters(plain)
    if spelt is None:
        return None
    attempt = notes.copy()
    attempt.add(FormulaRule.LETTER_FOR_DIGIT, f"a letter is read as a digit: {spelt}")
    with suppress(FormulaError):
        reading = _as_spelt(spelt, basis, attempt)
        scaled = {FormulaRule.RATIO, FormulaRule.SUM_NORMALISED}
        if not reading.doubts and scaled.isdisjoint(reading.rules):
            return reading
    return None


def _of_capitals(spellings: list[str], basis: _Basis, notes: Notes) -> ParsedFormula:
    """Of several spellings the only one that is probable; amounts that sum to 100 or 1 are more so than proportions.

    Raises:
        FormulaError: no spelling can be read, none is probable, or more than one is.
    """
    readings: dict[str, ParsedFormula] = {}
    refusals: dict[str, FormulaError] = {}
    for spelling in spellings:
        try:
            readings[spelling] = _as_spelt(spelling, basis, notes.copy())
        except FormulaError as error:
            refusals[spelling] = error
    probable = {spelling: one for spelling, one in readings.items() if _is_probable(one)}
    whole = {spelling: one for spelling, one in probable.items() if FormulaRule.RATIO not in one.rules}
    meant = whole or probable
    if len({one.composition for one in meant.values()}) > 1:
        first, second = list(meant)[:2]
        raise notes.refuse(
            FormulaFault.TWO_MEANINGS, f"its capitals can be read as {first} or as {second}; write small letters."
        )
    if not meant:
        raise _of_no_capitals(spellings, readings, refusals, notes)
    spelling = next(iter(meant))
    if spelling == spellings[0]:
        return meant[spelling]
    if spelling.lower() != spellings[0].lower():
        raise notes.refuse(FormulaFault.CAPITALS, f"a zero in it may be the letter o of {spelling}; write the letter.")
    notes.add(FormulaRule.CAPITALS, f"the capitals are read as {spelling}")
    return _as_spelt(spelling, basis, notes)


def _is_probable(reading: ParsedFormula) -> bool:
    return len(reading.amounts) > 1 and not reading.doubts and RARE_LETTERS.isdisjoint(reading.amounts)


def _of_no_capitals(
    spellings: list[str], readings: Mapping[str, ParsedFormula], refusals: Mapping[str, FormulaError], notes: Notes
) -> FormulaError:
    """Why none of the spellings can be meant; where all have the same fault, it is not one of the capitals."""
    if not readings and len({error.fault for error in refusals.values()}) == 1:
        return refusals[spellings[0]]
    reasons = [*((spelling, _why_not(one)) for spelling, one in readings.items())]
    no_element_last = sorted(refusals.items(), key=lambda one: one[1].fault is FormulaFault.UNKNOWN_ELEMENT)
    reasons += [(spelling, error.found.removeprefix(f"{notes.text!r}: ")) for spelling, error in no_element_last]
    shown = "; ".join(f"read as {spelling}, {why}" for spelling, why in reasons[:2])
    return notes.refuse(FormulaFault.CAPITALS, f"{shown}; write small letters where they belong.")


def _why_not(reading: ParsedFormula) -> str:
    if len(reading.amounts) == 1:
        return "it is one element"
    rare = [element for element in reading.amounts if element in RARE_LETTERS]
    return reading.doubts[0] if reading.doubts else f"it holds {', '.join(rare)}"


def _as_spelt(formula: str, basis: _Basis, notes: Notes) -> ParsedFormula:
    """Read a formula as it is spelt, in plain characters without marks, units and names."""
    apart = without_dashes(formula, notes)
    if apart.balance and not basis.is_stated:
        raise _of_unstated_unit(apart.formula, notes)
    raw = expanded(tokens_of(apart.formula, notes), notes)
    amounts = scaled_to_percent(raw, basis.unit, notes)
    if basis.unit == "wt%":
        amounts = simple_within_rounding(apart.formula, amounts, notes)
    note_doubts(amounts, notes)
    return ParsedFormula(
        amounts={element: amounts[element] for element in sorted(amounts)},
        rules=tuple(rule.value for rule in notes.rules()),
        notes=notes.sentences(),
        basis=basis.unit,
        elements_as_written=tuple(element for element in raw if element in amounts),
        formula=apart.formula,
    )


def _of_unstated_unit(formula: str, notes: Notes) -> FormulaError:
    """Names of this kind are atomic percent in papers on glasses and weight percent in those on alloys."""
    units: tuple[AmountUnit, AmountUnit] = ("at%", "wt%")
    atoms, weight = (_as_spelt(formula, _Basis(unit, is_stated=True), Notes(notes.text)) for unit in units)
    return notes.refuse(
        FormulaFault.UNIT_UNSTATED,
        f"it is {atoms.in_order} if its amounts are at.%, and {weight.in_order} in at.% if they are wt.%; write at.% "
        "or wt.% behind it.",
    )


def _rounded_percent(values: list[float]) -> list[float]:
    # Rounded twice: floating-point noise in the last digits must not decide which way a half goes.
    total = math.fsum(values)
    return [round(round(100 * value / total, KEY_DECIMALS + 5), KEY_DECIMALS) for value in values]


def _plain(value: float) -> str:
    return f"{value:.{KEY_DECIMALS}f}".rstrip("0").rstrip(".")
