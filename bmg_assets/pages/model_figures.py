"""How good the models are: parity, search history, importance of the descriptors."""

from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import CLASS_COLOURS, CLASS_TITLES, new_figure, saved
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models.importance import Importance
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

DESCRIPTORS_SHOWN = 15
LINEAR_UP_TO_MM = 20.0
"""The axes of the parity plot are logarithmic above 1 mm if a diameter is larger than this."""
BULK_MM = 1.0
"""An alloy with this predicted D_max or more counts as a predicted bulk glass."""
WORST_SHOWN = 1.6
"""Trials with a larger error than this multiple of the best are drawn at the upper edge."""
FAILED_ROW = 0.02
"""Failed trials stand in rows above the upper edge, one for each sub-model; distance of the rows, relative to it."""


def draw_parity(title: str, training_set: pd.DataFrame, out_of_fold: FloatArray, training: str) -> dict[str, bytes]:
    """The parity plot (reported against predicted D_max of alloys when left out), by class; its files by ending.

    Args:
        out_of_fold: fused out-of-fold predictions in mm, in the order of the training set.
    """
    figure = new_figure(10.5, 5.2)
    write_head(figure, f"{title}: alloys predicted while they were left out", training)
    parity, boxes = figure.subplots(1, 2, width_ratios=[3, 2])
    reported = training_set["dmax_mm"].to_numpy()
    groups = [(name, (training_set["glass_class"] == name).to_numpy()) for name in CLASS_TITLES]
    groups = [(name, chosen) for name, chosen in groups if chosen.any()]
    for name, chosen in groups:
        parity.scatter(
            reported[chosen], out_of_fold[chosen], s=9, alpha=0.5, color=CLASS_COLOURS[name], linewidths=0,
            label=f"{CLASS_TITLES[name]} ({int(chosen.sum())})", rasterized=True,
        )  # fmt: skip
    own = (training_set["category"] == "lab").to_numpy()
    if own.any():
        parity.scatter(
            reported[own],
            out_of_fold[own],
            s=40,
            facecolors="none",
            edgecolors="black",
            label=f"own casts ({own.sum()})",
        )
    top = float(max(reported.max(), out_of_fold.max()))
    parity.plot([0, top], [0, top], color="black", linewidth=0.8, label="predicted = reported")
    if top > LINEAR_UP_TO_MM:
        _stretch_small_values(parity, top)
    parity.set(xlabel="reported $D_{max}$ (mm)", ylabel="predicted $D_{max}$ (mm)", title="(a) one by one")
    parity.set_ylim(bottom=min(0.0, float(out_of_fold.min())) - 0.1)
    parity.legend(fontsize=8, loc="lower right" if top > LINEAR_UP_TO_MM else "upper left")
    _draw_boxes(boxes, groups, out_of_fold)
    return saved(figure)


def draw_searches(title: str, trials: pd.DataFrame, training: str) -> dict[str, bytes]:
    """Error of each trial and the best so far, by sub-model; trials given up are crosses; files by ending.

    Args:
        trials: the table `tuning_trials`.
    """
    from matplotlib.ticker import MaxNLocator

    figure = new_figure(10.5, 4.8)
    write_head(figure, f"{title}: search for hyper-parameters", training)
    axes = figure.subplots()
    edge = WORST_SHOWN * float(trials.loc[trials["status"] == "ok", "loss_rmse_mm"].min())
    for row, model in enumerate(SUB_MODELS.values(), start=1):
        colour = model.colour
        of_model = trials[trials["sub_model"] == model.name].sort_values("trial")
        if of_model.empty:
            continue
        number, loss = of_model["trial"] + 1, of_model["loss_rmse_mm"].clip(upper=edge)
        complete, given_up = of_model["status"] == "ok", of_model["status"] == "stopped_early"
        best = of_model["loss_rmse_mm"].where(complete).cummin().ffill()
        axes.step(number, best.clip(upper=edge), where="post", color=colour, label=f"{model.title}, best so far")
        axes.scatter(number[complete], loss[complete], s=14, color=colour)
        axes.scatter(number[given_up], loss[given_up], s=18, marker="x", color=colour, linewidths=0.8)
        failed = of_model["status"] == "failed"
        axes.scatter(
            number[failed], np.full(int(failed.sum()), (1 + row * FAILED_ROW) * edge), s=18, marker="v", color=colour
        )
    for marker, words in (("o", "trial"), ("x", "trial given up early (error estimated)"), ("v", "failed trial")):
        axes.scatter([], [], s=18, marker=marker, color="#444444", label=words)
    axes.set(xlabel="trial", ylabel="cross-validated RMSE (mm)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    return saved(figure)


def draw_importance(title: str, importance: Importance, training: str) -> dict[str, bytes]:
    """Rise of the error when a descriptor is shuffled, the largest above; files by ending."""
    figure = new_figure(8.0, 5.6)
    write_head(figure, f"{title}: descriptors that the fused prediction leans on", training)
    axes = figure.subplots()
    shown = importance.largest_first()[:DESCRIPTORS_SHOWN][::-1]
    axes.barh([name.removeprefix("PymatgenData ") for name, _ in shown], [rise for _, rise in shown], color="#56b4e9")
    axes.tick_params(axis="y", labelsize=8)
    axes.set_xlabel(
        f"rise of the RMSE when shuffled (mm; {importance.rmse_mm:.2f} mm as it is, {importance.n_alloys} alloys)"
    )
    return saved(figure)


def write_head(figure: Any, title: str, training: str) -> None:
    """Title of a figure and identity of the training set."""
    # In two lines: a figure of bars is narrow.
    figure.suptitle(f"{title}\n{training.replace('; training set', chr(10) + 'training set')}", fontsize=9)


def _stretch_small_values(axes: Any, top: float) -> None:
    """Logarithmic above 1 mm and linear below, so that a few very large diameters leave room for the others."""
    ticks = [tick for tick in (0, 0.5, 1, 2, 5, 10, 20, 50, 100) if tick <= top]
    for scale, place in ((axes.set_xscale, axes.set_xticks), (axes.set_yscale, axes.set_yticks)):
        scale("symlog", linthresh=1)
        place(ticks, [f"{tick:g}" for tick in ticks])


def _draw_boxes(axes: Any, groups: list[tuple[str, Any]], out_of_fold: FloatArray) -> None:
    """Predictions for each class, and the share that is predicted to be a bulk glass."""
    predicted = [out_of_fold[chosen] for _, chosen in groups]
    names = [
        f"{CLASS_TITLES[name]}\n{100 * np.mean(values >= BULK_MM):.0f} % at or\nabove {BULK_MM:g} mm"
        for (name, _), values in zip(groups, predicted, strict=True)
    ]
    drawn = axes.boxplot(predicted, tick_labels=names, showfliers=False, patch_artist=True, whis=(5, 95))
    for (name, _), box, middle in zip(groups, drawn["boxes"], drawn["medians"], strict=True):
        box.set(facecolor=CLASS_COLOURS[name], alpha=0.6)
        middle.set(color="black")
    axes.axhline(BULK_MM, color="black", linewidth=0.8, linestyle=":")
    axes.set(ylabel="predicted $D_{max}$ (mm)", title="(b) by reported class (whiskers: 5 to 95 %)")
