"""The page of the evidence: each strategy over the left-out systems, in one table per track, then system by system."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import new_figure, saved
from bmg_assets.pages.page import Columns, Picture, document, paragraph, picture, table
from bmg_assets.science.evidence.benchmark import RANDOM, Contest
from bmg_assets.science.evidence.reliability import reliability
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.science.evidence.summary import REFERENCE, TRIED
from bmg_assets.science.surrogates.catalogue import STRATEGIES

TITLES = {RANDOM: "blind casting (exact)"} | {name: strategy.title for name, strategy in STRATEGIES.items()}
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
"""What the page shows, in this order; the last one of systems without a bulk glass alone."""
TRACK_TITLES = {
    Track.NOTHING_KNOWN: "Nothing known of the system: sub-dataset (3)",
    Track.RELATED_KNOWN: "Related alloys known: sub-dataset (1)",
}
TRACK_WORDS = {
    Track.NOTHING_KNOWN: "where nothing related was known",
    Track.RELATED_KNOWN: "where related alloys were known",
}
SPLIT_TITLES = {Split.DEVELOPMENT: "Development split", Split.RELEASE: "Release split"}
COLOURS = {
    RANDOM: "#999999", "nearest": "#e69f00", "fractions": "#009e73", REFERENCE: "#0072b2", "weighted": "#cc79a7",
    "transfer": "#d55e00",
}  # fmt: skip
DRAWN = ("auc", "enrichment", "bulk_by_pair_1", "bulk_by_pair_5")
RELIABILITY_COLUMNS: Columns = {
    "range": "promised chance",
    "alloys": "alloys",
    "systems": "systems",
    "mean_promised": "mean chance",
    "bulk": "are bulk glasses",
    "ribbon": "are glass as ribbon",
    "no_glass": "are no glass",
}
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
        "Mean over the left-out systems and its 95 % interval (systems drawn anew). Dotted: the target. An interval "
        "that holds another strategy's mean does not say that both are alike: the tables compare system by system."
    )
    shown = rows[rows["metric"].isin(metrics) & np.isfinite(rows["mean"])].to_dict("records")
    alt = "; ".join(f"{one['strategy']}, {one['track']}, {METRICS[one['metric']]}: {one['mean']:.2f}" for one in shown)
    return [Picture("strategies", saved(figure), alt, caption)]


def render_evidence(
    summary: pd.DataFrame,
    scores: pd.DataFrame,
    promises: pd.DataFrame,
    contest: Contest,
    pictures: Sequence[Picture],
    libraries: Mapping[str, str],
    made_at: datetime,
) -> str:
    """The page as HTML.

    Args:
        summary: one row per strategy, track, split and metric.
        scores: in long form, system by system.
        promises: a row per alloy, strategy and track, with what was promised and what is reported.
        made_at: now, in UTC.
    """
    title = "How good is a prediction where nobody has cast?"
    body = [
        f"<h1>{escape(title)}</h1>",
        paragraph(f"Made {made_at:%Y-%m-%d %H:%M} UTC; contest {contest.name}, seed {contest.seed}.", "note"),
        *_what_was_done(scores),
        *(picture(one) for one in pictures),
    ]
    for split, split_title in SPLIT_TITLES.items():
        of_split = summary[summary["split"] == split]
        if len(of_split):
            # Told once: systems without a bulk glass belong to neither split.
            alarms = _alarms(summary) if split == Split.DEVELOPMENT else summary.head(0)
            body += [f"<h2>{escape(split_title)}</h2>", *_tables_of(of_split, alarms)]
    body += ["<h2>Do promised chances come true?</h2>", *_reliability(promises)]
    body += ["<h2>System by system</h2>", *_systems(scores), "<h2>Provenance</h2>"]
    body.append(paragraph(", ".join(f"{name} {version}" for name, version in libraries.items()), "note"))
    return document(title, body)


def evidence_in_words(summary: pd.DataFrame, strategy: str) -> str:
    """How a strategy did on the systems of the development split that were left out, as sentences.

    Args:
        summary: the table `strategy_benchmark`.
    """
    rows = summary[(summary["strategy"] == strategy) & (summary["split"] == Split.DEVELOPMENT)]
    said = [
        f"{TRACK_WORDS[Track(str(track))]}, AUC {_of(found, 'auc')} and enrichment {_of(found, 'enrichment')}"
        for track, found in rows.groupby("track", sort=False)
    ]
    if not said:
        return f"The strategy `{strategy}` has not been judged on systems left out: `bmg evidence --quick` does that."
    systems = int(rows.loc[rows["metric"] == "auc", "systems"].max())
    return (
        f"The strategy `{strategy}`, judged on {systems} systems that were left out whole (with 95 % intervals over "
        f"systems): {'; '.join(said)}."
    )


def _of(found: pd.DataFrame, metric: str) -> str:
    one = found[found["metric"] == metric].iloc[0]
    return f"{one['mean']:.2f} ({one['low']:.2f} to {one['high']:.2f})"


def wide_table(rows: pd.DataFrame) -> pd.DataFrame:
    """A row per strategy: its title, and for each metric the mean with its interval and the p value.

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


def _what_was_done(scores: pd.DataFrame) -> list[str]:
    systems = scores[scores["split"] == Split.DEVELOPMENT]["left_out_system"].nunique()
    guided_nothing = "The release split, below, guided nothing: go by that."
    if not (scores["split"] == Split.RELEASE).any():
        guided_nothing = "The release split guided nothing: `bmg evidence --with-release` judges it, too."
    return [
        paragraph(
            f"Each of {systems} systems with bulk glasses and other alloys was left out whole. Each strategy learnt "
            "from what is known without it, tuned on that alone, and said what it expects of the system's reported "
            "alloys and of its map; the reports answered. Blind casting is worked out exactly, not drawn."
        ),
        paragraph(
            f"The systems of the development split have guided the making of the strategy `{TRIED}`, so its figures "
            f"there flatter. {guided_nothing} Systems are few: read the intervals. p compares with the paper's "
            "strategy on the same systems.",
            "warning",
        ),
    ]


def _tables_of(of_split: pd.DataFrame, alarms: pd.DataFrame) -> list[str]:
    found = []
    # A bulk glass that is promised where there are some is no false alarm.
    of_both = pd.concat([of_split[of_split["metric"] != ALARM], alarms])
    for track, title in TRACK_TITLES.items():
        rows = of_both[of_both["track"] == track]
        if (of_split["track"] == track).any():
            # A row per metric: there are more of these than strategies, and paper is narrow.
            shown = wide_table(rows).set_index("strategy").T.rename_axis("metric").rename(index=METRICS).reset_index()
            columns: Columns = {str(name): "" if name == "metric" else str(name) for name in shown}
            found.append(table(shown, columns, caption=title))
    return found


def _alarms(summary: pd.DataFrame) -> pd.DataFrame:
    """False alarms: systems without a bulk glass of which one alloy at least is promised to be one."""
    return summary[(summary["split"] == Split.WITHOUT_BULK) & (summary["metric"] == ALARM)]


def _reliability(promises: pd.DataFrame) -> list[str]:
    """Chances beside outcomes, of all left-out systems together, with bulk glasses and without."""
    rows = promises[promises["probability_bulk"].notna() & (promises["split"] != Split.RELEASE)]
    if rows.empty:
        return [paragraph("No strategy that was judged promises chances.")]
    words = (
        "Alloys of the left-out systems by the chance of a bulk glass that they were promised. Alloys reported as "
        "ribbon may never have been cast thicker; only those that are no glass at all speak against a high chance."
    )
    found = [paragraph(words)]
    for (strategy, track), group in rows.groupby(["strategy", "track"], sort=False):
        shown = reliability(*(group[name].to_numpy() for name in ("probability_bulk", "dmax_mm", "left_out_system")))
        title = f"{TITLES[str(strategy)]}. {TRACK_TITLES[Track(str(track))]}"
        found.append(table(shown.round(2), RELIABILITY_COLUMNS, caption=title))
    return found


def _systems(scores: pd.DataFrame) -> list[str]:
    rows = scores[scores["metric"].isin(SYSTEM_METRICS) & (scores["split"] != Split.WITHOUT_BULK)]
    rows = rows[rows["strategy"].isin([REFERENCE, TRIED])]
    rows = rows.assign(column=rows["metric"].map(METRICS) + ", " + rows["strategy"])
    found = []
    for track, title in TRACK_TITLES.items():
        of_track = rows[rows["track"] == track]
        if len(of_track):
            shown = of_track.pivot_table(index="left_out_system", columns="column", values="value", sort=False)
            columns: Columns = {"left_out_system": "system"} | {str(name): str(name) for name in shown}
            found.append(table(shown.reset_index(), columns, caption=title))
    return found
