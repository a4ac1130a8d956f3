"""The rows of the atlas as its page carries them: columns as JSON and maps as levels of the colour scale, compressed.

The browser unpacks both (static/atlas_data.js). A map has one byte of `LEVELS` values for each composition, so that the
maps of all ternaries stay below 5 MB however little they can be compressed.
"""

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import colour_steps, scale_top
from bmg_assets.pages.element_layout import element_orders, periodic_places
from bmg_assets.pages.sentences import formula_led_by
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.systems import TERNARY

MOST_OF_MORE_ELEMENTS = 2_000
"""Systems of more than three elements that the page has, the best ones."""
MOST_TERNARIES = 60_000
"""Ternaries that the page has, the best ones: a browser filters so many without a pause. 55 elements have 26,235."""
LEVELS = 64
"""Steps of the colour scale; a map tells no finer differences."""
NO_LEVEL = 255
"""Stands where a map has no number."""
MAP_STEP_AT_PCT = 5
DECIMALS = {
    "chance_bulk": 4,
    "probability_bulk": 4,
    "extent": 4,
    "score": 4,
    "dmax_mm": 3,
    "interval_low_mm": 3,
    "interval_high_mm": 3,
    "nearest_at_pct": 1,
    "best_known_mm": 2,
    "best_cast_mm": 2,
    "face_dmax_mm": 3,
    "gain_over_faces_mm": 3,
    "liquidus_kelvin": 0,
    "density_g_cm3": 2,
    "price_per_kg": 2,
}
"""Numbers of a row, with the decimals that the page has."""
COUNTS = ("rank", "n_regions", "n_known", "step_at_pct")
FLAGS = ("is_trusted", "is_registered", "is_cast", "is_new")
TEXTS = ("excluded", "best_face")


@dataclass(frozen=True)
class AtlasData:
    """What the page carries, each as gzip in base64."""

    columns: str
    """JSON: the elements, the colours, and a list for each column."""
    maps: str
    """The levels of all maps, one after the other."""


def rows_of_page(listed: pd.DataFrame) -> pd.DataFrame:
    """The best `MOST_TERNARIES` ternaries and `MOST_OF_MORE_ELEMENTS` others; by rank, with a new index."""
    ordered = listed.sort_values("rank", kind="stable")
    is_other = ordered["n_elements"].to_numpy() != TERNARY
    nth = np.where(is_other, np.cumsum(is_other), np.cumsum(~is_other))
    kept = np.flatnonzero(nth <= np.where(is_other, MOST_OF_MORE_ELEMENTS, MOST_TERNARIES))
    return ordered.iloc[kept].reset_index(drop=True)


def packed(rows: pd.DataFrame) -> AtlasData:
    """The rows for the browser.

    Args:
        rows: as `rows_of_page` gives them.
    """
    symbols = sorted({element for elements in rows["elements"] for element in elements})
    levels, tops_mm = _levels(rows["map_mm"])
    facts = {
        "symbols": symbols,
        "orders": element_orders(symbols),
        "places": periodic_places(symbols),
        "colours": colour_steps(LEVELS),
        "grid": composition_grid(TERNARY, MAP_STEP_AT_PCT).tolist(),
        "step": MAP_STEP_AT_PCT,
        "scales": _scales(rows),
        "columns": _columns(rows, symbols) | {"map_top_mm": tops_mm},
    }
    columns = json.dumps(facts, separators=(",", ":"), allow_nan=False)
    return AtlasData(_as_text(columns.encode()), _as_text(levels))


def _scales(rows: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Both ends of the colours of each value that the matrix can show; they hold every ternary that is trusted."""
    shown = rows[(rows["n_elements"] == TERNARY) & rows["is_trusted"].astype(bool)]
    least, most = (
        shown[["dmax_mm", "chance_bulk", "score"]].astype("Float64").agg(end).fillna(0.0) for end in ("min", "max")
    )
    return {
        "dmax_mm": (0.0, scale_top(float(most["dmax_mm"]))),
        "chance_bulk": (0.0, min(1.0, scale_top(float(most["chance_bulk"])))),
        "score": (float(least["score"]), float(most["score"])),
    }


def _columns(rows: pd.DataFrame, symbols: Sequence[str]) -> dict[str, list[Any]]:
    place = {symbol: number for number, symbol in enumerate(symbols)}
    elements, amounts = rows["elements"].tolist(), rows["at_pct"].tolist()
    columns: dict[str, list[Any]] = {
        "system": rows["system"].tolist(),
        "members": [[place[element] for element in of_row] for of_row in elements],
        "formula": [formula_in_order(of_row, at_pct) for of_row, at_pct in zip(elements, amounts, strict=True)],
        "at_pct": [[round(float(amount), 2) for amount in at_pct] for at_pct in amounts],
        "best_known": [
            formula_led_by(of_row, composition) if isinstance(composition, str) else ""
            for of_row, composition in zip(elements, rows["best_known_composition"], strict=True)
        ],
    }
    columns |= {name: _numbers(rows[name], decimals) for name, decimals in DECIMALS.items()}
    columns |= {name: rows[name].astype(int).tolist() for name in (*COUNTS, *FLAGS)}
    return columns | {name: [value if isinstance(value, str) else "" for value in rows[name]] for name in TEXTS}


def _numbers(values: pd.Series, decimals: int) -> list[float | int | None]:
    numbers = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return [
        None if not np.isfinite(number) else round(number, decimals) if decimals else round(number)
        for number in numbers.tolist()
    ]


def _levels(maps_mm: pd.Series) -> tuple[bytes, list[float | None]]:
    """The levels of all maps, and for each row the upper end of its scale in mm; None where there is no map."""
    levels: list[bytes] = []
    tops_mm: list[float | None] = []
    for values in maps_mm:
        if not isinstance(values, list | np.ndarray) or not len(values):
            tops_mm.append(None)
            continue
        map_mm = np.array(values, dtype=float)
        is_there = np.isfinite(map_mm)
        top_mm = scale_top(float(map_mm[is_there].max(initial=0.0)))
        level = np.rint(np.clip(np.where(is_there, map_mm, 0.0) / top_mm, 0, 1) * (LEVELS - 1))
        levels.append(np.where(is_there, level, NO_LEVEL).astype(np.uint8).tobytes())
        tops_mm.append(top_mm)
    return b"".join(levels), tops_mm


def _as_text(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, compresslevel=6, mtime=0)).decode()
