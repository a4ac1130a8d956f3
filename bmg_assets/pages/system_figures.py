"""The figures of a system's page, each with what it shows in words, and its map to point at."""

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import escape

from bmg_assets.pages.drawing import scale_top
from bmg_assets.pages.interactive_map import InteractiveMap, Shade, dots, marks, surface, ternary_figure, veil
from bmg_assets.pages.map_symbols import PAPERS_MAP, SURROGATES_MAP, candidate_symbols, symbols_on_map
from bmg_assets.pages.model_figures import draw_importance, draw_parity, draw_searches
from bmg_assets.pages.quaternary_figures import maps_of_many
from bmg_assets.pages.rendering import Picture
from bmg_assets.pages.sentences import TOO_FAR, rounds_in_words
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets.pages.ternary_maps import (
    WIDTH_COLOURS,
    draw_change,
    draw_sub_models,
    draw_ternary_map,
    draw_values,
)
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.casts.iterations import rounds_of_casts
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.proposals.agreement import chance_in_words

BEYOND = "Beyond this line the map knows too little"


def draw_system(facts: SystemFacts) -> dict[str, Picture]:
    """The figures by name."""
    drawn = [*(_maps(facts) if facts.system.is_ternary else maps_of_many(facts)), *_of_models(facts)]
    return {figure.name: figure for figure in drawn}


def system_map(facts: SystemFacts) -> InteractiveMap:
    """The map to point at: predictions, known alloys, what to cast next."""
    system, tables = facts.system, facts.tables
    top, shades = tables.recommended_map["top_share"], _shades(facts)
    traces = [
        _surface(facts, shades[0]),
        *_beyond(facts),
        dots(tables.recommended_map.loc[top, "at_pct"].tolist(), f"top {100 * top.mean():.0f} % of the map"),
        *(marks(system, symbols) for symbols in symbols_on_map(facts)),
    ]
    rests_on = facts.known_to_surrogate if tables.recommends_surrogate else facts.training
    return InteractiveMap(ternary_figure(system, rests_on, traces), shades)


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


def _shades(facts: SystemFacts) -> list[Shade]:
    """What the colours can show: first the map on which the candidates were chosen."""
    grid, top_mm = facts.tables.grid, facts.top_mm
    width = grid["interval_high_mm"] - grid["interval_low_mm"]
    own = [
        (f"{model.title} alone", number, max(top_mm, scale_top(float(grid[f"{name}_mm"].max()))))
        for number, (name, model) in enumerate(SUB_MODELS.items(), start=1)
    ]
    tops = [
        ("fused prediction, one scale for all iterations", 0, top_mm),
        ("fused prediction, a scale for this map", 0, scale_top(float(grid["dmax_mm"].max()))),
        *own,
        ("width of the interval", len(own) + 1, scale_top(float(width.max()))),
    ]
    expected = _expected_by_surrogate(facts)
    if expected is not None:
        of_surrogate = (f"expected by {facts.tables.surrogate}", len(own) + 2, scale_top(float(expected.max())))
        tops.insert(0 if facts.tables.recommends_surrogate else len(tops), of_surrogate)
    return [Shade(words, column, 0, top, "mm") for words, column, top in tops]


def _expected_by_surrogate(facts: SystemFacts) -> FloatArray | None:
    """D_max of `transfer_grid` in mm at the points of the paper's map, shape (n,); None where it lacks one."""
    predicted = facts.tables.transfer.set_index("composition")["dmax_mm"].reindex(facts.tables.grid["composition"])
    return None if predicted.isna().any() else predicted.to_numpy(np.float64)


def _surface(facts: SystemFacts, shade: Shade) -> dict[str, Any]:
    grid = facts.tables.grid
    columns = ["dmax_mm", *(f"{name}_mm" for name in SUB_MODELS)]
    low, high, expected = grid["interval_low_mm"], grid["interval_high_mm"], _expected_by_surrogate(facts)
    of_surrogate = [] if expected is None else [expected]
    values = np.column_stack([grid[columns], high - low, *of_surrogate, low, high]).round(2)
    is_beyond, proposed = _is_beyond(facts, grid), _proposed_in_words(facts.tables.candidates)
    words = [
        "" if beyond else f"{escape(known)}{more}{proposed.get(str(composition), '')}"
        for beyond, composition, known, more in zip(
            is_beyond,
            grid["composition"],
            facts.nearest[grid["composition"]],
            _surrogate_in_words(facts),
            strict=True,
        )
    ]
    return surface(facts.system, grid["at_pct"].tolist(), values, shade, words)


def _beyond(facts: SystemFacts) -> list[dict[str, Any]]:
    """What lies over the surface where too little is known: no number is shown there."""
    grid, proposed = facts.tables.grid, _proposed_in_words(facts.tables.candidates)
    outside = grid[_is_beyond(facts, grid)]
    words = [
        f"{TOO_FAR}<br>nearest known: {escape(known)}{proposed.get(str(composition), '')}"
        for composition, known in facts.nearest[outside["composition"]].items()
    ]
    points = outside["at_pct"].tolist()
    return [veil(facts.system, points, "too little is known here", words)] if len(outside) else []


def _proposed_in_words(candidates: pd.DataFrame) -> dict[str, str]:
    """What a candidate is, as a line, by composition: the point below a star is what the pointer finds."""
    lines: dict[str, str] = {}
    for title, which, _ in candidate_symbols(candidates):
        for composition, rank in candidates.loc[which, ["composition", "rank"]].itertuples(index=False):
            lines[composition] = f"{lines.get(composition, '')}<br><b>{title} {rank}</b>"
    return lines


def _surrogate_in_words(facts: SystemFacts) -> list[str]:
    """What `transfer_grid` predicts at each point, as a line; empty at points that it lacks."""
    columns = ["dmax_mm", "probability_bulk", "expected_gain_mm", "best_known_mm"]
    predicted = facts.tables.transfer.set_index("composition")[columns].reindex(facts.tables.grid["composition"])
    name = escape(facts.tables.surrogate)
    return [
        ""
        if np.isnan(chance) or np.isnan(gain)
        else f"<br>{name}: {expected:.2f} mm, bulk glass {chance_in_words(chance)}, expected gain {gain:.2f} mm over "
        f"{best:g} mm"
        for expected, chance, gain, best in predicted.itertuples(index=False)
    ]
