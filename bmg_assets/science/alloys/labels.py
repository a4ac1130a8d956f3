"""What a published report says about glass-forming ability: kind, class, label in mm and interval, by named rules.

Classes are harmonised by what a source says its codes mean (conventions.py), never by the number: ribbon is 0.2 in one
table, 0.15 and 0.1 in others. Formulas are read in compositions.py, cells of sizes in sizes.py; reports of one
composition are brought together in science/literature.

What a report says follows from its class, the method and form of the sample, and its size. That is its kind, and the
kind has an interval [low, high) of D_max (report_kinds.py). The label is the paper's number: the critical casting
diameter in mm of a bulk glass, 0.2 for a glass made as ribbon, 0 for an alloy that was no glass, and none where nobody
can tell how thick the glass could be cast. Beyond the kinds:

- a reported diameter is the largest that was cast as glass; larger rods were often not tried, so the end is open.
- a diameter below a bound alone ("< 1") [0, bound), no label; with a class, what of the bound that class leaves.
- of several classes in one cell the best counts, since it was made once; the interval holds them all.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bmg_assets.science.alloys.conventions import Conventions, Way, codes_in
from bmg_assets.science.alloys.label_terms import LabelFault, LabelRule, NoLabel
from bmg_assets.science.alloys.report_kinds import (
    BULK_FROM_MM,
    RANK,
    RIBBON_THICKNESS_MM,
    GlassClass,
    ReportKind,
    interval_of,
)
from bmg_assets.science.alloys.sizes import LARGEST_CREDIBLE_MM, Size, read_size

__all__ = [
    "BULK_FROM_MM",
    "LARGEST_CREDIBLE_MM",
    "RANK",
    "Conventions",
    "GlassClass",
    "Label",
    "LabelFault",
    "LabelRule",
    "NoLabel",
    "read_label",
]

RIBBON_LABEL_MM = 0.2
MOULD_STEP_MM = 0.5
LARGEST_FLUXED_MM = 200.0
"""Sizes of melts purified in flux go beyond LARGEST_CREDIBLE_MM."""

NUMBER_OF_KIND = {
    ReportKind.CRYSTALLINE_AS_SPUN: 0.0,
    ReportKind.CRYSTALLINE_AS_CAST: 0.0,
    ReportKind.RIBBON: RIBBON_LABEL_MM,
}
"""The paper's numbers of kinds that have no size."""


@dataclass(frozen=True)
class Reported:
    """The cells of one report as written; None where the source has no such column or the cell is empty.

    shows_glass: another column has what only a glass has, such as T_g.
    is_fluxed: the row is declared to be a melt purified in flux.
    """

    glass_class: str | None = None
    size: str | None = None
    method: str | None = None
    form: str | None = None
    thickness: str | None = None
    shows_glass: bool = False
    is_fluxed: bool = False


@dataclass(frozen=True)
class Label:
    """The reading of one report.

    glass_class: None for a film or powder, which says nothing of castings.
    dmax_mm: the paper's number; None where it has none.
    low_mm, high_mm: interval [low, high) of D_max; both None for a film or powder, high None where it is open.
    thickness_mm: thickness of a plate, wedge or foil.
    rules: the decisions taken, by name.
    """

    kind: ReportKind
    is_glass: bool
    glass_class: GlassClass | None
    dmax_mm: float | None
    low_mm: float | None
    high_mm: float | None
    rules: tuple[LabelRule, ...] = ()
    thickness_mm: float | None = None


def read_label(reported: Reported, conventions: Conventions) -> Label | NoLabel:
    """What one report says, or the reason why it says nothing.

    Nothing is raised: bad data is an outcome that is stored beside the row.
    """
    way = Way.FLUXED if reported.is_fluxed else conventions.way_of(reported.method, reported.form)
    if way is Way.NOT_A_CASTING:
        made = " and ".join(cell.strip() for cell in (reported.method, reported.form) if cell)
        how = f"A sample made by {made!r}" if made else "A sample that is not said to be cast"
        return NoLabel(LabelFault.NOT_A_CASTING, f"{how} says nothing of D_max.")
    classes = _read_classes(reported.glass_class, conventions)
    if isinstance(classes, NoLabel):
        return classes
    if way in (Way.FILM, Way.POWDER):
        return _apart(way, classes, reported, conventions)
    return _of_casting(reported, classes, way, conventions)


def _of_casting(reported: Reported, classes: list[GlassClass], way: Way, conventions: Conventions) -> Label | NoLabel:
    largest = LARGEST_FLUXED_MM if way is Way.FLUXED else LARGEST_CREDIBLE_MM
    size = read_size(reported.size, conventions.missing, largest)
    rules = _class_rules(reported.glass_class, conventions)
    if isinstance(size, NoLabel):
        if size.fault is not LabelFault.SPREADSHEET_DATE or not classes:
            return size
        size, rules = None, (*rules, LabelRule.DATE_DROPPED)
    thickness = read_size(reported.thickness, conventions.missing)
    if isinstance(thickness, NoLabel):
        return thickness
    label = _from_cells(size, thickness, classes, way, conventions, reported.shows_glass)
    if isinstance(label, NoLabel):
        return label
    return _with_rules(label, (*rules, *(size.rules if size is not None else ())))


def _from_cells(
    size: Size | None,
    thickness: Size | None,
    classes: list[GlassClass],
    way: Way,
    conventions: Conventions,
    shows_glass: bool,
) -> Label | NoLabel:
    if size is not None:
        label = _from_size(size, classes, way, conventions)
        if thickness is None or isinstance(label, NoLabel):
            return label
        return replace(label, thickness_mm=thickness.smallest)
    if thickness is not None and classes != [GlassClass.CRYSTALLINE]:
        return _from_thickness(thickness)
    if classes:
        return _from_classes(classes, way)
    if shows_glass:
        return _with_rules(_from_classes([GlassClass.RIBBON], Way.UNKNOWN), (LabelRule.GLASS_FROM_OTHER_COLUMNS,))
    return NoLabel(LabelFault.NOTHING_REPORTED, "Neither a class nor a size is reported.")


def _with_rules(label: Label, rules: tuple[LabelRule, ...]) -> Label:
    applied = {*label.rules, *rules}
    return replace(label, rules=tuple(rule for rule in LabelRule if rule in applied))


def _class_codes(cell: str | None, conventions: Conventions) -> list[str]:
    text = "" if cell is None else cell.strip()
    return [text] if text in conventions.classes else codes_in(cell, conventions.missing)


def _class_rules(cell: str | None, conventions: Conventions) -> tuple[LabelRule, ...]:
    codes = _class_codes(cell, conventions)
    rules = [LabelRule.CLASS_FROM_CODE] if codes else []
    if any(code in conventions.partly_crystalline for code in codes):
        rules.append(LabelRule.PARTLY_CRYSTALLINE)
    if len(codes) > 1:
        rules.append(LabelRule.LIST_IN_CELL)
    return tuple(rules)


def _read_classes(cell: str | None, conventions: Conventions) -> list[GlassClass] | NoLabel:
    """The classes in a cell, the best last; empty for a cell without any. Of a list, what is unclear is left out."""
    codes = _class_codes(cell, conventions)
    clear = [code for code in codes if code not in conventions.unclear]
    unknown = [code for code in clear if code not in conventions.classes]
    if unknown:
        known = ", ".join(conventions.classes) or "none"
        return NoLabel(LabelFault.UNKNOWN_CLASS, f"Class {unknown[0]!r} is not among the declared codes ({known}).")
    if codes and not clear:
        return NoLabel(LabelFault.UNCLEAR_CLASS, f"Class {codes[0]!r} says neither glass nor crystal.")
    return sorted({conventions.classes[code] for code in clear}, key=RANK.__getitem__)


def _apart(way: Way, classes: list[GlassClass], reported: Reported, conventions: Conventions) -> Label | NoLabel:
    """A film or powder: whether it was a glass, and nothing of castings."""
    kind = ReportKind.FILM if way is Way.FILM else ReportKind.POWDER
    if not classes and not reported.shows_glass:
        return NoLabel(LabelFault.NOTHING_REPORTED, f"Whether the {kind.value} was a glass is not reported.")
    is_glass = not classes or classes[-1] is not GlassClass.CRYSTALLINE
    label = Label(kind, is_glass, None, None, *interval_of(kind))
    conflict = (LabelRule.CLASSES_IN_CELL,) if len(classes) > 1 else ()
    return _with_rules(label, (*_class_rules(reported.glass_class, conventions), *conflict))


def _kind_of_class(glass_class: GlassClass, way: Way) -> ReportKind:
    """The kind of a report that gives a class and no size."""
    if glass_class is GlassClass.CRYSTALLINE:
        return ReportKind.CRYSTALLINE_AS_SPUN if way is Way.AS_SPUN else ReportKind.CRYSTALLINE_AS_CAST
    if way is Way.FLUXED:
        return ReportKind.FLUXED
    if glass_class is GlassClass.BULK or way is Way.AS_CAST:
        return ReportKind.BULK_WITHOUT_DIAMETER
    return ReportKind.RIBBON if way is Way.AS_SPUN else ReportKind.GLASS_OF_UNKNOWN_FORM


def _from_classes(classes: Sequence[GlassClass], way: Way) -> Label:
    """Label of a report that gives a class and no size; of several classes the best, since it was made once."""
    kinds = [_kind_of_class(glass_class, way) for glass_class in classes]
    numbers = [NUMBER_OF_KIND.get(kind) for kind in kinds]
    known = [number for number in numbers if number is not None]
    best = _sized(kinds[-1], BULK_FROM_MM, with_number=False)
    if kinds[-1] is ReportKind.BULK_WITHOUT_DIAMETER:
        best = _with_rules(best, (LabelRule.BULK_WITHOUT_DIAMETER,))
    if len(known) == len(numbers):
        best = replace(best, dmax_mm=sum(known) / len(known))
    if len(classes) == 1:
        return best
    low_mm, _ = interval_of(kinds[0], BULK_FROM_MM)
    return _with_rules(replace(best, low_mm=low_mm), (LabelRule.CLASSES_IN_CELL,))


def _sized(kind: ReportKind, size_mm: float, with_number: bool = True) -> Label:
    """The label of a kind: its class and interval by the size, and the size as number where it is a diameter."""
    low_mm, high_mm = interval_of(kind, size_mm)
    is_glass = kind not in (ReportKind.CRYSTALLINE_AS_SPUN, ReportKind.CRYSTALLINE_AS_CAST)
    is_bulk = is_glass and low_mm is not None and low_mm >= BULK_FROM_MM
    glass = GlassClass.BULK if is_bulk else GlassClass.RIBBON
    return Label(
        kind=kind,
        is_glass=is_glass,
        glass_class=glass if is_glass else GlassClass.CRYSTALLINE,
        dmax_mm=size_mm if with_number else None,
        low_mm=low_mm,
        high_mm=high_mm,
    )


def _from_thickness(thickness: Size) -> Label | NoLabel:
    """A glassy plate or wedge: at least that thick, and nothing of a diameter."""
    if thickness.smallest == 0:
        return NoLabel(LabelFault.IMPOSSIBLE_VALUE, "A thickness of 0 mm is no thickness; see the reference.")
    label = _sized(ReportKind.PLATE_OR_WEDGE, thickness.smallest, with_number=False)
    return replace(label, thickness_mm=thickness.smallest, rules=(LabelRule.THICKNESS_IS_NO_DIAMETER,))


def _from_size(size: Size, classes: list[GlassClass], way: Way, conventions: Conventions) -> Label | NoLabel:
    if size.is_upper_bound and size.largest is not None:
        return _below(size.largest, classes, way)
    coded = None if size.is_bound else _class_of_code(size.mean, conventions)
    label = _of_code(coded, way) if coded is not None else _of_diameter(size, way, conventions)
    if isinstance(label, NoLabel) or not classes:
        return label
    return _reconciled(label, size, classes, is_code=coded is not None)


def _below(bound_mm: float, classes: list[GlassClass], way: Way) -> Label:
    """Label of a glass whose size is known to be below a bound and no more: its class, and the interval below it.

    Without a class it is a glass, not shown to be bulk, and so is a bulk glass below the thinnest bulk casting.
    """
    if not classes or (classes[-1] is GlassClass.BULK and bound_mm <= BULK_FROM_MM):
        rules = (LabelRule.BELOW_BULK_LIMIT,) if bound_mm <= BULK_FROM_MM else ()
        kind = ReportKind.GLASS_OF_UNKNOWN_FORM
        return Label(kind, True, GlassClass.RIBBON, None, 0.0, bound_mm, rules)
    label = _from_classes(classes, way)
    high_mm = bound_mm if label.high_mm is None else min(label.high_mm, bound_mm)
    low_mm = label.low_mm if label.low_mm is not None and label.low_mm < high_mm else 0.0
    dmax_mm = label.dmax_mm if label.dmax_mm is not None and label.dmax_mm < high_mm else None
    return replace(label, dmax_mm=dmax_mm, low_mm=low_mm, high_mm=high_mm)


def _class_of_code(value: float, conventions: Conventions) -> GlassClass | None:
    for code, glass_class in conventions.values.items():
        if math.isclose(value, code, abs_tol=1e-9):
            return glass_class
    return None


def _of_code(glass_class: GlassClass, way: Way) -> Label:
    return _with_rules(_from_classes([glass_class], way), (LabelRule.CLASS_FROM_CODE,))


def _of_diameter(size: Size, way: Way, conventions: Conventions) -> Label | NoLabel:
    value = size.mean
    if value == 0:
        return NoLabel(
            LabelFault.IMPOSSIBLE_VALUE, "Size 0 is not a diameter, and the source does not declare what it stands for."
        )
    if conventions.ribbons_to_mm is not None and value <= conventions.ribbons_to_mm:
        return replace(_from_classes([GlassClass.RIBBON], Way.AS_SPUN), rules=(LabelRule.RIBBON_THICKNESS,))
    if conventions.averaged and value < BULK_FROM_MM:
        return _between_codes(value)
    if way is Way.FLUXED:
        label = replace(_sized(ReportKind.FLUXED, value), rules=(LabelRule.FLUXED,))
    elif value < BULK_FROM_MM:
        label = replace(_sized(ReportKind.THIN_ROD, value), rules=(LabelRule.BELOW_BULK_LIMIT,))
    else:
        label = replace(_sized(ReportKind.BULK, value), rules=(LabelRule.CLASS_FROM_DIAMETER,))
    if conventions.averaged and _is_mean_with_ribbon_code(value):
        return replace(label, low_mm=RIBBON_THICKNESS_MM, rules=(LabelRule.RIBBON_CODE_AVERAGED,))
    return replace(label, low_mm=size.smallest, high_mm=size.largest)


def _between_codes(value: float) -> Label:
    """A mean of reports below 1 mm that is neither code.

    Below 0.2 it mixes crystalline with ribbon: glass was made once, so the class is ribbon; the interval holds both.
    From 0.2 to 1 it mixes the ribbon code with a diameter or is a rod thinner than 1 mm: glass, not shown to be bulk.
    """
    low_mm = 0.0 if value < RIBBON_LABEL_MM else RIBBON_THICKNESS_MM
    rules = (LabelRule.LABEL_BETWEEN_CODES,)
    return Label(ReportKind.RIBBON, True, GlassClass.RIBBON, value, low_mm, None, rules)


def _is_mean_with_ribbon_code(value: float) -> bool:
    """Whether a value such as 1.1 is the mean of 0.2 and a diameter that moulds have (2.0), and none of those itself.

    Moulds come in steps of 0.5 mm. A wedge can give any number, so the rule marks a value, it does not change it.
    """

    def is_step(diameter: float) -> bool:
        return math.isclose(diameter / MOULD_STEP_MM, round(diameter / MOULD_STEP_MM), abs_tol=1e-6)

    return is_step(2 * value - RIBBON_LABEL_MM) and not is_step(value)


def _reconciled(label: Label, size: Size, classes: list[GlassClass], is_code: bool) -> Label | NoLabel:
    """A report with a class and a size: they must agree, except that a rod of 1 mm or more turns "glass" into bulk."""
    best = classes[-1]
    if len(classes) > 1:
        low_of_worst, _ = interval_of(_kind_of_class(classes[0], Way.AS_SPUN), BULK_FROM_MM)
        lows = [low for low in (label.low_mm, low_of_worst) if low is not None]
        label = replace(label, low_mm=min(lows), rules=(*label.rules, LabelRule.CLASSES_IN_CELL))
    if best is label.glass_class:
        return label
    grew = not is_code and best is GlassClass.RIBBON and label.glass_class is GlassClass.BULK
    thin = not is_code and best is GlassClass.BULK and label.glass_class is GlassClass.RIBBON
    if grew or thin:
        return label
    return NoLabel(
        LabelFault.CONTRADICTION, f"Class {best.value} and size {size.mean:g} contradict each other; see the reference."
    )
