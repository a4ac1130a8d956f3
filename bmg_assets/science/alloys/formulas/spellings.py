"""Other spellings of a formula: capitals for the small letters of symbols, and letters for digits.

Belongs here: which spellings there are. Does not belong here: which of them is meant (compositions.py).
"""

import itertools
import re
from collections.abc import Iterator

from bmg_assets.science.alloys.formulas.elements import ELEMENT_SYMBOLS

MOST_SPELLINGS = 256
LONGEST_RUN = 20
"""Letters of a run that is still split in other ways."""
_LETTERS = re.compile(r"[A-Za-z]+")
_ZERO_FOR_O = re.compile(r"([CHM])0(?=[1-9])")
_SYMBOL = re.compile(r"[A-Z][a-z]?")


def spellings_of(formula: str) -> list[str]:
    """The spellings that may be meant, the formula itself first; itself alone where there are too many.

    Two capitals beside each other may be one symbol (NI2Nb), and so may a capital and a zero (C045), which the reader
    refuses then. A formula in capitals alone (ZRCUAL) and one in small letters alone may be split at any place.
    """
    with_o = _ZERO_FOR_O.sub(r"\1o", formula)
    return list(dict.fromkeys([*_with_other_capitals(formula), *([with_o] if with_o != formula else [])]))


def _with_other_capitals(formula: str) -> list[str]:
    runs = _LETTERS.findall(formula)
    is_of_one_case = formula in (formula.upper(), formula.lower())
    has_amounts = any(character.isdigit() for character in formula)
    choices = [_choices(run, is_of_one_case, has_amounts) for run in runs]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count == 1 or count > MOST_SPELLINGS:
        return [formula]
    between = _LETTERS.split(formula)
    spelt = ["".join(itertools.chain(*zip(between, [*one, ""], strict=True))) for one in itertools.product(*choices)]
    return list(dict.fromkeys([formula, *spelt]))


def with_digits_for_letters(formula: str) -> str | None:
    """The formula with the digits 0 and 1 for the letters O and l behind an amount or symbol; None without any."""
    mended = re.sub(r"(?<=[\d.])[Oo]", "0", formula)
    mended = re.sub(r"(?<=[a-z\d.])[lI|](?=[\d.])|(?<=[\d.])[lI|](?![a-z])", "1", mended)
    return None if mended == formula else mended


def _choices(run: str, is_of_one_case: bool, has_amounts: bool) -> list[str]:
    """The ways to read a run of letters as symbols, as it is written first."""
    if len(run) > LONGEST_RUN:
        return [run]
    if is_of_one_case and (has_amounts or run[0].isupper()):
        return list(dict.fromkeys([run, *("".join(parts) for parts in _splits(run))]))
    if run.islower() and run.capitalize() in ELEMENT_SYMBOLS and len(run) > 1 and has_amounts:
        return [run, run.capitalize()]
    symbols = _SYMBOL.findall(run)
    if "".join(symbols) != run:
        return [run]
    return ["".join(parts) for parts in _fused(symbols)]


def _splits(run: str) -> Iterator[list[str]]:
    """A run of letters split into symbols of one or two letters, whatever its capitals."""
    if not run:
        yield []
    for length in (2, 1):
        symbol = run[:length].capitalize()
        if len(run) >= length and symbol in ELEMENT_SYMBOLS:
            for rest in _splits(run[length:]):
                yield [symbol, *rest]


def _fused(symbols: list[str]) -> Iterator[list[str]]:
    """Symbols as written, and with neighbours of one letter each made one symbol."""
    if not symbols:
        yield []
        return
    for rest in _fused(symbols[1:]):
        yield [symbols[0], *rest]
    pair = "".join(symbols[:2])
    if len(symbols) > 1 and len(pair) == 2 and pair.capitalize() in ELEMENT_SYMBOLS:
        for rest in _fused(symbols[2:]):
            yield [pair.capitalize(), *rest]
