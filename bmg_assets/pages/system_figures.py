"""The figures of a system's page, each with what it shows in words."""

from bmg_assets.pages.model_figures import draw_importance, draw_parity, draw_searches
from bmg_assets.pages.page import Picture
from bmg_assets.pages.rounds_in_words import rounds_in_words
from bmg_assets.pages.surface_maps import draw_change, draw_probability, draw_sub_models, draw_uncertainty
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets.pages.ternary_map import draw_ternary_map
from bmg_assets.science.casts.iterations import rounds_of_casts


def draw_system(facts: SystemFacts) -> dict[str, Picture]:
    """The figures by name; those of the map are left out where the system has no ternary diagram."""
    drawn = [*(_maps(facts) if facts.system.is_ternary else []), *_of_models(facts)]
    return {figure.name: figure for figure in drawn}


def _maps(facts: SystemFacts) -> list[Picture]:
    system, tables, key = facts.system, facts.tables, facts.system.key
    first_known = tables.outcomes.set_index("composition")["first_known_in"]
    rounds = tables.lab["composition"].map(first_known).map(rounds_of_casts(tables.iterations))
    casts = tables.lab.assign(round=rounds.astype("Int64"))
    picks = ", ".join(tables.candidates.loc[tables.candidates["kind"] == "pick", "composition"])
    best = tables.iterations.iloc[-1]
    maps = [
        Picture(
            "map",
            draw_ternary_map(system, tables.grid, tables.candidates, casts, facts.training, facts.known, facts.top_mm),
            f"Ternary map of predicted D_max of {key}: highest {best['best_predicted_mm']:.2f} mm at "
            f"{best['best_composition']}; cast next {picks}",
            "Predicted critical casting diameter. Stars: cast next. White symbols: the literature; open ones were "
            "left out of the training by pruning. Orange symbols: own casts, with the round in which they came. "
            "The colour scale is the same for all iterations of this system.",
        ),
        Picture(
            "uncertainty",
            draw_uncertainty(system, tables.grid, facts.training),
            f"Ternary map of the width of the prediction interval of {key}",
            "Width of the prediction interval, from the errors on alloys left out at random. Bright is uncertain.",
        ),
        Picture(
            "sub_models",
            draw_sub_models(system, tables.grid, facts.weights, facts.training, facts.top_mm),
            f"Ternary maps of {key} by each of the four sub-models and by their fusion",
            "What each sub-model says, with its weight in the fusion. Where they disagree, trust none of them much.",
        ),
    ]
    if tables.transfer["probability_bulk"].notna().all():
        best_place = tables.transfer.loc[tables.transfer["score"].idxmax()]
        chance = Picture(
            "probability",
            draw_probability(system, tables.transfer, facts.known_by_likeness),
            f"Ternary map of the probability of a bulk glass in {key}: highest {best_place['probability_bulk']:.0%} at "
            f"{best_place['composition']}",
            "Probability of a bulk glass (1 mm or more) by the strategy transfer, calibrated on systems that were left "
            "out as if nobody had cast them.",
        )
        maps.append(chance)
    if tables.earlier_map is not None:
        before = tables.earlier_map.set_index("composition")["dmax_mm"]
        stage_before = rounds_in_words(tables.iterations)[int(tables.earlier_map["iteration"].iloc[0])]
        change = Picture(
            "change",
            draw_change(system, tables.grid, before, stage_before, facts.training),
            f"Ternary map of what the prediction of {key} changed by, {facts.stage} against {stage_before}",
            "What the new casts changed. Red: predicted larger than before; blue: smaller.",
        )
        maps.append(change)
    return maps


def _of_models(facts: SystemFacts) -> list[Picture]:
    key, tables = facts.system.key, facts.tables
    named = facts.importance.largest_first()[:3]
    return [
        Picture(
            "parity",
            draw_parity(key, tables.training_set, facts.out_of_fold, facts.training),
            f"Reported against predicted D_max of the {len(tables.training_set)} alloys of the training set",
            "Each alloy as predicted by models that had not seen it (five random folds). On the line is right.",
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
            "Descriptors that say the same share their importance; it tells what the models use, not what makes a "
            "glass.",
        ),
    ]
