"""The page, the figure and the tables of a replay, written into its folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bmg_assets.pages.rendering import Columns, Picture, render
from bmg_assets.pages.sentences import formula_led_by
from bmg_assets.replay.figure import draw_rounds
from bmg_assets.replay.paper import AFTER_THIRD_PAIR, beside_the_paper
from bmg_assets.replay.rounds import Round, nearest_top_point, point_of, read_rounds, table_of_rounds
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.iterations import distance_at_pct
from bmg_assets.spreadsheets import csv_of_frame
from bmg_assets.store.store import Store

NEAR_AT_PCT = 10.0
"""A maximum this near to the reference or nearer counts as found."""
TITLES = {"fusion_r2": "R² of the folds"}
UNITS = {"_at_pct": (" (at.%)", 1), "_mm": (" (mm)", 2)}
"""The unit as people write it, and the decimals, by the ending of a column's name."""


def report_replay(
    system: TargetSystem, store: Store, folder: Path, reference: str | None, is_papers: bool
) -> tuple[Path, pd.DataFrame]:
    """Write `replay.html`, `replay.csv`, `maps.svg` and `maps.png`; returns the page's path and the table of rounds.

    Args:
        store: of the replay.
        reference: formula of the composition that the maximum is measured against, if there is one.
        is_papers: whether these are the paper's casts, so that the paper's own rounds stand beside (`paper.csv`).

    Raises:
        FormulaError: the reference does not parse.
    """
    rounds, outcomes = read_rounds(store, system), store.read_table("cast_outcomes", system.key)
    table = table_of_rounds(system, rounds, outcomes, reference)
    (folder / "replay.csv").write_text(csv_of_frame(table), encoding="utf-8")
    figures = draw_rounds(system, rounds) if system.is_ternary else {}
    for kind, data in figures.items():
        (folder / f"maps.{kind}").write_bytes(data)
    paper = beside_the_paper(system, rounds) if is_papers else None
    if paper is not None:
        (folder / "paper.csv").write_text(csv_of_frame(paper), encoding="utf-8")
    alt, caption = f"Maps of {system.key} after each batch", "The map after each batch, on one colour scale."
    page = folder / "replay.html"
    html = render(
        "replay",
        system=system,
        distances=distances_in_words(system, rounds, reference, is_papers),
        maps=Picture("maps", figures, alt, caption) if figures else None,
        rounds=table,
        paper=paper,
        titled_by_name=titled_by_name,
        outcomes=_outcomes(system, outcomes),
    )
    page.write_text(html, encoding="utf-8")
    return page, table


def titled_by_name(table: pd.DataFrame) -> Columns:
    """All columns with their names as people write them: "moved_at_pct" is "moved (at.%)"."""
    columns: dict[str, tuple[str, int]] = {}
    for name in map(str, table):
        ending = next((one for one in UNITS if name.endswith(one)), "")
        unit, digits = UNITS.get(ending, ("", 3))
        columns[name] = (TITLES.get(name, name.removesuffix(ending).replace("_", " ") + unit), digits)
    return columns


def distances_in_words(system: TargetSystem, rounds: list[Round], reference: str | None, is_papers: bool) -> list[str]:
    """Distances of the maximum and the top region from the reference: at the end, and after the paper's third pair."""
    if reference is None:
        return ["No reference composition was named."]
    moments = {"At the end": rounds[-1]}
    if is_papers and len(rounds) > AFTER_THIRD_PAIR:
        moments = {"After the third pair": rounds[AFTER_THIRD_PAIR], **moments}
    return [_distances(system, when, one, reference) for when, one in moments.items()]


def _distances(system: TargetSystem, when: str, round_: Round, reference: str) -> str:
    point = point_of(system, reference)
    best = round_.record["best_at_pct"]
    top, top_distance = nearest_top_point(round_, point)
    distance = distance_at_pct(best, point)
    maximum = formula_led_by(system.elements, round_.record["best_composition"])
    verdict = "within" if distance <= NEAR_AT_PCT else "not within"
    return (
        f"{when} (iteration {round_.number}, {len(round_.casts)} own alloys) the maximum, "
        f"{maximum} with {round_.record['best_predicted_mm']:.2f} mm, misses {reference} by "
        f"{distance:g} at.%, which is {verdict} {NEAR_AT_PCT:g} at.%; the nearest point of the top region, "
        f"{formula_in_order(system.elements, top)}, misses it by {top_distance:g} at.%."
    )


def _outcomes(system: TargetSystem, outcomes: pd.DataFrame) -> pd.DataFrame:
    return outcomes.assign(
        composition=[formula_led_by(system.elements, one) for one in outcomes["composition"]],
        proposed=[_proposal(row) for row in outcomes.to_dict("records")],
    )


def _proposal(outcome: Mapping[Any, Any]) -> str:
    if pd.isna(outcome["proposed_in"]):
        return "no"
    return f"{outcome['proposed_as']} {outcome['proposed_rank']} of iteration {outcome['proposed_in']}"
