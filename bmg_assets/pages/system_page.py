"""The page of one system: what to cast next and why, in words first, then the maps, the history and the evidence."""

from collections.abc import Hashable, Mapping
from datetime import datetime
from functools import partial
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.candidates_in_words import chosen_in_words, price_in_words
from bmg_assets.pages.drawing import CLASS_TITLES
from bmg_assets.pages.drivers_section import drivers_section
from bmg_assets.pages.interactive_map import interactive_map
from bmg_assets.pages.page import Columns, Picture, Shown, document, download, paragraph, picture, table
from bmg_assets.pages.provenance import Provenance
from bmg_assets.pages.rounds_in_words import rounds_in_words
from bmg_assets.pages.system_facts import SystemFacts, formula_led_by
from bmg_assets.pages.system_interactive import system_figure, system_shades
from bmg_assets.pages.which_strategy import which_strategy
from bmg_assets.science.alloys.compositions import formula_in_order, parse_formula
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.lab_tables import what_to_cast
from bmg_assets.science.fingerprints import DIGITS
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.proposals.acquisition import best_apart
from bmg_assets.science.proposals.candidate_choice import PAPER

RANKED = 10
APART_AT_PCT = 5.0
"""Least difference between compositions that are listed as the best of the map by likeness."""
INTERVAL_NOTE = (
    "The interval is taken from the errors on alloys left out at random; for a system that nobody has cast it is too "
    "narrow: on the published set, intervals meant to hold 90 % of the alloys held 45 % of the bulk glasses of systems "
    "left out as a whole."
)
SCORES_NOTE = (
    "Scores are means over five random folds. Alloys of one family stand on both sides of each fold, so they say how "
    "well the models fill gaps among known alloys, and flatter them for a system that nobody has cast: on the "
    "published set R² falls from 0.77 with random folds to 0.65 when whole chemical systems are left out, and to 0.40 "
    "when all alloys of one majority element are."
)
LADDER = (
    "Cast a ribbon by melt spinning first. If it is amorphous, cast rods from 1 mm on in steps of 0.5 mm until X-ray "
    "diffraction shows crystals. Report every cast as a row of a file in the inbox, the failed ones too."
)
CATEGORIES = {
    "unrelated": "none of the system's elements",
    "I": "exactly one of its elements",
    "II": "two or more of its elements and nothing else, but not all",
    "III": "two or more of its elements, not all, and something else",
    "IV": "all of its elements and something else",
    "V": "the system itself",
    "lab": "own casts",
}
CANDIDATE_COLUMNS: Columns = {
    "formula": "composition",
    "dmax_mm": Shown("predicted D_max (mm)"),
    "interval_low_mm": Shown("from (mm)"),
    "interval_high_mm": Shown("to (mm)"),
    "nearest": "nearest known alloy",
    "state": "state",
    "reason": "why",
}
ALIKE_COLUMNS: Columns = {
    "formula": "composition",
    "probability_bulk": Shown("probability of a bulk glass"),
    "dmax_mm": Shown("expected D_max (mm)"),
    "interval_low_mm": Shown("from (mm)"),
    "interval_high_mm": Shown("to (mm)"),
    "expected_gain_mm": Shown("expected gain over the best known (mm)"),
    "chance_of_better": Shown("chance of a better bulk glass"),
    "nearest_at_pct": Shown("nearest known alloy differs by (at.%)", digits=0),
}
SCORE_COLUMNS: Columns = {
    "title": "model",
    "weight": Shown("fusion weight"),
    "weight_exact": Shown("exact optimum", digits=3),
    "r2_mean": Shown("R²", digits=3),
    "rmse_mean_mm": Shown("RMSE (mm)", digits=3),
}
ITERATION_COLUMNS: Columns = {
    "stage": "trained",
    "trained_at": "on (UTC)",
    "n_lab": "own alloys",
    "new_formulas": "new",
    "best_predicted_mm": Shown("highest prediction (mm)"),
    "best_formula": "at",
    "moved_at_pct": Shown("moved by (at.%)", digits=0),
    "mean_error_of_new_casts_mm": Shown("mean error of the new casts (mm)"),
    "best_cast_mm": Shown("best cast (mm)"),
    "best_cast_formula": "its composition",
    "fusion_r2": Shown("R²", digits=3),
}
OUTCOME_COLUMNS: Columns = {
    "formula": "composition",
    "first_known": "first known",
    "glass_class": "class",
    "dmax_mm": Shown("D_max (mm)"),
    "predicted_mm": Shown("had been predicted (mm)"),
    "interval_low_mm": Shown("from (mm)"),
    "interval_high_mm": Shown("to (mm)"),
    "error_mm": Shown("error (mm)"),
    "within_interval": "within the interval",
    "proposed_as": "proposed as",
}
MODEL_COLUMNS: Columns = {
    "title": "sub-model",
    "trials": "trials",
    "given_up": "given up early",
    "failed": "failed",
    "seed": "seed",
    "params": "hyper-parameters",
}
SOURCE_COLUMNS: Columns = {
    "source": "source",
    "rows": "rows",
    "used": "used",
    "references": "reference",
    "licence": "licence",
    "sha256": f"SHA-256 of its file, first {DIGITS} digits",
}


def render_page(facts: SystemFacts, pictures: Mapping[str, Picture], provenance: Provenance, made_at: datetime) -> str:
    """The page as HTML that needs no other file and no network.

    Args:
        pictures: the figures by name, as `draw_system` gives them.
        made_at: now, in UTC.
    """
    key = facts.system.key
    body = [
        f"<h1>{escape(key)}: what to cast next</h1>",
        paragraph(f"Made {made_at:%Y-%m-%d %H:%M} UTC from {facts.training}.", "note"),
        _next(facts),
        *(
            paragraph(words, "note")
            for words in which_strategy(facts.tables.evidence, facts.tables.strategy, facts.system.key)
        ),
        "<h2>The map</h2>",
        *_map(facts, pictures),
        "<h2>What alike alloys say</h2>",
        *_alike(facts, pictures),
        "<h2>Boundary points for verification</h2>",
        _boundary(facts),
        *_changes(facts, pictures),
        *drivers_section(facts),
        "<h2>How sure it is</h2>",
        paragraph(INTERVAL_NOTE, "warning"),
        *(picture(pictures[name]) for name in ("uncertainty", "sub_models") if name in pictures),
        "<h2>Scores</h2>",
        paragraph(SCORES_NOTE, "warning"),
        table(_scores(facts), SCORE_COLUMNS, "Cross-validated scores, random folds"),
        *(picture(pictures[name]) for name in ("parity", "importance", "search")),
        "<h2>Training set</h2>",
        table(_by_category(facts.tables.training_set), _category_columns(), "Alloys by category and class"),
        "<h2>Where it comes from</h2>",
        *_provenance(facts, provenance),
    ]
    return document(f"{key}: what to cast next", body)


def with_formulas(candidates: pd.DataFrame, system: TargetSystem) -> pd.DataFrame:
    """The candidates with a column `formula`: the composition with its elements in the order of the system's key."""
    return candidates.assign(formula=[formula_in_order(system.elements, point) for point in candidates["at_pct"]])


def state_in_words(state: object, because: object) -> str:
    """The state of a candidate as a clause, like "State: requested (ZAC-17: planned)"."""
    return f"State: {state}" + (f" ({because})" if because else "")


def _next(facts: SystemFacts) -> str:
    """The picks as sentences, how to cast them, and what would close open ladders."""
    candidates = with_formulas(facts.tables.candidates, facts.system)
    picks = candidates[candidates["kind"] == "pick"]
    items = "".join(f"<li>{_pick_in_words(facts, pick)}</li>" for pick in picks.to_dict("records"))
    own = facts.tables.lab
    ladders = what_to_cast(own.assign(composition=own["composition"].map(partial(_named, facts.system))))
    elsewhere = _higher_elsewhere(facts, picks)
    closing = paragraph("Ladders that are still open: " + "; ".join(ladders) + ".") if ladders else ""
    chosen = paragraph(chosen_in_words(candidates))
    return f"<div class='next'><ol>{items}</ol>{chosen}{elsewhere}{paragraph(LADDER)}{closing}</div>"


def _higher_elsewhere(facts: SystemFacts, picks: pd.DataFrame) -> str:
    """That the map in use has a higher prediction than the first pick by the paper's rule, outside of its region."""
    if (picks["rule"] != PAPER).any():
        return ""
    best = facts.tables.map_in_use.nlargest(1, "dmax_mm").to_dict("records")[0]
    if not len(picks) or best["dmax_mm"] <= picks["dmax_mm"].max():
        return ""
    return paragraph(
        f"The highest prediction of the whole map, {best['dmax_mm']:.2f} mm at "
        f"{formula_in_order(facts.system.elements, best['at_pct'])}, lies outside of the largest region or of the "
        "limits, or is cast already; the paper's rule prefers the larger region."
    )


def _pick_in_words(facts: SystemFacts, pick: Mapping[Hashable, Any]) -> str:
    grid = facts.tables.grid
    row = grid[grid["composition"] == pick["composition"]].iloc[0]
    says = ", ".join(f"{model.title} {row[f'{name}_mm']:.1f}" for name, model in SUB_MODELS.items())
    return (
        f"<strong>{escape(str(pick['formula']))}</strong>: predicted D<sub>max</sub> {pick['dmax_mm']:.2f} mm "
        f"(interval {pick['interval_low_mm']:.2f} to {pick['interval_high_mm']:.2f} mm), "
        f"{escape(str(pick['reason']))}. The sub-models say {escape(says)} mm. Nearest known alloy: "
        f"{escape(facts.nearest[pick['composition']])}. "
        f"{escape(state_in_words(pick['state'], pick['state_because']))}.{price_in_words(pick)}"
    )


def _map(facts: SystemFacts, pictures: Mapping[str, Picture]) -> list[str]:
    tables, key = facts.tables, facts.system.key
    save = "<p>" + download(f"{key}-iteration-{facts.iteration}.csv", "Save the whole map as CSV", _csv(facts)) + "</p>"
    if not facts.system.is_ternary:
        words = (
            f"A system of {len(facts.system.elements)} elements has no ternary map: its compositions do not lie in a "
            "plane. The highest predictions instead:"
        )
        best = with_formulas(tables.grid.nlargest(RANKED, "dmax_mm"), facts.system)
        columns = {
            name: CANDIDATE_COLUMNS[name] for name in ("formula", "dmax_mm", "interval_low_mm", "interval_high_mm")
        }
        return [paragraph(words), table(best, {**columns, "region": "region"}, "Highest predictions"), save]
    return [
        interactive_map(system_figure(facts), system_shades(tables.grid, facts.top_mm), f"predicted D_max of {key}"),
        picture(pictures["map"], "static-map"),
        save,
    ]


def _alike(facts: SystemFacts, pictures: Mapping[str, Picture]) -> list[str]:
    """The other map, and where on it nobody has cast."""
    transfer = facts.tables.transfer
    words = (
        "The strategy transfer prunes nothing: it asks all known alloys by how alike they are in composition and in "
        "what their melts are estimated to be. Its probabilities and intervals come from systems that were left out. "
        f"The best known alloy of the system has {transfer['best_known_mm'].iloc[0]:g} mm: what a cast may add to it "
        "depends on the prediction and on how little is known at that point."
    )
    best = with_formulas(_best_unknown(transfer), facts.system)
    parts = [paragraph(words), *(picture(pictures[name]) for name in ("probability",) if name in pictures)]
    caption = f"Where alike alloys promise most: nothing known, and {APART_AT_PCT:g} at.% or more from the rows above"
    return [*parts, table(best, ALIKE_COLUMNS, caption)]


def _best_unknown(transfer: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table `transfer_grid` that differ from what is known and from each other, the best first."""
    at_pct = np.array(transfer["at_pct"].tolist(), dtype=np.float64)
    is_unknown = transfer["nearest_at_pct"].to_numpy(np.float64) > 0
    return transfer.iloc[best_apart(at_pct, transfer["score"].to_numpy(np.float64), is_unknown, RANKED, APART_AT_PCT)]


def _csv(facts: SystemFacts) -> str:
    """The table `prediction_grid` with one column for each element."""
    grid = facts.tables.grid
    amounts = np.array(grid["at_pct"].tolist())
    columns = {f"{element}_at_pct": amounts[:, place] for place, element in enumerate(facts.system.elements)}
    rest = grid.drop(columns=["target_system", "at_pct", "point"]).set_index(grid.index)
    return pd.concat([pd.DataFrame(columns, index=grid.index), rest], axis=1).to_csv(index=False, float_format="%.4g")


def _boundary(facts: SystemFacts) -> str:
    candidates = with_formulas(facts.tables.candidates, facts.system)
    boundary = candidates[candidates["kind"] == "verification"]
    if boundary.empty and (candidates["rule"] != PAPER).any():
        return paragraph("They belong to the paper's rule, by which these candidates were not chosen.")
    if boundary.empty:
        return paragraph("None of them lies on the grid.")
    return table(boundary.assign(nearest=boundary["composition"].map(facts.nearest)), CANDIDATE_COLUMNS)


def _changes(facts: SystemFacts, pictures: Mapping[str, Picture]) -> list[str]:
    """What happened since the last iteration, and the iterations so far."""
    tables, system = facts.tables, facts.system
    stages = rounds_in_words(tables.iterations)
    history = tables.iterations.assign(
        stage=stages.to_numpy(),
        best_formula=[formula_in_order(system.elements, point) for point in tables.iterations["best_at_pct"]],
        new_formulas=[", ".join(_named(system, one) for one in new) for new in tables.iterations["new_compositions"]],
        best_cast_formula=tables.iterations["best_cast_composition"].map(partial(_named, system), na_action="ignore"),
    )
    parts = ["<h2>Since the last iteration</h2>", paragraph(_change_in_words(facts, history))]
    if "change" in pictures:
        parts.append(picture(pictures["change"]))
    if len(tables.outcomes):
        outcomes = with_formulas(tables.outcomes, system).sort_values("first_known_in", ascending=False)
        outcomes = outcomes.assign(
            glass_class=outcomes["glass_class"].map(CLASS_TITLES), first_known=outcomes["first_known_in"].map(stages)
        )
        parts.append(table(outcomes, OUTCOME_COLUMNS, "Own casts, and what had been predicted for them before"))
    parts += [
        "<h2>All iterations</h2>",
        table(history, ITERATION_COLUMNS, "One row per training that knew other casts"),
    ]
    return parts


def _change_in_words(facts: SystemFacts, history: pd.DataFrame) -> str:
    this = history.iloc[-1]
    if facts.tables.earlier_map is None:
        return f"This is the first training, {facts.stage}: there is nothing to compare with."
    last = history.iloc[-2]
    new = this["new_formulas"] or "none (a result was changed or withdrawn)"
    moved = "stayed where it was" if this["moved_at_pct"] == 0 else f"moved by {this['moved_at_pct']:g} at.%"
    error = this["mean_error_of_new_casts_mm"]
    off = "" if pd.isna(error) else f" What had been predicted for them was off by {error:.2f} mm on average."
    before, now = (f"{one['best_formula']} ({one['best_predicted_mm']:.2f} mm)" for one in (last, this))
    return f"New alloys: {new}.{off} The maximum {moved}, from {before} to {now}."


def _named(system: TargetSystem, composition: str) -> str:
    """A composition with the system's elements first, in the order of its key."""
    return formula_led_by(system, parse_formula(composition).amounts)


def _scores(facts: SystemFacts) -> pd.DataFrame:
    titles = {name: model.title for name, model in SUB_MODELS.items()} | {"fusion": "fusion"}
    return facts.tables.fusion.assign(title=facts.tables.fusion["model"].map(titles))


def _by_category(training_set: pd.DataFrame) -> pd.DataFrame:
    counts = pd.crosstab(training_set["category"], training_set["glass_class"])
    counts = counts.reindex(index=[name for name in CATEGORIES if name in counts.index], columns=list(CLASS_TITLES))
    counts = counts.fillna(0).astype(int)
    rows = counts.assign(alloys=counts.sum(axis=1)).reset_index()
    return rows.assign(meaning=rows["category"].map(CATEGORIES))


def _category_columns() -> Columns:
    return {"category": "category", "meaning": "alloys that hold", **CLASS_TITLES, "alloys": "together"}


def _provenance(facts: SystemFacts, provenance: Provenance) -> list[str]:
    first = facts.tables.training_set.iloc[0]
    rows = facts.tables.training_set
    own = rows.loc[rows["category"] == "lab", "weight"]
    words = (
        f"Training set {facts.fingerprint}: sub-dataset ({first['sub_dataset']}), {first['element_tables']} element "
        f"tables, {len(facts.importance.descriptors)} descriptors"
        + (f", own casts with weight {own.iloc[0]:g}." if len(own) else ".")
    )
    models = pd.DataFrame(
        [
            {
                "title": SUB_MODELS[name].title,
                "trials": len(model.trials),
                "given_up": sum(trial.status == "stopped_early" for trial in model.trials),
                "failed": sum(trial.status == "failed" for trial in model.trials),
                "seed": str(model.seed),
                "params": ", ".join(f"{one} {value:g}" for one, value in model.params.items()),
            }
            for name, model in facts.models.items()
        ]
    )
    libraries = ", ".join(f"{name} {number}" for name, number in provenance.libraries.items())
    code = ", ".join(f"{name} {number}" for name, number in provenance.code.items())
    return [
        paragraph(words),
        table(
            provenance.sources.assign(sha256=provenance.sources["sha256"].str[:DIGITS]),
            SOURCE_COLUMNS,
            "Sources of the literature",
        ),
        table(models, MODEL_COLUMNS, "Searches"),
        paragraph(f"Software: {libraries}."),
        paragraph(f"Versions of the steps: {code}."),
    ]
