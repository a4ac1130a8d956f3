"""What argues for which of several alloys, in words: one sentence per number, by thresholds that stand here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bmg_assets.science.proposals.agreement import chance_in_words
from bmg_assets.science.proposals.comparison import ComparedAlloy, Prediction, PropertyEstimate

CHANCE_APART = 0.10
"""Probabilities of a bulk glass that differ by less are the same."""
NEARER_BY_AT_PCT = 2.0
"""Atoms of a hundred by which a known glass must be nearer."""
CHEAPER_BY = 0.10
LIGHTER_BY = 0.05
"""Shares by which a price or a density must be lower; the estimate of the density is good to a few per cent."""
DEEPER_BY = 0.02
"""By how much a reduced liquidus must be lower: about 25 K for a mean melting point of 1,250 K."""


@dataclass(frozen=True)
class Argument:
    """One comparison.

    Attributes:
        topic: what is compared.
        speaks_for: formulas; empty where nothing tells the alloys apart.
        sentence: with the numbers.
    """

    topic: str
    speaks_for: tuple[str, ...]
    sentence: str


def arguments_for(alloys: Sequence[ComparedAlloy], surrogate: str, paper: str) -> list[Argument]:
    """Everything that can be compared of two or more alloys; what is known of one alloy alone is no argument.

    Args:
        surrogate: name of the surrogate whose predictions all alloys have.
        paper: name of the paper's fused models.
    """
    found = [
        _of_ground(alloys, surrogate),
        *_of_predictions(alloys, surrogate, surrogate),
        *_of_predictions(alloys, paper, "the paper's models"),
        _of_known(alloys),
        _of_nearest_glass(alloys),
        _of_melt(alloys),
        *_of_properties(alloys),
        _of_shares(alloys, "price", "the metals cost", "per kg", lambda one: one.price_per_kg, CHEAPER_BY),
        _of_shares(alloys, "density", "the density is", "g/cm³", lambda one: one.density_g_cm3, LIGHTER_BY),
    ]
    return [one for one in found if one is not None]


def summed_up(alloys: Sequence[ComparedAlloy], arguments: Sequence[Argument]) -> list[str]:
    """What speaks for each alloy, a sentence each, or the one that nothing tells them apart."""
    topics = {one.formula: [arg.topic for arg in arguments if one.formula in arg.speaks_for] for one in alloys}
    if not any(topics.values()):
        return ["Nothing here tells these alloys apart: take the one that is easier to cast."]
    return [
        f"For {formula}: {', '.join(spoken)}." if spoken else f"For {formula}: nothing that is compared here."
        for formula, spoken in topics.items()
    ]


def leaders(values: Mapping[str, float], apart: float, lower_is_better: bool = False) -> tuple[str, ...]:
    """The alloys whose number is nearer than `apart` to the best one; none where these are all.

    Args:
        values: by formula.
    """
    best = min(values.values()) if lower_is_better else max(values.values())
    close = tuple(name for name, value in values.items() if abs(value - best) < apart)
    return () if len(close) == len(values) else close


def _of_ground(alloys: Sequence[ComparedAlloy], surrogate: str) -> Argument | None:
    """Whose numbers can be believed."""
    trusted = {one.formula: found.is_trusted for one in alloys if (found := one.by(surrogate)) is not None}
    believed = tuple(name for name, is_trusted in trusted.items() if is_trusted)
    if len(trusted) < len(alloys) or len(believed) == len(trusted):
        return None
    explained = _listed(
        {
            one.formula: f"{found.explained:.0%}"
            for one in alloys
            if (found := one.by(surrogate)) is not None and found.explained is not None
        }
    )
    share = f" (the known alloys explain {explained} of what is open)" if explained else ""
    if not believed:
        return Argument("ground", (), f"None is near enough to known alloys for its numbers to have a ground{share}.")
    return Argument("ground", believed, f"Only the numbers of {_and(believed)} have a ground in known alloys{share}.")


def _of_predictions(alloys: Sequence[ComparedAlloy], by: str, who: str) -> list[Argument]:
    """The probability of a bulk glass and D_max by one model, where it predicts all alloys with some ground."""
    found = {one.formula: prediction for one in alloys if (prediction := one.by(by)) is not None}
    believed = {name: one for name, one in found.items() if one.is_trusted is not False}
    if len(believed) < len(alloys):
        return []
    arguments = [_of_chance(believed, who), _of_dmax(believed, who)]
    return [one for one in arguments if one is not None]


def _of_chance(found: Mapping[str, Prediction], who: str) -> Argument | None:
    chances = {name: one.probability_bulk for name, one in found.items() if one.probability_bulk is not None}
    if len(chances) < len(found):
        return None
    said, best = (
        _listed({name: chance_in_words(chance) for name, chance in chances.items()}),
        leaders(chances, CHANCE_APART),
    )
    sentence = f"The chance of a bulk glass by {who}: {said}"
    topic = f"chance of a bulk glass by {who}"
    if best:
        return Argument(topic, best, f"{sentence}.")
    return Argument(topic, (), f"{sentence}. Less than {100 * CHANCE_APART:.0f} points apart is no difference.")


def _of_dmax(found: Mapping[str, Prediction], who: str) -> Argument | None:
    intervals = {
        name: (one.low_mm, one.high_mm)
        for name, one in found.items()
        if one.low_mm is not None and one.high_mm is not None
    }
    if len(intervals) < len(found):
        return None
    said = _listed(
        {name: f"{found[name].dmax_mm:.2g} mm ({low:.2g} to {high:.2g})" for name, (low, high) in intervals.items()}
    )
    highest_low = max(low for low, _ in intervals.values())
    above = tuple(name for name, (_, high) in intervals.items() if high >= highest_low)
    topic, sentence = f"D_max by {who}", f"D_max by {who}: {said}"
    if len(above) == len(intervals):
        return Argument(topic, (), f"{sentence}. The intervals overlap, so these numbers do not tell the alloys apart.")
    beaten = _and([name for name in intervals if name not in above])
    return Argument(topic, above, f"{sentence}. The interval of {beaten} lies below.")


def _of_known(alloys: Sequence[ComparedAlloy]) -> Argument | None:
    """Which alloys are reported already: a fact and no argument, since casting one checks and casting another finds."""
    known = {
        one.formula: f"{one.known.glass_class}{_size(one.known.dmax_mm)} ({one.known.who})"
        for one in alloys
        if one.known is not None
    }
    if not known:
        return None
    if len(known) == len(alloys):
        return Argument("known already", (), f"All are reported already: {_listed(known)}.")
    return Argument(
        "known already",
        (),
        f"Reported already: {_listed(known)}. To cast it again checks a report; the others are new.",
    )


def _of_nearest_glass(alloys: Sequence[ComparedAlloy]) -> Argument | None:
    near = {one.formula: one.nearest_bulk for one in alloys if one.nearest_bulk is not None}
    if len(near) < len(alloys):
        return None
    said = _listed(
        {
            name: f"has {one.formula}{_size(one.dmax_mm)} {one.distance_at_pct:.3g} at.% away"
            for name, one in near.items()
        }
    )
    best = leaders({name: one.distance_at_pct for name, one in near.items()}, NEARER_BY_AT_PCT, lower_is_better=True)
    topic, sentence = "nearest known bulk glass", f"The nearest known bulk glass: {said}"
    if best:
        return Argument(topic, best, f"{sentence}.")
    return Argument(topic, (), f"{sentence}. That is about as near to all.")


def _of_melt(alloys: Sequence[ComparedAlloy]) -> Argument | None:
    """How far each lies above the deepest eutectic of its own system: that means the same in every system.

    An estimated liquidus in kelvin does not, so that alloys of different systems are not compared by it.
    """
    above = {one.formula: one.above_lowest for one in alloys if one.above_lowest is not None}
    if len(above) < len(alloys):
        return None
    best = leaders(above, DEEPER_BY, lower_is_better=True)
    said = _listed({name: f"{max(share, 0):.2f}" for name, share in above.items()})
    sentence = (
        "By the estimate of the melt, the liquidus over the mean melting point of the elements lies above the lowest "
        f"one of the alloy's own system by: {said}"
    )
    if best:
        return Argument("nearer to a deep eutectic", best, f"{sentence}. The less, the nearer to a deep eutectic.")
    return Argument("nearer to a deep eutectic", (), f"{sentence}. The estimate cannot tell these apart.")


def _of_properties(alloys: Sequence[ComparedAlloy]) -> list[Argument]:
    """Properties that are known of all alloys; a higher one is not better, so it is said which is higher."""
    names = dict.fromkeys(name for one in alloys for name in one.properties)
    return [
        _of_property({one.formula: one.properties[name] for one in alloys})
        for name in names
        if all(name in one.properties for one in alloys)
    ]


def _of_property(found: Mapping[str, PropertyEstimate]) -> Argument:
    one = next(iter(found.values()))
    said = _listed({name: f"{each.value:.4g} {each.unit} ({_spread_of(each)})" for name, each in found.items()})
    error = max((each.error or 0.0) for each in found.values())
    best = leaders({name: each.value for name, each in found.items()}, error) if error else ()
    if best:
        sentence = (
            f"{one.symbol} is highest in {_and(best)}, by more than the error of the map ({error:.2g} {one.unit})"
        )
        return Argument(f"higher {one.symbol}", best, f"{sentence}: {said}.")
    errs = f" The map errs by {error:.2g} {one.unit}, so it does not tell them apart." if error else ""
    return Argument(one.symbol, (), f"{one.symbol}: {said}.{errs}")


def _spread_of(one: PropertyEstimate) -> str:
    return "measured" if one.is_measured else f"{one.low:.4g} to {one.high:.4g}"


def _of_shares(
    alloys: Sequence[ComparedAlloy],
    topic: str,
    verb: str,
    unit: str,
    value_of: Callable[[ComparedAlloy], float | None],
    by: float,
) -> Argument | None:
    """A number of which less is better, where a share of it matters."""
    values = {one.formula: value for one in alloys if (value := value_of(one)) is not None}
    if len(values) < len(alloys):
        return None
    said = _listed({name: f"{value:.3g} {unit}" for name, value in values.items()})
    best = leaders(values, by * max(values.values()), lower_is_better=True)
    sentence = f"{verb[:1].upper()}{verb[1:]} {said}"
    if best:
        return Argument(f"lower {topic}", best, f"{sentence}.")
    return Argument(f"lower {topic}", (), f"{sentence}. That is less than {by:.0%} apart.")


def _listed(said: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {words}" for name, words in said.items())


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)


def _size(dmax_mm: float | None) -> str:
    return "" if dmax_mm is None else f" of {dmax_mm:.3g} mm"
