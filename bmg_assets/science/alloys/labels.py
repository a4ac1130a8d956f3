"""What a published report says about glass-forming ability: class, label in mm and interval, by named rules.

Classes are harmonised by what a source says its codes mean, never by the number: ribbon is 0.2 in one table, 0.15 and
0.1 in others. Formulas are read in compositions.py, cells of sizes in sizes.py; reports of one composition are brought
together in curation.py.

The label is the paper's: critical casting diameter (D_max) in mm for a bulk glass, 0.2 for a glass made only as
ribbon, 0 for an alloy that is no glass even as ribbon. The interval is what the report allows, [low, high), high None
when open:

- crystalline [0, 0.2): not even a ribbon was glass; ribbons are thinner than 0.2 mm, the paper's code for them.
- ribbon [0.2, 1): the class says "only as ribbon", so the thinnest bulk casting, 1 mm, is the upper end. Few reports
  say that a rod was tried, so the upper end is a convention of the class, not a measurement.
- bulk [D_max, open): a reported diameter is the largest that was cast as glass; larger rods were often not tried.
- bulk without a diameter [1, open), no label: bulk metallic glass means 1 mm or more.
- a diameter below a bound alone ("< 1") [0, bound), no label; with a class, what of the bound that class leaves.
"""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from bmg_assets.science.alloys.label_terms import LabelFault, LabelRule, NoLabel
from bmg_assets.science.alloys.report_kinds import BULK_FROM_MM, ReportKind
from bmg_assets.science.alloys.sizes import LARGEST_CREDIBLE_MM, Size, read_size

__all__ = [
    "BULK_FROM_MM",
    "LARGEST_CREDIBLE_MM",
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


class GlassClass(StrEnum):
    """The three classes, from the poorest to the best glass former."""

    CRYSTALLINE = "crystalline"
    RIBBON = "ribbon"
    BULK = "bulk"


RANK = {glass_class: rank for rank, glass_class in enumerate(GlassClass)}
LABEL_MM = {GlassClass.CRYSTALLINE: 0.0, GlassClass.RIBBON: RIBBON_LABEL_MM}


class Conventions(BaseModel):
    """The meaning of a source's codes, as declared.

    classes: class code, as written in the source, to class. A code in `partly_crystalline` must be among them.
    values: number to the class for which it stands (0.2 for ribbon); any other number is a diameter in mm.
    missing: texts that stand for "not reported".
    averaged: the values are means of several reports, so that a number between the codes hides two of them.
    not_castings: method codes that give no label, such as sputtering: a film is quenched far faster than any casting.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    classes: dict[str, GlassClass] = {}
    partly_crystalline: frozenset[str] = frozenset()
    values: dict[float, GlassClass] = {}
    missing: frozenset[str] = frozenset()
    averaged: bool = False
    not_castings: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def _declares_what_is_partly_crystalline(self) -> Self:
        stray = sorted(self.partly_crystalline - self.classes.keys())
        if stray:
            raise ValueError(f"calls the class '{stray[0]}' partly crystalline, but declares no such class")
        return self


@dataclass(frozen=True)
class Label:
    """The reading of one report: class, label (None without a diameter), interval [low, high) in mm, rules by name."""

    glass_class: GlassClass
    dmax_mm: float | None
    low_mm: float
    high_mm: float | None
    rules: tuple[LabelRule, ...]

    @property
    def kind(self) -> ReportKind:
        """What was done and seen, as far as class and size tell it."""
        if self.glass_class is GlassClass.CRYSTALLINE:
            return ReportKind.CRYSTALLINE_AS_SPUN
        if self.glass_class is GlassClass.RIBBON:
            return ReportKind.RIBBON
        return ReportKind.BULK_WITHOUT_DIAMETER if self.dmax_mm is None else ReportKind.BULK


def read_label(
    class_reported: str | None, value_reported: str | None, method: str | None, conventions: Conventions
) -> Label | NoLabel:
    """Class, label and interval of one report, or the reason why it gives none.

    Nothing is raised: bad data is an outcome that is stored beside the row.

    Args:
        class_reported, value_reported, method: the cells as written; None where the source has no such column or the
            cell is empty.
        conventions: what the source's codes mean.
    """
    if method is not None and method.strip() in conventions.not_castings:
        return NoLabel(
            LabelFault.NOT_A_CASTING, f"Method {method.strip()!r} is not a casting, so it says nothing of D_max."
        )
    classes = _read_classes(class_reported, conventions)
    if isinstance(classes, NoLabel):
        return classes
    size = read_size(value_reported, conventions.missing)
    if isinstance(size, NoLabel):
        if size.fault is not LabelFault.SPREADSHEET_DATE or not classes:
            return size
        return _with_rules(_from_classes(classes), (*_class_rules(class_reported, conventions), LabelRule.DATE_DROPPED))
    if size is None and not classes:
        return NoLabel(LabelFault.NOTHING_REPORTED, "Neither a class nor a size is reported.")
    label = _from_classes(classes) if size is None else _from_size(size, classes, conventions)
    if isinstance(label, NoLabel):
        return label
    size_rules = size.rules if size is not None else ()
    return _with_rules(label, (*_class_rules(class_reported, conventions), *size_rules))


def _with_rules(label: Label, rules: tuple[LabelRule, ...]) -> Label:
    applied = {*label.rules, *rules}
    ordered = tuple(rule for rule in LabelRule if rule in applied)
    return Label(label.glass_class, label.dmax_mm, label.low_mm, label.high_mm, ordered)


_QUOTED = re.compile(r"""['"]([^'"]*)['"]""")


def _class_codes(cell: str | None, conventions: Conventions) -> list[str]:
    """The class codes in a cell; a list, as in "['AM' 'CR']", comes from a careless grouping of rows."""
    text = "" if cell is None else cell.strip()
    if text in conventions.classes:
        return [text]
    codes = _QUOTED.findall(text) if text.startswith("[") else [text]
    return [code.strip() for code in codes if code.strip() not in conventions.missing | {""}]


def _class_rules(cell: str | None, conventions: Conventions) -> tuple[LabelRule, ...]:
    codes = _class_codes(cell, conventions)
    rules = [LabelRule.CLASS_FROM_CODE] if codes else []
    if any(code in conventions.partly_crystalline for code in codes):
        rules.append(LabelRule.PARTLY_CRYSTALLINE)
    if len(codes) > 1:
        rules.append(LabelRule.LIST_IN_CELL)
    return tuple(rules)


def _read_classes(cell: str | None, conventions: Conventions) -> list[GlassClass] | NoLabel:
    codes = _class_codes(cell, conventions)
    unknown = [code for code in codes if code not in conventions.classes]
    if unknown:
        known = ", ".join(conventions.classes) or "none"
        return NoLabel(LabelFault.UNKNOWN_CLASS, f"Class {unknown[0]!r} is not among the declared codes ({known}).")
    return sorted({conventions.classes[code] for code in codes}, key=RANK.__getitem__)


def _from_classes(classes: list[GlassClass]) -> Label:
    """Label of a report that gives a class and no size; of several classes the best, since it was made once."""
    best = classes[-1]
    rules = (LabelRule.CLASSES_IN_CELL,) if len(classes) > 1 else ()
    if best is GlassClass.BULK:
        label = Label(best, None, BULK_FROM_MM, None, (*rules, LabelRule.BULK_WITHOUT_DIAMETER))
    else:
        mean = sum(LABEL_MM[glass_class] for glass_class in classes) / len(classes)
        label = Label(best, mean, *_band(best), rules)
    if len(classes) == 1:
        return label
    return Label(best, label.dmax_mm, _band(classes[0])[0], label.high_mm, label.rules)


def _band(glass_class: GlassClass) -> tuple[float, float | None]:
    bands: dict[GlassClass, tuple[float, float | None]] = {
        GlassClass.CRYSTALLINE: (0.0, RIBBON_LABEL_MM),
        GlassClass.RIBBON: (RIBBON_LABEL_MM, BULK_FROM_MM),
        GlassClass.BULK: (BULK_FROM_MM, None),
    }
    return bands[glass_class]


def _from_size(size: Size, classes: list[GlassClass], conventions: Conventions) -> Label | NoLabel:
    if size.is_upper_bound and size.largest is not None:
        return _below(size.largest, classes)
    coded = None if size.is_bound else _class_of_code(size.mean, conventions)
    label = _of_code(coded) if coded is not None else _of_diameter(size, conventions)
    if isinstance(label, NoLabel) or not classes:
        return label
    return _reconciled(label, size, classes, is_code=coded is not None)


def _below(bound_mm: float, classes: list[GlassClass]) -> Label:
    """Label of a glass whose size is known to be below a bound and no more: its class, and the interval below it.

    Without a class it is a glass, not shown to be bulk, and so is a bulk glass below the thinnest bulk casting.
    """
    if not classes or (classes[-1] is GlassClass.BULK and bound_mm <= BULK_FROM_MM):
        rules = (LabelRule.BELOW_BULK_LIMIT,) if bound_mm <= BULK_FROM_MM else ()
        return Label(GlassClass.RIBBON, None, 0.0, bound_mm, rules)
    label = _from_classes(classes)
    high_mm = bound_mm if label.high_mm is None else min(label.high_mm, bound_mm)
    low_mm = label.low_mm if label.low_mm < high_mm else 0.0
    dmax_mm = label.dmax_mm if label.dmax_mm is not None and label.dmax_mm < high_mm else None
    return Label(label.glass_class, dmax_mm, low_mm, high_mm, label.rules)


def _class_of_code(value: float, conventions: Conventions) -> GlassClass | None:
    for code, glass_class in conventions.values.items():
        if math.isclose(value, code, abs_tol=1e-9):
            return glass_class
    return None


def _of_code(glass_class: GlassClass) -> Label:
    rules = (LabelRule.CLASS_FROM_CODE,)
    if glass_class is GlassClass.BULK:
        return Label(glass_class, None, BULK_FROM_MM, None, (*rules, LabelRule.BULK_WITHOUT_DIAMETER))
    return Label(glass_class, LABEL_MM[glass_class], *_band(glass_class), rules)


def _of_diameter(size: Size, conventions: Conventions) -> Label | NoLabel:
    value = size.mean
    if value == 0:
        return NoLabel(
            LabelFault.IMPOSSIBLE_VALUE, "Size 0 is not a diameter, and the source does not declare what it stands for."
        )
    if conventions.averaged and value < BULK_FROM_MM:
        return _between_codes(value)
    if value < BULK_FROM_MM:
        return Label(GlassClass.RIBBON, value, size.smallest, size.largest, (LabelRule.BELOW_BULK_LIMIT,))
    if conventions.averaged and _is_mean_with_ribbon_code(value):
        return Label(GlassClass.BULK, value, RIBBON_LABEL_MM, None, (LabelRule.RIBBON_CODE_AVERAGED,))
    return Label(GlassClass.BULK, value, size.smallest, size.largest, (LabelRule.CLASS_FROM_DIAMETER,))


def _between_codes(value: float) -> Label:
    """A mean of reports below 1 mm that is neither code.

    Below 0.2 it mixes crystalline with ribbon: glass was made once, so the class is ribbon; the interval holds both.
    From 0.2 to 1 it mixes the ribbon code with a diameter or is a rod thinner than 1 mm: glass, not shown to be bulk.
    """
    rules = (LabelRule.LABEL_BETWEEN_CODES,)
    if value < RIBBON_LABEL_MM:
        return Label(GlassClass.RIBBON, value, 0.0, BULK_FROM_MM, rules)
    return Label(GlassClass.RIBBON, value, RIBBON_LABEL_MM, None, rules)


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
        low_mm = min(label.low_mm, _band(classes[0])[0])
        label = Label(
            label.glass_class, label.dmax_mm, low_mm, label.high_mm, (*label.rules, LabelRule.CLASSES_IN_CELL)
        )
    if best is label.glass_class:
        return label
    grew = not is_code and best is GlassClass.RIBBON and label.glass_class is GlassClass.BULK
    thin = not is_code and best is GlassClass.BULK and label.glass_class is GlassClass.RIBBON
    if grew or thin:
        return label
    return NoLabel(
        LabelFault.CONTRADICTION, f"Class {best.value} and size {size.mean:g} contradict each other; see the reference."
    )
