"""All of the deployment's files that are not as they were written, and what to do about each."""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress

from bmg_assets.science.errors import BmgError
from bmg_assets.settings import Locations
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.folder import FolderError
from bmg_assets.store.record import Record, RecordFormatError
from bmg_assets.store.store import Store, StoreFormatError
from bmg_assets.upkeep.dagster_check import findings_of_dagster
from bmg_assets.upkeep.findings import Finding, Progress, no_progress
from bmg_assets.upkeep.record_check import findings_of_record, mend_record
from bmg_assets.upkeep.store_check import findings_of_store, mend_store
from bmg_assets.upkeep.training_check import findings_of_trainings

NEWER = "use the version that wrote it, or a newer one"
OLDER = "`bmg rebuild` sets an older store aside and makes it anew; a newer one needs its version"


def verify(
    places: Locations, chain: SystemChain, at_work: Collection[str] = (), progress: Progress = no_progress
) -> Iterator[Finding]:
    """Examine the record, the store and Dagster's storage; nothing is written.

    Args:
        chain: the assets of a system.
        at_work: systems that are trained just now, whose tables need not be of one training.
        progress: told the files of the store that are done, and their number.
    """
    record, store = Record(url=places.record_url), Store(url=places.store_url)
    yield from _or_finding(places.record_url, NEWER, lambda: findings_of_record(record, places.lab))
    yield from _or_finding(places.store_url, OLDER, lambda: _findings_in_store(store, chain, at_work, progress))
    yield from findings_of_dagster(places.dagster_home)


def _findings_in_store(
    store: Store, chain: SystemChain, at_work: Collection[str], progress: Progress
) -> Iterator[Finding]:
    yield from findings_of_store(store, progress)
    yield from findings_of_trainings(store, chain, at_work)


def mend(places: Locations) -> list[str]:
    """Write anew what has a second copy, or follows from the code; the paths of what was mended.

    Raises:
        FolderError: it could not be written; what was mended before stays so.
    """
    mended: list[str] = []
    # What another version wrote is left alone; `verify` says so.
    with suppress(RecordFormatError):
        mended += mend_record(Record(url=places.record_url), places.lab)
    with suppress(StoreFormatError):
        mended += mend_store(Store(url=places.store_url))
    return mended


def _or_finding(place: str, remedy: str, examine: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings; where a whole place cannot be examined, that is one."""
    try:
        yield from examine()
    except FolderError:
        raise
    except BmgError as error:
        yield Finding(place, str(error), remedy)
