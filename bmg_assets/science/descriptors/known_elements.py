"""The elements that the 86 descriptors know, as a list that costs no import of the element tables.

Belongs here: which elements have all the data that the paper's descriptors need. Does not belong here: the data.
"""

from collections.abc import Iterable

_DESCRIBED = """
    Li Be B C Na Mg Al Si P K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Cs
    Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Th U
"""
DESCRIBED_ELEMENTS = frozenset(_DESCRIBED.split())
"""Elements with a value for every descriptor, alone and beside each of the others (only thorium beside uranium lacks an
enthalpy of mixing). The same in both variants of the element tables, which a test compares."""


def not_described(elements: Iterable[str]) -> tuple[str, ...]:
    """Those of the elements that the descriptors do not know, in their order."""
    return tuple(element for element in elements if element not in DESCRIBED_ELEMENTS)
