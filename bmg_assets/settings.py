"""What a deployment decides once: where things are, and what a run does where nobody says otherwise."""

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dagster as dg
from pydantic import Field, ValidationError

from bmg_assets.execution.cores import shared_cores, usable_cores
from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.budgets import Budget, budget_named
from bmg_assets.science.models.folds import FOLD_SEED
from bmg_assets.science.proposals.candidate_choice import PAIR, PAPER, CandidateChoice
from bmg_assets.science.surrogates.map_strategies import PRUNED
from bmg_assets.sources.casting_file import read_casting_practice

PROJECT = Path(__file__).parents[1]
NOT_OF_SYSTEMS = {"element_tables", "threads"}
"""Defaults that change no system's results by themselves: the descriptors' are the literature's, threads only hurry."""


class DefaultsError(BmgError):
    """A default of the deployment that cannot be."""


class TimeZoneError(BmgError):
    """A time zone that nobody knows."""


def time_zone() -> str:
    """Time zone of the laboratory, by which the nightly schedule goes and days are counted: BMG_TIME_ZONE, or UTC.

    Raises:
        TimeZoneError: the name is not in the time zone database.
    """
    name = os.environ.get("BMG_TIME_ZONE", "UTC")
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TimeZoneError(
            f"BMG_TIME_ZONE is '{name}', which is no time zone; use a name like Europe/Berlin or UTC."
        ) from None


def laboratory_day() -> date:
    """The day that it is at the laboratory, wherever the machine stands; raises TimeZoneError."""
    return datetime.now(ZoneInfo(time_zone())).date()


@dataclass(frozen=True)
class Locations:
    """Folders of the deployment. Environment variables move them: BMG_DATA, BMG_STORE, BMG_DOWNLOADS and BMG_LAB."""

    data: Path
    store_url: str
    """A local folder, or any fsspec URL when there are many machines."""
    downloads: Path
    """Cache of downloaded sources."""
    lab: Path
    """Files of casts: inbox, accepted and rejected."""

    @classmethod
    def from_environment(cls) -> "Locations":
        """`data` beside the package, unless the environment says otherwise; relative paths count from here."""
        data = Path(os.environ.get("BMG_DATA", PROJECT / "data")).resolve()
        return cls(
            data=data,
            store_url=os.environ.get("BMG_STORE", str(data / "store")),
            downloads=Path(os.environ.get("BMG_DOWNLOADS", data / "downloads")).resolve(),
            lab=Path(os.environ.get("BMG_LAB", data / "lab_results")).resolve(),
        )

    @property
    def literature(self) -> Path:
        """The committed starter table and the declarations of the sources."""
        return self.data / "literature"

    @property
    def dagster_home(self) -> Path:
        """Dagster's run history, partitions and settings."""
        return self.data / "dagster_home"


class Defaults(dg.ConfigurableResource[Any]):
    """The deployment's defaults; the run config of an asset overrides them for one run."""

    element_tables: str = Field(
        default="current",
        description="Element data behind the descriptors: 'current', or 'paper' for the values of the paper's time.",
    )
    sub_dataset: int = Field(default=3, description="The paper's sub-dataset (1 to 5) that systems are trained on.")
    strategy: str = Field(
        default=PRUNED,
        description="By which map alloys are proposed: 'pruned' (the paper's) or 'transfer' (all alloys by likeness).",
    )
    rule: str = Field(
        default=PAPER,
        description="How candidates are chosen on the map: 'paper', or with the strategy transfer the highest "
        "'expected_gain' over the best known D_max, 'chance_of_better' or 'gain_per_price'.",
    )
    picks: int = Field(default=PAIR, description="Alloys that are cast at once; the paper's rule casts a pair.", ge=1)
    apart_at_pct: float | None = Field(
        default=None,
        description="Least difference, in at.%, of the picks of the other rules, and of all from what is in the "
        "furnace. None: pair_distance_at_pct.",
        ge=0,
        le=100,
    )
    least_explained: float = Field(
        default=0.0,
        description="Compositions are passed over of which the known alloys explain a smaller share (0 to 1, strategy "
        "transfer).",
        ge=0,
        le=1,
    )
    budget: str = Field(default="standard", description="How long to search: 'quick', 'standard' or 'paper'.")
    seed: int = Field(default=FOLD_SEED, description="Seed of the searches and of the models' random parts.")
    threads: int | None = Field(
        default=None,
        description="Threads of each sub-model; with more, fewer sub-models train side by side. None: the cores are "
        "shared among those that do.",
        ge=1,
    )
    top_share: float = Field(default=0.05, description="Share of the grid that counts as the top region.", gt=0, le=1)
    pair_distance_at_pct: int = Field(
        default=5, description="Distance of the second pick and the boundary points from the first pick, in at.%.", gt=0
    )
    own_cast_weight: float = Field(
        default=1.0, description="Weight of an own cast in training; an alloy of the literature has 1.", gt=0
    )
    coverage: float = Field(default=0.9, description="Nominal coverage of the prediction intervals.", gt=0, lt=1)

    @classmethod
    def from_environment(cls) -> "Defaults":
        """The defaults, each moved by the environment variable of its name: BMG_BUDGET, BMG_SUB_DATASET and so on.

        Raises:
            DefaultsError: a variable holds what its default cannot be.
            UnknownBudgetError: BMG_BUDGET names no budget.
            UnknownMapStrategyError: BMG_STRATEGY names no strategy that makes a map.
            CandidateChoiceError: BMG_RULE names no rule, or one that cannot serve the map or the other settings.
        """
        variables = {f"BMG_{name.upper()}": name for name in cls.model_fields}
        given = {name: os.environ[variable] for variable, name in variables.items() if variable in os.environ}
        try:
            # Read before the resource is made: Dagster keeps what a resource was made with, the words of the variable.
            defaults = cls(**{name: _number_or_text(cls, name, text) for name, text in given.items()})
        except ValidationError as error:
            wrong = error.errors()[0]
            variable = f"BMG_{str(wrong['loc'][0]).upper()}"
            raise DefaultsError(
                f"{variable} is '{os.environ.get(variable)}': {wrong['msg']}; mend it, or leave it unset."
            ) from None
        budget_named(defaults.budget)
        CandidateChoice(
            defaults.strategy, defaults.rule, defaults.picks, least_explained=defaults.least_explained
        )  # refuses what does not exist, and what does not go together
        return defaults

    def of_systems(self) -> dict[str, Any]:
        """The settings that a system's results depend on; a change of one makes every system stale.

        What the laboratory casts counts among them, read from its file as it is now; raises CastingPracticeError.
        """
        settings = self.model_dump(include=set(Defaults.model_fields) - NOT_OF_SYSTEMS)
        return settings | read_casting_practice(Locations.from_environment().lab).as_settings()

    def threads_of_sub_model(self) -> int:
        """Threads of each sub-model on this machine; raises CoresError."""
        return shared_cores(usable_cores(), self.threads).threads

    def budget_or_default(self, name: str | None) -> Budget:
        """The budget that a run names, or the deployment's; raises UnknownBudgetError."""
        return budget_named(name if name is not None else self.budget)


def _number_or_text(settings: type[dg.ConfigurableResource[Any]], name: str, text: str) -> Any:
    """A value of the setting's type where the text is one, else the text, which the settings then refuse."""
    annotation = settings.model_fields[name].annotation
    try:
        return next(kind for kind in (get_args(annotation) or (annotation,)) if kind is not type(None))(text)
    except ValueError:
        return text
