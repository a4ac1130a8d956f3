"""Sentences that pages and terminal share: how candidates were chosen, and how many rounds of casts a system knows."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from bmg_assets.pages.drawing import CLASS_TITLES
from bmg_assets.science.alloys.compositions import formula_in_order, parse_formula
from bmg_assets.science.alloys.labels import BULK_FROM_MM, GlassClass
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.iterations import rounds_of_casts
from bmg_assets.science.proposals.agreement import chance_in_words
from bmg_assets.science.proposals.candidate_choice import (
    CHANCE_OF_BETTER,
    EXPECTED_GAIN,
    GAIN_PER_PRICE,
    PAPER,
    WEIGHTED,
)
from bmg_assets.science.surrogates.catalogue import PAPER as PAPER_SURROGATE

RULES = {
    PAPER: "the best of the largest top region, and the best around it",
    EXPECTED_GAIN: "expected improvement over the best known alloy of the system",
    CHANCE_OF_BETTER: "probability of an alloy better than the best known one of the system",
    GAIN_PER_PRICE: "expected improvement over the best known alloy of the system, divided by its price",
    WEIGHTED: "weighted sum of objectives, each in standard deviations over the map",
}

TOO_FAR = "too far from what is known"
"""Stands where a number would have no ground."""
EARLIER_CHANCES = 3
"""Earlier rounds that the sentence on when to stop names."""


def chosen_in_words(candidates: pd.DataFrame) -> str:
    """The map, the rule and the limits of a table `candidates`, which has one row at least."""
    first = candidates.iloc[0]
    limits = "without limits" if pd.isna(first["limits"]) else f"within these limits: {first['limits']}"
    return (
        f"Chosen by the rule {first['rule']} ({RULES[first['rule']]}) on the map of the surrogate {first['strategy']}, "
        f"{limits}."
    )


def pick_in_a_line(pick: Mapping[Hashable, Any]) -> str:
    """A pick before the paper's models are trained, with the nearest reported alloy.

    Args:
        pick: a row of `recommendations` with its `formula`.
    """
    size = "" if pd.isna(pick["nearest_dmax_mm"]) else f", {pick['nearest_dmax_mm']:g} mm"
    bulk = pick["probability_bulk"]
    chance = "" if pd.isna(bulk) else f", {chance_in_words(bulk)} for a bulk glass"
    numbers = f"{pick['dmax_mm']:.2f} mm ({interval_in_words(pick)}{chance})"
    return (
        f"{pick['rank']}. {pick['formula']}: {numbers if has_ground(pick) else TOO_FAR}; nearest "
        f"known: {pick['nearest_formula']} ({pick['nearest_class']}{size}; {pick['nearest_who']}), "
        f"{pick['nearest_at_pct']:.3g} at.% away"
    )


def has_ground(pick: Mapping[Hashable, Any]) -> bool:
    """Whether the numbers behind a pick can be believed; a surrogate's have no ground too far from what is known.

    Args:
        pick: a row of `recommendations` or `candidates`.
    """
    return bool(pick["is_trusted"]) or pick["strategy"] == PAPER_SURROGATE.name


def price_in_words(candidate: Mapping[Hashable, Any]) -> str:
    """The price of the metals, as a sentence that follows others; nothing without prices."""
    price = candidate["price_per_kg"]
    return "" if pd.isna(price) else f" Its metals cost {price:.3g} per kg."


def interval_in_words(candidate: Mapping[Hashable, Any]) -> str:
    """The interval of a candidate, like "interval 0.04 to 2.85 mm"; its surrogate may have none."""
    low, high = candidate["interval_low_mm"], candidate["interval_high_mm"]
    return "no interval" if pd.isna(low) else f"interval {low:.2f} to {high:.2f} mm"


def mm_in_words(value: float) -> str:
    """A diameter in mm with the digits that a prediction has, like "0.84" or "12.3"."""
    return f"{value:.{1 if value >= 1 else 2}f}"


def chance_of_more_in_words(iterations: pd.DataFrame) -> str:
    """The chance that casting on brings a better alloy, with its history, as a sentence; nothing where it is unknown.

    Args:
        iterations: the table `iterations` of a system.
    """
    known = iterations.assign(stage=rounds_in_words(iterations).to_numpy())
    last = known.iloc[-1]
    if pd.isna(last["chance_of_more"]):
        return ""
    best, more = last["best_known_mm"], f"{last['more_than_mm']:g} mm"
    whose = "your best cast" if last["best_cast_mm"] == best else "the best known alloy"
    said = (
        f"The chance that an uncast composition beats {whose} ({best:g} mm) by more than {more}"
        if best > 0
        else f"No glass of this system is known. The chance that a composition reaches more than {more}"
    )
    earlier = known.iloc[:-1].dropna(subset="chance_of_more").tail(EARLIER_CHANCES)
    history = [f"{one['stage']} it was {chance_in_words(one['chance_of_more'])}" for _, one in earlier.iterrows()]
    return "; ".join([f"{said} is {chance_in_words(last['chance_of_more'])}", *history]) + "."


def reported_in_words(glass_class: str, dmax_mm: float | None) -> str:
    """Class and D_max of a reported alloy, like "bulk glass, 10 mm"; a mean below 1 mm tells of a bulk glass that
    others did not get.
    """
    title = CLASS_TITLES[glass_class]
    if dmax_mm is None or pd.isna(dmax_mm):
        return title
    if glass_class == GlassClass.BULK and dmax_mm < BULK_FROM_MM:
        return f"{title} by some reports, {dmax_mm:.2g} mm on average"
    return f"{title}, {dmax_mm:.3g} mm"


def as_sentence(clause: str) -> str:
    """A clause with a capital letter and a full stop."""
    return f"{clause[:1].upper()}{clause[1:].removesuffix('.')}."


def state_in_words(state: object, because: object) -> str:
    """The state of a candidate as a clause, like "State: requested (ZAC-17: planned)"."""
    return f"State: {state}" + (f" ({because})" if because else "")


def rounds_in_words(iterations: pd.DataFrame) -> pd.Series:
    """What each iteration knew, like "after 2 rounds of own casts", by its number.

    Args:
        iterations: the table `iterations` of a system.
    """
    rounds = rounds_of_casts(iterations)
    is_correction = rounds.diff().eq(0)
    words = [_round_in_words(*one) for one in zip(rounds, is_correction, strict=True)]
    return pd.Series(words, index=rounds.index, dtype=object)


def with_formulas(rows: pd.DataFrame, system: TargetSystem) -> pd.DataFrame:
    """Rows with a column `formula`: the composition with its elements in the order of the system's key.

    Args:
        rows: a column `at_pct` in that order.
    """
    return rows.assign(formula=[formula_in_order(system.elements, point) for point in rows["at_pct"]])


def formula_led_by(elements: Sequence[str], composition: str | Mapping[str, float]) -> str:
    """Formula of an alloy that can hold other elements too; the given elements come first, in their order.

    Args:
        elements: of a system.
        composition: a formula, or at.% by element.
    """
    amounts = parse_formula(composition).amounts if isinstance(composition, str) else composition
    places = {element: place for place, element in enumerate(elements)}
    ordered = sorted(amounts, key=lambda name: (places.get(name, len(places)), name))
    return formula_in_order(ordered, [amounts[name] for name in ordered])


def _round_in_words(rounds: int, is_correction: bool) -> str:
    said = f"after {rounds} round{'' if rounds == 1 else 's'} of own casts" if rounds else "before any own cast"
    return f"{said}, with corrections" if is_correction else said
