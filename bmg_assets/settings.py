"""What can be set: where things are, and how systems are trained and alloys chosen.

A setting is declared here once, with its type, default, bounds and description. The deployment's defaults
(environment variables), the run configs of the assets (see defaults.py) and the options of the command line follow.
Does not belong here: Dagster, so that `bmg --help` need not wait for it.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.fields import FieldInfo

from bmg_assets.database_address import watched
from bmg_assets.environment import OURS, set_variables, variable
from bmg_assets.execution.computers_zone import computers_zone
from bmg_assets.execution.cores import shared_cores, usable_cores
from bmg_assets.science.descriptors.elements import Variant
from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.merging import ReportedDmax
from bmg_assets.science.literature.properties import NOTHING_LEFT_OUT
from bmg_assets.science.literature.pruning import EXCLUDED, excluded_categories
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.folds import FOLD_SEED
from bmg_assets.science.proposals.candidate_choice import CandidateChoice, CandidateSettings
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.validation import expectation
from bmg_assets.sources.casting_file import read_casting_practice

PROJECT = Path(__file__).parents[1]
IS_PROJECT_FOLDER = (PROJECT / "workspace.yaml").is_file()
"""Whether the code lies in a folder of the project, not among installed packages."""
COMMITTED = PROJECT / "data" if IS_PROJECT_FOLDER else Path(__file__).parent / "committed"
"""What comes with the code: the declarations and tables of the literature, and Dagster's settings."""
TIME_ZONE, PAGES_URL, HOME = "BMG_TIME_ZONE", "BMG_PAGES_URL", "DAGSTER_HOME"
APP_URL, UI_URL = "BMG_APP_URL", "BMG_UI_URL"
DEFAULT_APP_URL, DEFAULT_UI_URL = "http://localhost:3001", "http://localhost:3000"
LAB_SETTINGS = "BMG_LAB_SETTINGS"
DATABASE, BROKER, RUNS = "BMG_DATABASE", "BMG_BROKER", "BMG_RUNS"
MOST_RUNS = 1000
HISTORY_DAYS, DEFAULT_HISTORY_DAYS, LONGEST_NUMBER = "BMG_HISTORY_DAYS", 90, 5
NOT_OF_SYSTEMS = {"element_tables", "reported_dmax", "threads"}
"""Settings that no system depends on: the first two made the literature, which is recorded; threads are only speed."""


class SettingError(BmgError):
    """A setting with a value that it cannot have."""


class DefaultsError(SettingError):
    """An environment variable with a value that its setting cannot have."""


class TimeZoneError(BmgError):
    """A time zone that is not in the time zone database."""


def time_zone() -> str:
    """Time zone of the laboratory, by which the nightly schedule goes and days are counted.

    BMG_TIME_ZONE names it; without that it is the zone that this computer is set to.

    Raises:
        TimeZoneError: the name is not in the time zone database.
    """
    name = variable(TIME_ZONE)
    if name is None:
        return computers_zone()
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TimeZoneError(
            f"{TIME_ZONE} is '{name}', which is no time zone; use a name like Europe/Berlin or UTC, or leave it unset "
            f"for this computer's own zone ({computers_zone()})."
        ) from None


def laboratory_day(moment: datetime | None = None) -> date:
    """The date at the laboratory, today's without a moment, wherever the machine is; raises TimeZoneError."""
    zone = ZoneInfo(time_zone())
    return (moment.astimezone(zone) if moment else datetime.now(zone)).date()


def history_days() -> int | None:
    """How many days runs stay in Dagster's history: BMG_HISTORY_DAYS, 90 where it is not set; None for 0, for ever.

    Raises:
        SettingError: it is no whole number of days.
    """
    text = variable(HISTORY_DAYS) or str(DEFAULT_HISTORY_DAYS)
    if not (text.isdecimal() and len(text) <= LONGEST_NUMBER):
        raise SettingError(
            f"{HISTORY_DAYS} is '{text}', expected a whole number of days, or 0 to keep all runs; fix or unset it."
        )
    return int(text) or None


def pages_url() -> str | None:
    """Address below which a browser finds the pages: BMG_PAGES_URL, None where it is not set.

    Behind a reverse proxy it may be a path, like `/bmg/pages`, on the machine that shows the UI.

    Raises:
        SettingError: it is no address of the web.
    """
    text = variable(PAGES_URL)
    if text is not None and not re.fullmatch(r"(https?://[^\s/?#]+|/[^\s/?#]+)(/[^\s?#]*)?", text):
        raise SettingError(
            f"{PAGES_URL} is '{text}', expected an address such as http://localhost:3001; fix it, or leave it unset."
        )
    return text


def app_url() -> str:
    """Address of the web application for what leaves this machine, such as a notice: BMG_APP_URL.

    `bmg ui` sets it where it is not set. Raises SettingError: it is no address of the web.
    """
    return _web_address(APP_URL, DEFAULT_APP_URL)


def ui_url() -> str:
    """Address of the Dagster UI for the same: BMG_UI_URL. Raises as `app_url`."""
    return _web_address(UI_URL, DEFAULT_UI_URL)


def _web_address(name: str, otherwise: str) -> str:
    text = variable(name) or otherwise
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", text):
        raise SettingError(f"{name} is '{text}', expected an address such as {otherwise}; fix it, or leave it unset.")
    return text.rstrip("/")


@dataclass(frozen=True)
class Locations:
    """Folders of the deployment. Environment variables move them, as `from_environment` says."""

    data: Path
    store_url: str
    """A local folder, or any fsspec URL when there are many machines."""
    record_url: str
    """What cannot be computed again: a local folder, or any fsspec URL."""
    downloads: Path
    """Cache of downloaded sources."""
    lab: Path
    """Files of casts: inbox, accepted and rejected."""
    lab_settings: str | None = None
    """Where the laboratory's settings are published, on a machine without its folder; None: they are in it."""

    @classmethod
    def from_environment(cls) -> "Locations":
        """The data folder (see `default_data`) and what lies in it, unless the environment names other places.

        Relative paths count from the present folder; `settle_environment` makes that the one where a command began.

        Raises:
            SettingError: a variable names no local folder where one is needed.
        """
        data = _local_folder("BMG_DATA") or default_data()
        return cls(
            data=data,
            store_url=_folder_or_url("BMG_STORE") or str(data / "store"),
            record_url=_folder_or_url("BMG_RECORD") or str(data / "record"),
            downloads=_local_folder("BMG_DOWNLOADS") or data / "downloads",
            lab=_local_folder("BMG_LAB") or data / "lab_results",
            lab_settings=_folder_or_url(LAB_SETTINGS),
        )

    @property
    def literature(self) -> Path:
        """The starter table and the declarations of the sources: those of the deployment, else those of the package."""
        own = self.data / "literature"
        return own if own.exists() else COMMITTED / "literature"

    def casting_practice(self) -> CastingPractice:
        """What the laboratory casts; raises CastingPracticeError, PublishedSettingsError."""
        return read_casting_practice(self.lab, self.lab_settings)

    @property
    def dagster_home(self) -> Path:
        """Dagster's run history, partitions and settings: DAGSTER_HOME, else a folder in the data folder.

        Raises:
            SettingError: DAGSTER_HOME is no absolute path, or no folder.
        """
        text = variable(HOME)
        if text is None:
            return self.data / ("dagster_home" if variable(DATABASE) is None else "dagster_home_machines")
        if not os.path.isabs(os.path.expanduser(text)):
            raise SettingError(
                f"{HOME} is '{text}', expected an absolute path, since Dagster takes no other; write "
                f"'{os.path.abspath(text)}' if that is meant, or leave it unset."
            )
        return _possible_folder(HOME, text)


@dataclass(frozen=True)
class ManyMachines:
    """How several machines are one deployment (docs/deployment.md); where one does everything, nothing of it is set."""

    database: str
    """PostgreSQL, as a URL of SQLAlchemy: Dagster's run history, registered systems and claims."""
    broker: str
    """RabbitMQ, as a URL of AMQP: the runs that wait for a machine."""
    runs: int
    """Runs at once, over all machines."""

    @classmethod
    def from_environment(cls) -> "ManyMachines | None":
        """What BMG_DATABASE, BMG_BROKER and BMG_RUNS say; None where none of them is set.

        Raises:
            SettingError: one of them cannot be used, another one is missing, or the extra `cluster` is not installed.
        """
        found = {name: variable(name) for name in (DATABASE, BROKER, RUNS)}
        if not any(found.values()):
            return None
        missing = [name for name in (DATABASE, BROKER) if found[name] is None]
        if missing:
            given = next(name for name, text in found.items() if text is not None)
            raise SettingError(
                f"{given} is set, but {' and '.join(missing)} not: a deployment of several machines needs both "
                f"{DATABASE} and {BROKER}, and one machine none of them; see docs/deployment.md."
            )
        _check_extra()
        database = _server_url(DATABASE, str(found[DATABASE]), ("postgresql+psycopg2", "postgresql", "postgres"))
        broker = _server_url(BROKER, str(found[BROKER]), ("amqp", "amqps"))
        address = watched(f"postgresql+psycopg2://{database.partition('://')[2]}")
        return cls(address, broker, _whole_number(found[RUNS] or "1"))


def without_password(url: str) -> str:
    """The address of a server as it can be shown, without its parameters: `amqp://bmg:***@host//`."""
    return re.sub(r"(://[^:/@]*:)[^@]*@", r"\1***@", url).partition("?")[0]


def _check_extra() -> None:
    needed = ("celery", "dagster_celery", "dagster_postgres", "psycopg2")
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise SettingError(
            f"{DATABASE} is set, but the packages for several machines are not installed ({', '.join(missing)} not "
            "found): install the extra `cluster`, as in `pip install 'bmg-assets[cluster]'`."
        )


def _server_url(name: str, text: str, kinds: Sequence[str]) -> str:
    kind, _, rest = text.partition("://")
    if kind not in kinds or not rest.rpartition("@")[2].strip("/"):
        example = {
            DATABASE: "postgresql://USER:PASSWORD@HOST/bmg",
            BROKER: "amqp://USER:PASSWORD@HOST/bmg",
        }[name]
        raise SettingError(f"{name} is '{without_password(text)}', expected an address like {example}; fix it.")
    return text


def _whole_number(text: str) -> int:
    if not (text.isdecimal() and len(text) <= len(str(MOST_RUNS)) and 1 <= int(text) <= MOST_RUNS):
        raise SettingError(f"{RUNS} is '{text}', expected a whole number of runs from 1 to {MOST_RUNS}; fix it.")
    return int(text)


def default_data() -> Path:
    """The folder of all data where nobody names one: `data` of the project's folder, or `bmg-data` at home.

    The latter is for an installed package: it is the same wherever a command is started, and people find the inbox
    there.
    """
    return PROJECT / "data" if IS_PROJECT_FOLDER else Path(os.path.expanduser("~/bmg-data"))


def settle_environment() -> None:
    """Give this process and those that it starts the same places, whatever their present folder is.

    Places become absolute, the database gets the name of its driver, and variables that are set to nothing are taken
    away.

    Raises:
        SettingError: a variable names no place that can be one.
    """
    places, machines = Locations.from_environment(), ManyMachines.from_environment()
    absolute = {
        "BMG_DATA": str(places.data),
        "BMG_STORE": places.store_url,
        "BMG_RECORD": places.record_url,
        "BMG_DOWNLOADS": str(places.downloads),
        "BMG_LAB": str(places.lab),
        LAB_SETTINGS: places.lab_settings,
        HOME: str(places.dagster_home),
        DATABASE: machines.database if machines else "",
    }
    set_variables({name: path if variable(name) else None for name, path in absolute.items()})


def check_environment() -> None:
    """Refuse, before any work begins, a variable that holds what its setting cannot be.

    Raises:
        SettingError, TimeZoneError, CoresError: a place, an address, the zone or the limit of cores.
        BmgError: as `Settings.from_environment`.
    """
    settle_environment()
    time_zone()
    pages_url()
    app_url()
    ui_url()
    history_days()
    usable_cores()
    Settings.from_environment()


def _local_folder(name: str) -> Path | None:
    """The folder that a variable names, absolute; None where it is not set."""
    text = variable(name)
    if text is None:
        return None
    if "://" in text:
        raise SettingError(f"{name} is '{text}', expected a folder of this machine; fix it, or leave it unset.")
    return _possible_folder(name, text)


def _folder_or_url(name: str) -> str | None:
    text = variable(name)
    if text is None:
        return None
    local = text.removeprefix("file://")
    if "://" not in local:
        return str(_possible_folder(name, local))
    from fsspec import get_filesystem_class

    try:
        get_filesystem_class(text.partition("://")[0])
    except (ValueError, ImportError) as error:
        raise SettingError(
            f"{name} is '{text}', which cannot be opened ({error}); fix it, or install the extra of the package for "
            "its kind: s3, gcs or azure."
        ) from None
    return text


def _possible_folder(name: str, text: str) -> Path:
    """The absolute path, where a folder is or can be made."""
    path = Path(os.path.abspath(os.path.expanduser(text)))
    there = next(one for one in (path, *path.parents) if os.path.exists(one))
    if not there.is_dir():
        raise SettingError(f"{name} is '{text}', but {there} is no folder; name another place, or leave it unset.")
    if there != path and not os.access(there, os.W_OK):
        raise SettingError(f"{name} is '{text}', but no folder can be made in {there}; make it, or name another place.")
    return path


class TrainingSettings(BaseModel):
    """What systems are trained on."""

    element_tables: str = Field(
        default="current",
        description="Element data behind the descriptors: 'current' (what the installed packages hold), or 'paper' "
        "(the values of the paper's time).",
    )
    reported_dmax: str = Field(
        default="mean",
        description="Which of the diameters reported of one alloy trains: their 'mean' (the paper's label), the "
        "'largest' or the 'smallest'.",
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
    seed: int = Field(
        default=FOLD_SEED, description="Seed of the searches and of the models' random parts.", ge=0, le=2**32 - 1
    )
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
        UnknownBudgetError, UnknownSurrogateError, SubDatasetError, CandidateChoiceError: there is no such budget,
            surrogate, sub-dataset or rule.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("budget")
    @classmethod
    def _budget_exists(cls, name: str) -> str:
        return budget_named(name).name

    @field_validator("sub_dataset")
    @classmethod
    def _sub_dataset_exists(cls, number: int) -> int:
        if number != NOTHING_LEFT_OUT:
            excluded_categories(number)
        return number

    @field_validator("element_tables")
    @classmethod
    def _element_tables_exist(cls, name: str) -> str:
        if name not in get_args(Variant):
            raise ValueError(" or ".join(map(repr, get_args(Variant))))
        return name

    @field_validator("reported_dmax")
    @classmethod
    def _reported_dmax_exists(cls, name: str) -> str:
        if name not in get_args(ReportedDmax):
            raise ValueError(" or ".join(map(repr, get_args(ReportedDmax))))
        return name

    @classmethod
    def from_environment(cls) -> Self:
        """The defaults, each moved by the environment variable of its name: BMG_BUDGET, BMG_SUB_DATASET and so on.

        Raises:
            DefaultsError: a variable holds what its setting cannot be.
            CandidateChoiceError: BMG_RULE cannot serve the map or the other settings.
            UnknownBudgetError, UnknownSurrogateError, SubDatasetError: as `Settings`.
        """
        variables = {name: f"{OURS}{name.upper()}" for name in Settings.model_fields}
        given = {name: text for name in variables if (text := variable(variables[name])) is not None}
        for name, text in given.items():
            with _naming(variables[name], text):
                Settings.model_validate({name: text})
        # Parse before constructing: Dagster's resource stores its raw constructor arguments.
        settings = Settings.model_validate(given)
        if "sub_dataset" in given:
            # Systems have no sub-dataset 0, and theirs is the default of the deployment.
            with _naming(variables["sub_dataset"], given["sub_dataset"]):
                excluded_categories(settings.sub_dataset)
        # Refuses settings that do not go together.
        CandidateChoice(**settings.model_dump(include=set(CandidateSettings.model_fields)))
        return cls(**settings.model_dump(include=set(given)))

    def overridden_by(self, *choices: BaseModel | Mapping[str, Any]) -> "Settings":
        """The settings with those replaced that a run has chosen; later choices win, None leaves a setting as it is.

        Raises:
            SettingError: a choice is out of bounds.
            UnknownBudgetError, UnknownSurrogateError, SubDatasetError, CandidateChoiceError: as `Settings`.
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
        return settings | Locations.from_environment().casting_practice().as_settings()

    def threads_of_sub_model(self) -> int:
        """Threads of each sub-model on this machine; raises CoresError."""
        return shared_cores(usable_cores(), self.threads).threads


@contextmanager
def _naming(name: str, text: str) -> Iterator[None]:
    """Let what is said of a wrong value name the variable that holds it."""
    try:
        yield
    except ValidationError as error:
        raise DefaultsError(f"{name} is '{text}', expected {expectation(error)}; fix it, or leave it unset.") from None
    except BmgError as error:
        raise type(error)(f"{name} is '{text}'. {error}") from None


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
        "with more elements, where transfer_grid is refined to 1 at.% around its best compositions.",
    )


class KnowledgeChoices(BaseModel):
    """What one run of the surrogate's map may leave out of what is known."""

    blind: bool = Field(
        default=False,
        description="Leave out what the literature reports of the system itself, as if nobody had cast it before the "
        "own casts: for replays.",
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
    weights: list[str] = Field(
        default=[],
        description="Weights of objectives for the rule 'weighted': 'dmax=1', or 'density=-0.5', which wants less.",
    )
    at_least: list[str] = Field(default=[], description="Least value of an objective, as 'tg=700'.")
    at_most: list[str] = Field(default=[], description="Most of an objective, as 'density=7'.")


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


class EvidencePartsChoices(BaseModel):
    """What one run of the evidence on the literature, or by regimes, may choose beside the settings."""

    only_quick_parts: bool = Field(
        default=False,
        description="Minutes: no trees, nothing that is fitted anew for each system, one year, and no source alone "
        "beside the paper's literature.",
    )


DECLARED: dict[str, FieldInfo] = {
    name: field
    for model in (
        Settings,
        LiteratureChoices,
        TrainingSetChoices,
        SearchChoices,
        GridChoices,
        KnowledgeChoices,
        CandidateChoices,
        StudyChoices,
        BenchmarkChoices,
        EvidencePartsChoices,
    )
    for name, field in model.model_fields.items()
}
"""All settings and choices by name."""


def without_default(field: FieldInfo) -> str:
    """The description of a setting, without what None stands for."""
    return (field.description or "").split(" None: ")[0]
