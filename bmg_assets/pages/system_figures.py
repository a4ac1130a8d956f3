"""The figures of a system's page, each with what it shows in words, and its map to point at."""

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import scale_top
from bmg_assets.pages.interactive_map import InteractiveMap, Line, Shade, Values, sub_models_in_words, ternary_map
from bmg_assets.pages.map_symbols import PAPERS_MAP, SURROGATES_MAP, symbols_on_map
from bmg_assets.pages.model_figures import draw_importance, draw_parity, draw_searches
from bmg_assets.pages.quaternary_figures import maps_of_many
from bmg_assets.pages.rendering import Picture
from bmg_assets.pages.sentences import rounds_in_words
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets.pages.ternary_maps import (
    WIDTH_COLOURS,
    draw_change,
    draw_sub_models,
    draw_ternary_map,
    draw_values,
)
from bmg_assets.science.arrays import BoolArray
from bmg_assets.science.casts.iterations import rounds_of_casts
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

BEYOND = "Beyond this line the map knows too little"


def draw_system(facts: SystemFacts) -> dict[str, Picture]:
    """The figures by name."""
    drawn = [*(_maps(facts) if facts.system.is_ternary else maps_of_many(facts)), *_of_models(facts)]
    return {figure.name: figure for figure in drawn}


def system_map(facts: SystemFacts) -> InteractiveMap:
    """The map to point at: predictions, known alloys, what to cast next."""
    tables, grid, values = facts.tables, facts.tables.grid, Values()
    shades, lines = _shown(facts, values)
    is_top = tables.recommended_map.set_index("composition")["top_share"].reindex(grid["composition"], fill_value=False)
    return ternary_map(
        facts.system,
        np.array(grid["at_pct"].tolist()),
        values,
        shades,
        lines,
        symbols_on_map(facts),
        facts.known_to_surrogate if tables.recommends_surrogate else facts.training,
        facts.nearest[grid["composition"]].tolist(),
        is_top.to_numpy(bool),
        _is_beyond(facts, grid),
    )


def _maps(facts: SystemFacts) -> list[Picture]:
    system, tables, key = facts.system, facts.tables, facts.system.key
    first_known = tables.outcomes.set_index("composition")["first_known_in"]
    rounds = tables.lab["composition"].map(first_known).map(rounds_of_casts(tables.iterations))
    casts = tables.lab.assign(round=rounds.astype("Int64"))
    maps = [
        _surrogates_map(facts, casts),
        _papers_map(facts, casts),
        Picture(
            "uncertainty",
            draw_values(
                system,
                tables.grid,
                tables.grid["interval_high_mm"] - tables.grid["interval_low_mm"],
                "how uncertain the prediction is",
                facts.training,
                "width of the interval (mm)",
                WIDTH_COLOURS,
            ),
            f"Ternary map of the width of the prediction interval of {key}",
            "Width of the prediction interval, from the errors on alloys left out at random. Bright is uncertain.",
        ),
        Picture(
            "sub_models",
            draw_sub_models(system, tables.grid, tables.weights, facts.training, facts.top_mm),
            f"Ternary maps of {key} by each of the {len(SUB_MODELS)} sub-models and by their fusion",
            "The prediction of each sub-model, with its weight in the fusion. Where they disagree, trust none of them "
            "much.",
        ),
    ]
    chance = tables.transfer["probability_bulk"]
    if chance.notna().all():
        best_place = tables.transfer.loc[tables.transfer["score"].idxmax()]
        title = "probability of a bulk glass, from all known alloys"
        label = "probability of $D_{max}$ ≥ 1 mm"
        drawn = Picture(
            "probability",
            draw_values(
                system,
                tables.transfer,
                chance,
                title,
                facts.known_to_surrogate,
                label,
                is_beyond=_is_beyond(facts, tables.transfer),
            ),
            f"Ternary map of the probability of a bulk glass in {key}: highest {best_place['probability_bulk']:.0%} at "
            f"{best_place['composition']}",
            f"Probability of a bulk glass (1 mm or more) by the surrogate {tables.surrogate}, calibrated on alloys "
            "and systems that were left out.",
        )
        maps.append(drawn)
    if tables.earlier_map is not None:
        before = tables.earlier_map.set_index("composition")["dmax_mm"]
        stage_before = rounds_in_words(tables.iterations)[int(tables.earlier_map["iteration"].iloc[0])]
        change = Picture(
            "change",
            draw_change(system, tables.grid, before, stage_before, facts.training),
            f"Ternary map of the change of the prediction of {key}, {facts.stage} against {stage_before}",
            "What the new casts changed. Red: predicted larger than before; blue: smaller.",
        )
        maps.append(change)
    return maps


def _papers_map(facts: SystemFacts, casts: pd.DataFrame) -> Picture:
    system, tables, best = facts.system, facts.tables, facts.tables.iterations.iloc[-1]
    drawn = draw_ternary_map(
        system,
        tables.grid,
        tables.candidates,
        casts,
        facts.training,
        facts.known,
        facts.top_mm,
        title="critical casting diameter, by the paper's models",
        is_beyond=_is_beyond(facts, tables.grid),
    )
    return Picture(
        PAPERS_MAP,
        drawn,
        f"Ternary map of D_max of {system.key}, predicted by the paper's models: highest "
        f"{best['best_predicted_mm']:.2f} mm at {best['best_composition']}; {_picks_in_words(tables.candidates)}",
        "Critical casting diameter predicted by the paper's models. White symbols: the literature; open ones were "
        "left out of the training by pruning. Orange symbols: own casts, with the round in which they came. "
        "The colour scale is the same for all iterations of this system.",
    )


def _surrogates_map(facts: SystemFacts, casts: pd.DataFrame) -> Picture:
    system, tables = facts.system, facts.tables
    is_beyond, best = _is_beyond(facts, tables.transfer), tables.transfer.loc[tables.transfer["dmax_mm"].idxmax()]
    drawn = draw_ternary_map(
        system,
        tables.transfer,
        tables.candidates,
        casts,
        facts.known_to_surrogate,
        facts.known.assign(is_trained=True),  # it prunes nothing
        title=f"critical casting diameter, expected by the surrogate {tables.surrogate}",
        is_beyond=is_beyond,
    )
    beyond = f" {BEYOND} (hatched): numbers there have no ground." if is_beyond.any() else ""
    return Picture(
        SURROGATES_MAP,
        drawn,
        f"Ternary map of D_max of {system.key}, expected by the surrogate {tables.surrogate}: highest "
        f"{best['dmax_mm']:.2f} mm at {best['composition']}; {_picks_in_words(tables.candidates)}",
        f"Critical casting diameter that the surrogate {tables.surrogate} expects.{beyond} Stars: cast next, and for "
        "comparison the picks of the other model. White symbols: the literature. Orange symbols: own casts, with the "
        "round in which they came.",
    )


def _picks_in_words(candidates: pd.DataFrame) -> str:
    picks = candidates[(candidates["kind"] == "pick") & candidates["is_recommended"]]
    return f"cast next {', '.join(picks['composition'])}"


def _is_beyond(facts: SystemFacts, grid: pd.DataFrame) -> BoolArray:
    """Whether too little is known at the points of a map, shape (n,)."""
    is_beyond: BoolArray = facts.tables.is_beyond.reindex(grid["composition"], fill_value=False).to_numpy(bool)
    return is_beyond


def _of_models(facts: SystemFacts) -> list[Picture]:
    key, tables = facts.system.key, facts.tables
    named = facts.importance.largest_first()[:3]
    return [
        Picture(
            "parity",
            draw_parity(key, tables.training_set, facts.out_of_fold, facts.training),
            f"Reported against predicted D_max of the {len(tables.training_set)} alloys of the training set",
            "Each alloy as predicted by models that had not seen it (five random folds). Points on the line are right.",
        ),
        Picture(
            "search",
            draw_searches(key, tables.trials, facts.training),
            "Error of every trial of the search for hyper-parameters, and the best so far, by sub-model",
            "The search for hyper-parameters. A line that still falls at its end asks for a longer search.",
        ),
        Picture(
            "importance",
            draw_importance(key, facts.importance, facts.training),
            f"Importance of the descriptors; the largest: {', '.join(name for name, _ in named)}",
            "How much the error of the fused prediction grows when one descriptor is shuffled among the alloys. "
            "Descriptors that carry the same information share their importance. It shows what the models use, not "
            "what makes a glass.",
        ),
    ]


def _shown(facts: SystemFacts, values: Values) -> tuple[list[Shade], list[Line]]:
    """What the colours show and what the panel tells, the map of the candidates first; `values` gets the numbers."""
    by_paper, by_surrogate = _of_paper(facts, values), _of_surrogate(facts, values)
    first, second = (by_surrogate, by_paper) if facts.tables.recommends_surrogate else (by_paper, by_surrogate)
    return [*first[0], *second[0]], [*first[1], *second[1]]


def _of_paper(facts: SystemFacts, values: Values) -> tuple[list[Shade], list[Line]]:
    grid, top_mm = facts.tables.grid, facts.top_mm
    low, high = grid["interval_low_mm"], grid["interval_high_mm"]
    fused, width, low_at, high_at = (values.add(one) for one in (grid["dmax_mm"], high - low, low, high))
    own = {name: values.add(grid[f"{name}_mm"]) for name in SUB_MODELS}
    tops = {name: max(top_mm, scale_top(float(grid[f"{name}_mm"].max()))) for name in own}
    shades = [
        Shade("fused prediction, one scale for all iterations", fused, 0, top_mm, "mm"),
        Shade("fused prediction, a scale for this map", fused, 0, scale_top(float(grid["dmax_mm"].max())), "mm"),
        *(Shade(f"{SUB_MODELS[name].title} alone", column, 0, tops[name], "mm") for name, column in own.items()),
        Shade("width of the interval", width, 0, scale_top(float((high - low).max())), "mm"),
    ]
    lines = [
        Line("by the paper's models", f"{{{fused}}} mm"),
        Line(_interval_title(facts), f"{{{low_at}}} to {{{high_at}}} mm"),
        Line("sub-models", sub_models_in_words(own, "mm")),
    ]
    return shades, lines


def _of_surrogate(facts: SystemFacts, values: Values) -> tuple[list[Shade], list[Line]]:
    """Those of `transfer_grid`; at points that it lacks nothing is told, and it is no colour where it lacks any."""
    grid, transfer = facts.tables.grid, facts.tables.transfer.set_index("composition")
    at_points = transfer.reindex(grid["composition"])
    columns = ["dmax_mm", "interval_low_mm", "interval_high_mm", "expected_gain_mm", "best_known_mm"]
    expected, low, high, gain, best = (values.add(at_points[name]) for name in columns)
    chance = values.add(100 * at_points["probability_bulk"])
    who = f"expected by {facts.tables.surrogate}"
    shades = []
    if at_points["dmax_mm"].notna().all():
        shades.append(Shade(who, expected, 0, scale_top(float(at_points["dmax_mm"].max())), "mm"))
    if at_points["probability_bulk"].notna().all():
        shades.append(Shade("probability of a bulk glass", chance, 0, 100, "%"))
    lines = [
        Line(who, f"{{{expected}}} mm"),
        Line(_interval_title(facts), f"{{{low}}} to {{{high}}} mm"),
        Line("bulk glass", f"{{{chance}%}} (1 mm or more)"),
        Line("expected gain", f"{{{gain}}} mm over {{{best}}} mm"),
    ]
    return shades, lines


def _interval_title(facts: SystemFacts) -> str:
    return f"{100 * facts.tables.coverage:g} % interval"
