"""The identity of an alloy: formulas as people write them, and the one composition behind them.

Everything that reads a formula, of the literature or of the lab, reads it here, so that two writings of one alloy
become one composition. Each way of fixing a formula has a name (FormulaRule), and so has each fault (FormulaFault).
The names are stored beside the data. What a glass is does not belong here.
"""

import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.errors import BmgError

AmountUnit = Literal["at%", "wt%", "ratio"]

_PERIODIC_TABLE = """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo
    Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl
    Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
"""
ELEMENT_SYMBOLS = frozenset(_PERIODIC_TABLE.split())

PERCENT_TOLERANCE = 0.5
FRACTION_TOLERANCE = PERCENT_TOLERANCE / 100
LARGEST_FRACTION_SUM = 1.5
LARGEST_RATIO_SUM = 25.0
KEY_DECIMALS = 4
SMALLEST_AT_PCT = 0.5 * 10**-KEY_DECIMALS
LONGEST_FORMULA = 500
DEEPEST_NESTING = 10


class FormulaRule(StrEnum):
    """The ways in which a formula is fixed; each that was needed is stored with the report."""

    SPACES = "spaces_removed"
    SUBSCRIPTS = "subscripts_flattened"
    BRACKETS = "brackets_expanded"
    BRACKET_PERCENT = "bracket_percent_normalised"
    ZERO_PADDING = "zero_padding_removed"
    ZERO_AMOUNT = "zero_amount_dropped"
    REPEATED_MERGED = "repeated_element_merged"
    MOLE_FRACTIONS = "mole_fractions_scaled"
    RATIO = "ratio_scaled"
    SUM_NORMALISED = "sum_normalised"
    WEIGHT_PERCENT = "weight_percent_converted"


class FormulaFault(StrEnum):
    """The reasons for which a formula is refused."""

    EMPTY = "formula_empty"
    NOT_PARSED = "formula_not_parsed"
    UNKNOWN_ELEMENT = "unknown_element"
    NEGATIVE_AMOUNT = "negative_amount"
    DECIMAL_COMMA = "decimal_comma"
    REPEATED_ELEMENT = "repeated_element"
    ZERO_SUM = "zero_sum"
    IMPLAUSIBLE_SUM = "implausible_sum"
    UNSTATED_AMOUNTS = "unstated_amounts"


class FormulaError(BmgError):
    """A formula that is refused; `fault` names the reason and the message says it in a sentence."""

    def __init__(self, fault: FormulaFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True)
class ParsedFormula:
    """A composition and how it was read.

    amounts: at.% by element symbol, alphabetical, all positive, sum 100 (not rounded, so that descriptors are exact).
    rules: names of the rules (FormulaRule) that fixed something, in the order of that enumeration.
    """

    amounts: dict[str, float]
    rules: tuple[str, ...]


def parse_formula(text: str, unit: AmountUnit = "at%") -> ParsedFormula:
    """Read a formula as written in papers, tables and lab files.

    With `at%` the amounts must sum to 100 ± 0.5, or be mole fractions (sum 1 ± 0.005), or be a ratio of small numbers
    such as Fe2B or TiZrHfCuNi (sum 1.5 to 25). Any other sum is evidence of a typing error: an alloy of 226 % is not
    the alloy that was cast. With `ratio` any positive sum is accepted, because the source says that its amounts are
    proportions. With `wt%` the sum rule is that of `at%` and the amounts are converted with pymatgen's atomic masses.

    Brackets multiply what they hold. Where both the amounts in a bracket and the amounts around it are percentages, as
    in (Zr65Cu35)95Al5, the bracket is read as an alloy of which 95 % is taken.

    Raises FormulaError, with the fault and one sentence, for an empty text, an unknown element, a negative amount, a
    decimal comma, an element named twice on one level (Ti41Zr25Zr29Al5: one of the two is a misprint for another
    element, and adding them would invent an alloy; a repetition through brackets is meant and is added), shares that
    are not stated ((CuNi)25 is equiatomic in some papers and a fixed ratio or mischmetal in others), a sum of zero, an
    implausible sum, and whatever else cannot be read.
    """
    if not isinstance(text, str) or text.strip().lower() in {"", "nan", "none", "null"}:
        raise FormulaError(FormulaFault.EMPTY, f"Found no formula ({text!r}); write elements with amounts: Zr50Cu50.")
    if len(text) > LONGEST_FORMULA:
        raise FormulaError(
            FormulaFault.NOT_PARSED,
            f"The formula has {len(text)} characters, more than the {LONGEST_FORMULA} of any real one; shorten it.",
        )
    reading = _Reading(text)
    raw = reading.level(_tokens(text, reading), depth=0)
    amounts = _scaled_to_percent(raw, unit, reading)
    ordered = {element: amounts[element] for element in sorted(amounts)}
    return ParsedFormula(ordered, tuple(rule.value for rule in FormulaRule if rule in reading.rules))


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


_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<element>[A-Z][a-z]?)|(?P<number>\d+\.?\d*|\.\d+)|(?P<open>[(\[{])|(?P<close>[)\]}])"
)
# LaTeX and HTML subscripts, and characters that no one sees (zero-width space, word joiner, byte order mark).
_MARKUP = re.compile(r"</?sub>|\$|_\{([\d.]+)\}|_(?=[\d.])|[\u200b\u2060\ufeff]", re.IGNORECASE)
_CLOSES = {")": "(", "]": "[", "}": "{"}


@dataclass
class _Token:
    kind: str
    text: str


@dataclass
class _Group:
    """One item of a formula: what it holds, how often, whether it was a bracket, and which amounts were written."""

    amounts: dict[str, float]
    times: float
    is_bracket: bool
    times_written: bool
    shares_written: bool


@dataclass
class _Reading:
    """State of reading one formula: the text for messages, and the rules applied so far."""

    text: str
    rules: set[FormulaRule] = field(default_factory=set)

    def refuse(self, fault: FormulaFault, what: str) -> FormulaError:
        return FormulaError(fault, f"{self.text!r}: {what}")

    def level(self, tokens: list[_Token], depth: int) -> dict[str, float]:
        """Amounts of everything on one bracket level, brackets below it expanded."""
        if depth > DEEPEST_NESTING:
            raise self.refuse(FormulaFault.NOT_PARSED, f"brackets are nested deeper than {DEEPEST_NESTING}; expand it.")
        groups = self._groups(tokens, depth)
        if not groups:
            raise self.refuse(FormulaFault.NOT_PARSED, "there is a bracket without elements; fill or remove it.")
        self._refuse_repetition(groups)
        around = sum(group.times for group in groups)
        total: dict[str, float] = {}
        for group in groups:
            share = self._bracket_share(group, around)
            for element, amount in group.amounts.items():
                if element in total:
                    self.rules.add(FormulaRule.REPEATED_MERGED)
                total[element] = total.get(element, 0.0) + amount * share
        return total

    def _groups(self, tokens: list[_Token], depth: int) -> list[_Group]:
        groups: list[_Group] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.kind == "element":
                inner, end, is_bracket, shares = {token.text: 1.0}, index + 1, False, True
            elif token.kind == "open":
                end = self._end_of_bracket(tokens, index)
                inner, is_bracket = self.level(tokens[index + 1 : end - 1], depth + 1), True
                shares = len(inner) == 1 or any(inside.kind == "number" for inside in tokens[index + 1 : end - 1])
                self.rules.add(FormulaRule.BRACKETS)
            else:
                raise self.refuse(
                    FormulaFault.NOT_PARSED,
                    f"{token.text!r} does not follow an element or a bracket; correct the formula.",
                )
            written = end < len(tokens) and tokens[end].kind == "number"
            times = self._number(tokens[end].text) if written else 1.0
            groups.append(_Group(inner, times, is_bracket, written, shares))
            index = end + written
        return groups

    def _end_of_bracket(self, tokens: list[_Token], start: int) -> int:
        opened: list[str] = []
        for index in range(start, len(tokens)):
            token = tokens[index]
            if token.kind == "open":
                opened.append(token.text)
            elif token.kind == "close":
                if opened.pop() != _CLOSES[token.text]:
                    break
                if not opened:
                    return index + 1
        raise self.refuse(FormulaFault.NOT_PARSED, "its brackets do not match; close each bracket with its own kind.")

    def _number(self, digits: str) -> float:
        if re.match(r"0\d", digits):
            self.rules.add(FormulaRule.ZERO_PADDING)
        return float(digits)

    def _refuse_repetition(self, groups: list[_Group]) -> None:
        named: set[str] = set()
        for group in groups:
            if group.is_bracket:
                continue
            (element,) = group.amounts
            if element in named:
                raise self.refuse(
                    FormulaFault.REPEATED_ELEMENT,
                    f"{element} is named twice, so one of the two may be a misprint; look the alloy up and correct it.",
                )
            named.add(element)

    def _bracket_share(self, group: _Group, around: float) -> float:
        around_is_whole = abs(around - 100) <= PERCENT_TOLERANCE or abs(around - 1) <= FRACTION_TOLERANCE
        if not (group.is_bracket and group.times_written and around_is_whole):
            return group.times
        if not group.shares_written:
            names = "".join(group.amounts)
            raise self.refuse(
                FormulaFault.UNSTATED_AMOUNTS,
                f"the shares in ({names}) are not stated; look the alloy up and write them, as in (Cu0.5Ni0.5)25.",
            )
        inner = sum(group.amounts.values())
        if abs(inner - 100) > PERCENT_TOLERANCE:
            return group.times
        self.rules.add(FormulaRule.BRACKET_PERCENT)
        return group.times / inner


def _tokens(text: str, reading: _Reading) -> list[_Token]:
    flat = unicodedata.normalize("NFKC", _MARKUP.sub(lambda match: match.group(1) or "", text))
    solid = "".join(text.split())
    if solid != text:
        reading.rules.add(FormulaRule.SPACES)
    if solid != "".join(flat.split()):
        reading.rules.add(FormulaRule.SUBSCRIPTS)
    tokens: list[_Token] = []
    position = 0
    while position < len(flat):
        match = _TOKEN.match(flat, position)
        if match is None:
            raise _unreadable(flat, position, reading)
        position = match.end()
        kind, part = str(match.lastgroup), match.group()
        if kind == "element" and part not in ELEMENT_SYMBOLS:
            raise reading.refuse(
                FormulaFault.UNKNOWN_ELEMENT, f"{part!r} is not an element; write symbols as in the periodic table."
            )
        if kind != "space":
            tokens.append(_Token(kind, part))
    return tokens


def _unreadable(flat: str, position: int, reading: _Reading) -> FormulaError:
    found, rest = flat[position], flat[position + 1 :].lstrip()
    if found in "-\u2212" and rest[:1].isdigit():
        return reading.refuse(FormulaFault.NEGATIVE_AMOUNT, "an amount is negative; amounts must be zero or more.")
    if found == "," and rest[:1].isdigit() and flat[:position][-1:].isdigit():
        return reading.refuse(FormulaFault.DECIMAL_COMMA, "there is a comma in a number; write a decimal point.")
    return reading.refuse(
        FormulaFault.NOT_PARSED, f"{found!r} does not belong in a formula; write elements, amounts and brackets only."
    )


def _scaled_to_percent(raw: Mapping[str, float], unit: AmountUnit, reading: _Reading) -> dict[str, float]:
    """Amounts scaled to a sum of 100 at.%, zero and invisible amounts dropped; refuses what `unit` does not allow."""
    total = math.fsum(raw.values())
    if not 0 < total < math.inf:
        raise reading.refuse(FormulaFault.ZERO_SUM, f"the amounts sum to {total:g}; give positive amounts.")
    reading.rules |= _sum_rules(total, unit, reading)
    moles = _moles(raw) if unit == "wt%" else dict(raw)
    total = math.fsum(moles.values())
    kept = {element: amount for element, amount in moles.items() if 100 * amount / total >= SMALLEST_AT_PCT}
    if len(kept) < len(raw):
        reading.rules.add(FormulaRule.ZERO_AMOUNT)
    total = math.fsum(kept.values())
    return {element: 100 * amount / total for element, amount in kept.items()}


def _sum_rules(total: float, unit: AmountUnit, reading: _Reading) -> set[FormulaRule]:
    converted = {FormulaRule.WEIGHT_PERCENT} if unit == "wt%" else set()
    if unit == "ratio":
        return {FormulaRule.RATIO}
    if abs(total - 100) <= PERCENT_TOLERANCE:
        return converted | ({FormulaRule.SUM_NORMALISED} if abs(total - 100) > 1e-6 else set())
    if abs(total - 1) <= FRACTION_TOLERANCE:
        return converted | {FormulaRule.MOLE_FRACTIONS}
    if unit == "at%" and LARGEST_FRACTION_SUM <= total <= LARGEST_RATIO_SUM:
        return {FormulaRule.RATIO}
    raise reading.refuse(
        FormulaFault.IMPLAUSIBLE_SUM,
        f"the amounts sum to {total:.6g}, not to 100 ± {PERCENT_TOLERANCE} {unit}; look the alloy up and correct it.",
    )


def _moles(weights: Mapping[str, float]) -> dict[str, float]:
    from pymatgen.core.periodic_table import Element

    return {element: weight / float(Element(element).atomic_mass) for element, weight in weights.items()}


def _rounded_percent(values: list[float]) -> list[float]:
    # Rounded twice: floating-point noise in the last digits must not decide which way a half goes.
    total = math.fsum(values)
    return [round(round(100 * value / total, KEY_DECIMALS + 5), KEY_DECIMALS) for value in values]


def _plain(value: float) -> str:
    return f"{value:.{KEY_DECIMALS}f}".rstrip("0").rstrip(".")
