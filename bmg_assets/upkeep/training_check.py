"""Whether what is stored of a system comes from one training."""

from collections.abc import Collection, Iterator

from bmg_assets.staleness.comparison import behind
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import stored_of_systems
from bmg_assets.store.store import Store
from bmg_assets.upkeep.findings import Finding


def findings_of_trainings(store: Store, chain: SystemChain, at_work: Collection[str]) -> Iterator[Finding]:
    """Each system whose tables, models and page are of more than one training, as a run leaves it that was stopped.

    Args:
        at_work: systems that are trained just now; theirs are so until the run has ended.

    Raises:
        StoreFormatError: another version wrote the store.
    """
    for system, stored in stored_of_systems(store, chain.parents).items():
        if system not in at_work:
            for words in behind(stored, chain.parents):
                what = f"holds {system} of more than one training ({words})"
                yield Finding(store.folder.url, what, f"`bmg run {system}` trains it as a whole")
