"""Reports of properties that were copied from one compilation to the next: each counts once.

A value is a copy of an earlier one where both are of one alloy (or of a rounding of it, see roundings.py), have the
same value to the digit, and either name the same paper, or one of them names none, or agree in a second property, too.
Papers that measured one alloy independently hardly ever agree to the digit: 1 of 37 pairs does in T_g among the
reports of thermal_properties.csv, and 79 of 100 between rows of mdf_v5 that name different papers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bmg_assets.science.literature.papers import papers_of
from bmg_assets.science.literature.properties import Property
from bmg_assets.science.literature.property_reports import each, place_of
from bmg_assets.science.literature.roundings import Composition, better_written

if TYPE_CHECKING:
    import pandas as pd

SAME_WITHIN = 1e-3
"""Largest share by which a number changes where it is rounded, or 273 K is written for 273.15 K."""
SAME_PROPERTIES = 2
"""So many properties of two rows agree to the digit only where one was copied from the other."""


@dataclass
class _Row:
    """The accepted values of one row of a source.

    alloy: the composition, or the one it is a rounding of.
    papers: what identifies the papers that the row names.
    """

    source: str
    source_row: int
    alloy: str
    is_rounded: bool
    papers: frozenset[str]
    values: dict[str, float]


def mark_property_copies(
    reports: pd.DataFrame, references: Mapping[str, str], properties: Mapping[str, Property]
) -> pd.DataFrame:
    """The reports of all sources, those that repeat another with the status `copied` and its place in `copy_of`.

    Of several that are the same the one counts with the better written composition; then the one that names its paper;
    then the first.

    Args:
        reports: REPORT_COLUMNS of all sources, in the order in which the sources count.
        references: the reference of each source itself, which rows have that name no paper.
        properties: the declared properties by name.
    """
    import pandas as pd

    copies: dict[tuple[str, int, str], str] = {}
    for rows in _rows_by_alloy(reports, references).values():
        for place, row in enumerate(rows):
            copied = _copied(row, rows[:place], properties)
            copies |= {(row.source, row.source_row, name): where for name, where in copied}
    keys = zip(reports["source"], reports["source_row"], reports["property"], strict=True)
    copy_of = pd.Series([copies.get(key) for key in keys], index=reports.index, dtype=object)
    return reports.assign(copy_of=copy_of, status=reports["status"].mask(copy_of.notna(), "copied"))


def _rows_by_alloy(reports: pd.DataFrame, references: Mapping[str, str]) -> dict[str, list[_Row]]:
    """Rows with accepted values by their alloy, the one that counts of several that are the same first."""
    accepted = reports[reports["status"] == "accepted"]
    roundings = better_written(_compositions(accepted))
    rows: dict[tuple[str, int], _Row] = {}
    for one in each(accepted):
        key = one.source, one.source_row
        if key not in rows:
            alloy = roundings.get(one.composition, one.composition)
            papers = papers_of(one.reference) if one.reference != references[one.source] else frozenset()
            rows[key] = _Row(*key, alloy, alloy != one.composition, papers, {})
        rows[key].values[one.property] = one.value
    grouped = defaultdict(list)
    for row in rows.values():
        grouped[row.alloy].append(row)
    return {alloy: sorted(group, key=lambda row: (row.is_rounded, not row.papers)) for alloy, group in grouped.items()}


def _compositions(reports: pd.DataFrame) -> list[Composition]:
    amounts: dict[str, dict[str, float]] = {}
    sources = defaultdict(set)
    for one in each(reports):
        if one.composition not in amounts:
            amounts[one.composition] = dict(zip(one.elements, one.at_pct, strict=True))
        sources[one.composition].add(one.source)
    return [Composition(key, amounts[key], frozenset(sources[key])) for key in amounts]


def _copied(row: _Row, earlier: Sequence[_Row], properties: Mapping[str, Property]) -> list[tuple[str, str]]:
    """The properties of a row that are copies, each with the first row that it repeats."""
    found = []
    for name in row.values:
        for one in earlier:
            if _same_value(name, row, one, properties) and _same_report(row, one, properties):
                found.append((name, place_of(one)))
                break
    return found


def _same_report(row: _Row, other: _Row, properties: Mapping[str, Property]) -> bool:
    if not row.papers or not other.papers or row.papers & other.papers:
        return True
    measured = [name for name in row.values if properties[name].derived is None]
    return sum(_same_value(name, row, other, properties) for name in measured) >= SAME_PROPERTIES


def _same_value(name: str, row: _Row, other: _Row, properties: Mapping[str, Property]) -> bool:
    """Whether both rows have this property with the same value; a derived one follows from the same values."""
    if name not in other.values:
        return False
    derived = properties[name].derived
    if derived and all(one in row.values and one in other.values for one in derived.of):
        return all(_same_value(one, row, other, properties) for one in derived.of)
    value, others = row.values[name], other.values[name]
    return abs(value - others) <= SAME_WITHIN * max(abs(value), abs(others))
