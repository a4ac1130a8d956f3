"""The page of one system: what to cast next and why, then the maps, the history and the evidence.

Here the tables of the system are arranged; the words are in the template `system`.
"""

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from bmg_assets.pages.drawing import CLASS_TITLES
from bmg_assets.pages.provenance import Provenance
from bmg_assets.pages.rendering import Picture, grid_as_csv, render
from bmg_assets.pages.sentences import (
    chosen_in_words,
    formula_led_by,
    interval_in_words,
    price_in_words,
    rounds_in_words,
    state_in_words,
    with_formulas,
)
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets.pages.system_figures import system_map
from bmg_assets.pages.which_strategy import which_strategy
from bmg_assets.science.casts.lab_tables import what_to_cast
from bmg_assets.science.fingerprints import DIGITS
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.proposals.candidate_choice import PAPER
from bmg_assets.science.proposals.surrogate_map import RANKED, RANKED_APART_AT_PCT
from bmg_assets.science.surrogates.catalogue import SURROGATES

CATEGORIES = {
    "unrelated": "none of the system's elements",
    "I": "exactly one of its elements",
    "II": "two or more of its elements and nothing else, but not all",
    "III": "two or more of its elements, not all, and something else",
    "IV": "all of its elements and something else",
    "V": "the system itself",
    "lab": "own casts",
}


def render_page(facts: SystemFacts, pictures: Mapping[str, Picture], provenance: Provenance, made_at: datetime) -> str:
    """The page as HTML that needs no other file and no network.

    Args:
        pictures: the figures by name, as `draw_system` gives them.
        made_at: now, in UTC.
    """
    tables, system = facts.tables, facts.system
    candidates = with_formulas(tables.candidates, system)
    candidates["nearest"] = candidates["composition"].map(facts.nearest)
    picks = candidates[candidates["is_recommended"] & (candidates["kind"] == "pick")]
    lab = tables.lab.assign(composition=_led(facts, tables.lab["composition"]))
    own_weights = tables.training_set.loc[tables.training_set["category"] == "lab", "weight"]
    return render(
        "system",
        facts=facts,
        system=system,
        tables=tables,
        pictures=pictures,
        provenance=provenance,
        made_at=made_at,
        picks=[_pick(facts, pick) for pick in picks.to_dict("records")],
        boundary=candidates[candidates["kind"] == "verification"],
        by_papers_rule=bool((tables.recommended["rule"] == PAPER).all()),
        chosen=chosen_in_words(tables.recommended),
        ladders=what_to_cast(lab),
        higher_elsewhere=_higher_elsewhere(facts, picks),
        advice=which_strategy(tables.evidence, tables.strategy, system.key),
        surrogate=SURROGATES[tables.surrogate],
        map=system_map(facts) if system.is_ternary else None,
        highest=with_formulas(tables.grid.nlargest(RANKED, "dmax_mm"), system),
        csv=grid_as_csv(system.elements, tables.grid, 4),
        ranked=with_formulas(tables.transfer.dropna(subset="rank_apart").sort_values("rank_apart"), system),
        apart_at_pct=RANKED_APART_AT_PCT,
        history=_history(facts),
        outcomes=_outcomes(facts),
        drivers=_drivers(facts),
        scores=tables.fusion.assign(title=[_title(name) for name in tables.fusion["model"]]),
        by_category=_by_category(tables.training_set),
        class_titles=CLASS_TITLES,
        training=tables.training_set.iloc[0],
        own_weight=own_weights.iloc[0] if len(own_weights) else None,
        sources=provenance.sources.assign(sha256=provenance.sources["sha256"].str[:DIGITS]),
        digits=DIGITS,
        searches=_searches(facts),
    )


def _pick(facts: SystemFacts, pick: dict[Hashable, Any]) -> dict[Hashable, Any]:
    """A pick with its predictions by the sub-models and its state as words."""
    row = facts.tables.grid.set_index("composition").loc[pick["composition"]]
    return pick | {
        "by_sub_model": ", ".join(f"{model.title} {row[f'{name}_mm']:.1f}" for name, model in SUB_MODELS.items()),
        "state_in_words": state_in_words(pick["state"], pick["state_because"]),
        "price_in_words": price_in_words(pick),
        "interval_in_words": interval_in_words(pick),
    }


def _higher_elsewhere(facts: SystemFacts, picks: pd.DataFrame) -> dict[Hashable, Any] | None:
    """The point with the highest prediction of the map in use, if it exceeds the picks by the paper's rule."""
    if (picks["rule"] != PAPER).any():
        return None
    best = with_formulas(facts.tables.map_in_use.nlargest(1, "dmax_mm"), facts.system).to_dict("records")[0]
    return best if len(picks) and best["dmax_mm"] > picks["dmax_mm"].max() else None


def _history(facts: SystemFacts) -> pd.DataFrame:
    """The table `iterations` with its stages and formulas in words."""
    iterations = facts.tables.iterations
    return with_formulas(iterations.assign(at_pct=iterations["best_at_pct"]), facts.system).assign(
        stage=rounds_in_words(iterations).to_numpy(),
        new_formulas=[", ".join(_led(facts, new)) for new in iterations["new_compositions"]],
        best_cast_formula=_led(facts, iterations["best_cast_composition"]),
    )


def _outcomes(facts: SystemFacts) -> pd.DataFrame:
    """The table `cast_outcomes`, the latest casts first."""
    outcomes = with_formulas(facts.tables.outcomes, facts.system).sort_values("first_known_in", ascending=False)
    return outcomes.assign(
        glass_class=outcomes["glass_class"].map(CLASS_TITLES),
        first_known=outcomes["first_known_in"].map(rounds_in_words(facts.tables.iterations)),
    )


def _drivers(facts: SystemFacts) -> dict[str, dict[str, pd.DataFrame]]:
    """The known alloys behind each candidate, by kind and formula of the candidate."""
    drivers = facts.drivers.assign(
        share_pct=100 * facts.drivers["forest_share"],
        glass_class=facts.drivers["glass_class"].map(CLASS_TITLES),
        composition=_led(facts, facts.drivers["composition"]),
    )
    candidates = with_formulas(facts.tables.recommended, facts.system)
    return {
        kind: {
            row["formula"]: drivers[drivers["candidate"] == row["composition"]]
            for row in candidates[candidates["kind"] == kind].to_dict("records")
        }
        for kind in ("pick", "verification")
    }


def _by_category(training_set: pd.DataFrame) -> pd.DataFrame:
    counts = pd.crosstab(training_set["category"], training_set["glass_class"])
    counts = counts.reindex(index=[name for name in CATEGORIES if name in counts.index], columns=list(CLASS_TITLES))
    counts = counts.fillna(0).astype(int)
    rows = counts.assign(alloys=counts.sum(axis=1)).reset_index()
    return rows.assign(meaning=rows["category"].map(CATEGORIES))


def _searches(facts: SystemFacts) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "title": _title(name),
                "trials": len(model.trials),
                "given_up": sum(trial.status == "stopped_early" for trial in model.trials),
                "failed": sum(trial.status == "failed" for trial in model.trials),
                "seed": str(model.seed),
                "params": ", ".join(f"{one} {value:g}" for one, value in model.params.items()),
            }
            for name, model in facts.models.items()
        ]
    )


def _title(model: str) -> str:
    return SUB_MODELS[model].title if model in SUB_MODELS else model


def _led(facts: SystemFacts, compositions: Any) -> list[str]:
    """Compositions with the system's elements first, in the order of its key; empty where there is none."""
    return ["" if pd.isna(one) else formula_led_by(facts.system.elements, one) for one in compositions]
