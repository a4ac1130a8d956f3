"""All strategies by name, the longest to judge first."""

from bmg_assets.science.errors import BmgError
from bmg_assets.science.surrogates.base import Strategy
from bmg_assets.science.surrogates.baselines import Fractions, Nearest
from bmg_assets.science.surrogates.pruned import Pruned
from bmg_assets.science.surrogates.transfer import Transfer
from bmg_assets.science.surrogates.weighted import Weighted

STRATEGIES: dict[str, Strategy] = {
    strategy.name: strategy for strategy in (Pruned(), Transfer(), Weighted(), Fractions(), Nearest())
}


class UnknownStrategyError(BmgError):
    """A strategy that does not exist."""


def strategy_named(name: str) -> Strategy:
    """The strategy of that name.

    Raises:
        UnknownStrategyError: there is none.
    """
    if name not in STRATEGIES:
        raise UnknownStrategyError(f"There is no strategy '{name}'; choose one of {', '.join(STRATEGIES)}.")
    return STRATEGIES[name]
