"""What is proposed, side by side: each composition with what the surrogate and the paper's models predict of it.

Beside the predictions stands the nearest reported alloy, and whether the composition is that alloy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.distances import nearest_known
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.casts.candidate_states import Standing
from bmg_assets.science.literature.nearest_reported import nearest_reported, repeats_of_known
from bmg_assets.science.proposals.agreement import PAPERS_MODELS, Expectation, agreement_in_words
from bmg_assets.science.proposals.candidate_choice import CandidateChoice
from bmg_assets.science.proposals.candidates import CandidateError, UncalibratedMapError, check_map, propose_on_map
from bmg_assets.science.proposals.first_rung import first_rung
from bmg_assets.science.proposals.objectives import ObjectiveTable
from bmg_assets.science.proposals.rungs import Bracket
from bmg_assets.science.proposals.stopping import chance_in_system
from bmg_assets.science.proposals.surrogate_map import next_cast_of
from bmg_assets.science.surrogates.catalogue import SURROGATES

OF_SURROGATE = {
    "surrogate_mm": "dmax_mm",
    "surrogate_low_mm": "interval_low_mm",
    "surrogate_high_mm": "interval_high_mm",
    "probability_bulk": "probability_bulk",
    "expected_gain_mm": "expected_gain_mm",
    "chance_of_better": "chance_of_better",
}
OF_PAPER = {
    "paper_mm": "dmax_mm",
    "paper_low_mm": "interval_low_mm",
    "paper_high_mm": "interval_high_mm",
    "paper_probability_bulk": "probability_bulk",
}
"""Columns of what is proposed, and the columns of the two maps that they are looked up in."""
OF_REPORTED = {
    "nearest_formula": "composition",
    "nearest_class": "glass_class",
    "nearest_dmax_mm": "dmax_mm",
    "nearest_at_pct": "distance_at_pct",
    "nearest_who": "who",
}
REPEAT = "repeat of a known alloy"
"""How the reason of a composition begins that is reported already."""


@dataclass(frozen=True)
class Known:
    """What is known of a system apart from the maps."""

    system: TargetSystem
    standings: Mapping[str, Standing]
    """Of the compositions with reported casts."""
    reported: pd.DataFrame
    """See `reported_alloys`."""
    brackets: Mapping[str, Bracket] = field(default_factory=dict)
    """What own casts have shown of compositions, see `brackets_of`."""
    objectives: ObjectiveTable | None = None
    """Where the choice names some."""


def recommendations_of(transfer_grid: pd.DataFrame, choice: CandidateChoice, known: Known) -> pd.DataFrame:
    """The table `recommendations`: the picks of the surrogate that made `transfer_grid`, recommended or not.

    Raises:
        UncalibratedMapError, CandidateError, NotCastError, FormulaError, CandidateChoiceError: see `propose_on_map`.
    """
    strategy = str(transfer_grid["strategy"].iloc[0])
    proposed = _proposed(transfer_grid, choice.of_surrogate(strategy), known)
    found = _with_surrogate(proposed, transfer_grid, choice, known).assign(is_recommended=choice.strategy == strategy)
    return found.assign(**_chance_of_more(transfer_grid, choice, known))


def candidates_of(
    prediction_grid: pd.DataFrame, transfer_grid: pd.DataFrame, choice: CandidateChoice, known: Known
) -> tuple[pd.DataFrame, list[str]]:
    """The table `candidates`: what is recommended first, and what the other surrogate proposes beside it.

    Returns:
        The table, and a sentence for a surrogate that proposes nothing. Where the scores of the one in use have no
        meaning in mm, the paper's pair is what is recommended.

    Raises:
        CandidateError: what is to be recommended has nothing to propose, or the map is another surrogate's.
        NotCastError, FormulaError, CandidateChoiceError: see `propose_on_map`.
    """
    if not choice.recommends_paper:
        check_map(transfer_grid, choice.strategy)
    parts, notes = [], []
    try:
        parts.append(recommendations_of(transfer_grid, choice, known))
    except CandidateError as error:
        if not (choice.recommends_paper or isinstance(error, UncalibratedMapError)):
            raise
        notes.append(str(error))
    try:
        proposed = _proposed(prediction_grid, choice.of_paper(), known)
        parts.append(
            _with_surrogate(proposed, transfer_grid, choice, known).assign(
                is_recommended=choice.recommends_paper or not parts
            )
        )
    except CandidateError as error:
        if choice.recommends_paper or not parts:
            raise
        notes.append(f"The paper's rule proposes nothing: {error}")
    rows = pd.concat(parts, ignore_index=True).sort_values(
        "is_recommended", ascending=False, kind="stable", ignore_index=True
    )
    rows = rows.assign(**_chance_of_more(transfer_grid, choice, known))
    return _with_paper(rows, prediction_grid, transfer_grid), notes


def _chance_of_more(transfer_grid: pd.DataFrame, choice: CandidateChoice, known: Known) -> dict[str, float]:
    """The columns about going on, the same for all rows; without a chance where the surrogate cannot tell."""
    chance = chance_in_system(transfer_grid, known.system, choice.practice, known.standings, choice.stop_gain_mm)
    return {"chance_of_more": np.nan if chance is None else chance, "more_than_mm": choice.stop_gain_mm}


def _with_paper(rows: pd.DataFrame, prediction_grid: pd.DataFrame, transfer_grid: pd.DataFrame) -> pd.DataFrame:
    """Rows with the predictions of the paper's models, and whether the surrogate agrees."""
    surrogate = str(transfer_grid["strategy"].iloc[0])
    of_paper, from_papers = _looked_up(prediction_grid, rows)
    _, from_surrogates = _looked_up(transfer_grid, rows)
    rows = rows.assign(**{name: of_paper[column].to_numpy(np.float64) for name, column in OF_PAPER.items()})
    agreed = [
        agreement_in_words(
            Expectation(surrogate, row["surrogate_mm"], row["probability_bulk"], row["is_trusted"]),
            Expectation(PAPERS_MODELS, row["paper_mm"], row["paper_probability_bulk"]),
        )
        for row in rows.to_dict("records")
    ]
    off = _off_in_words(PAPERS_MODELS, from_papers) + _off_in_words(surrogate, from_surrogates)
    return rows.assign(agreement=[words + where for words, where in zip(agreed, off, strict=True)])


def _proposed(grid: pd.DataFrame, choice: CandidateChoice, known: Known) -> pd.DataFrame:
    """What is proposed on one map, with the nearest reported alloys."""
    points = np.array(grid["at_pct"].tolist(), dtype=np.float64)
    kept_back = None if choice.repeats else repeats_of_known(known.system, points, known.reported)
    rows = propose_on_map(grid, known.system, choice, known.standings, kept_back, known.objectives)
    at_pct = np.array(rows["at_pct"].tolist(), dtype=np.float64)
    nearest = nearest_reported(known.system, at_pct, known.reported)
    repeats = repeats_of_known(known.system, at_pct, known.reported)
    return rows.assign(
        **{name: nearest[column] for name, column in OF_REPORTED.items()},
        repeats_known=repeats,
        reason=[
            f"{REPEAT}: {reason}" if repeated else reason
            for reason, repeated in zip(rows["reason"], repeats, strict=True)
        ],
    )


def _with_surrogate(
    rows: pd.DataFrame, transfer_grid: pd.DataFrame, choice: CandidateChoice, known: Known
) -> pd.DataFrame:
    """Rows with the surrogate's predictions; none where its scores could have a meaning in mm and have not."""
    found, _ = _looked_up(transfer_grid, rows)
    is_calibrated_kind = SURROGATES[str(transfer_grid["strategy"].iloc[0])].has_calibrated_spread
    has_meaning = found["interval_low_mm"].notna() | (not is_calibrated_kind)
    return rows.assign(
        **{
            name: found[column].astype("float64").where(has_meaning).to_numpy() for name, column in OF_SURROGATE.items()
        },
        is_trusted=found["is_trusted"].to_numpy(bool),
        regime=found["regime"].to_numpy(object),
        first_rung=_first_rungs(list(rows["composition"]), found, choice, known),
    )


def _first_rungs(compositions: list[str], found: pd.DataFrame, choice: CandidateChoice, known: Known) -> list[str]:
    """What to do first with each composition, whose point of the map is a row of `found`."""
    cast = next_cast_of(found)
    return [
        first_rung(
            None if cast is None or not is_trusted else cast.take(np.array([row])),
            choice.practice,
            known.brackets.get(composition, Bracket()),
        )
        for row, (composition, is_trusted) in enumerate(zip(compositions, found["is_trusted"], strict=True))
    ]


def _looked_up(grid: pd.DataFrame, rows: pd.DataFrame) -> tuple[pd.DataFrame, FloatArray]:
    """The points of a map at compositions, and their distances in at.% exchanged, 0 where they are points of it.

    Two maps of a system have the same points unless they were made with different steps; then the nearest one counts.
    """
    at_pct = np.array(rows["at_pct"].tolist(), dtype=np.float64)
    place = {composition: row for row, composition in enumerate(grid["composition"])}
    found, distance = rows["composition"].map(place).to_numpy(np.float64), np.zeros(len(rows))
    elsewhere = np.isnan(found)
    if elsewhere.any():
        points = np.array(grid["at_pct"].tolist(), dtype=np.float64)
        found[elsewhere], distance[elsewhere] = nearest_known(at_pct[elsewhere], points)
    return grid.iloc[found.astype(np.int64)].reset_index(drop=True), distance


def _off_in_words(name: str, distance: FloatArray) -> pd.Series:
    """Where a model's prediction is that of another composition, because its map has other points."""
    return pd.Series(
        [f"; {name} at the nearest point of the map, {away:.2g} at.% away" if away else "" for away in distance],
        dtype=object,
    )
