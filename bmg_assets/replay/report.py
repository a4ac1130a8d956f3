"""The page, the figure and the table of a replay, written into its folder."""

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

import pandas as pd

from bmg_assets.replay.rounds import Round, table_of_rounds
from bmg_assets.reporting.replay_figure import draw_rounds
from bmg_assets.reporting.system_page import STYLE
from bmg_assets.science.compositions import parse_formula
from bmg_assets.science.systems import TargetSystem

NEAR_AT_PCT = 10.0
"""Within this of the reference, a maximum counts as found."""
TERNARY = 3


def report_replay(
    system: TargetSystem, rounds: Sequence[Round], folder: Path, reference: str | None
) -> tuple[Path, pd.DataFrame]:
    """Write `replay.html`, `replay.csv`, `maps.svg` and `maps.png`; gives the page's path and the table.

    Args:
        reference: formula of the composition that the maximum is measured against, if there is one.

    Raises:
        FormulaError: the reference does not parse.
    """
    point = None
    if reference is not None:
        amounts = parse_formula(reference).amounts
        point = [amounts.get(element, 0.0) for element in system.elements]
    table = table_of_rounds(system, rounds, point)
    table.to_csv(folder / "replay.csv", index=False)
    figures = draw_rounds(system, rounds) if len(system.elements) == TERNARY else {}
    for kind, data in figures.items():
        (folder / f"maps.{kind}").write_bytes(data)
    page = folder / "replay.html"
    page.write_text(_page(system, table, figures.get("png"), reference), encoding="utf-8")
    return page, table


def _page(system: TargetSystem, table: pd.DataFrame, map_png: bytes | None, reference: str | None) -> str:
    key = escape(system.key)
    picture = ""
    if map_png is not None:
        picture = f"<img alt='Maps' src='data:image/png;base64,{base64.b64encode(map_png).decode()}'>"
    rows = table.round(3).to_html(index=False, na_rep="", border=0)
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Replay of {key}</title>"
        f"<style>{STYLE}</style></head><body><h1>Replay of {key}</h1><p>{escape(_verdict(table, reference))}</p>"
        f"{picture}{rows}</body></html>"
    )


def _verdict(table: pd.DataFrame, reference: str | None) -> str:
    """How near the maximum came to the reference, round by round."""
    if reference is None:
        return "No reference composition was named."
    distances = table["from_reference_at_pct"]
    steps = ", ".join(f"{distance:g}" for distance in distances)
    near = "within" if distances.iloc[-1] <= NEAR_AT_PCT else "not within"
    return (
        f"The maximum lay {steps} at.% from {reference} in iterations 0 to {len(table) - 1}; at the end it is {near} "
        f"{NEAR_AT_PCT:g} at.% (largest difference in any element)."
    )
