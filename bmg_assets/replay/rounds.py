"""The rounds of a replay, read from its store, and the table of all rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.sentences import formula_led_by
from bmg_assets.science.alloys.compositions import parse_formula
from bmg_assets.science.alloys.labels import BULK_FROM_MM, GlassClass
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.cast_outcomes import nearest_point
from bmg_assets.science.casts.iterations import distance_at_pct
from bmg_assets.science.surrogates.catalogue import PAPER
from bmg_assets.store.store import Store


@dataclass(frozen=True)
class Round:
    """The state of the system after one iteration."""

    number: int
    title: str
    """The batches that were handed in before it."""
    record: dict[str, Any]
    """The row of the table `iterations`."""
    grid: pd.DataFrame
    """Its rows of the table `iteration_maps`."""
    candidates: pd.DataFrame
    """Its rows of the table `proposals`."""
    casts: pd.DataFrame
    """Own casts that it was trained with: composition, elements, at_pct, D_max and class as in `lab_results`."""


def read_rounds(store: Store, system: TargetSystem) -> list[Round]:
    """All rounds of a system, from the tables alone.

    Raises:
        NotInStoreError: the system has not been trained.
    """
    reports = store.read_table("lab_casts", system.key)
    batches = dict(zip(reports["sample_id"], reports["batch_id"], strict=True))
    proposals = store.read_table("proposals", system.key)
    proposals = proposals[proposals["by_last_training"]]
    rounds = []
    for record in store.read_table("iterations", system.key).to_dict("records"):
        number = int(record["iteration"])
        handed_in = dict.fromkeys(batches[sample] or "casts without a batch" for sample in record["new_sample_ids"])
        rounds.append(
            Round(
                number=number,
                title=", ".join(handed_in) or ("no own casts" if number == 0 else "corrections"),
                record={str(name): value for name, value in record.items()},
                grid=store.read_table("iteration_maps", system.key, part=str(number)),
                candidates=proposals[proposals["iteration"] == number],
                casts=_known_casts(record["known_compositions"], record["known_dmax_mm"]),
            )
        )
    return rounds


def table_of_rounds(
    system: TargetSystem, rounds: Sequence[Round], outcomes: pd.DataFrame, reference: str | None
) -> pd.DataFrame:
    """One row per round: number of own alloys, the maximum, the proposals, and the results of the next casts.

    Distances are the largest difference in any element, in at.%.

    Args:
        outcomes: the table `cast_outcomes` of the system.
        reference: formula of a composition to measure the distance of the maximum and of the top region from.
    """
    return pd.DataFrame([_row(system, one, outcomes, reference) for one in rounds])


def point_of(system: TargetSystem, formula: str) -> list[float]:
    """Amounts in at.%, in the order of the system's elements. Raises FormulaError."""
    amounts = parse_formula(formula).amounts
    return [amounts.get(element, 0.0) for element in system.elements]


def nearest_top_point(round_: Round, point: Sequence[float]) -> tuple[list[float], float]:
    """The point of the round's top region that is nearest to a composition, and its distance in at.%."""
    top = np.array(round_.grid.loc[round_.grid["top_share"], "at_pct"].tolist())
    row, distance = nearest_point(top, point)
    return [float(amount) for amount in top[row]], distance


def picks_of(this: Round, is_papers: bool) -> pd.DataFrame:
    """The picks of the paper's models in a round, or those of the surrogate beside them, the first pick first."""
    picks = this.candidates[this.candidates["kind"] == "pick"]
    return picks[(picks["strategy"] == PAPER.name) == is_papers].sort_values("rank")


def picks_in_words(system: TargetSystem, picks: pd.DataFrame) -> str:
    """Picks with what their own surrogate predicted: "Zr54Al12Cu34 (3.10 mm), ..."."""
    return ", ".join(
        f"{formula_led_by(system.elements, pick['composition'])} ({pick['dmax_mm']:.2f} mm)"
        for pick in picks.to_dict("records")
    )


def _distance_of(picks: pd.DataFrame, point: Sequence[float]) -> float:
    """Distance of the nearest pick from a composition; missing without a pick."""
    return min((distance_at_pct(pick, point) for pick in picks["at_pct"]), default=float("nan"))


def _row(system: TargetSystem, this: Round, outcomes: pd.DataFrame, reference: str | None) -> dict[str, object]:
    row: dict[str, object] = {
        "iteration": this.number,
        "after": this.title,
        "own_alloys": len(this.casts),
        "maximum_at": formula_led_by(system.elements, this.record["best_composition"]),
        "maximum_mm": this.record["best_predicted_mm"],
        "moved_at_pct": this.record["moved_at_pct"],
    }
    of_surrogate, of_paper = (picks_of(this, is_papers) for is_papers in (False, True))
    if reference is not None:
        point = point_of(system, reference)
        row["maximum_from_reference_at_pct"] = distance_at_pct(this.record["best_at_pct"], point)
        row["top_region_from_reference_at_pct"] = nearest_top_point(this, point)[1]
        row["surrogates_picks_from_reference_at_pct"] = _distance_of(of_surrogate, point)
        row["papers_pair_from_reference_at_pct"] = _distance_of(of_paper, point)
    return {
        **row,
        "surrogates_picks": picks_in_words(system, of_surrogate),
        "papers_pair": picks_in_words(system, of_paper),
        "cast_next": "; ".join(_casts_in_words(system, outcomes[outcomes["predicted_in"] == this.number])),
        "mean_error_of_new_casts_mm": this.record["mean_error_of_new_casts_mm"],
        "fusion_r2": this.record["fusion_r2"],
    }


def _casts_in_words(system: TargetSystem, outcomes: pd.DataFrame) -> list[str]:
    """What was cast: composition, label, and what had been predicted."""
    return [
        f"{formula_led_by(system.elements, row['composition'])}: {_label(row['dmax_mm'])} "
        f"(predicted {row['predicted_mm']:.2f})"
        for row in outcomes.to_dict("records")
    ]


def _label(dmax_mm: float) -> str:
    return "no label" if pd.isna(dmax_mm) else f"{dmax_mm:g} mm"


def _known_casts(compositions: Sequence[str], dmax_mm: Sequence[float]) -> pd.DataFrame:
    amounts = [parse_formula(composition).amounts for composition in compositions]
    return pd.DataFrame(
        {
            "composition": list(compositions),
            "elements": [list(one) for one in amounts],
            "at_pct": [list(one.values()) for one in amounts],
            "dmax_mm": list(dmax_mm),
            "glass_class": [_class_of(dmax).value for dmax in dmax_mm],
        }
    )


def _class_of(dmax_mm: float) -> GlassClass:
    """The class of a label, as the ladder gives it."""
    if dmax_mm >= BULK_FROM_MM:
        return GlassClass.BULK
    return GlassClass.RIBBON if dmax_mm > 0 else GlassClass.CRYSTALLINE
