"""What `bmg run` prints of the alloys to cast: the recommended ones, and the other surrogate's beside them."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from bmg_assets.pages.rests_on import nearest_reports_in_words
from bmg_assets.pages.sentences import (
    TOO_FAR,
    chosen_in_words,
    has_ground,
    interval_in_words,
    price_in_words,
    state_in_words,
    with_formulas,
)
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.surrogates.catalogue import SURROGATES


def proposed_for_people(system: TargetSystem, candidates: pd.DataFrame, literature: pd.DataFrame) -> str:
    """The picks, each with its reason, both predictions and the nearest reports, then the picks beside them.

    Args:
        candidates: the table `candidates`, or `recommendations` where no model of the paper can be trained.
        literature: the table `alloys`.
    """
    if candidates.empty:
        return f"Nothing is recommended in {system.key}: too few bulk glasses are known for a score to mean mm."
    picks = with_formulas(candidates[candidates["kind"] == "pick"], system)
    recommended, beside = picks[picks["is_recommended"]], picks[~picks["is_recommended"]]
    lines = []
    if len(recommended):
        lines += [f"Cast next in {system.key}:", *_lines_of(system, recommended, literature)]
        lines += [chosen_in_words(recommended)]
    if len(beside):
        lines += [f"{_title_of(beside)} in {system.key}:", *_lines_of(system, beside, literature)]
    return "\n".join(lines)


def _title_of(beside: pd.DataFrame) -> str:
    strategy = str(beside["strategy"].iloc[0])
    is_papers = strategy in SURROGATES and SURROGATES[strategy].is_of_sub_models
    return "The pair of the paper's models" if is_papers else f"The picks of {strategy}"


def _lines_of(system: TargetSystem, picks: pd.DataFrame, literature: pd.DataFrame) -> Iterator[str]:
    nearest = nearest_reports_in_words(system, picks, literature)
    for pick, reports in zip(picks.to_dict("records"), nearest, strict=True):
        yield _reason_of(pick)
        if "agreement" in pick:
            yield _line(pick["agreement"])
        yield _line(pick["first_rung"])
        yield f"     Nearest in the literature: {reports}."


def _line(words: str) -> str:
    return f"     {words[0].upper()}{words[1:]}."


def _reason_of(pick: Mapping[Hashable, Any]) -> str:
    said = f"predicted D_max {pick['dmax_mm']:.2f} mm ({interval_in_words(pick)}); {pick['reason']}"
    if not has_ground(pick):
        said = f"{TOO_FAR} for a number; pick {pick['rank']} by the rule, whose numbers have no ground here"
    state = state_in_words(pick["state"], pick["state_because"])
    return f"  {pick['rank']}. {pick['formula']}: {said}. {state}.{price_in_words(pick)}"
