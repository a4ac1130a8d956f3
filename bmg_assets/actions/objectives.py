"""A system by several objectives: which compositions are within what is wanted, and which of them none beats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bmg_assets.actions.literature_at_hand import LiteratureAtHand
from bmg_assets.actions.proposing import NoMapError
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import BoolArray
from bmg_assets.science.proposals.objectives import (
    Objective,
    ObjectiveTable,
    Wanted,
    numbers_by_objective,
    read_wanted,
    wishes_in_words,
)

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.store.store import Store

USUALLY = ("dmax", "density")
"""Objectives where nobody names others."""


@dataclass(frozen=True)
class WeighedSystem:
    """A system by several objectives.

    Attributes:
        table: all objectives of all compositions.
        wanted: those of the front, in their order.
        wishes: least and most values in words.
        counts: marks the compositions that count: trusted, within the laboratory's limits and the wishes.
        front: those that no other one beats, the best by the first objective first: `formula`, then the values and
            intervals of the objectives that are asked for, then of D_max and the chance of a bulk glass.
        n_untrusted: compositions that do not count, since they are too far from what is known.
        n_outside: others that the limits or the wishes leave out.
        n_incomplete: compositions that count and lack a value.
        notes: what there is to say beside it: sentences.
    """

    system: TargetSystem
    table: ObjectiveTable
    wanted: tuple[Wanted, ...]
    wishes: tuple[str, ...]
    counts: BoolArray
    front: "pd.DataFrame"
    n_untrusted: int
    n_outside: int
    n_incomplete: int
    notes: tuple[str, ...]

    @property
    def shown(self) -> list[Objective]:
        """The objectives that are columns of the front."""
        return [one for one in self.table.objectives.values() if one.name in self.front]

    def goal(self, wanted: Wanted) -> str:
        """An objective of the front in words, like "D_max (mm), more is better"."""
        more = "more" if wanted.more_is_better(self.table) else "less"
        return f"{self.table.named(wanted.name).axis}, {more} is better"


def weigh_objectives(
    store: "Store",
    system: TargetSystem,
    wanted: Sequence[str] = USUALLY,
    at_least: Sequence[str] = (),
    at_most: Sequence[str] = (),
    with_untrusted: bool = False,
) -> WeighedSystem:
    """The compositions of a system that are within what is wanted, and their Pareto front.

    Args:
        wanted: objectives of the front, see `read_wanted`; at_least, at_most: see `numbers_by_objective`.
        with_untrusted: whether compositions count that are too far from what is known.

    Raises:
        NoMapError: the system has no map of the surrogate.
        ObjectiveError: an objective does not exist here, a wish cannot be read, or nothing is left.
        BmgError: a table or file cannot be read.
    """
    from bmg_assets.settings import Locations
    from bmg_assets.studies.system_objectives import objectives_at_hand

    goals, least, most = read_wanted(wanted), numbers_by_objective(at_least), numbers_by_objective(at_most)
    if not store.has_table("transfer_grid", system.key):
        raise NoMapError(f"{system.key} has no map yet, so nothing can be weighed; `bmg run {system.key}` makes it.")
    grid, places = store.read_table("transfer_grid", system.key), Locations.from_environment()
    literature, practice = LiteratureAtHand(store), places.casting_practice()
    table, notes = objectives_at_hand(store, places, system, grid, practice, literature.property_values)
    at_pct = np.array(grid["at_pct"].tolist(), dtype=np.float64)
    is_trusted = grid["is_trusted"].to_numpy(bool) | with_untrusted
    is_wanted = table.within(least, most) & practice.allows(at_pct, system)
    counts = is_trusted & is_wanted
    found = table.front(goals, counts)
    if not counts.any():
        notes.append(_nothing_left(system, least, most, int(is_trusted.sum()), with_untrusted))
    names = list(dict.fromkeys([*(one.name for one in goals), *least, *most, "dmax", "chance"]))
    front = _front(system, at_pct, table, [name for name in names if name in table.objectives], found.is_on_front)
    first = goals[0]
    return WeighedSystem(
        system=system,
        table=table,
        wanted=goals,
        wishes=tuple(wishes_in_words(least, most)),
        counts=counts,
        front=front.sort_values(
            first.name, ascending=not first.more_is_better(table), ignore_index=True, kind="stable"
        ),
        n_untrusted=int((~is_trusted).sum()),
        n_outside=int((is_trusted & ~is_wanted).sum()),
        n_incomplete=found.n_incomplete,
        notes=tuple(notes),
    )


def as_objects(found: WeighedSystem) -> dict[str, Any]:
    """The front with what it rests on, as JSON can hold it."""
    import json

    return {
        "system": found.system.key,
        "objectives": [
            {"name": one.name, "title": one.title, "unit": one.unit, "about": one.about} for one in found.shown
        ],
        "wanted": [{"name": one.name, "more_is_better": one.more_is_better(found.table)} for one in found.wanted],
        "wishes": list(found.wishes),
        "front": json.loads(found.front.to_json(orient="records")),
        "counted": int(found.counts.sum()),
        "untrusted": found.n_untrusted,
        "outside": found.n_outside,
        "incomplete": found.n_incomplete,
        "notes": list(found.notes),
    }


def _nothing_left(
    system: TargetSystem, least: Mapping[str, float], most: Mapping[str, float], n_trusted: int, with_untrusted: bool
) -> str:
    if n_trusted == 0:
        return (
            f"No composition of {system.key} is near enough to what is known for its numbers to be believed; "
            "nothing is left unless these count, too."
        )
    wishes = "; ".join(wishes_in_words(least, most)) or "the laboratory's limits"
    among = "compositions" if with_untrusted else "compositions that can be believed"
    return f"None of the {n_trusted:,} {among} of {system.key} is within what is wanted ({wishes}); widen it."


def _front(
    system: TargetSystem, at_pct: Any, table: ObjectiveTable, names: Sequence[str], is_on_front: BoolArray
) -> "pd.DataFrame":
    import pandas as pd

    from bmg_assets.science.alloys.compositions import formula_in_order

    rows = np.flatnonzero(is_on_front)
    columns: dict[str, Any] = {"formula": [formula_in_order(system.elements, at_pct[row]) for row in rows]}
    for name in names:
        one = table.objectives[name]
        columns[name] = one.values[rows]
        if one.low is not None and one.high is not None:
            columns |= {f"{name}_low": one.low[rows], f"{name}_high": one.high[rows]}
    return pd.DataFrame(columns)
