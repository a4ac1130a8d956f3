"""The page of the evidence: each surrogate over the left-out systems, in one table per track, then system by system."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import new_figure, saved
from bmg_assets.pages.rendering import NO_LINKS, Links, Picture, render
from bmg_assets.science.evidence.benchmark import RANDOM, Benchmark
from bmg_assets.science.evidence.reliability import reliability
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.science.surrogates.catalogue import PAPER, RECOMMENDED, SURROGATES

TITLES = {RANDOM: "blind casting (exact)"} | {name: surrogate.title for name, surrogate in SURROGATES.items()}
ALARM = "promises_bulk"
METRICS = {
    "auc": "AUC for D_max ≥ 1 mm",
    "enrichment": "enrichment, best 20 %",
    "spearman": "Spearman",
    "region_enrichment": "enrichment, top 5 % of the map",
    "optima_found": "separate optima found",
    "bulk_by_pair_1": "bulk glass by pair 1",
    "bulk_by_pair_2": "by pair 2",
    "bulk_by_pair_5": "by pair 5",
    "pairs_to_bulk": "pairs cast to it (6: none by pair 5)",
    "held_bulk_90%": "bulk glasses in 90 % intervals",
    "held_rest_90%": "other alloys in them",
    "width_90%_mm": "width of these (mm)",
    "ranks_systems": "AUC of ranking whole systems",
    ALARM: "false alarms",
}
"""What the page shows, in this order; the last one is for systems without a bulk glass alone."""
TRACK_TITLES = {
    Track.NOTHING_KNOWN: "Nothing known of the system: sub-dataset (3)",
    Track.RELATED_KNOWN: "Related alloys known: sub-dataset (1)",
}
SPLIT_TITLES = {Split.DEVELOPMENT: "Development split", Split.RELEASE: "Release split"}
COLOURS = {RANDOM: "#999999"} | {name: surrogate.colour for name, surrogate in SURROGATES.items()}
DRAWN = ("auc", "enrichment", "bulk_by_pair_1", "bulk_by_pair_5")
SYSTEM_METRICS = ("auc", "enrichment", "region_enrichment")


def draw_evidence(summary: pd.DataFrame) -> list[Picture]:
    """The means of the development split with their intervals, a panel per metric and track."""
    rows = summary[summary["split"] == Split.DEVELOPMENT]
    metrics = [metric for metric in DRAWN if (rows["metric"] == metric).any()]
    tracks = [track for track in TRACK_TITLES if (rows["track"] == track).any()]
    figure = new_figure(2.9 * len(metrics) + 2.2, 2.4 * len(tracks) + 0.8)
    panels = figure.subplots(len(tracks), len(metrics), squeeze=False, sharey=True)
    strategies = [name for name in TITLES if name in set(rows["strategy"])][::-1]
    for line, track in zip(panels, tracks, strict=True):
        for axes, metric in zip(line, metrics, strict=True):
            found = rows[(rows["track"] == track) & (rows["metric"] == metric)].set_index("strategy")
            for place, name in enumerate(strategies):
                if name in found.index:
                    one = found.loc[name]
                    axes.plot([one["low"], one["high"]], [place, place], color=COLOURS[name], linewidth=2)
                    axes.plot(one["mean"], place, "o", color=COLOURS[name])
            target = found["target_low"].dropna()
            if len(target):
                axes.axvline(float(target.iloc[0]), color="#444444", linestyle=":", linewidth=1)
            axes.set_yticks(range(len(strategies)), strategies)
            axes.set_title(METRICS[metric], fontsize=10)
            axes.grid(axis="x", color="#dddddd")
        line[0].set_ylabel("nothing known" if track == Track.NOTHING_KNOWN else "related known")
    caption = (
        "Mean over the left-out systems and its 95 % interval (bootstrap over systems). Dotted: the target. An "
        "interval that holds another surrogate's mean does not show that the two are alike: the tables compare system "
        "by system."
    )
    shown = rows[rows["metric"].isin(metrics) & np.isfinite(rows["mean"])].to_dict("records")
    alt = "; ".join(f"{one['strategy']}, {one['track']}, {METRICS[one['metric']]}: {one['mean']:.2f}" for one in shown)
    return [Picture("strategies", saved(figure), alt, caption)]


def render_evidence(
    summary: pd.DataFrame,
    scores: pd.DataFrame,
    predictions: pd.DataFrame,
    benchmark: Benchmark,
    pictures: Sequence[Picture],
    libraries: Mapping[str, str],
    made_at: datetime,
    links: Links = NO_LINKS,
) -> str:
    """The page as HTML.

    Args:
        summary: one row per strategy, track, split and metric.
        scores: in long form, system by system.
        predictions: a row per alloy, surrogate and track, with its predictions and its reported D_max.
        benchmark: what was evaluated, see `benchmark_named`.
        made_at: now, in UTC.
        links: addresses of other pages by their names, see store/page_links.py.
    """
    return render(
        "evidence",
        links=links,
        benchmark=benchmark,
        made_at=made_at,
        n_systems=scores.loc[scores["split"] == Split.DEVELOPMENT, "left_out_system"].nunique(),
        has_release=bool((scores["split"] == Split.RELEASE).any()),
        tried=RECOMMENDED.name,
        pictures=pictures,
        splits={title: _by_track(summary, split) for split, title in SPLIT_TITLES.items()},
        reliability=_reliability(predictions),
        systems=_by_system(scores),
        libraries=libraries,
    )


def wide_table(rows: pd.DataFrame) -> pd.DataFrame:
    """A row per surrogate: its title, and for each metric the mean with its interval and the p value.

    Args:
        rows: of one track, of the summary.
    """
    lines = []
    for name in TITLES:
        of_strategy = rows[rows["strategy"] == name].set_index("metric")
        if len(of_strategy):
            lines.append({"strategy": TITLES[name]} | {m: _cell(of_strategy, m) for m in METRICS})
    shown = pd.DataFrame(lines)
    return shown[[column for column in shown if (shown[column] != "").any()]]


def _cell(of_strategy: pd.DataFrame, metric: str) -> str:
    if metric not in of_strategy.index or pd.isna(of_strategy.loc[metric, "mean"]):
        return ""
    one = of_strategy.loc[metric]
    words = f"{one['mean']:.2f}"
    if pd.notna(one["low"]) and one["high"] > one["low"]:
        words += f" ({one['low']:.2f} to {one['high']:.2f})"
    if pd.notna(one["p_value"]):
        words += f", p {one['p_value']:.3f}" if one["p_value"] >= 0.001 else ", p < 0.001"
    return words if pd.isna(one["verdict"]) else f"{words}; {one['verdict']}"


def _by_track(summary: pd.DataFrame, split: Split) -> dict[str, pd.DataFrame]:
    """Tables by the title of the track, with a row per metric: metrics outnumber surrogates, and paper is narrow."""
    of_split = summary[summary["split"] == split]
    # False alarms are counted in systems without a bulk glass, which belong to neither split: they are shown once.
    is_alarm = (summary["split"] == Split.WITHOUT_BULK) & (summary["metric"] == ALARM) & (split == Split.DEVELOPMENT)
    rows = pd.concat([of_split[of_split["metric"] != ALARM], summary[is_alarm]])
    tables = {}
    for track, title in TRACK_TITLES.items():
        if (of_split["track"] == track).any():
            wide = wide_table(rows[rows["track"] == track]).set_index("strategy").T
            tables[title] = wide.rename_axis("").rename(index=METRICS).reset_index()
    return tables


def _reliability(predictions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables by surrogate and track: chances beside outcomes, of all left-out systems."""
    rows = predictions[predictions["probability_bulk"].notna() & (predictions["split"] != Split.RELEASE)]
    if rows.empty:
        return {}
    return {
        f"{TITLES[str(strategy)]}. {TRACK_TITLES[Track(str(track))]}": reliability(
            *(group[name].to_numpy() for name in ("probability_bulk", "dmax_mm", "left_out_system"))
        )
        for (strategy, track), group in rows.groupby(["strategy", "track"], sort=False)
    }


def _by_system(scores: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables by the title of the track, with a row per left-out system, a column per metric and surrogate."""
    rows = scores[scores["metric"].isin(SYSTEM_METRICS) & (scores["split"] != Split.WITHOUT_BULK)]
    rows = rows[rows["strategy"].isin([PAPER.name, RECOMMENDED.name])]
    rows = rows.assign(column=rows["metric"].map(METRICS) + ", " + rows["strategy"])
    return {
        title: of_track.pivot_table(index="left_out_system", columns="column", values="value", sort=False).reset_index(
            names="system"
        )
        for track, title in TRACK_TITLES.items()
        if len(of_track := rows[rows["track"] == track])
    }
