"""Alloys side by side as a table of words: a row for each thing that is known, a column for each alloy."""

from collections.abc import Callable, Sequence

import pandas as pd

from bmg_assets.pages.rendering import Columns
from bmg_assets.pages.sentences import TOO_FAR, mm_in_words
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.proposals.agreement import chance_in_words
from bmg_assets.science.proposals.comparison import ComparedAlloy, KnownAlloy, Prediction, PropertyEstimate
from bmg_assets.science.surrogates.catalogue import PAPER

THING = "thing"
"""Column with what is compared; the columns of the alloys are "0", "1" and so on."""
MOST_OF_NEAREST = 3


def side_by_side_columns(alloys: Sequence[ComparedAlloy]) -> Columns:
    """The columns of `side_by_side` with their titles."""
    return {THING: "compared", **{str(column): one.formula for column, one in enumerate(alloys)}}


def side_by_side(alloys: Sequence[ComparedAlloy], models: Sequence[str]) -> pd.DataFrame:
    """Everything that is known of any of the alloys, as text; empty where it is not known of one."""
    properties = dict.fromkeys(name for one in alloys for name in one.properties)
    rows: dict[str, Callable[[ComparedAlloy], str]] = {"system": lambda one: one.system}
    rows |= {f"D_max by {model_in_words(name)}": _of_model(name) for name in models}
    rows |= {
        "known already": lambda one: "" if one.known is None else _known(one.known),
        "own casts": lambda one: one.own_cast,
        "nearest known": lambda one: "; ".join(_near(near) for near in one.nearest[:MOST_OF_NEAREST]),
        "nearest known bulk glass": lambda one: "" if one.nearest_bulk is None else _near(one.nearest_bulk),
        "metals (price per kg)": lambda one: _number(one.price_per_kg, 3),
        "density (g/cm³, estimate)": lambda one: _number(one.density_g_cm3, 3),
    }
    rows |= {_title_of(name, alloys): _of_property(name) for name in properties}
    rows |= {
        "liquidus (K, rough estimate)": lambda one: _number(one.liquidus_kelvin, 4),
        "the same over the mean melting point": lambda one: _number(one.reduced_liquidus, 3),
        "the same above the lowest of its system": lambda one: _number(one.above_lowest, 2),
    }
    said = [[title, *(words(one) for one in alloys)] for title, words in rows.items()]
    return pd.DataFrame(
        [row for row in said if any(row[1:])], columns=[THING, *(str(column) for column in range(len(alloys)))]
    )


def descriptor_columns(alloys: Sequence[ComparedAlloy]) -> Columns:
    """The columns of `Comparison.descriptors` with their titles."""
    return {
        "in_words": "descriptor",
        **{str(column): (one.formula, 3) for column, one in enumerate(alloys)},
        "known_mean": ("mean of the known alloys", 3),
        "difference": ("apart (standard deviations)", 1),
    }


def model_in_words(name: str) -> str:
    """A surrogate or a sub-model as people call it."""
    if name == PAPER.name:
        return "the paper's models"
    return f"{SUB_MODELS[name].title} alone" if name in SUB_MODELS else name


def _of_model(name: str) -> Callable[[ComparedAlloy], str]:
    def words(alloy: ComparedAlloy) -> str:
        found = alloy.by(name)
        return "" if found is None else _prediction(found)

    return words


def _prediction(one: Prediction) -> str:
    if one.is_trusted is False:
        return TOO_FAR
    said = f"{mm_in_words(one.dmax_mm)} mm"
    if one.low_mm is not None and one.high_mm is not None:
        said += f" ({mm_in_words(one.low_mm)} to {mm_in_words(one.high_mm)})"
    if one.probability_bulk is not None:
        said += f", bulk glass {chance_in_words(one.probability_bulk)}"
    return said


def _known(one: KnownAlloy) -> str:
    size = "" if one.dmax_mm is None else f", {one.dmax_mm:.3g} mm"
    return f"{one.glass_class}{size} ({one.who})"


def _near(one: KnownAlloy) -> str:
    return f"{one.formula}, {one.distance_at_pct:.3g} at.% away: {_known(one)}"


def _title_of(name: str, alloys: Sequence[ComparedAlloy]) -> str:
    one = next(alloy.properties[name] for alloy in alloys if name in alloy.properties)
    return f"{one.symbol} ({one.unit})"


def _of_property(name: str) -> Callable[[ComparedAlloy], str]:
    def words(alloy: ComparedAlloy) -> str:
        return _estimate(alloy.properties[name]) if name in alloy.properties else ""

    return words


def _estimate(one: PropertyEstimate) -> str:
    between = f"{one.low:.4g} to {one.high:.4g}"
    if one.error is None:
        return f"{one.value:.4g}, measured" + (f" ({between})" if one.high > one.low else "")
    return f"{one.value:.4g}, mapped ({between}; the map errs by {one.error:.2g})"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}g}"
