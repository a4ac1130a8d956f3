"""The page of the paper's study (Fig. 3 c-h): every row beside the paper's numbers, and the maps of each system."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import CLASS_TITLES, COLOUR_MAP, new_figure, saved
from bmg_assets.pages.rendering import NO_LINKS, Links, Picture, render
from bmg_assets.pages.sentences import formula_led_by
from bmg_assets.pages.system_page import CATEGORIES
from bmg_assets.pages.ternary_maps import CLASS_SHAPES, add_ternary_axes, draw_surface, name_axes
from bmg_assets.science.alloys.systems import SEPARATOR, TargetSystem
from bmg_assets.science.evidence.paper_study import SOURCE
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

PRUNED = ("I", "II", "III", "IV", "V")
ACROSS = 3
PANEL_IN = (4.1, 4.4)
MAP_IN = (3.0, 2.7)
HEAD_IN = 0.85
LIMITS = (0.0, 1.0)
"""One scale in every panel of every system."""


def render_study(
    study: pd.DataFrame,
    pictures: Mapping[str, Picture],
    libraries: Mapping[str, str],
    made_at: datetime,
    links: Links = NO_LINKS,
) -> str:
    """The page as HTML.

    Args:
        study: the table `pruning_study`.
        pictures: the figure of each ternary system by its key.
        libraries: version of each library that has a part in the numbers.
        made_at: now, in UTC.
        links: addresses of other pages by their names, see store/page_links.py.
    """
    keys = study["target_system"].str.split(SEPARATOR)
    shown = study.assign(
        best_formula=[formula_led_by(*one) for one in zip(keys, study["best_composition"], strict=True)],
        search_minutes=study["search_seconds"] / 60,
        # A name rather than a number: without separators of thousands.
        seed=study["seed"].astype(str),
    )
    return render(
        "study",
        links=links,
        study=shown,
        pictures=pictures,
        libraries=libraries,
        made_at=made_at,
        categories={name: CATEGORIES[name] for name in PRUNED},
        sub_models=SUB_MODELS,
        beats_mean=_beats_mean(study),
        paper=SOURCE,
    )


def _beats_mean(study: pd.DataFrame) -> dict[int, tuple[int, int]]:
    """Systems by sub-dataset: those whose map is nearer to the reports than their mean is, and those compared."""
    compared = study[study["rmse_scaled"].notna()]
    is_nearer = compared["rmse_scaled"] < compared["rmse_scaled_of_mean"]
    return {int(number): (int(of.sum()), len(of)) for number, of in is_nearer.groupby(compared["sub_dataset"])}


def draw_study(system: TargetSystem, scores: pd.DataFrame, maps: pd.DataFrame, alloys: pd.DataFrame) -> Picture:
    """The figure with what it shows in words.

    Args:
        system: a ternary.
        scores: its rows of the table `studied_scores`, in the order in which they are drawn.
        maps: its rows of `studied_maps`.
        alloys: its rows of `studied_alloys`.
    """
    reported = alloys.drop_duplicates("composition")
    rows = -(-(len(scores) + 1) // ACROSS)
    size_in = (ACROSS * PANEL_IN[0] + 1.2, rows * PANEL_IN[1] + HEAD_IN)
    figure = new_figure(*size_in, layout=None)
    _write_head(figure, system, scores, size_in)
    for number, row in enumerate(scores.to_dict("records")):
        grid = maps[maps["sub_dataset"] == row["sub_dataset"]]
        axes = _add_panel(
            figure, number, rows, size_in, f"({row['sub_dataset']}) {row['n_training']:,} alloys", _rmse(row)
        )
        surface = draw_surface(axes, system, grid, grid["dmax_scaled"], LIMITS, small=True)
        _mark(axes, reported, facecolors="none", edgecolors="white", s=9, linewidths=0.5)
    axes = _add_panel(
        figure, len(scores), rows, size_in, "reported", f"{len(reported)} alloy{'' if len(reported) == 1 else 's'}"
    )
    name_axes(axes, system, small=True)
    axes.grid(color="#cccccc", linewidth=0.4)
    _mark(axes, reported, colour_by="reported_scaled", edgecolors="black", s=34, linewidths=0.5)
    _explain(figure, axes, surface, size_in)
    return Picture(f"fig_3_{system.key}", saved(figure), _in_words(system, scores), _caption(system, scores, reported))


def _write_head(figure: Any, system: TargetSystem, scores: pd.DataFrame, size_in: tuple[float, float]) -> None:
    settings = scores[["budget", "element_tables"]].drop_duplicates()
    made = "; ".join(f"budget {one.budget}, element tables {one.element_tables}" for one in settings.itertuples())
    title = f"{system.key}: the map from sub-datasets that leave out more and more of what is known"
    figure.text(0.02, 1 - 0.32 / size_in[1], title, fontsize=13, fontweight="bold")
    figure.text(0.02, 1 - 0.55 / size_in[1], f"Scaled to 0-1 in the system; {made}", fontsize=8, color="#444444")


def _add_panel(figure: Any, number: int, rows: int, size_in: tuple[float, float], title: str, below: str) -> Any:
    row, column = divmod(number, ACROSS)
    left_in = 0.55 + column * PANEL_IN[0]
    bottom_in = (rows - 1 - row) * PANEL_IN[1] + 0.65
    axes = add_ternary_axes(
        figure, (left_in / size_in[0], bottom_in / size_in[1], MAP_IN[0] / size_in[0], MAP_IN[1] / size_in[1])
    )
    axes.set_title("", y=1.0)  # placed by hand: mpltern takes seconds to find a place for a title
    top_in = bottom_in + MAP_IN[1] + 0.75
    figure.text(left_in / size_in[0], top_in / size_in[1], title, fontsize=11, fontweight="bold")
    figure.text(left_in / size_in[0], (top_in - 0.22) / size_in[1], below, fontsize=10)
    return axes


def _mark(axes: Any, reported: pd.DataFrame, colour_by: str | None = None, **style: Any) -> None:
    """The reported alloys, their shape by class."""
    for glass_class, of_class in reported.groupby("glass_class"):
        if colour_by is not None:
            style |= {"c": of_class[colour_by], "cmap": COLOUR_MAP, "vmin": LIMITS[0], "vmax": LIMITS[1]}
            style["label"] = f"{CLASS_TITLES[str(glass_class)]} ({len(of_class)})"
        points = np.array(of_class["at_pct"].tolist()).T
        axes.scatter(*points, marker=CLASS_SHAPES[str(glass_class)], clip_on=False, zorder=3, **style)


def _explain(figure: Any, axes: Any, surface: Any, size_in: tuple[float, float]) -> None:
    bar = figure.add_axes((1 - 0.85 / size_in[0], 0.75 / size_in[1], 0.16 / size_in[0], 2.2 / size_in[1]))
    figure.colorbar(surface, cax=bar, label="$D_{max}$, scaled")
    handles, labels = axes.get_legend_handles_labels()
    place = (1 - 1.3 / size_in[0], 3.15 / size_in[1])
    if handles:
        figure.legend(handles, labels, loc="lower left", bbox_to_anchor=place, fontsize=8, frameon=False)


def _rmse(row: dict[Any, Any]) -> str:
    return "RMSE not defined" if pd.isna(row["rmse_scaled"]) else f"RMSE {row['rmse_scaled']:.3f}"


def _in_words(system: TargetSystem, scores: pd.DataFrame) -> str:
    each = ", ".join(f"({row['sub_dataset']}) {_rmse(row)}" for row in scores.to_dict("records"))
    return f"Maps of {system.key} from sub-datasets {each}, and the reported alloys"


def _caption(system: TargetSystem, scores: pd.DataFrame, reported: pd.DataFrame) -> str:
    """The meaning of the RMSE with these reports."""
    words = f"{system.key}. Open symbols on the maps are the reported alloys, which none of the models was trained on."
    bulk = int(scores["n_reported_bulk"].iloc[-1])
    if scores["rmse_scaled"].isna().all():
        why = "One report alone, or equal ones, cannot be scaled to 0-1" if len(reported) else "No alloy is reported"
        return f"{words} {why}, so there is no RMSE."
    mean = float(scores["rmse_scaled_of_mean"].iloc[-1])
    words += f" A map with the mean of the reports everywhere would have an RMSE of {mean:.3f}."
    if bulk == len(reported):
        words += f" All {bulk} reports are bulk glasses, so the RMSE does not show glass predicted where there is none."
    return words
