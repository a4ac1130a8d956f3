"""The page of one system: what to cast next and why, in words first, then the map, the scores and the training set."""

import base64
from dataclasses import dataclass
from datetime import datetime
from html import escape

import pandas as pd

from bmg_assets.science.compositions import formula_in_order
from bmg_assets.science.systems import TargetSystem

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; margin: 1rem 0 } th, td { border: 1px solid #ccc; padding: .3rem .6rem }
th { background: #f3f3f3; text-align: left } td.number { text-align: right; font-variant-numeric: tabular-nums }
img { max-width: 100%; height: auto } .note { color: #555 } @media print { body { margin: 0 } }
"""
SCORES_NOTE = (
    "Scores are means over five random folds: alloys of one family stand on both sides of each fold, so they say how "
    "well the models fill gaps among known alloys, and flatter them for a system that nobody has cast."
)
INTERVAL_NOTE = (
    "The interval is taken from the errors on alloys left out at random; for systems that nobody has cast it is too "
    "narrow."
)


@dataclass(frozen=True)
class SystemPage:
    """What the page is made of: the tables of one system."""

    system: TargetSystem
    candidates: pd.DataFrame
    fusion: pd.DataFrame
    training_set: pd.DataFrame
    lab: pd.DataFrame
    iteration: int
    made_at: datetime
    map_png: bytes | None
    """The figure of the map; none where the system has no ternary diagram."""


def render_page(page: SystemPage) -> str:
    """The page as HTML that needs no other file and no network."""
    candidates = with_formulas(page.candidates, page.system)
    picks = candidates[candidates["kind"] == "pick"]
    boundary = candidates[candidates["kind"] == "verification"]
    key = escape(page.system.key)
    parts = [
        f"<h1>{key}: what to cast next</h1>",
        f"<p class='note'>Iteration {page.iteration}, made {page.made_at:%Y-%m-%d %H:%M} UTC from "
        f"{len(page.training_set)} alloys ({escape(training_identity(page.training_set))}), "
        f"{len(page.lab)} own casts.</p>",
        _pick_sentences(picks),
        f"<p class='note'>{INTERVAL_NOTE}</p>",
        _map(page),
        "<h2>Boundary points for verification</h2>",
        _table(boundary, _CANDIDATE_COLUMNS) if len(boundary) else "<p>None of them lies on the grid.</p>",
        "<h2>Scores</h2>",
        _table(page.fusion, _SCORE_COLUMNS),
        f"<p class='note'>{SCORES_NOTE}</p>",
        "<h2>Training set</h2>",
        _table(_composition_of(page.training_set), {"category": "category", "alloys": "alloys"}),
    ]
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{key}: what to cast next</title>"
        f"<meta name='viewport' content='width=device-width'><style>{STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>"
    )


def with_formulas(candidates: pd.DataFrame, system: TargetSystem) -> pd.DataFrame:
    """The candidates with a column `formula`: the composition with its elements in the order of the system's key."""
    return candidates.assign(formula=[formula_in_order(system.elements, point) for point in candidates["at_pct"]])


def state_in_words(state: object, because: object) -> str:
    """The state of a candidate as a clause, like "State: requested (ZAC-17: planned)"."""
    return f"State: {state}" + (f" ({because})" if because else "")


def training_identity(training_set: pd.DataFrame) -> str:
    """The training set in a few words, for titles."""
    first = training_set.iloc[0]
    return f"sub-dataset ({first['sub_dataset']}), {first['element_tables']} element tables"


_CANDIDATE_COLUMNS = {
    "formula": "composition",
    "dmax_mm": "predicted D_max (mm)",
    "interval_low_mm": "from (mm)",
    "interval_high_mm": "to (mm)",
    "state": "state",
    "reason": "why",
}
_SCORE_COLUMNS = {
    "model": "model",
    "weight": "fusion weight",
    "weight_exact": "exact optimum",
    "r2_mean": "R²",
    "rmse_mean_mm": "RMSE (mm)",
}


def _pick_sentences(picks: pd.DataFrame) -> str:
    items = "".join(
        f"<li><strong>{escape(str(pick.formula))}</strong>: predicted D<sub>max</sub> {pick.dmax_mm:.2f} mm "
        f"(interval {pick.interval_low_mm:.2f} to {pick.interval_high_mm:.2f} mm), {escape(str(pick.reason))}. "
        f"{escape(state_in_words(pick.state, pick.state_because))}.</li>"
        for pick in picks.itertuples(index=False)
    )
    return f"<ol>{items}</ol>"


def _map(page: SystemPage) -> str:
    if page.map_png is None:
        return f"<p>A system of {len(page.system.elements)} elements has no ternary map; its grid is in the store.</p>"
    encoded = base64.b64encode(page.map_png).decode()
    return f"<img alt='Map of predicted D_max' src='data:image/png;base64,{encoded}'>"


def _composition_of(training_set: pd.DataFrame) -> pd.DataFrame:
    counts = training_set["category"].value_counts()
    return counts.rename_axis("category").reset_index(name="alloys")


def _table(frame: pd.DataFrame, columns: dict[str, str]) -> str:
    head = "".join(f"<th>{escape(title)}</th>" for title in columns.values())
    body = "".join("<tr>" + "".join(_cell(row[name]) for name in columns) + "</tr>" for row in frame.to_dict("records"))
    return f"<table><tr>{head}</tr>{body}</table>"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"<td class='number'>{'' if value != value else f'{value:.3f}'}</td>"
    return f"<td>{escape(str(value))}</td>"
