"""What can be set: where things are, and how systems are trained and alloys chosen.

A setting is declared here once, with its type, default, bounds and description. The deployment's defaults
(environment variables), the run configs of the assets (see defaults.py) and the options of the command line follow.
Does not belong here: Dagster, so that `bmg --help` need not wait for it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.fields import FieldInfo

from bmg_assets.execution.cores import shared_cores, usable_cores
from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.pruning import EXCLUDED
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.folds import FOLD_SEED
from bmg_assets.science.proposals.candidate_choice import CandidateChoice, CandidateSettings
from bmg_assets.science.validation import expectation
from bmg_assets.sources.casting_file import read_casting_practice

PROJECT = Path(__file__).parents[1]
NOT_OF_SYSTEMS = {"element_tables", "threads"}
"""Settings that no system depends on: the literature records its element tables, threads change only the speed."""


class SettingError(BmgError):
    """A setting with a value that it cannot have."""


class DefaultsError(SettingError):
    """An environment variable with a value that its setting cannot have."""


class TimeZoneError(BmgError):
    """A time zone that is not in the time zone database."""


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
    """Today's date at the laboratory, wherever the machine is; raises TimeZoneError."""
    return datetime.now(ZoneInfo(time_zone())).date()


@dataclass(frozen=True)
class Locations:
    """Folders of the deployment; BMG_DATA, BMG_STORE, BMG_RECORD, BMG_DOWNLOADS and BMG_LAB move them."""

    data: Path
    store_url: str
    """A local folder, or any fsspec URL when there are many machines."""
    record_url: str
    """What cannot be computed again: a local folder, or any fsspec URL."""
    downloads: Path
    """Cache of downloaded sources."""
    lab: Path
    """Files of casts: inbox, accepted and rejected."""

    @classmethod
    def from_environment(cls) -> "Locations":
        """`data` beside the package, unless the environment names another; relative paths count from here."""
        data = Path(os.environ.get("BMG_DATA", PROJECT / "data")).resolve()
        return cls(
            data=data,
            store_url=os.environ.get("BMG_STORE", str(data / "store")),
            record_url=os.environ.get("BMG_RECORD", str(data / "record")),
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


class TrainingSettings(BaseModel):
    """What systems are trained on."""

    element_tables: str = Field(
        default="current",
        description="Element data behind the descriptors: 'current' (what the installed packages hold), or 'paper' "
        "(the values of the paper's time).",
    )
    sub_dataset: int = Field(
        default=3,
        description="The paper's sub-dataset, 1 to 5: 1 leaves out the system itself, 3 also what holds two of its "
        "elements, 5 everything that holds any. Maps of properties have 0, too: nothing is left out.",
    )
    own_cast_weight: float = Field(
        default=1.0, description="Weight of an own cast in training; an alloy of the literature has 1.", gt=0
    )


class SearchSettings(BaseModel):
    """How sub-models are tuned."""

    budget: str = Field(
        default="standard",
        description="How long to search: 'quick' (a demonstration), 'standard' or 'paper' (up to 500 trials, none "
        "given up early).",
    )
    seed: int = Field(default=FOLD_SEED, description="Seed of the searches and of the models' random parts.")
    threads: int | None = Field(
        default=None,
        description="Threads of each sub-model; with more, fewer sub-models train side by side. None: the cores are "
        "shared among those that do.",
        ge=1,
    )


class GridSettings(BaseModel):
    """What is read from a map."""

    top_share: float = Field(default=0.05, description="Share of the grid that counts as the top region.", gt=0, le=1)
    coverage: float = Field(default=0.9, description="Nominal coverage of the prediction intervals.", gt=0, lt=1)


class Settings(TrainingSettings, SearchSettings, GridSettings, CandidateSettings):
    """The settings that a deployment has defaults of; a run may override them.

    Raises, when it is made:
        UnknownBudgetError, UnknownSurrogateError, CandidateChoiceError: there is no such budget, surrogate or rule.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("budget")
    @classmethod
    def _budget_exists(cls, name: str) -> str:
        return budget_named(name).name

    @classmethod
    def from_environment(cls) -> Self:
        """The defaults, each moved by the environment variable of its name: BMG_BUDGET, BMG_SUB_DATASET and so on.

        Raises:
            DefaultsError: a variable holds what its setting cannot be.
            CandidateChoiceError: BMG_RULE cannot serve the map or the other settings.
            UnknownBudgetError, UnknownSurrogateError: as `Settings`.
        """
        variables = {name: f"BMG_{name.upper()}" for name in Settings.model_fields}
        given = {name: os.environ[variable] for name, variable in variables.items() if variable in os.environ}
        try:
            # Parse before constructing: Dagster's resource stores its raw constructor arguments.
            settings = Settings.model_validate(given)
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
            raise DefaultsError(
                f"{variables[name]} is '{given[name]}', expected {expectation(error)}; fix it, or leave it unset."
            ) from None
        # Refuses settings that do not go together.
        CandidateChoice(**settings.model_dump(include=set(CandidateSettings.model_fields)))
        return cls(**settings.model_dump(include=set(given)))

    def overridden_by(self, *choices: BaseModel | Mapping[str, Any]) -> "Settings":
        """The settings with those replaced that a run has chosen; later choices win, None leaves a setting as it is.

        Raises:
            SettingError: a choice is out of bounds.
            UnknownBudgetError, UnknownSurrogateError, CandidateChoiceError: as `Settings`.
        """
        chosen = self.model_dump()
        for choice in choices:
            chosen |= {name: value for name, value in dict(choice).items() if name in chosen and value is not None}
        try:
            return Settings(**chosen)
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
            raise SettingError(
                f"The setting {name} is {chosen[name]!r}, expected {expectation(error)}; fix it."
            ) from None

    def of_systems(self) -> dict[str, Any]:
        """The settings that a system's results depend on; a change of one makes every system stale.

        What the laboratory casts counts among them, read from its file as it is now; raises CastingPracticeError.
        """
        settings = self.model_dump(include=set(Settings.model_fields) - NOT_OF_SYSTEMS)
        return settings | read_casting_practice(Locations.from_environment().lab).as_settings()

    def threads_of_sub_model(self) -> int:
        """Threads of each sub-model on this machine; raises CoresError."""
        return shared_cores(usable_cores(), self.threads).threads


class LiteratureChoices(BaseModel):
    """What one run of the literature may choose beside the settings."""

    sources: list[str] | None = Field(
        default=None,
        description="Names from data/literature/sources.yaml. None: all published sets that are at hand, or the "
        "starter table while there are none.",
    )


class TrainingSetChoices(BaseModel):
    """What one run of a training set may choose beside the settings."""

    descriptors: str = Field(
        default="paper",
        description="'paper': the paper's 29 descriptors. 'selected': what its selection rules keep on today's data.",
    )


class SearchChoices(BaseModel):
    """What one run of a sub-model may choose beside the settings."""

    start_from_last_best: bool = Field(
        default=False,
        description="Try the best hyper-parameters of the system's last training first, and search only near them if "
        "the training set is nearly the same. Off, a seed gives the same result twice.",
    )


class GridChoices(BaseModel):
    """What one run of a map may choose beside the settings."""

    step_at_pct: int | None = Field(
        default=None,
        description="Distance of neighbouring grid points in at.% (1, 2, 4, 5 or 10). None: 1 for a ternary, coarser "
        "with more elements.",
    )


class CandidateChoices(BaseModel):
    """What one run of the candidates may choose beside the settings; it overrides the laboratory's casting.yaml."""

    pending: list[str] = Field(
        default=[], description="Alloys in the furnace, without a result yet, as formulas: Zr50Al5Cu45."
    )
    limits: list[str] = Field(default=[], description="Lowest and highest at.% of an element, as 'Al 0-20'.")
    not_cast: list[str] = Field(default=[], description="Elements that are not cast at all, beside the file's.")
    prices: dict[str, float] = Field(default={}, description="Prices of elements per kg, all in one currency.")
    highest_price: float | None = Field(default=None, description="Highest price of an alloy per kg.")


class StudyChoices(BaseModel):
    """What one run of the paper's study may choose beside the settings."""

    sub_datasets: list[int] = Field(
        default=list(EXCLUDED), description="Numbers of the paper's sub-datasets; rows of others stay as they are."
    )


class BenchmarkChoices(BaseModel):
    """What one run of the benchmark of surrogates may choose beside the settings."""

    contest: str = Field(
        default="standard",
        description="'standard': both tracks, casting from pools, systems without bulk glass. 'quick': nothing known, "
        "no casting.",
    )
    strategies: list[str] = Field(default=[], description="Names of the surrogates; empty: all of them.")
    with_release: bool = Field(
        default=False,
        description="Look at the systems of the release split, too. They guide no choice, so look when a version is "
        "released, not before.",
    )


DECLARED: dict[str, FieldInfo] = {
    name: field
    for model in (
        Settings,
        LiteratureChoices,
        TrainingSetChoices,
        SearchChoices,
        GridChoices,
        CandidateChoices,
        StudyChoices,
        BenchmarkChoices,
    )
    for name, field in model.model_fields.items()
}
"""All settings and choices by name."""


def without_default(field: FieldInfo) -> str:
    """The description of a setting, without what None stands for."""
    return (field.description or "").split(" None: ")[0]
