"""What the environment may say of a deployment."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import fsspec.registry  # noqa: F401
import pytest

from bmg_assets.assets.training import SubModelConfig
from bmg_assets.build import build_resources
from bmg_assets.database_address import watched
from bmg_assets.defaults import Defaults
from bmg_assets.execution.cores import usable_cores
from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.budgets import UnknownBudgetError
from bmg_assets.settings import (
    PROJECT,
    DefaultsError,
    Locations,
    ManyMachines,
    SettingError,
    Settings,
    check_environment,
    history_days,
    laboratory_day,
    pages_url,
    settle_environment,
    time_zone,
    without_default,
)

PLACES = ["BMG_DATA", "BMG_STORE", "BMG_RECORD", "BMG_DOWNLOADS", "BMG_LAB", "BMG_LAB_SETTINGS", "DAGSTER_HOME"]


def test_each_default_can_be_set_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"BMG_BUDGET": "quick", "BMG_SUB_DATASET": "5", "BMG_COVERAGE": "0.8", "BMG_SEED": "11"}
    assert Defaults.from_environment() == Defaults()
    for variable, text in own.items():
        monkeypatch.setenv(variable, text)
    defaults = Defaults.from_environment()
    assert defaults == Defaults(budget="quick", sub_dataset=5, coverage=0.8, seed=11)
    assert build_resources()["defaults"].of_systems() == defaults.of_systems()
    # As Dagster hands it to an asset: from its configuration, not from the object.
    assert defaults.process_config_and_initialize().of_systems() == defaults.of_systems()


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        ("BMG_SUB_DATASET", "three", "BMG_SUB_DATASET is 'three', expected a valid integer; fix it, or leave it unset"),
        ("BMG_COVERAGE", "1.5", "BMG_COVERAGE is '1.5', expected less than 1"),
        ("BMG_PAIR_DISTANCE_AT_PCT", "0", "BMG_PAIR_DISTANCE_AT_PCT is '0', expected greater than 0"),
    ],
)
def test_a_default_that_cannot_be_is_named(
    variable: str, text: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(DefaultsError, match=words):
        Defaults.from_environment()


def test_a_run_overrides_the_deployment_and_leaves_the_rest_to_it() -> None:
    defaults = Defaults(seed=5, top_share=0.1)
    settings = defaults.overridden_by({"budget": "paper", "seed": None}, SubModelConfig(budget="quick"))
    assert (settings.budget, settings.seed, settings.top_share) == ("quick", 5, 0.1)
    with pytest.raises(SettingError, match="The setting threads is 0, expected greater than or equal to 1"):
        defaults.overridden_by({"threads": 0})


def test_the_launchpad_shows_what_a_setting_means_its_bounds_and_what_none_stands_for() -> None:
    fields = SubModelConfig.model_fields
    assert (
        fields["budget"].description == f"{Settings.model_fields['budget'].description} None: the deployment's default."
    )
    assert fields["threads"].description == (
        f"{without_default(Settings.model_fields['threads'])} Allowed: at least 1. None: the deployment's default."
    )
    # Refused by the asset in one sentence, not by Dagster with a traceback.
    with pytest.raises(SettingError, match="threads is 0, expected greater than or equal to 1"):
        Defaults().overridden_by(SubModelConfig(threads=0))


def test_a_budget_that_does_not_exist_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_BUDGET", "endless")
    with pytest.raises(UnknownBudgetError, match="'endless'"):
        Defaults.from_environment()


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        ("BMG_SUB_DATASET", "7", "BMG_SUB_DATASET is '7'. Sub-dataset 7 does not exist; choose one of 1 to 5"),
        ("BMG_SUB_DATASET", "0", "BMG_SUB_DATASET is '0'. Sub-dataset 0 does not exist"),
        ("BMG_ELEMENT_TABLES", "old", "BMG_ELEMENT_TABLES is 'old', expected 'current' or 'paper'"),
        ("BMG_REPORTED_DMAX", "best", "BMG_REPORTED_DMAX is 'best', expected 'mean' or 'largest' or 'smallest'"),
        ("BMG_SEED", "-1", "BMG_SEED is '-1', expected greater than or equal to 0"),
        ("BMG_OWN_CAST_WEIGHT", "inf", "BMG_OWN_CAST_WEIGHT is 'inf', expected a finite number"),
        ("BMG_PAIR_DISTANCE_AT_PCT", "1000", "BMG_PAIR_DISTANCE_AT_PCT is '1000', expected less than or equal to 100"),
        ("BMG_BUDGET", "endless", "BMG_BUDGET is 'endless'. There is no budget 'endless'"),
        ("BMG_STRATEGY", "guess", "BMG_STRATEGY is 'guess'. There is no map by a strategy 'guess'"),
        ("BMG_RULE", "greedy", "BMG_RULE is 'greedy'. There is no rule 'greedy'"),
        ("BMG_CORES", "0", "BMG_CORES is '0', expected a whole number of cores"),
        ("BMG_CORES", "9" * 5000, "BMG_CORES is '9"),
        ("BMG_HISTORY_DAYS", "-1", "BMG_HISTORY_DAYS is '-1', expected a whole number of days, or 0 to keep all runs"),
        ("BMG_HISTORY_DAYS", "9" * 6, "BMG_HISTORY_DAYS is '999999', expected a whole number of days"),
        ("BMG_TIME_ZONE", "CEST", "BMG_TIME_ZONE is 'CEST', which is no time zone; use a name like Europe/Berlin"),
        ("BMG_TIME_ZONE", "Europe", "BMG_TIME_ZONE is 'Europe', which is no time zone"),
        ("BMG_APP_URL", "/bmg/pages", "BMG_APP_URL is '/bmg/pages', expected an address such as http://"),
        ("BMG_UI_URL", "my machine", "BMG_UI_URL is 'my machine', expected an address such as http://"),
        ("BMG_PAGES_URL", "my machine", "BMG_PAGES_URL is 'my machine', expected an address such as http://"),
        ("BMG_LAB", "s3://bucket/lab", "BMG_LAB is 's3://bucket/lab', expected a folder of this machine"),
        ("BMG_LAB_SETTINGS", "tape://x", "BMG_LAB_SETTINGS is 'tape://x', which cannot be opened"),
        ("BMG_DATA", "/dev/null", "BMG_DATA is '/dev/null', but /dev/null is no folder"),
        ("BMG_STORE", "/dev/null/store", "BMG_STORE is '/dev/null/store', but /dev/null is no folder"),
        ("BMG_RECORD", "file:///dev/null", "BMG_RECORD is '/dev/null', but /dev/null is no folder"),
        ("BMG_DOWNLOADS", "ftp://host/x", "BMG_DOWNLOADS is 'ftp://host/x', expected a folder of this machine"),
        ("BMG_STORE", "tape://x", "BMG_STORE is 'tape://x', which cannot be opened (Protocol not known: tape); fix it"),
        ("BMG_RECORD", "s3://x/y", "BMG_RECORD is 's3://x/y', which cannot be opened ("),
        ("BMG_DATABASE", "postgresql://h/bmg", "BMG_DATABASE is set, but BMG_BROKER not: a deployment of several"),
        ("BMG_RUNS", "2", "BMG_RUNS is set, but BMG_DATABASE and BMG_BROKER not: a deployment of several"),
        ("DAGSTER_HOME", "home", "DAGSTER_HOME is 'home', expected an absolute path"),
        ("DAGSTER_HOME", "/dev/null/home", "DAGSTER_HOME is '/dev/null/home', but /dev/null is no folder"),
    ],
)
def test_a_wrong_value_of_any_setting_is_refused_in_one_sentence(
    variable: str, text: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, text)
    monkeypatch.setitem(sys.modules, "s3fs", None)  # as where the extra is not installed
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)  # nor was used before
    with pytest.raises(BmgError) as told:
        check_environment()
    assert str(told.value).startswith(words)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("text", ["", "  "])
def test_settings_that_are_set_to_nothing_are_not_set(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [
        *PLACES,
        "BMG_TIME_ZONE",
        "BMG_CORES",
        "BMG_HISTORY_DAYS",
        "BMG_PAGES_URL",
        "BMG_APP_URL",
        "BMG_UI_URL",
        *(f"BMG_{name.upper()}" for name in Settings.model_fields),
    ]
    for name in names:
        monkeypatch.delenv(name, raising=False)
    unset = (Locations.from_environment(), Locations.from_environment().dagster_home, time_zone(), usable_cores())
    for name in names:
        monkeypatch.setenv(name, text)
    check_environment()
    assert unset == (
        Locations.from_environment(),
        Locations.from_environment().dagster_home,
        time_zone(),
        usable_cores(),
    )
    assert Defaults.from_environment() == Defaults()
    assert pages_url() is None
    # Dagster and the libraries look by themselves.
    assert "DAGSTER_HOME" not in os.environ


def test_relative_places_count_from_where_the_command_began_for_all_its_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in PLACES:
        monkeypatch.setenv(name, f"of_{name.lower()}" if name != "DAGSTER_HOME" else str(tmp_path / "home"))
    monkeypatch.setenv("BMG_RECORD", "memory://record")
    settle_environment()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    code = "from bmg_assets.settings import Locations; print(Locations.from_environment())"
    command = [sys.executable, "-c", code]
    told = subprocess.run(
        command,
        cwd=elsewhere,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    expected = Locations(
        data=tmp_path / "of_bmg_data",
        store_url=str(tmp_path / "of_bmg_store"),
        record_url="memory://record",
        downloads=tmp_path / "of_bmg_downloads",
        lab=tmp_path / "of_bmg_lab",
        lab_settings=str(tmp_path / "of_bmg_lab_settings"),
    )
    assert told.stdout.strip() == str(expected)
    assert not list(elsewhere.iterdir())


def test_data_of_a_folder_of_its_own_are_read_with_the_packages_literature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMG_DATA", str(tmp_path))
    places = Locations.from_environment()
    assert (places.literature / "sources.yaml").samefile(PROJECT / "data" / "literature" / "sources.yaml")
    (tmp_path / "literature").mkdir()
    assert Locations.from_environment().literature == tmp_path / "literature"


def test_the_day_of_the_laboratory_goes_by_the_computers_zone_unless_one_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BMG_TIME_ZONE", raising=False)
    far_east, far_west = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12")
    monkeypatch.setattr("bmg_assets.settings.computers_zone", lambda: far_east.key)
    assert (time_zone(), laboratory_day()) == (far_east.key, datetime.now(far_east).date())
    monkeypatch.setenv("BMG_TIME_ZONE", far_west.key)
    assert (time_zone(), laboratory_day()) == (far_west.key, datetime.now(far_west).date())
    assert laboratory_day(datetime(2026, 3, 1, 8, tzinfo=UTC)) == date(2026, 2, 28)


SEVERAL = {
    "BMG_DATABASE": "postgres://bmg:secret@db/bmg",
    "BMG_BROKER": "amqp://bmg:secret@broker/bmg",
    "BMG_RUNS": "4",
}


def set_several(patch: pytest.MonkeyPatch, **others: str) -> None:
    for name, text in {**SEVERAL, **others}.items():
        patch.setenv(name, text)


def test_several_machines_are_three_variables_and_the_database_gets_its_driver(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BMG_DATA", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", "")
    set_several(monkeypatch)
    check_environment()
    database = watched("postgresql+psycopg2://bmg:secret@db/bmg")
    assert os.environ["BMG_DATABASE"] == database
    assert ManyMachines.from_environment() == ManyMachines(database, "amqp://bmg:secret@broker/bmg", 4)
    # The history of one machine is left as it is.
    assert Locations.from_environment().dagster_home == tmp_path / "dagster_home_machines"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "BMG_DATABASE",
            "mysql://bmg:secret@db/bmg",
            r"^BMG_DATABASE is 'mysql://bmg:\*\*\*@db/bmg', expected .*postgresql:",
        ),
        ("BMG_DATABASE", "postgresql://", r"^BMG_DATABASE is 'postgresql://', expected"),
        (
            "BMG_BROKER",
            "redis://:secret@host",
            r"^BMG_BROKER is 'redis://:\*\*\*@host', expected an address like amqp:",
        ),
        ("BMG_BROKER", "amqp", r"^BMG_BROKER is 'amqp', expected an address"),
        ("BMG_RUNS", "0", r"^BMG_RUNS is '0', expected a whole number of runs from 1 to 1000"),
        ("BMG_RUNS", "many", r"^BMG_RUNS is 'many', expected"),
        ("BMG_RUNS", "10000", r"^BMG_RUNS is '10000', expected"),
    ],
)
def test_a_wrong_server_is_refused_without_its_password(
    name: str, text: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_several(monkeypatch, **{name: text})
    with pytest.raises(SettingError, match=words) as told:
        check_environment()
    assert "secret" not in str(told.value)


def test_several_machines_without_the_extra_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    set_several(monkeypatch)
    monkeypatch.setattr("bmg_assets.settings.find_spec", lambda name: None if name == "celery" else name)
    with pytest.raises(SettingError, match=r"\(celery not found\): install the extra `cluster`"):
        check_environment()


def test_the_history_is_kept_for_days_or_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BMG_HISTORY_DAYS", raising=False)
    assert history_days() == 90
    monkeypatch.setenv("BMG_HISTORY_DAYS", "0")
    assert history_days() is None
    monkeypatch.setenv("BMG_HISTORY_DAYS", "7")
    assert history_days() == 7
