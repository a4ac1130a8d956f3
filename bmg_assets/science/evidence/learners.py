"""Surrogates that predict systems as if nobody had cast them, from as few fits as can be.

The Gaussian process is fitted once and leaves any alloys out in closed form; the nearest alloy needs no fit; trees are
grown anew for each set of alloys left out, so unrelated systems are left out together for them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys, unrelated_groups
from bmg_assets.science.evidence.splits import Track
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.baselines import NearestAlloy
from bmg_assets.science.surrogates.catalogue import SURROGATES
from bmg_assets.science.surrogates.composite import FittedComposite, uncalibrated_composite
from bmg_assets.science.surrogates.transfer import FittedTransfer, uncalibrated
from bmg_assets.science.surrogates.weighted import Weighted

Rank = Callable[[Compositions], FloatArray]
"""Gives scores, higher is better, shape (m,)."""
NO_TARGET: frozenset[str] = frozenset()
RANKS = "mean_of_ranks"
EQUIATOMIC = "equiatomic"


class Learner(ABC):
    """A way to rank compositions, fitted to the alloys of one literature."""

    name: str
    is_comparable = True
    """Whether scores of different systems can be compared."""

    @abstractmethod
    def without(self, hidden: BoolArray) -> Rank:
        """How it ranks if some of its n alloys had never been reported, shape (n,)."""


class ProcessOnce(Learner):
    """A Gaussian process, fitted once."""

    def __init__(self, name: str, fitted: FittedTransfer | FittedComposite) -> None:
        self.name, self.fitted = name, fitted

    def without(self, hidden: BoolArray) -> Rank:
        """See `Learner.without`: in closed form."""
        return lambda compositions: self.fitted.score_without(hidden, compositions)


class NearestOfRest(Learner):
    """The nearest known alloy."""

    name = "nearest"

    def __init__(self, alloys: Alloys) -> None:
        self.alloys = alloys

    def without(self, hidden: BoolArray) -> Rank:
        """See `Learner.without`."""
        known = NearestAlloy(self.alloys.take(~hidden))
        return lambda compositions: known.predict(compositions).score


class TreesAnew(Learner):
    """The surrogate `weighted` without its weights by relation, since one forest serves many systems."""

    name = "weighted"

    def __init__(self, alloys: Alloys, seed: int) -> None:
        self.alloys, self.seed = alloys, seed
        self._last: tuple[bytes, Rank] | None = None

    def without(self, hidden: BoolArray) -> Rank:
        """See `Learner.without`: trees grown anew, unless the same alloys were left out the last time."""
        key = hidden.tobytes()
        if self._last is None or self._last[0] != key:
            trees = Weighted().fit(self.alloys.take(~hidden), NO_TARGET, self.seed)
            self._last = (key, lambda compositions: trees.predict(compositions).score)
        return self._last[1]


class MeanOfRanks(Learner):
    """The mean rank by several learners among the compositions that are asked for together."""

    name = RANKS
    is_comparable = False

    def __init__(self, *learners: Learner) -> None:
        self.learners = learners

    def without(self, hidden: BoolArray) -> Rank:
        """See `Learner.without`."""
        from scipy.stats import rankdata

        ranks = [learner.without(hidden) for learner in self.learners]
        return lambda compositions: np.mean([rankdata(rank(compositions)) for rank in ranks], axis=0)


class Equiatomic(Learner):
    """Nothing learnt: the nearer to equal amounts of all elements, the better."""

    name = EQUIATOMIC
    is_comparable = False

    def without(self, hidden: BoolArray) -> Rank:
        """See `Learner.without`."""
        return lambda compositions: -np.asarray((compositions.fractions**2).sum(axis=1))


LEARNERS = ("nearest", "transfer", "composite", "weighted", RANKS, EQUIATOMIC)
"""Names, in the order in which they are shown."""
VERSIONS = {name: SURROGATES[name].version for name in LEARNERS if name in SURROGATES}
"""Code versions of what is learnt; an entry that was made by another version is made anew."""


def fitted_learners(names: Sequence[str], alloys: Alloys, seed: int) -> list[Learner]:
    """Learners by name, each fitted once to these alloys.

    Args:
        names: some of LEARNERS; the mean of ranks is that of composite and weighted.
        alloys: known alloys.
        seed: of the trees.
    """
    wanted = {*names, *(("composite", "weighted") if RANKS in names else ())}
    makers: dict[str, Callable[[], Learner]] = {
        NearestOfRest.name: lambda: NearestOfRest(alloys),
        "transfer": lambda: ProcessOnce("transfer", uncalibrated(alloys)),
        "composite": lambda: ProcessOnce("composite", uncalibrated_composite(alloys)),
        TreesAnew.name: lambda: TreesAnew(alloys, seed),
        EQUIATOMIC: Equiatomic,
    }
    made = {name: make() for name, make in makers.items() if name in wanted}
    if RANKS in names:
        made[RANKS] = MeanOfRanks(made["composite"], made[TreesAnew.name])
    return [made[name] for name in names]


def rankings(
    learners: Sequence[Learner], learnt: LearntAlloys, systems: Sequence[str], track: Track, together: bool
) -> Iterator[tuple[str, Learner, Rank]]:
    """How each learner ranks in each system, which is left out.

    Args:
        learners: fitted to `learnt`.
        systems: those to leave out.
        track: what stays known.
        together: leave unrelated systems out together, which spares fits.
    """
    for group in unrelated_groups(systems) if together else [[system] for system in systems]:
        hidden = learnt.hidden_by(group, track)
        for learner in learners:
            rank = _nothing_known if hidden.all() else learner.without(hidden)
            yield from ((system, learner, rank) for system in group)


def _nothing_known(compositions: Compositions) -> FloatArray:
    """All alike, where a system leaves no known alloy."""
    return np.zeros(len(compositions))
