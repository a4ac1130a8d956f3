"""What is possible for a set of elements: to be a system, to be described, to be mapped, and the sentences that say so.

Asked when a system is added and when a cast comes in, so that nobody learns it from a run that fails at night.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bmg_assets.science.alloys.compositions import chemical_system
from bmg_assets.science.alloys.formulas.elements import UNCASTABLE
from bmg_assets.science.alloys.grid import MOST_ELEMENTS, default_step, interior_points
from bmg_assets.science.alloys.systems import FEWEST_ELEMENTS
from bmg_assets.science.descriptors.known_elements import not_described

MANY_ELEMENTS = 7
"""Elements from which the grid that fits in memory is coarse."""
_WITHOUT_MELTING_POINT = "He Fr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
WITHOUT_MELTING_POINT = frozenset(_WITHOUT_MELTING_POINT.split())
"""Elements without the data from which the estimates of the melt are made; a test compares them with the tables."""


@dataclass(frozen=True)
class Possible:
    """What can be done for the alloys of a set of elements.

    Attributes:
        is_system: whether they can be a target system: three elements or more.
        undescribed: elements that the 86 descriptors do not know; with one of them no sub-model can be trained.
        unplaced: elements that the surrogates on compositions (`composite`, `transfer`, `weighted`) cannot place
            either, or that nobody casts.
        has_grid: whether the compositions of the system can be listed.
        sentences: one for each thing that is not possible or coarse, with what remains; none where all is possible.
    """

    is_system: bool
    undescribed: tuple[str, ...]
    unplaced: tuple[str, ...]
    has_grid: bool
    sentences: tuple[str, ...]

    @property
    def trains_sub_models(self) -> bool:
        """Whether the paper's sub-models can be trained for it and map it."""
        return self.is_system and self.has_grid and not self.undescribed

    @property
    def has_recommendations(self) -> bool:
        """Whether the surrogate in use can map it and pick, with or without the paper's models."""
        return self.is_system and self.has_grid and self.known_to_surrogate

    @property
    def known_to_surrogate(self) -> bool:
        """Whether a surrogate that needs no descriptors knows the elements."""
        return not self.unplaced


def possible_for(elements: Iterable[str]) -> Possible:
    """What is possible for a system of these elements, or for an alloy that holds them; each element counts once.

    Nothing is raised: what cannot be done is an answer.
    """
    named = tuple(dict.fromkeys(elements))
    undescribed = not_described(named)
    unplaced = tuple(element for element in named if element in WITHOUT_MELTING_POINT | UNCASTABLE)
    sentences = (_of_few(named), _of_many(named), _of_undescribed(named, undescribed, unplaced))
    return Possible(
        is_system=len(named) >= FEWEST_ELEMENTS,
        undescribed=undescribed,
        unplaced=unplaced,
        has_grid=len(named) <= MOST_ELEMENTS,
        sentences=tuple(sentence for sentence in sentences if sentence),
    )


def _of_few(named: tuple[str, ...]) -> str:
    if len(named) >= FEWEST_ELEMENTS:
        return ""
    return (
        f"{chemical_system(named)} has {len(named)} element{'s' if len(named) > 1 else ''}, and a target system has "
        f"{FEWEST_ELEMENTS} or more: no map is made of it and nothing is proposed in it."
    )


def _of_many(named: tuple[str, ...]) -> str:
    system = chemical_system(named)
    if len(named) > MOST_ELEMENTS:
        return (
            f"{system} has {len(named)} elements, and systems of up to {MOST_ELEMENTS} can be mapped: its alloys can "
            "be learnt from, but no map is made of it."
        )
    if len(named) < MANY_ELEMENTS:
        return ""
    step = default_step(len(named))
    return (
        f"{system} has {len(named)} elements: its map has {interior_points(len(named), step)} compositions, {step} "
        "at.% apart, so that it shows a direction and no optimum."
    )


def _of_undescribed(named: tuple[str, ...], undescribed: tuple[str, ...], unplaced: tuple[str, ...]) -> str:
    if not undescribed:
        return ""
    lacking = ", ".join(undescribed)
    sentence = (
        f"The 86 descriptors do not know {lacking}, so that no sub-model can be trained for {chemical_system(named)}"
    )
    if unplaced:
        return f"{sentence}; the surrogates do not know {', '.join(unplaced)} either."
    return f"{sentence}; the surrogate composite, which needs no descriptors, knows all its elements."
