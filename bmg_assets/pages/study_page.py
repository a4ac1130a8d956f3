"""The page of the paper's study: every row in numbers, beside the paper's, then the maps of each system."""

from collections.abc import Mapping
from datetime import datetime
from html import escape

import pandas as pd

from bmg_assets.pages.page import Columns, Picture, Shown, document, paragraph, picture, table
from bmg_assets.pages.system_page import CATEGORIES
from bmg_assets.science.alloys.compositions import formula_in_order, parse_formula
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.evidence.paper_study import SOURCE
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

PRUNED = ("I", "II", "III", "IV", "V")
MAP_COLUMNS: Columns = {
    "target_system": "system",
    "sub_dataset": "sub-dataset",
    "n_training": "alloys trained on",
    "n_removed": "left out",
    **{f"removed_{name.lower()}": name for name in PRUNED},
    "rmse_scaled": Shown("RMSE, scaled", digits=3),
    "rmse_scaled_of_mean": Shown("that of the mean", digits=3),
    "best_formula": "highest prediction at",
    "best_predicted_mm": Shown("D_max (mm)"),
}
FOLD_COLUMNS: Columns = {
    "target_system": "system",
    "sub_dataset": "sub-dataset",
    **{
        column: Shown(f"{model.title}{whose} (mm)", digits=4)
        for name, model in SUB_MODELS.items()
        for column, whose in ((f"rmse_{name}_mm", ""), (f"paper_rmse_{name}_mm", ", paper"))
    },
    "fusion_r2": Shown("R² of the fusion", digits=4),
    "paper_fusion_r2": Shown("R², paper", digits=4),
}
ORIGIN_COLUMNS: Columns = {
    "target_system": "system",
    "sub_dataset": "sub-dataset",
    "budget": "budget",
    "seed": "seed",
    "element_tables": "element tables",
    "training_fingerprint": "identity of the training set",
    "search_minutes": Shown("search (min, one thread)", digits=1),
    "made_at": "made (UTC)",
}
NOTHING_YET = "No system is studied yet: `bmg study` studies the paper's five."


def render_study(
    study: pd.DataFrame, pictures: Mapping[str, Picture], libraries: Mapping[str, str], made_at: datetime
) -> str:
    """The page as HTML.

    Args:
        study: the table `pruning_study`.
        pictures: the figure of each ternary system by its key.
        libraries: version of each library that has a part in the numbers.
        made_at: now, in UTC.
    """
    title = "The paper's study: what pruning does to the map"
    body = [f"<h1>{escape(title)}</h1>", paragraph(f"Made {made_at:%Y-%m-%d %H:%M} UTC.", "note"), *_what_it_is()]
    if study.empty:
        return document(title, [*body, paragraph(NOTHING_YET)])
    shown = study.assign(
        best_formula=_formulas(study),
        search_minutes=study["search_seconds"] / 60,
        # A name rather than a number: no thousands are parted.
        seed=study["seed"].astype(str),
    )
    body += [
        "<h2>The maps against the reports</h2>",
        table(shown, MAP_COLUMNS),
        paragraph(_how_many_beat_the_mean(study)),
        paragraph(
            "I to V: alloys left out of each category. RMSE, scaled: between prediction and report at the reported "
            "alloys of the system, the prediction scaled to 0-1 on its map and the report to 0-1 among these alloys, "
            "as the paper measures it for its Fig. 3. That of the mean: what a map would have that says the mean of "
            "the reports everywhere. Where all reports are bulk glasses, neither sees glass that is predicted where "
            "there is none.",
            "note",
        ),
        "<h2>The scores on random folds</h2>",
        table(shown, FOLD_COLUMNS),
        paragraph(
            "RMSE of the sub-models and R² of the fusion are means over five random folds of what was trained on. The "
            f"paper's are those of {SOURCE}, where they have been carried over; they hold for the published set with "
            "the element tables 'paper'. A lower RMSE with more pruning says that the alloys that are left are easier, "
            "not that the map of the system is better.",
            "note",
        ),
        "<h2>Maps</h2>",
        *(picture(one) for one in pictures.values()),
        "<h2>Where it comes from</h2>",
        *_provenance(shown, libraries),
    ]
    return document(title, body)


def _what_it_is() -> list[str]:
    categories = "; ".join(f"{name}: {CATEGORIES[name]}" for name in PRUNED)
    return [
        paragraph(
            "Each system is mapped from five training sets that leave out more and more of what is close to it: (1) "
            "leaves out category V, (2) also IV, (3) also III, (4) also II, (5) also I. Own casts take no part. So the "
            "reported alloys of the system are never trained on, and show what the map is worth."
        ),
        paragraph(f"Categories of an alloy against the system: {categories}.", "note"),
    ]


def _how_many_beat_the_mean(study: pd.DataFrame) -> str:
    """The result in one sentence."""
    judged = study[study["rmse_scaled"].notna()]
    is_nearer = judged["rmse_scaled"] < judged["rmse_scaled_of_mean"]
    each = [f"({number}) in {of.sum()} of {len(of)} systems" for number, of in is_nearer.groupby(judged["sub_dataset"])]
    return f"The map comes nearer to the reports than their mean does: {', '.join(each) or 'nowhere to be told'}."


def _formulas(study: pd.DataFrame) -> list[str]:
    """The best compositions with their elements in the order of the system's key."""
    formulas = []
    for system, composition in zip(study["target_system"], study["best_composition"], strict=True):
        elements, amounts = system.split(SEPARATOR), parse_formula(composition).amounts
        formulas.append(formula_in_order(elements, [amounts[element] for element in elements]))
    return formulas


def _provenance(study: pd.DataFrame, libraries: Mapping[str, str]) -> list[str]:
    return [
        table(study, ORIGIN_COLUMNS),
        paragraph(
            "All numbers are in the table pruning_study, maps and alloys in studied_maps and studied_alloys "
            '(`bmg query "SELECT * FROM pruning_study"`).'
        ),
        paragraph(f"Libraries: {', '.join(f'{name} {number}' for name, number in libraries.items())}.", "note"),
    ]
