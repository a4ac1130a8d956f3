"""Which elements there are, which of them alloys of the literature hold, and how much of the non-metals glasses hold.

The published sets are the tables of Xu, Forrest and Greer, MDF v5, Ward, Xiong and the MPEA set;
`python -m bmg_assets_tests.science.alloys.formulas.published` prints what stands here from them, and a test compares.
"""

from collections.abc import Mapping

from bmg_assets.science.alloys.formulas.terms import FormulaRule, Notes, listed

_PERIODIC_TABLE = """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo
    Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl
    Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
"""
ELEMENT_SYMBOLS = frozenset(_PERIODIC_TABLE.split())

_UNCASTABLE = """
    He Ne Ar Kr Xe Rn Cl Br I Pm Po At Fr Ra Ac Pa Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc
    Lv Ts Og
"""
UNCASTABLE = frozenset(_UNCASTABLE.split())
"""Noble gases, halogens but for fluorine, and elements without a stable isotope that no published table holds: a symbol
that reads as one of them is a slip."""

_PUBLISHED = """
    Ag Al Au B Ba Be Bi C Ca Ce Co Cr Cu Dy Er F Fe Ga Gd Ge H Hf Ho In Ir La Li Lu Mg Mn Mo N Nb Nd Ni O Os P Pb Pd Pr
    Pt Re Rh Ru S Sb Sc Si Sm Sn Sr Ta Tb Ti Tm U V W Y Yb Zn Zr
"""
PUBLISHED_ELEMENTS = frozenset(_PUBLISHED.split())
"""Elements that an alloy of two or more elements holds in a published set."""

LARGEST_PUBLISHED_AT_PCT: Mapping[str, float] = {
    "H": 0.0,
    "B": 81.5,
    "C": 25.0,
    "N": 0.0,
    "O": 1.0,
    "F": 0.0,
    "P": 27.0,
    "S": 28.0,
}
"""Largest amount of a non-metal in a published alloy that was cast or spun, in at.%, as two sets state it where more
than one holds the element. Nitrogen and fluorine are in films alone, and hydrogen was brought into glasses and powders
after they were made."""

RARE_LETTERS = frozenset({"S", "U"})
"""Symbols of one letter that fewer than ten published alloys hold. Where capitals leave open whether a letter is one of
these or the second letter of another symbol, it is the latter."""


def note_doubts(amounts: Mapping[str, float], notes: Notes) -> None:
    """Note what is improbable: elements of no published alloy, and more of a non-metal than glasses hold.

    amounts: in at.%. A pure element is nobody's glass, and its amount says nothing.
    """
    unheard = [element for element in amounts if element not in PUBLISHED_ELEMENTS]
    if unheard:
        notes.add(
            FormulaRule.UNPUBLISHED_ELEMENT,
            f"no alloy of the published sets holds {listed(unheard)}",
        )
    above = above_published(amounts)
    if above:
        notes.add(FormulaRule.IMPROBABLE_AMOUNT, _in_words(above))


def above_published(amounts: Mapping[str, float]) -> dict[str, float]:
    """Non-metals of which an alloy holds more than any published glass, with the amounts in at.%."""
    if len(amounts) < 2:
        return {}
    return {
        element: amount
        for element, amount in amounts.items()
        if element in LARGEST_PUBLISHED_AT_PCT and amount > LARGEST_PUBLISHED_AT_PCT[element] + 1e-6
    }


def above_in_words(amounts: Mapping[str, float]) -> str:
    """What `above_published` finds, for a sentence: "it holds 50 at.% C (published glasses hold up to 25)"."""
    return _in_words(above_published(amounts))


def _in_words(above: Mapping[str, float]) -> str:
    parts = [
        f"{amount:.4g} at.% {element} ({_limit_in_words(LARGEST_PUBLISHED_AT_PCT[element])})"
        for element, amount in above.items()
    ]
    return f"it holds {', and '.join(parts)}" if parts else ""


def _limit_in_words(largest: float) -> str:
    return f"published glasses hold up to {largest:g}" if largest else "no published glass was cast with any"
