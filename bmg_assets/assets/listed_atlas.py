"""The atlas as it is listed now: its stored rows, what is the laboratory's own, and what is to be said of their age.

Nothing is made here: an atlas is made when somebody asks for it.
"""

from typing import TYPE_CHECKING

import dagster as dg

from bmg_assets.assets.atlas_inputs import known_to_atlas
from bmg_assets.assets.atlas_page import write_atlas_page
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.partitions import register_system, usable_systems
from bmg_assets.science.alloys.compositions import chemical_system
from bmg_assets.science.alloys.systems import SEPARATOR, TERNARY, TargetSystem
from bmg_assets.science.atlas.shards import AtlasError, shards_of
from bmg_assets.science.proposals.casting_practice import CastingPractice, NotCastError
from bmg_assets.settings import Locations
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.store import Store
from bmg_assets.store.tables.atlas import SYSTEM_ATLAS
from bmg_assets.store.tables.literature import ALLOYS

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.atlas.laboratory import Laboratory

KINDS = {3: "ternaries", 4: "quaternaries"}
HOW_LONG = {3: "about an hour on two cores", 4: "a night"}
"""How long all systems of so many elements take."""


def laboratory_now(instance: dg.DagsterInstance, inbox: LabInbox) -> "Laboratory":
    """The accepted casts, casting.yaml and the registered systems as they are now.

    Raises:
        RecordDamagedError, RecordFormatError, InboxBusyError: as `LabInbox.accepted`.
        CastingPracticeError: casting.yaml holds what it cannot.
    """
    from bmg_assets.science.atlas.laboratory import Laboratory, best_casts

    registered = (chemical_system(key.split(SEPARATOR)) for key in usable_systems(instance))
    practice = Locations.from_environment().casting_practice()
    return Laboratory(best_casts(inbox.accepted().history), practice, frozenset(registered))


def atlas_at_hand(store: Store, n_elements: int | None = None) -> "pd.DataFrame":
    """The stored rows of systems of so many elements, or of all.

    Raises:
        AtlasError: there are none; the message says what makes them.
        StoredRowsError: a file of them is damaged.
    """
    check_at_hand(store, n_elements)
    rows = store.read_table(SYSTEM_ATLAS.name)
    return of_elements(rows, n_elements)


def of_elements(rows: "pd.DataFrame", n_elements: int | None) -> "pd.DataFrame":
    """The rows of systems of so many elements, or all; `rows` is of the table `system_atlas`."""
    return rows if n_elements is None else rows[rows["n_elements"] == n_elements]


def check_at_hand(store: Store, n_elements: int | None) -> None:
    """Refuse to list systems of so many elements where there are none; raises as `atlas_at_hand`."""
    wanted = n_elements or TERNARY
    if n_elements is not None and not shards_of(n_elements):
        raise AtlasError(f"The atlas has systems of 3 and 4 elements, and none of {n_elements}; ask for one of those.")
    if not has_atlas(store, n_elements):
        raise AtlasError(
            f"The atlas has no {KINDS[wanted]} yet; `{how_to_renew(wanted)}` makes them, which takes "
            f"{HOW_LONG[wanted]}."
        )


def how_to_renew(n_elements: int) -> str:
    """The command that makes what is missing of the systems of so many elements."""
    return "bmg atlas --renew" if n_elements == TERNARY else f"bmg atlas --renew --elements {n_elements}"


def has_atlas(store: Store, n_elements: int | None = None) -> bool:
    """Whether any shard of systems of so many elements is there, or any at all."""
    if n_elements is None:
        return store.has_table(SYSTEM_ATLAS.name)
    return any(store.has_table(SYSTEM_ATLAS.name, None, shard.name) for shard in shards_of(n_elements))


def remarks_on(store: Store, rows: "pd.DataFrame") -> list[str]:
    """What a reader of these rows should know: parts that are missing, other alloys than today's, no chances.

    Args:
        rows: of the table `system_atlas`.
    """
    from bmg_assets.science.atlas.fitted_atlas import identity_of_known

    remarks = [_missing(store, n_elements) for n_elements in sorted(set(rows["n_elements"]))]
    database = LiteratureDatabase(store=store)
    if database.has_table(ALLOYS.name):
        today = identity_of_known(known_to_atlas(store, database.read(ALLOYS.name)))
        older = rows.loc[rows["known_fingerprint"] != today, "n_elements"]
        remarks += [
            f"{int((older == n_elements).sum()):,} {kind} were worked out from other alloys than are known today; "
            f"`{how_to_renew(n_elements)}` makes them anew."
            for n_elements, kind in KINDS.items()
            if (older == n_elements).any()
        ]
    if len(rows) and rows["chance_bulk"].isna().all():
        remarks.append(
            "The literature is too small to calibrate chances on systems left out, so these are scores and no chances."
        )
    return [one for one in remarks if one]


def renew_atlas_page(
    instance: dg.DagsterInstance, store: Store, inbox: LabInbox, rows: "pd.DataFrame | None" = None
) -> str:
    """Write the page of the atlas as it is now; its name in the store.

    Args:
        rows: all of `system_atlas`, where they are read already, which takes seconds for all quaternaries.

    Raises:
        AtlasError: there is no atlas.
        RecordDamagedError, RecordFormatError, InboxBusyError, CastingPracticeError: as `laboratory_now`.
    """
    from bmg_assets.science.atlas.choice import AtlasChoice
    from bmg_assets.science.atlas.listing import listed

    rows = atlas_at_hand(store) if rows is None else rows
    everything = listed(rows, laboratory_now(instance, inbox), AtlasChoice())
    return write_atlas_page(store, everything, usable_systems(instance), remarks_on(store, rows))


def register_best(
    instance: dg.DagsterInstance, listed: "pd.DataFrame", most: int, practice: CastingPractice
) -> list[tuple[TargetSystem, list[str]]]:
    """Register the first systems that are not registered, as somebody would who types their keys.

    The elements of a key stand in the order of falling amount in the best composition.

    Args:
        listed: see `listed` of science/atlas/listing.py.
        most: how many, at most.

    Returns:
        Each system, with a sentence where the laboratory can cast nothing of it.

    Raises:
        SystemKeyError: somebody else has just registered the same elements; those before are registered.
    """
    from bmg_assets.science.atlas.listing import keys_to_add

    added = []
    for key in keys_to_add(listed, most):
        system = register_system(instance, key)
        try:
            practice.check_system(system)
        except NotCastError as error:
            added.append((system, [str(error)]))
        else:
            added.append((system, []))
    return added


def _missing(store: Store, n_elements: int) -> str:
    shards = shards_of(n_elements)
    there = sum(store.has_table(SYSTEM_ATLAS.name, None, shard.name) for shard in shards)
    if there == len(shards):
        return ""
    return (
        f"{len(shards) - there} of {len(shards)} shards of the {KINDS[n_elements]} are not there yet; "
        f"`{how_to_renew(n_elements)}` makes them."
    )
