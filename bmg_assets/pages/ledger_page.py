"""The ledger of predictions for people: its sentences, its tables, its figures, and the page of it all."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import CLASS_TITLES, new_figure, saved, scale_top
from bmg_assets.pages.rendering import NO_LINKS, Columns, Links, Picture, render
from bmg_assets.pages.sentences import formula_led_by
from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.evidence.ledger import DROPPED, PENDING, Evidence
from bmg_assets.science.evidence.ledger_summary import (
    FEWEST,
    accuracy,
    brier_scores,
    calibration,
    counts_of,
    first_picks,
    hit_rates,
    with_result,
)
from bmg_assets.science.surrogates.catalogue import SURROGATES
from bmg_assets.spreadsheets import csv_of_frame

FIGURE_IN = (4.4, 5.0)
"""Small enough for a telephone to show its words in their size."""
APART = 0.012
"""Distance of two maps on the figure, as a share of its scale."""
OTHER_COLOUR = "#666666"
"""Of a surrogate that this version does not have any more."""
EVIDENCE_WORDS = {
    Evidence.PROSPECTIVE.value: "prospective",
    Evidence.BLIND.value: "blind",
    Evidence.TAKEN_OVER.value: "taken over",
}
EVIDENCE_MEANS = {
    "prospective": "the record held the prediction before the alloy was tested and the result handed in",
    "blind": "the models did not know the result, but the alloy was tested, or the result handed in, before the "
    "prediction was recorded",
    "taken over": "an older version kept it without a record, so nothing shows that it was never changed",
}
MARKERS = {Evidence.PROSPECTIVE.value: "o", Evidence.BLIND.value: "s", Evidence.TAKEN_OVER.value: "D"}
NO_LABEL_WORDS = {"quarantine": "contradictory", "no_label": "no label", "withdrawn": "withdrawn"}
HIT_COLUMNS: Columns = {
    "evidence": "evidence",
    "strategy": "strategy",
    "rule": "rule",
    "picks": "picks with a result",
    "decided": "decided",
    "hits": "bulk glasses",
    "share_words": "share (95 % interval)",
}
FIRST_COLUMNS: Columns = {
    "evidence": "evidence",
    "target_system": "system",
    "picks": "first picks with a result",
    "decided": "decided",
    "hits": "bulk glasses",
    "best_mm": "best cast (mm)",
}
ACCURACY_COLUMNS: Columns = {
    "evidence": "evidence",
    "strategy": "strategy",
    "alloys": "alloys with a label",
    "closed": "with a closed ladder",
    "mae_mm": "their mean absolute error (mm)",
    "intervals": "with an interval",
    "within": "within it",
    "share_words": "share (95 % interval)",
    "nominal": "nominal coverage",
}
CALIBRATION_COLUMNS: Columns = {
    "evidence": "evidence",
    "range": "predicted probability",
    "mean_predicted": "mean",
    "decided": "alloys",
    "bulk": "bulk glasses",
    "share_words": "share (95 % interval)",
}
BRIER_COLUMNS: Columns = {"evidence": "evidence", "decided": "alloys", "brier": ("Brier score", 3)}
PREDICTION_COLUMNS: Columns = {
    "target_system": "system",
    "formula": "alloy",
    "proposed": "proposed as",
    "strategy": "strategy",
    "rule": "rule",
    "prediction": "predicted (mm)",
    "probability_bulk": "P(bulk glass)",
    "recorded_on": "recorded (UTC)",
    "label": "cast D_max (mm)",
    "class_title": "class",
    "is_bulk": "bulk glass",
    "hit": "hit",
    "within_interval": "in the interval",
    "error_mm": "error (mm)",
    "evidence": "evidence",
}
WAITING_COLUMNS: Columns = {
    name: PREDICTION_COLUMNS[name]
    for name in (
        "target_system",
        "formula",
        "proposed",
        "strategy",
        "rule",
        "prediction",
        "probability_bulk",
        "recorded_on",
    )
}
ORIGIN_COLUMNS: Columns = {
    "target_system": "system",
    "iteration": "iteration",
    "recorded_at": "recorded (UTC)",
    "training": "run",
    "training_set": "training set",
    "known_alloys": "alloys of the surrogate",
    "settings": "settings",
    "code": "code",
}


def summary_tables(ledger: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The sums by name, as numbers: what `bmg ledger --json` gives."""
    return {
        "hit_rates": hit_rates(ledger),
        "first_picks": first_picks(ledger),
        "accuracy": accuracy(ledger),
        "calibration": calibration(ledger),
        "brier": brier_scores(ledger),
    }


def tables_in_words(ledger: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, Columns]]:
    """The sums that are not empty, by title, as people read them."""
    columns = {
        "hit_rates": ("Picks that are bulk glasses", HIT_COLUMNS),
        "first_picks": ("The first picks of each system", FIRST_COLUMNS),
        "accuracy": ("Errors and intervals", ACCURACY_COLUMNS),
        "calibration": ("Predicted probabilities of a bulk glass", CALIBRATION_COLUMNS),
        "brier": ("Score of the probabilities", BRIER_COLUMNS),
    }
    return {
        columns[name][0]: (_in_words(frame), columns[name][1])
        for name, frame in summary_tables(ledger).items()
        if len(frame) and not (name == "brier" and frame["brier"].isna().all())
    }


def counts_in_words(ledger: pd.DataFrame) -> list[str]:
    """How much there is, in sentences; what it cannot show is among them."""
    if ledger.empty:
        return ["No prediction stands in the ledger yet: the first run of a system records its picks."]
    counts = counts_of(ledger)
    waiting = f"Picks without a result: {counts.pending} that stand, {counts.dropped} no longer proposed."
    if not counts.alloys:
        return ["Nothing was cast yet for which a prediction had been recorded before.", waiting]
    sentences = [
        f"Own alloys with a result and a prediction before it: {counts.alloys}, of {counts.systems} system(s), with "
        f"{counts.predictions} predictions by the maps; picks among them: {counts.picks_with_result}.",
        *_first_picks_in_words(first_picks(ledger)),
        waiting,
    ]
    if accuracy(ledger)["closed"].lt(FEWEST).any():
        sentences.append(f"No mean is given of fewer than {FEWEST} alloys.")
    return sentences


def predictions_in_words(ledger: pd.DataFrame) -> pd.DataFrame:
    """All predictions with the columns that PREDICTION_COLUMNS and WAITING_COLUMNS name."""
    rows = ledger.to_dict("records")
    return ledger.assign(
        formula=_texts(rows, lambda row: formula_led_by(row["target_system"].split(SEPARATOR), row["composition"])),
        proposed=_texts(rows, _proposed),
        prediction=_texts(rows, _prediction),
        recorded_on=ledger["recorded_at"].dt.strftime("%Y-%m-%d"),
        label=_texts(rows, _label),
        class_title=ledger["glass_class"].map(CLASS_TITLES),
        evidence=ledger["evidence"].map(EVIDENCE_WORDS),
    )


def ledger_csv(ledger: pd.DataFrame) -> str:
    """Everything as CSV."""
    return csv_of_frame(ledger.assign(sample_ids=ledger["sample_ids"].map(", ".join)))


def draw_ledger(ledger: pd.DataFrame) -> list[Picture]:
    """The figures for which there is something to show."""
    made = with_result(ledger)
    labelled, chances = made[made["dmax_mm"].notna()], calibration(ledger)
    pictures = []
    if len(labelled):
        pictures.append(_draw_predicted_and_cast(labelled))
    if len(chances):
        pictures.append(_draw_reliability(chances))
    return pictures


def render_ledger(
    ledger: pd.DataFrame,
    pictures: Sequence[Picture],
    made_at: datetime,
    notes: Sequence[str] = (),
    links: Links = NO_LINKS,
) -> str:
    """The page as HTML.

    Args:
        ledger: see `ledger_frame`.
        made_at: now, in UTC.
        links: addresses of other pages by their names, see store/page_links.py.
        notes: what there is to say beside the rows.
    """
    shown = predictions_in_words(ledger)
    has_result = ~ledger["state"].isin([PENDING, DROPPED])
    made = shown[has_result]
    return render(
        "ledger",
        links=links,
        sentences=counts_in_words(ledger),
        evidence_means=EVIDENCE_MEANS,
        tables=tables_in_words(ledger),
        pictures=pictures,
        predictions=made,
        prediction_columns=PREDICTION_COLUMNS,
        waiting=shown[ledger["state"] == PENDING],
        waiting_columns=WAITING_COLUMNS,
        origins=made.drop_duplicates(["target_system", "entry"]),
        origin_columns=ORIGIN_COLUMNS,
        csv=ledger_csv(ledger),
        notes=notes,
        made_at=made_at,
    )


def _first_picks_in_words(first: pd.DataFrame) -> list[str]:
    decided = first[first["decided"] > 0]
    if decided.empty:
        return []
    found = decided.groupby("target_system")["hits"].sum()
    with_bulk = int((found > 0).sum())
    return [f"Systems whose first picks gave a bulk glass: {with_bulk} of the {len(found)} where that is decided."]


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    shown = frame.assign(evidence=frame["evidence"].map(EVIDENCE_WORDS))
    if "share" in frame:
        shown["share_words"] = _texts(frame.to_dict("records"), _share)
    return shown


def _texts(rows: Sequence[Mapping[Hashable, Any]], words: Any) -> pd.Series:
    return pd.Series([words(row) for row in rows], dtype=object)


def _share(row: Mapping[Hashable, Any]) -> str:
    return "" if pd.isna(row["share"]) else f"{row['share']:.0%} ({row['low']:.0%} to {row['high']:.0%})"


def _proposed(row: Mapping[Hashable, Any]) -> str:
    if pd.isna(row["proposed_as"]):
        return "no"
    return f"{row['proposed_as']} {row['proposed_rank']}"


def _prediction(row: Mapping[Hashable, Any]) -> str:
    """The prediction with its interval, like "2.10 (0.90 to 4.00)"."""
    low, high = row["interval_low_mm"], row["interval_high_mm"]
    return f"{row['predicted_mm']:.2f}" + ("" if pd.isna(low) else f" ({low:.2f} to {high:.2f})")


def _label(row: Mapping[Hashable, Any]) -> str:
    """What the ladder says of D_max, like "2, below 2.5"; why there is no label, where there is none."""
    low, high = row["dmax_low_mm"], row["dmax_high_mm"]
    if pd.isna(row["dmax_mm"]):
        return NO_LABEL_WORDS.get(row["state"], "") + ("" if pd.isna(high) else f", below {high:g}")
    return f"{low:g} or more" if pd.isna(high) else f"{low:g}, below {high:g}"


def _draw_predicted_and_cast(labelled: pd.DataFrame) -> Picture:
    figure = new_figure(*FIGURE_IN)
    axes = figure.subplots()
    top = scale_top(labelled[["dmax_mm", "predicted_mm", "interval_high_mm"]].max().max())
    axes.plot([0, top], [0, top], color="#999999", linewidth=1)
    strategies = sorted(set(labelled["strategy"]))
    for key, rows in labelled.groupby(["strategy", "evidence", "state"], sort=False):
        strategy, evidence, state = map(str, key)
        colour = SURROGATES[strategy].colour if strategy in SURROGATES else OTHER_COLOUR
        is_open = state == "open"
        low, high = (rows["predicted_mm"] - rows["interval_low_mm"], rows["interval_high_mm"] - rows["predicted_mm"])
        axes.errorbar(
            # Side by side, so that no interval hides another.
            rows["dmax_mm"] + APART * top * strategies.index(strategy),
            rows["predicted_mm"],
            yerr=np.array([low, high]).clip(0),
            fmt=">" if is_open else MARKERS[evidence],
            color=colour,
            markerfacecolor=colour if evidence == Evidence.PROSPECTIVE else "white",
            elinewidth=0.7,
            label=f"{strategy}, {EVIDENCE_WORDS[evidence]}{', open' if is_open else ''}",
        )
    for draw in (axes.axvline, axes.axhline):
        draw(BULK_FROM_MM, color="#444444", linestyle=":", linewidth=1)
    axes.set(xlim=(-0.03 * top, top), ylim=(-0.03 * top, top), xlabel="cast D_max (mm)", ylabel="predicted D_max (mm)")
    figure.legend(fontsize=8, loc="outside lower center", ncols=2)
    axes.set_title("Predicted before the cast, and cast", fontsize=10)
    caption = (
        "Each alloy at its label, with the prediction and its interval by each map, side by side. Triangles point to "
        "the right where the ladder is open: D_max is the label or more. Filled: prospective. Dotted: 1 mm, where bulk "
        "glass begins."
    )
    alt = "; ".join(
        f"{row.composition}, {row.strategy}: {row.predicted_mm:.2f} mm predicted, {row.dmax_mm:g} mm cast"
        for row in labelled.itertuples()
    )
    return Picture("predicted_and_cast", saved(figure), alt, caption)


def _draw_reliability(chances: pd.DataFrame) -> Picture:
    figure = new_figure(*FIGURE_IN)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1)
    for evidence, rows in chances.groupby("evidence", sort=False):
        is_prospective = evidence == Evidence.PROSPECTIVE
        axes.errorbar(
            rows["mean_predicted"] + APART * [*EVIDENCE_WORDS].index(str(evidence)),
            rows["share"],
            yerr=np.array([rows["share"] - rows["low"], rows["high"] - rows["share"]]).clip(0),
            fmt=MARKERS[str(evidence)],
            color="#0072b2" if is_prospective else OTHER_COLOUR,
            markerfacecolor="#0072b2" if is_prospective else "white",
            capsize=3,
            label=EVIDENCE_WORDS[str(evidence)],
        )
        for row in rows.itertuples():
            axes.annotate(f"{row.decided}", (row.mean_predicted, row.share), xytext=(6, 4), textcoords="offset points")
    axes.set(
        xlim=(-0.03, 1.03),
        ylim=(-0.03, 1.03),
        xlabel="predicted probability of a bulk glass",
        ylabel="bulk glasses among them",
    )
    figure.legend(fontsize=8, loc="outside lower center", ncols=3)
    axes.set_title("Do predicted probabilities come true?", fontsize=10)
    caption = (
        "Alloys by their predicted probability, with the share that turned out to be bulk glasses, its 95 % interval, "
        "and the number of alloys. On the line probabilities come true."
    )
    alt = "; ".join(
        f"{EVIDENCE_WORDS[str(row.evidence)]}, {row.range}: {row.bulk} of {row.decided}" for row in chances.itertuples()
    )
    return Picture("reliability", saved(figure), alt, caption)
