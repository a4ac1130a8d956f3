"""The page, the figure and the tables of a replay, written into its folder."""

import base64
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from bmg_assets.pages.page import document
from bmg_assets.replay.figure import draw_rounds
from bmg_assets.replay.paper import AFTER_THIRD_PAIR, beside_the_paper
from bmg_assets.replay.rounds import Round, named, nearest_top_point, point_of, read_rounds, table_of_rounds
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.iterations import distance_at_pct
from bmg_assets.store.store import Store

NEAR_AT_PCT = 10.0
"""Within this of the reference, a maximum counts as found."""
WIDER = "body { max-width: 80rem }"
"""Style of a page with more columns than others."""
DISTANCE_NOTE = "Distances between compositions are the largest difference in any element."
OUTCOME_COLUMNS = {
    "composition": "cast",
    "first_known_in": "known since iteration",
    "dmax_mm": "cast (mm)",
    "predicted_mm": "predicted before (mm)",
    "interval_low_mm": "from (mm)",
    "interval_high_mm": "to (mm)",
    "within_interval": "within",
    "error_mm": "error (mm)",
    "proposed": "had been proposed",
}
# Names of columns as people read them; the files keep the names with units.
TITLES = {"rank_here": "rank here", "predicted_here_mm": "predicted here (mm)", "fusion_r2": "R² of the folds"}


def report_replay(
    system: TargetSystem, store: Store, folder: Path, reference: str | None, is_papers: bool
) -> tuple[Path, pd.DataFrame]:
    """Write `replay.html`, `replay.csv`, `maps.svg` and `maps.png`; gives the page's path and the table of rounds.

    Args:
        store: of the replay.
        reference: formula of the composition that the maximum is measured against, if there is one.
        is_papers: whether these are the paper's casts, so that its own story is told beside (`paper.csv`).

    Raises:
        FormulaError: the reference does not parse.
    """
    rounds, outcomes = read_rounds(store, system), store.read_table("cast_outcomes", system.key)
    table = table_of_rounds(system, rounds, outcomes, reference)
    table.to_csv(folder / "replay.csv", index=False)
    parts = [f"<p>{escape(sentence)}</p>" for sentence in distances_in_words(system, rounds, reference, is_papers)]
    figures = draw_rounds(system, rounds) if system.is_ternary else {}
    for kind, data in figures.items():
        (folder / f"maps.{kind}").write_bytes(data)
    if figures:
        parts.append(f"<img alt='Maps' src='data:image/png;base64,{base64.b64encode(figures['png']).decode()}'>")
    parts += ["<h2>Rounds</h2>", _html(table), f"<p class='note'>{DISTANCE_NOTE}</p>"]
    if is_papers:
        paper = beside_the_paper(system, rounds)
        paper.to_csv(folder / "paper.csv", index=False)
        parts += ["<h2>Beside the paper</h2>", _html(paper)]
    parts += ["<h2>Casts and what had been predicted for them</h2>", _html(_readable(system, outcomes))]
    page = folder / "replay.html"
    page.write_text(_page(system, "".join(parts)), encoding="utf-8")
    return page, table


def distances_in_words(system: TargetSystem, rounds: list[Round], reference: str | None, is_papers: bool) -> list[str]:
    """How near the maximum and the top region came to the reference: at the end, and after the paper's third pair."""
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
    verdict = "within" if distance <= NEAR_AT_PCT else "not within"
    return (
        f"{when} (iteration {round_.number}, {len(round_.casts)} own alloys) the maximum, "
        f"{named(system, round_.record['best_composition'])} with {round_.record['best_predicted_mm']:.2f} mm, misses "
        f"{reference} by {distance:g} at.%, which is {verdict} {NEAR_AT_PCT:g} at.%; the nearest point of the top "
        f"region, {formula_in_order(system.elements, top)}, misses it by {top_distance:g} at.%."
    )


def _readable(system: TargetSystem, outcomes: pd.DataFrame) -> pd.DataFrame:
    shown = outcomes.assign(composition=[named(system, one) for one in outcomes["composition"]])
    shown["within_interval"] = shown["within_interval"].map({True: "yes", False: "no"})
    shown["proposed"] = [_proposal(row) for row in outcomes.to_dict("records")]
    return shown[list(OUTCOME_COLUMNS)].rename(columns=OUTCOME_COLUMNS)


def _proposal(outcome: Mapping[Any, Any]) -> str:
    if pd.isna(outcome["proposed_in"]):
        return "no"
    return f"{outcome['proposed_as']} {outcome['proposed_rank']} of iteration {outcome['proposed_in']}"


def _html(table: pd.DataFrame) -> str:
    titles = {name: TITLES.get(name, _title(str(name))) for name in table.columns}
    html = table.round(3).rename(columns=titles).to_html(index=False, na_rep="", border=0)
    return f"<div class='wide'>{html}</div>"


def _title(name: str) -> str:
    """A column's name with its unit as people write it: "moved_at_pct" is "moved (at.%)"."""
    for ending, unit in (("_at_pct", " (at.%)"), ("_mm", " (mm)")):
        if name.endswith(ending):
            return name.removesuffix(ending).replace("_", " ") + unit
    return name.replace("_", " ")


def _page(system: TargetSystem, body: str) -> str:
    title = f"Replay of {system.key}"
    return document(title, [f"<style>{WIDER}</style><h1>{escape(title)}</h1>", body])
