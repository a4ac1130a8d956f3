"""Choosing alloys anew on the stored maps of a system, by another rule or within other limits: seconds, no training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.errors import BmgError

if TYPE_CHECKING:
    import dagster as dg
    import pandas as pd

    from bmg_assets.store.store import Store

KEPT = ("recommendations", "candidates", "iterations", "system_report")
"""What is made anew where a choice is kept: the alloys, and what shows them."""
STORED_MAPS = ("prediction_grid", "transfer_grid")


class NoMapError(BmgError):
    """A system without the map on which alloys would be chosen."""


@dataclass(frozen=True)
class Proposal:
    """Alloys as they were chosen.

    Attributes:
        candidates: the table `candidates`, or `recommendations` where the paper's models have no map.
        notes: what there is to say beside it: sentences.
    """

    candidates: "pd.DataFrame"
    notes: list[str]


def propose(store: "Store", system: TargetSystem, choices: Mapping[str, Any]) -> Proposal:
    """Choose on the stored maps; nothing that is stored changes.

    Args:
        choices: settings of `candidates` by name; one that is absent is left to the deployment and the laboratory.

    Raises:
        NoMapError: the map of the wanted surrogate is not stored.
        CandidateError: nothing can be chosen on it.
        CandidateChoiceError, CastingPracticeError, SettingError, NotCastError, FormulaError: see
            `check_system_choices`.
    """
    from bmg_assets.assets.prediction import CandidatesConfig, candidate_choice, known_of, trust_in, with_objectives
    from bmg_assets.defaults import Defaults
    from bmg_assets.launch.choices import check_system_choices
    from bmg_assets.science.proposals.side_by_side import candidates_of, recommendations_of
    from bmg_assets.store.literature_database import LiteratureDatabase

    check_system_choices(system.key, choices)
    choice = candidate_choice(CandidatesConfig(**choices), Defaults.from_environment(), system)
    maps = {name: store.read_table(name, system.key) for name in STORED_MAPS if store.has_table(name, system.key)}
    _check_maps(system, choice.strategy, choice.recommends_paper, maps)
    known = known_of(
        system, store, store.read_table("lab_results", system.key), LiteratureDatabase(store=store).read("alloys")
    )
    transfer = maps["transfer_grid"]
    known, notes = with_objectives(known, choice, store, transfer)
    if "prediction_grid" in maps:
        found, more = candidates_of(maps["prediction_grid"], transfer, choice, known)
        notes += more
    else:
        found = recommendations_of(transfer, choice, known)
    return Proposal(found.assign(trust=trust_in(store, transfer)), notes)


def keep_proposal(instance: "dg.DagsterInstance", system: TargetSystem, choices: Mapping[str, Any]) -> None:
    """Make the stored candidates anew by these choices, and what shows them, in a run of this process.

    Raises:
        SystemBusyError: a run is at work on the system.
        RunFailedError: the run failed; the message is the failure's.
        BmgError: as `propose`.
    """
    from bmg_assets.launch.runs import run_system

    run_system(instance, system.key, choices, KEPT)


def _check_maps(system: TargetSystem, strategy: str, wants_papers: bool, maps: Mapping[str, "pd.DataFrame"]) -> None:
    if "transfer_grid" not in maps:
        raise NoMapError(f"{system.key} has no map yet, so nothing can be chosen; `bmg run {system.key}` makes it.")
    there = [str(maps["transfer_grid"]["strategy"].iloc[0])] + (["pruned"] if "prediction_grid" in maps else [])
    if strategy not in there or (wants_papers and "prediction_grid" not in maps):
        raise NoMapError(
            f"{system.key} has no map of strategy '{strategy}', but of {' and '.join(map(repr, there))}; choose one of "
            f"those, or make it: `bmg run {system.key} --strategy {strategy}`."
        )
