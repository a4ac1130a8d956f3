"""The figures of a system of four elements and more, each with what it shows in words, and the maps to point at.

Four elements: the map of the recommended picks in full, and the projections of the other one. More: pairs of both.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import scale_top
from bmg_assets.pages.interactive_map import Line, Shade, Symbols, Values
from bmg_assets.pages.map_symbols import SURROGATES_MAP, maps_in_order, symbols_on_map
from bmg_assets.pages.pair_maps import draw_pairs
from bmg_assets.pages.quaternary_map import PROJECTED_STEP_PCT, QuaternaryMap, levels_of, quaternary_map
from bmg_assets.pages.quaternary_maps import FourMap, draw_faces, draw_projections, draw_slices, draw_tetrahedron
from bmg_assets.pages.rendering import Picture
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.grid import step_of_points
from bmg_assets.science.alloys.sections import after_exchange, steadiest_element
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray

BEST_SHOWN = 3
"""Compositions from which one step of each element is exchanged."""


def map_of_four(facts: SystemFacts) -> QuaternaryMap:
    """The maps of a system of four elements to point at: the map on which the recommended picks were chosen."""
    tables, grid, values = facts.tables, facts.tables.recommended_map, Values()
    shades, lines = _shown(facts, values)
    return quaternary_map(
        facts.system,
        _at_pct(grid),
        values,
        shades,
        lines,
        symbols_on_map(facts),
        _rests_on(facts, maps_in_order(tables)[0]),
        facts.nearest[grid["composition"]].tolist(),
        is_top=grid["top_share"].to_numpy(bool),
        is_beyond=tables.is_beyond.reindex(grid["composition"], fill_value=False).to_numpy(bool),
    )


def maps_of_many(facts: SystemFacts) -> list[Picture]:
    """The drawn maps of a system of four elements or more."""
    first, other = maps_in_order(facts.tables)
    if not facts.system.is_quaternary:
        return [_pairs(facts, first), _pairs(facts, other)]
    drawn, compared = _four_map(facts, first), _four_map(facts, other)
    fixed = steadiest_element(drawn.at_pct, drawn.is_top)
    symbols = "White symbols: the literature. Orange symbols: own casts. Stars: cast next, and for comparison."
    key, element = facts.system.key, facts.system.elements[fixed]
    return [
        Picture(
            "tetrahedron",
            draw_tetrahedron(drawn),
            f"Tetrahedron of the compositions of {key} with the top region of the map",
            f"The top region among all compositions. Each corner is a pure element. {symbols}",
        ),
        Picture(
            "slices",
            draw_slices(drawn, fixed),
            f"Ternary slices of the map of {key} at fixed amounts of {element}",
            f"Slices through the top region (white line): {element} is held, since its amount varies least there. "
            "A symbol stands in the slice nearest to it.",
        ),
        _projections(drawn, first, _by_whom(facts, first)),
        Picture(
            "faces",
            draw_faces(drawn),
            f"The map of {key} nearest to its four ternary faces, unfolded",
            f"The faces, unfolded: at {drawn.levels[0]:g} at.% of the fourth element, since the map ends there. The "
            "ternaries themselves are other systems. Symbols: known alloys without that element.",
        ),
        _projections(compared, other, _by_whom(facts, other)),
    ]


def exchanges(facts: SystemFacts) -> list[tuple[str, float, pd.DataFrame]]:
    """What one step of one element for another changes, around the best compositions of the recommended map.

    Returns:
        Composition, its D_max in mm, and a row for each element of which more is taken: columns `more` and the
        elements of which less is, in mm.
    """
    grid, elements = facts.tables.recommended_map, facts.system.elements
    at_pct, values = _at_pct(grid), grid["dmax_mm"].to_numpy(np.float64)
    step, found = step_of_points(at_pct.astype(np.int64)), []
    for row in np.argsort(-values, kind="stable")[:BEST_SHOWN]:
        changed = pd.DataFrame(after_exchange(at_pct, values, int(row), step), columns=list(elements))
        changed.insert(0, "more", [f"{step} at.% more {element}" for element in elements])
        formula = formula_in_order(elements, at_pct[row].tolist())
        found.append((formula, float(values[row]), changed))
    return found


def draw_grid(
    system: TargetSystem, grid: pd.DataFrame, values: FloatArray, title: str, rests_on: str, label: str
) -> dict[str, bytes]:
    """One picture of a map of four elements or more without any symbols: projections, or pairs; files by ending.

    Args:
        grid: with columns `at_pct` and `top_share`.
        values: what the colours show.
        label: what they mean, with the unit.
    """
    top, title = scale_top(float(np.nanmax(values))), f"{system.key}: {title}"
    if not system.is_quaternary:
        return draw_pairs(system.elements, _at_pct(grid), values, top, title, rests_on, label=label)
    return draw_projections(_of_grid(system, grid, values, top, [], title, rests_on, label))


def _four_map(facts: SystemFacts, name: str) -> FourMap:
    tables, of_surrogate = facts.tables, name == SURROGATES_MAP
    grid = tables.coarse_transfer if of_surrogate else tables.grid
    symbols = symbols_on_map(replace(facts, known=facts.known.assign(is_trained=True)) if of_surrogate else facts)
    top = scale_top(float(grid["dmax_mm"].max())) if of_surrogate else facts.top_mm
    values, title = grid["dmax_mm"].to_numpy(np.float64), facts.system.key
    return _of_grid(facts.system, grid, values, top, symbols, title, _rests_on(facts, name))


def _rests_on(facts: SystemFacts, name: str) -> str:
    alloys = facts.known_to_surrogate if name == SURROGATES_MAP else facts.training
    return f"{_by_whom(facts, name)}; {alloys}"


def _of_grid(
    system: TargetSystem,
    grid: pd.DataFrame,
    values: FloatArray,
    top: float,
    symbols: list[Symbols],
    title: str,
    rests_on: str,
    label: str = FourMap.label,
) -> FourMap:
    at_pct, is_top = _at_pct(grid), grid["top_share"].to_numpy(bool)
    levels = levels_of(step_of_points(at_pct.astype(np.int64)))
    return FourMap(
        system.elements, at_pct, values, is_top, levels, PROJECTED_STEP_PCT, top, symbols, title, rests_on, label
    )


def _by_whom(facts: SystemFacts, name: str) -> str:
    if name == SURROGATES_MAP:
        return f"expected by the surrogate {facts.tables.surrogate}"
    return "predicted by the paper's models"


def _projections(drawn: FourMap, name: str, by_whom: str) -> Picture:
    return Picture(
        name,
        draw_projections(drawn),
        f"Ternary maps of {drawn.title}, {by_whom}: for each three elements the best of all amounts of the fourth",
        f"Critical casting diameter {by_whom}: for each ratio of three elements the best that any amount of the fourth "
        "gives. Symbols stand at their ratio of the three, whatever they hold of the fourth.",
    )


def _pairs(facts: SystemFacts, name: str) -> Picture:
    tables, of_surrogate = facts.tables, name == SURROGATES_MAP
    grid = tables.coarse_transfer if of_surrogate else tables.grid
    values, by_whom = grid["dmax_mm"].to_numpy(np.float64), _by_whom(facts, name)
    picks = tables.candidates[(tables.candidates["kind"] == "pick") & tables.candidates["is_recommended"]]
    title = f"{facts.system.key}: the best of all amounts of the other elements"
    drawn = draw_pairs(
        facts.system.elements,
        _at_pct(grid),
        values,
        scale_top(float(values.max())),
        title,
        _rests_on(facts, name),
        _at_pct(picks),
    )
    return Picture(
        name,
        drawn,
        f"Matrix of pairs of {facts.system.key}, {by_whom}: highest {values.max():.2f} mm",
        f"Critical casting diameter {by_whom}: for each two elements the best that any amounts of the others "
        "give. Stars: cast next.",
    )


def _shown(facts: SystemFacts, values: Values) -> tuple[list[Shade], list[Line]]:
    """What the colours can show at the points of the recommended map, and what the panel tells of them.

    Args:
        values: gets the numbers.
    """
    tables, interval = facts.tables, f"{100 * facts.tables.coverage:g} % interval"
    by_key = tables.recommended_map["composition"]
    by = {f"expected by {tables.surrogate}": tables.transfer, "by the paper's models": tables.grid}
    shades, lines = [], []
    for words, table in by.items() if tables.recommends_surrogate else reversed(by.items()):
        at_points = table.set_index("composition").reindex(by_key)
        expected, low, high = (
            values.add(at_points[name]) for name in ("dmax_mm", "interval_low_mm", "interval_high_mm")
        )
        shades.append(Shade(words, expected, 0, scale_top(float(at_points["dmax_mm"].max())), "mm"))
        lines += [Line(words, f"{{{expected}}} mm"), Line(interval, f"{{{low}}} to {{{high}}} mm")]
    transfer = tables.transfer.set_index("composition").reindex(by_key)
    chance, distance = values.add(100 * transfer["probability_bulk"]), values.add(transfer["nearest_at_pct"])
    if transfer["probability_bulk"].notna().all():
        shades.append(Shade("probability of a bulk glass", chance, 0, 100.0, "%"))
    top = scale_top(float(transfer["nearest_at_pct"].max()))
    shades.append(Shade("distance to the nearest known alloy", distance, 0, top, "at.%"))
    lines.append(Line("bulk glass", f"{{{chance}%}} (1 mm or more)"))
    return shades, lines


def _at_pct(grid: pd.DataFrame) -> FloatArray:
    return np.array(grid["at_pct"].tolist(), dtype=np.float64)
