"""All surrogates by name. To add one is to write its file and to enter it here."""

from bmg_assets.science.errors import BmgError
from bmg_assets.science.surrogates.base import Surrogate
from bmg_assets.science.surrogates.baselines import Fractions, Nearest
from bmg_assets.science.surrogates.composite import Composite
from bmg_assets.science.surrogates.pruned import Pruned
from bmg_assets.science.surrogates.transfer import Transfer
from bmg_assets.science.surrogates.weighted import Weighted

PAPER = Pruned()
"""The paper's, with which all others are compared."""
RECOMMENDED = Composite()
"""The surrogate behind `transfer_grid` unless another one is chosen: the best where nothing is known and where casts
exist (docs/results.md)."""
SURROGATES: dict[str, Surrogate] = {
    surrogate.name: surrogate for surrogate in (PAPER, RECOMMENDED, Transfer(), Weighted(), Fractions(), Nearest())
}
"""The surrogates by name, the longest to evaluate first."""


class UnknownSurrogateError(BmgError):
    """A surrogate that does not exist, or that makes no maps."""


def surrogate_named(name: str) -> Surrogate:
    """The surrogate of that name.

    Raises:
        UnknownSurrogateError: there is none.
    """
    if name not in SURROGATES:
        raise UnknownSurrogateError(f"There is no strategy '{name}'; choose one of {', '.join(SURROGATES)}.")
    return SURROGATES[name]


def names_with_maps() -> tuple[str, ...]:
    """Names of the surrogates by whose map alloys can be proposed."""
    return tuple(name for name, surrogate in SURROGATES.items() if surrogate.makes_maps)


def mapping_surrogate(name: str) -> Surrogate:
    """The surrogate of that name, if alloys can be proposed by its map.

    Raises:
        UnknownSurrogateError: there is none, or it makes no maps.
    """
    if name not in names_with_maps():
        raise UnknownSurrogateError(f"There is no map by a strategy '{name}'; use {' or '.join(names_with_maps())}.")
    return SURROGATES[name]


def surrogate_of_grid(strategy: str) -> Surrogate:
    """The surrogate behind `transfer_grid` while alloys are proposed by `strategy`; raises as `mapping_surrogate`."""
    chosen = mapping_surrogate(strategy)
    return RECOMMENDED if chosen.is_of_sub_models else chosen
