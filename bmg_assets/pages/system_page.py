"""The page of one system: what to cast next and why, then the maps, the history and the evidence.

Here the tables of the system are arranged; the words are in the template `system`.
"""

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from bmg_assets.pages.cards import card_groups, nearest_reported_in_words, trust_in_words
from bmg_assets.pages.drawing import CLASS_TITLES
from bmg_assets.pages.map_symbols import maps_in_order
from bmg_assets.pages.provenance import Provenance
from bmg_assets.pages.quaternary_figures import exchanges, map_of_four
from bmg_assets.pages.rendering import NO_LINKS, Links, Picture, grid_as_csv, render
from bmg_assets.pages.sentences import (
    TOO_FAR,
    chance_of_more_in_words,
    formula_led_by,
    rounds_in_words,
    with_formulas,
)
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets.pages.system_figures import system_map
from bmg_assets.science.casts.lab_tables import what_to_cast
from bmg_assets.science.fingerprints import DIGITS
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.proposals.agreement import chance_in_words
from bmg_assets.science.proposals.surrogate_map import RANKED, RANKED_APART_AT_PCT
from bmg_assets.science.surrogates.catalogue import PAPER, SURROGATES

CATEGORIES = {
    "unrelated": "none of the system's elements",
    "I": "exactly one of its elements",
    "II": "two or more of its elements and nothing else, but not all",
    "III": "two or more of its elements, not all, and something else",
    "IV": "all of its elements and something else",
    "V": "the system itself",
    "lab": "own casts",
}


def render_page(
    facts: SystemFacts,
    pictures: Mapping[str, Picture],
    provenance: Provenance,
    made_at: datetime,
    links: Links = NO_LINKS,
) -> str:
    """The page as HTML that needs no other file and no network.

    Args:
        pictures: the figures by name, as `draw_system` gives them.
        made_at: now, in UTC.
        links: addresses of other pages by their names, see store/page_links.py.
    """
    tables, system = facts.tables, facts.system
    ranked = _ranked(facts)
    boundary = with_formulas(tables.candidates[tables.candidates["kind"] == "verification"], system)
    lab = tables.lab.assign(composition=_led(facts, tables.lab["composition"]))
    own_weights = tables.training_set.loc[tables.training_set["category"] == "lab", "weight"]
    return render(
        "system",
        links=links,
        facts=facts,
        system=system,
        tables=tables,
        pictures=pictures,
        provenance=provenance,
        made_at=made_at,
        trust=trust_in_words(tables.candidates),
        chance_of_more=chance_of_more_in_words(tables.iterations),
        groups=card_groups(system, tables.candidates),
        papers=PAPER.name,
        boundary=boundary.assign(
            nearest=[nearest_reported_in_words(system, one) for one in boundary.to_dict("records")]
        ),
        ladders=what_to_cast(lab),
        higher_elsewhere=_higher_elsewhere(facts),
        surrogate=SURROGATES[tables.surrogate],
        map=system_map(facts) if system.is_ternary else None,
        map_of_four=map_of_four(facts) if system.is_quaternary else None,
        exchanges=[] if system.is_ternary else exchanges(facts),
        exchange_columns={"more": "", **{element: f"less {element}" for element in system.elements}},
        maps=maps_in_order(facts.tables),
        highest=with_formulas(tables.grid.nlargest(RANKED, "dmax_mm"), system),
        csv=_map_as_csv(facts),
        ranked=ranked[ranked["is_trusted"]],
        n_ranked=len(ranked),
        beyond=_beyond_in_words(facts),
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


def _higher_elsewhere(facts: SystemFacts) -> dict[Hashable, Any] | None:
    """The point with the highest prediction of the paper's map, if it exceeds the paper's picks."""
    candidates = facts.tables.candidates
    pair = candidates[(candidates["strategy"] == PAPER.name) & (candidates["kind"] == "pick")]
    best = with_formulas(facts.tables.grid.nlargest(1, "dmax_mm"), facts.system).to_dict("records")[0]
    return best if len(pair) and best["dmax_mm"] > pair["dmax_mm"].max() else None


def _ranked(facts: SystemFacts) -> pd.DataFrame:
    """The best compositions of the surrogate's map that are apart, with their chances in words."""
    ranked = facts.tables.transfer.dropna(subset="rank_apart").sort_values("rank_apart")
    columns = ("probability_bulk", "chance_of_better")
    chances = {name: ranked[name].map(chance_in_words, na_action="ignore") for name in columns}
    return with_formulas(ranked.assign(**chances), facts.system)


def _beyond_in_words(facts: SystemFacts) -> str:
    """How much of the map is too far from what is known, and whether the recommended picks are, as a sentence."""
    share = float((~facts.tables.coarse_transfer["is_trusted"].astype(bool)).mean())
    if share == 0:
        return ""
    picks = facts.tables.candidates[facts.tables.candidates["kind"] == "pick"]
    n_far = int((~picks.loc[picks["is_recommended"], "is_trusted"]).sum())
    where = f"{100 * share:.0f} % of the map is {TOO_FAR} for a number (hatched below)"
    n_picks = int(picks["is_recommended"].sum())
    which = f", and so {'are' if n_far > 1 else 'is'} {n_far} of the {n_picks} recommended picks"
    said = f"{where}{which if n_far else '; the recommended picks are not'}."
    is_silent = pd.isna(facts.tables.iterations["chance_of_more"].iloc[-1])
    return f"{said} So nothing is said of the chance of a better alloy." if is_silent else said


def _map_as_csv(facts: SystemFacts) -> str:
    """The paper's map with the columns of the surrogate's beside it; by points that only the latter has, it ends."""
    columns = ["dmax_mm", "interval_low_mm", "interval_high_mm", "probability_bulk", "is_trusted"]
    grid, transfer = facts.tables.grid, facts.tables.transfer
    own = transfer.loc[~transfer["composition"].isin(grid["composition"]), ["composition", "at_pct"]]
    points = pd.concat([grid, own], ignore_index=True) if len(own) else grid
    surrogate = transfer.set_index("composition")[columns].add_prefix("surrogate_")
    return grid_as_csv(facts.system.elements, points.join(surrogate, on="composition"), 4)


def _history(facts: SystemFacts) -> pd.DataFrame:
    """The table `iterations` with its stages and formulas in words."""
    iterations = facts.tables.iterations
    return with_formulas(iterations.assign(at_pct=iterations["best_at_pct"]), facts.system).assign(
        stage=rounds_in_words(iterations).to_numpy(),
        new_formulas=[", ".join(_led(facts, new)) for new in iterations["new_compositions"]],
        best_cast_formula=_led(facts, iterations["best_cast_composition"]),
        chance_of_more_pct=100 * iterations["chance_of_more"],
    )


def _outcomes(facts: SystemFacts) -> pd.DataFrame:
    """The table `cast_outcomes`, the latest casts first."""
    outcomes = with_formulas(facts.tables.outcomes, facts.system).sort_values("first_known_in", ascending=False)
    return outcomes.assign(
        glass_class=outcomes["glass_class"].map(CLASS_TITLES),
        first_known=outcomes["first_known_in"].map(rounds_in_words(facts.tables.iterations)),
    )


def _drivers(facts: SystemFacts) -> dict[str, dict[str, pd.DataFrame]]:
    """The known alloys behind the paper's pair and behind the other candidates, by formula of the candidate."""
    drivers = facts.drivers.assign(
        share_pct=100 * facts.drivers["forest_share"],
        glass_class=facts.drivers["glass_class"].map(CLASS_TITLES),
        composition=_led(facts, facts.drivers["composition"]),
    )
    candidates = with_formulas(facts.tables.candidates, facts.system).drop_duplicates("composition", keep="last")
    is_pair = (candidates["kind"] == "pick") & (candidates["strategy"] == PAPER.name)
    return {
        name: {
            row["formula"]: drivers[drivers["candidate"] == row["composition"]]
            for row in candidates[which].to_dict("records")
        }
        for name, which in (("pair", is_pair), ("others", ~is_pair))
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
