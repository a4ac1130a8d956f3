"""What a person decides about candidates: what is recommended, the rule, how many, how far apart, and the limits.

Two surrogates propose side by side: the paper's, whose pair is always there, and the one in use. The setting
`strategy` says whose picks are recommended.

The paper's rule casts a pair out of the largest top region. The other rules look for what a cast may add to the best
alloy so far, anywhere on the map. They need a spread of each point that holds for new systems.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Self

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from bmg_assets.science.alloys.compositions import parse_formula
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.errors import BmgError
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.proposals.objectives import numbers_by_objective, wishes_in_words
from bmg_assets.science.surrogates.base import Surrogate
from bmg_assets.science.surrogates.catalogue import PAPER as PAPER_SURROGATE
from bmg_assets.science.surrogates.catalogue import RECOMMENDED, SURROGATES, mapping_surrogate

PAPER = "paper"
"""The best of the largest top region, and the best around it."""
EXPECTED_GAIN = "expected_gain"
"""Expected improvement in mm over the best known D_max of the system."""
CHANCE_OF_BETTER = "chance_of_better"
"""Probability of a D_max above the best known one."""
GAIN_PER_PRICE = "gain_per_price"
"""Expected improvement over the price of the alloy."""
WEIGHTED = "weighted"
"""Weighted sum of objectives, each in standard deviations over the compositions that can be believed."""
CANDIDATE_RULES = (PAPER, EXPECTED_GAIN, CHANCE_OF_BETTER, GAIN_PER_PRICE, WEIGHTED)
DEFAULT_RULE = EXPECTED_GAIN
"""Of a surrogate that can serve it, while nobody chooses another one."""
NumberByObjective = Annotated[dict[str, float], BeforeValidator(numbers_by_objective)]
PAIR = 2
SAME_ALLOY_AT_PCT = 3.0
"""Compositions nearer to each other are one alloy for whoever weighs and melts them."""


class CandidateChoiceError(BmgError):
    """A choice that does not exist, or parts of one that do not go together."""


def candidate_rule(name: str) -> str:
    """The name, if it is one of CANDIDATE_RULES.

    Raises:
        CandidateChoiceError: it is not.
    """
    if name not in CANDIDATE_RULES:
        raise CandidateChoiceError(f"There is no rule '{name}' for candidates; use {', '.join(CANDIDATE_RULES)}.")
    return name


class CandidateSettings(BaseModel):
    """The map and the rule by which alloys are proposed, how many, and how far apart.

    Raises, when it is made:
        CandidateChoiceError: an unknown rule.
        UnknownSurrogateError: no surrogate of that name makes maps.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    strategy: str = Field(
        default=RECOMMENDED.name,
        description=f"Surrogate whose picks are recommended: '{RECOMMENDED.name}' or another one that makes maps "
        f"(transfer_grid is its map), or '{PAPER_SURROGATE.name}' for the paper's pair (of prediction_grid), which is "
        "proposed in any case.",
    )
    rule: str | None = Field(
        default=None,
        description="How the recommended picks are chosen: the highest 'expected_gain' over the best known D_max, "
        "'chance_of_better', 'gain_per_price' or sum of 'weighted' objectives, or 'paper', as its pair is (best "
        f"of the largest top region, and around it). None: '{DEFAULT_RULE}', and '{PAPER}' for a surrogate that cannot "
        "serve it.",
    )
    picks: int = Field(default=PAIR, description="Alloys to cast at once; the paper's rule casts a pair.", ge=1)
    pair_distance_at_pct: int = Field(
        default=5,
        description="Distance of the second pick and the boundary points from the first pick by the paper's rule, in "
        "at.%, a multiple of the grid's step.",
        gt=0,
        le=100,
    )
    apart_at_pct: float | None = Field(
        default=None,
        description="Least difference, in at.%, of the picks from each other, and of all from pending alloys. None: "
        f"{SAME_ALLOY_AT_PCT:g}, since each pick is chosen for what it adds to the others and nearer ones are one "
        "alloy in the furnace; pair_distance_at_pct by the paper's rule and where the map does not say how its casts "
        "go together.",
        ge=0,
        le=100,
    )
    least_explained: float = Field(
        default=0.0,
        description="Pass over compositions of which the known alloys explain a smaller share (0 to 1, where "
        "the surrogate knows it).",
        ge=0,
        le=1,
    )
    repeats: bool = Field(
        default=False,
        description="Whether a pick may repeat an alloy that the literature or the group reports already.",
    )
    stop_gain_mm: float = Field(
        default=1.0,
        description="By how many mm a composition has to beat the best known alloy to be worth casting on: its chance "
        "is stated for each round.",
        gt=0,
        le=20,
    )

    @field_validator("strategy")
    @classmethod
    def _strategy_exists(cls, name: str) -> str:
        return mapping_surrogate(name).name

    @field_validator("rule")
    @classmethod
    def _rule_exists(cls, name: str | None) -> str | None:
        return None if name is None else candidate_rule(name)


class CandidateChoice(CandidateSettings):
    """How the candidates of a system are chosen.

    Raises, when it is made:
        CandidateChoiceError: a rule that the map cannot serve, or a setting that the rule has not.
    """

    rule: str = PAPER
    """Settled: where nobody has chosen, that of the surrogate."""
    practice: CastingPractice = CastingPractice()
    pending: tuple[str, ...] = ()
    """Formulas of alloys that are in the furnace: no result yet, and none of them is to be cast twice."""
    weights: NumberByObjective = {}
    """Of the rule `weighted`, by objective; below zero wants less."""
    at_least: NumberByObjective = {}
    at_most: NumberByObjective = {}
    """Least and most value of objectives, whatever the rule."""

    @model_validator(mode="before")
    @classmethod
    def _rule_is_settled(cls, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("rule") is not None:
            return given
        if given.get("weights"):
            return given | {"rule": WEIGHTED}
        strategy = given.get("strategy", CandidateSettings.model_fields["strategy"].default)
        return given | {"rule": DEFAULT_RULE if mapping_surrogate(strategy).has_calibrated_spread else PAPER}

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        surrogate = mapping_surrogate(self.strategy)
        if not surrogate.has_calibrated_spread and self.rule != PAPER:
            able = _names_of(surrogate for surrogate in SURROGATES.values() if surrogate.has_calibrated_spread)
            raise CandidateChoiceError(
                f"The rule '{self.rule}' needs an uncertainty that holds for new systems, and the map of strategy "
                f"'{self.strategy}' has none: its intervals are not calibrated on systems left out and miss many bulk "
                f"glasses of new systems; use strategy {able}, or rule '{PAPER}'."
            )
        if not surrogate.has_explained and self.least_explained > 0:
            able = _names_of(surrogate for surrogate in SURROGATES.values() if surrogate.has_explained)
            raise CandidateChoiceError(
                f"How much known alloys explain is only known on the map of strategy {able}; use it, or leave "
                "least_explained at 0."
            )
        self._check_weights()
        if self.rule == PAPER and self.picks != PAIR:
            raise CandidateChoiceError(
                f"{self.picks} picks were asked for, but the paper's rule casts a pair; use another rule "
                f"({', '.join(CANDIDATE_RULES[1:])}), or leave picks at {PAIR}."
            )
        return self

    def _check_weights(self) -> None:
        if self.rule == WEIGHTED and not any(self.weights.values()):
            raise CandidateChoiceError(
                f"The rule '{WEIGHTED}' needs the weight of one objective at least, like dmax=1 (`--weight dmax=1`)."
            )
        if self.rule != WEIGHTED and self.weights:
            raise CandidateChoiceError(
                f"Weights are given, and the rule '{self.rule}' has none; use the rule '{WEIGHTED}', or leave them out."
            )

    @property
    def objectives(self) -> tuple[str, ...]:
        """Names of the objectives by which it chooses or limits the choice."""
        return tuple(dict.fromkeys((*self.weights, *self.at_least, *self.at_most)))

    @property
    def least_apart_at_pct(self) -> float:
        """Least distance in at.% exchanged between alloys that are cast at once; 0 where none is kept."""
        if self.rule == PAPER:
            return self.distance_at_pct
        return SAME_ALLOY_AT_PCT if self.apart_at_pct is None else self.apart_at_pct

    @property
    def distance_at_pct(self) -> float:
        """The same where only a distance keeps alloys from saying the same."""
        return float(self.pair_distance_at_pct if self.apart_at_pct is None else self.apart_at_pct)

    @property
    def recommends_paper(self) -> bool:
        """Whether the paper's pair is what is recommended."""
        return mapping_surrogate(self.strategy).is_of_sub_models

    def of_surrogate(self, strategy: str) -> "CandidateChoice":
        """How the picks on the map of a surrogate are chosen: as was chosen for it, else by its own rule."""
        return self if self.strategy == strategy else self._of(mapping_surrogate(strategy), None)

    def of_paper(self) -> "CandidateChoice":
        """How the paper's pair is chosen, with the same limits."""
        return self if self.recommends_paper else self._of(PAPER_SURROGATE, PAPER, picks=PAIR, least_explained=0.0)

    def _of(self, surrogate: Surrogate, rule: str | None, **changed: Any) -> "CandidateChoice":
        return CandidateChoice(**dict(self) | {"strategy": surrogate.name, "rule": rule, "weights": {}} | changed)

    def check_system(self, system: TargetSystem) -> None:
        """Refuse a system in which nothing can be proposed.

        Raises:
            NotCastError: see `CastingPractice.check_system`.
            FormulaError: a pending alloy has no formula that can be read.
            CandidateChoiceError: a pending alloy is not of this system.
        """
        self.practice.check_system(system, needs_prices=self.rule == GAIN_PER_PRICE)
        self.pending_at_pct(system)

    def refuse_foreign(self, system: TargetSystem, limited: Iterable[str]) -> None:
        """Refuse limits that a person set for this system on elements that it does not hold.

        Those of the laboratory's file are for all its systems, so they may be on any element.

        Args:
            limited: elements with a limit of the run.

        Raises:
            CandidateChoiceError: an element is not of the system.
        """
        foreign = next((element for element in limited if element not in system.element_set), None)
        if foreign is not None:
            raise CandidateChoiceError(
                f"A limit is set on {foreign}, which {system.key} does not hold; limit its own elements "
                f"({', '.join(system.elements)}), or write limits of all systems into casting.yaml."
            )

    def pending_at_pct(self, system: TargetSystem) -> FloatArray:
        """The p pending alloys in at.% of the system's elements, shape (p, k).

        Raises:
            FormulaError: a pending alloy has no formula that can be read.
            CandidateChoiceError: a pending alloy is not of this system.
        """
        rows = []
        for formula in self.pending:
            amounts = parse_formula(formula).amounts
            foreign = [element for element in amounts if element not in system.element_set]
            if foreign:
                raise CandidateChoiceError(
                    f"The pending alloy {formula} holds {foreign[0]}, which {system.key} has not; name alloys of "
                    "this system, or take it off."
                )
            rows.append([amounts.get(element, 0.0) for element in system.elements])
        return np.array(rows, dtype=np.float64).reshape(-1, len(system.elements))

    def limits_in_words(self, system: TargetSystem) -> str | None:
        """What keeps alloys from being chosen; None where nothing does."""
        words = [*self.practice.in_words(system), *wishes_in_words(self.at_least, self.at_most)]
        if self.least_explained > 0:
            words.append(f"known alloys explain {self.least_explained:.0%} or more")
        if self.pending:
            pending = " and ".join(self.pending)
            apart = f"{self.least_apart_at_pct:g} at.% or more from" if self.least_apart_at_pct else "not"
            words.append(f"{apart} what is in the furnace, {pending}")
        return "; ".join(words) or None


def _names_of(surrogates: Iterable[Surrogate]) -> str:
    """Names of those that make maps, quoted."""
    return " or ".join(f"'{surrogate.name}'" for surrogate in surrogates if surrogate.makes_maps)
