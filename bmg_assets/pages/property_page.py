"""The page of a property's map in a system: what it says in words, the map, how good it is, and its provenance."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.interactive_map import interactive_map
from bmg_assets.pages.page import Columns, Picture, Shown, document, download, paragraph, picture, table
from bmg_assets.pages.property_facts import PropertyFacts
from bmg_assets.pages.property_interactive import property_figure, property_shades
from bmg_assets.pages.provenance import sources_of
from bmg_assets.pages.system_page import CATEGORIES
from bmg_assets.science.literature.known_alloys import amounts_of
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

NEAREST_SHOWN = 20
BASELINES = {
    "rmse_mean": "the mean of the other alloys",
    "rmse_melting_points": "a straight line in the mean melting point of the elements",
    "rmse_fractions": "a sum over the elements, each times its fraction",
}
SOURCE_COLUMNS: Columns = {
    "source": "source",
    "rows": "values",
    "used": "used",
    "references": "references",
    "licence": "licence",
}
REFUSED_COLUMNS: Columns = {
    "source": "source",
    "source_row": "row",
    "formula_reported": "formula",
    "value_reported": "value",
    "reason": "refused because",
}


def render_property(
    facts: PropertyFacts, pictures: Mapping[str, Picture], libraries: Mapping[str, str], made_at: datetime
) -> str:
    """The page as HTML.

    Args:
        pictures: see `draw_property`.
        libraries: version of each library that has a part in the numbers.
        made_at: now, in UTC.
    """
    title = f"{facts.system.key}: {facts.prop.title} {facts.prop.symbol}"
    name = f"{facts.prop.symbol}-{facts.system.key}.csv"
    body = [
        f"<h1>{escape(facts.system.key)}: {escape(facts.prop.title)} {_symbol(facts.prop.symbol)}</h1>",
        paragraph(f"Made {made_at:%Y-%m-%d %H:%M} UTC. {facts.training}.", "note"),
        *_in_words(facts),
        "<h2>The map</h2>",
        *_map(facts, pictures),
        f"<p>{download(name, 'Save the whole map as CSV', _csv(facts))}</p>",
        *(picture(pictures[name]) for name in ("distance",) if name in pictures),
        "<h2>What is known nearby</h2>",
        *_nearest(facts),
        "<h2>How good it is</h2>",
        *_scores(facts),
        picture(pictures["parity"]),
        "<h2>Where it comes from</h2>",
        *_provenance(facts, libraries),
    ]
    return document(title, body)


def _map(facts: PropertyFacts, pictures: Mapping[str, Picture]) -> list[str]:
    if "map" not in pictures:
        return [paragraph("A system of more than three elements has no ternary map; the CSV holds all its points.")]
    subject = f"predicted {facts.prop.title} of {facts.system.key}"
    shown = interactive_map(property_figure(facts), property_shades(facts), subject)
    return [shown, picture(pictures["map"], "static-map")]


def _in_words(facts: PropertyFacts) -> list[str]:
    prop, scores = facts.prop, facts.scores
    low, high = facts.lowest, facts.highest
    quartiles = facts.grid["value"].quantile([0.25, 0.75])
    half = float((facts.grid["interval_high"] - facts.grid["interval_low"]).median()) / 2
    words = [
        f"The predicted {prop.title} is lowest at {facts.formula(low)} with {_amount(facts, low['value'])}, and "
        f"highest at {facts.formula(high)} with {_amount(facts, high['value'])}. Half of the map lies between "
        f"{_amount(facts, quartiles.iloc[0])} and {_amount(facts, quartiles.iloc[1])}.",
        f"A prediction is known to about ± {_amount(facts, half)} ({scores['coverage']:.0%} interval, from alloys left "
        "out at random). Where the nearest known alloy is far, it is less certain than that.",
    ]
    parts = ["<div class='next'>", *map(paragraph, words), "</div>"]
    if pd.notna(scores["rmse_without_system"]):
        caution = (
            f"The error is {_amount(facts, scores['rmse_fusion'])} (RMSE) for alloys left out at random, and "
            f"{_amount(facts, scores['rmse_without_system'])} for alloys of systems that were left out whole. For "
            f"{facts.system.key}, of which {scores['n_of_system']} alloys were trained on, expect the "
            f"{'former near these and the latter far from them' if scores['n_of_system'] else 'latter'}."
        )
        parts.append(paragraph(caution, "warning"))
    return parts


def _nearest(facts: PropertyFacts) -> list[str]:
    """Known alloys with the fewest atoms of other elements, those in the diagram first."""
    amounts = amounts_of(facts.system, facts.alloys)
    accepted = facts.reports[facts.reports["status"] == "accepted"]
    references = accepted.groupby("composition")["reference"].agg(lambda cited: "; ".join(sorted(set(cited))))
    near = facts.alloys.assign(
        foreign=np.clip(100 - amounts.sum(axis=1), 0, 100),
        formula=facts.alloys["composition"].map(facts.formulas_of_known()),
        n_shared=(amounts > 0).sum(axis=1),
        reference=facts.alloys["composition"].map(references).mask(facts.alloys["category"] == "lab", "own cast"),
    ).sort_values(["foreign", "n_shared", "composition"], ascending=[True, False, True], kind="stable")
    unit = facts.prop.unit
    columns: Columns = {
        "formula": "alloy",
        "foreign": Shown("atoms of other elements (at.%)", digits=1),
        "value": Shown(f"known ({unit})", digits=1),
        "predicted": Shown(f"predicted, not seen ({unit})", digits=1),
        "predicted_without_system": Shown(f"predicted without its system ({unit})", digits=1),
        "is_trained": "trained on",
        "reference": "reported by",
    }
    inside = len(facts.alloys_in_diagram())
    words = f"{inside} of the {len(facts.alloys)} alloys with a known value lie in the diagram."
    words += " The nearest first:" if inside <= NEAREST_SHOWN else f" {NEAREST_SHOWN} of them:"
    return [paragraph(words), table(near.head(NEAREST_SHOWN), columns)]


def _scores(facts: PropertyFacts) -> list[str]:
    scores, unit = facts.scores, facts.prop.unit
    rows: list[dict[str, Any]] = [
        {"model": model.title, "weight": scores[f"weight_{name}"], "rmse": scores[f"rmse_{name}"]}
        for name, model in SUB_MODELS.items()
    ]
    rows.append({"model": "fusion", "weight": None, "rmse": scores["rmse_fusion"]})
    rows += [{"model": words, "weight": None, "rmse": scores[name]} for name, words in BASELINES.items()]
    columns: Columns = {
        "model": "model",
        "weight": Shown("fusion weight"),
        "rmse": Shown(f"RMSE on random folds ({unit})", digits=2),
    }
    further = [f"R² of the fusion on random folds: {scores['r2_fusion']:.3f}."]
    if pd.notna(scores["rmse_without_system"]):
        further.append(
            f"With the same hyper-parameters the fusion errs by {_amount(facts, scores['rmse_without_system'])} "
            "(RMSE) where all alloys of the same elements were left out together."
        )
    if pd.notna(scores["rmse_left_out"]):
        further.append(
            f"For the {scores['n_left_out']} alloys that {facts.sub_dataset_in_words()} leaves out it errs by "
            f"{_amount(facts, scores['rmse_left_out'])}."
        )
    note = (
        "Random folds: a fifth of the alloys is left out at a time, others of the same system are mostly not. Such a "
        "score does not tell how good the map is for a system of which nothing is known."
    )
    return [table(pd.DataFrame(rows), columns), paragraph(" ".join(further)), paragraph(note, "note")]


def _provenance(facts: PropertyFacts, libraries: Mapping[str, str]) -> list[str]:
    scores, refused = facts.scores, facts.reports[facts.reports["status"] == "refused"]
    by_category = facts.alloys.loc[facts.alloys["is_trained"], "category"].value_counts().to_dict()
    counted = ", ".join(f"{count} {name}" for name, count in by_category.items())
    parts = [
        table(sources_of(facts.reports, {}), SOURCE_COLUMNS),
        paragraph(
            f"Trained on {counted}: {facts.sub_dataset_in_words()}; {scores['n_own']} own casts of this system among "
            f"them. {scores['n_not_described']} known alloys have no descriptors and take no part. Categories: "
            f"{'; '.join(f'{name}: {words}' for name, words in CATEGORIES.items())}.",
        ),
        paragraph(
            f"Budget {scores['budget']}, seed {scores['seed']}, element tables {scores['element_tables']}, identity of "
            f"the training set {scores['training_fingerprint']}, of the whole {scores['made_from']}; trained "
            f"{scores['made_at']:%Y-%m-%d %H:%M} UTC in {scores['search_seconds']:.0f} s of searches. Libraries: "
            f"{', '.join(f'{name} {number}' for name, number in libraries.items())}.",
            "note",
        ),
    ]
    if len(refused):
        parts.append(table(refused, REFUSED_COLUMNS, f"{len(refused)} reported values were refused"))
    return parts


def _csv(facts: PropertyFacts) -> str:
    """The table `property_maps` with one column for each element."""
    amounts = np.array(facts.grid["at_pct"].tolist())
    columns = {f"{element}_at_pct": amounts[:, place] for place, element in enumerate(facts.system.elements)}
    rest = facts.grid.drop(columns=["target_system", "at_pct", "point"]).reset_index(drop=True)
    return pd.concat([pd.DataFrame(columns), rest], axis=1).to_csv(index=False, float_format="%.5g")


def _symbol(symbol: str) -> str:
    """A symbol with its index below the line, as HTML."""
    letter, _, index = symbol.partition("_")
    return f"{escape(letter)}<sub>{escape(index)}</sub>" if index else escape(letter)


def _amount(facts: PropertyFacts, value: float) -> str:
    return f"{value:.3g} {facts.prop.unit}" if abs(value) < 100 else f"{value:.0f} {facts.prop.unit}"
