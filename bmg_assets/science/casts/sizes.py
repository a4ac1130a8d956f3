"""Whether method, kind of size and size of a cast go together: slips of unit and of column.

The size alone is read in cells.py; credible sizes stand in columns.py.
"""

from bmg_assets.science.casts.cells import CellError
from bmg_assets.science.casts.columns import DIMENSION_LIMITS_MM, LARGEST_DIMENSION_MM, DimensionKind, Method

FREE_METHODS = frozenset({Method.SPUTTERING, Method.OTHER})
"""Methods whose samples may have any shape and be thinner than any casting."""


def check_shape(method: Method, kind: DimensionKind) -> None:
    """See that a method gives such a shape: melt spinning gives ribbons and nothing else does, a wedge mould wedges.

    Raises CellError where it does not.
    """
    if method in FREE_METHODS:
        return
    spun, ribbon = method is Method.MELT_SPINNING, kind is DimensionKind.RIBBON_THICKNESS
    wedge_without_wedge = method is Method.WEDGE_CASTING and kind is not DimensionKind.WEDGE_THICKNESS
    if spun != ribbon or wedge_without_wedge:
        raise CellError(f"{method} does not give a {kind}", "correct method or dimension_kind; other is for the rest")


def check_size(method: Method, kind: DimensionKind, dimension_mm: float) -> None:
    """See that a size in mm is credible for what was cast.

    Raises CellError where it is not, with the number that the size would be if it was given in µm.
    """
    smallest, largest = DIMENSION_LIMITS_MM[kind] if method not in FREE_METHODS else (0.0, LARGEST_DIMENSION_MM)
    if smallest <= dimension_mm <= largest:
        return
    in_mm = dimension_mm / 1000
    mend = "check number, unit and dimension_kind"
    if smallest <= in_mm <= largest:
        mend = f"write {in_mm:g} if the size was measured in µm"
    raise CellError(f"a {kind} of {dimension_mm:g} mm is not credible ({smallest:g} to {largest:g} mm are)", mend)
