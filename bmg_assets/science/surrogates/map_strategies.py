"""The strategies that make a map of a system, by name."""

from bmg_assets.science.errors import BmgError

PRUNED = "pruned"
"""The paper's: `prediction_grid`, ranked by D_max."""
TRANSFER = "transfer"
"""All alloys by likeness: `transfer_grid`, ranked by its score."""
MAP_STRATEGIES = (PRUNED, TRANSFER)


class UnknownMapStrategyError(BmgError):
    """A strategy that makes no map."""


def map_strategy(name: str) -> str:
    """The name, if it is one of MAP_STRATEGIES.

    Raises:
        UnknownMapStrategyError: it is not.
    """
    if name not in MAP_STRATEGIES:
        raise UnknownMapStrategyError(f"There is no map by a strategy '{name}'; use {' or '.join(MAP_STRATEGIES)}.")
    return name
