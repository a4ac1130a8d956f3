"""What Dagster loads: everything explained, in the order of the pipeline, and quickly."""

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

import bmg_assets.science
from bmg_assets.build import ASSETS, build_definitions
from bmg_assets.partitions import atlas_shard
from bmg_assets.settings import PROJECT
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets_tests.parsing import tree_of

GROUPS_IN_FLOW_ORDER = ["literature", "lab", "training", "prediction", "study", "property", "atlas"]
MODELS = {"sklearn", "xgboost", "lightgbm", "hyperopt", "matminer", "pymatgen", "scipy"}
SEVERAL_MACHINES = {"celery", "dagster_celery", "dagster_postgres", "kombu", "psycopg2"}
HEAVY = MODELS | {"pandas", "pyarrow", "duckdb", "fsspec", "matplotlib", "mpltern", "plotly", "openpyxl"}
FOR_SCIENCE_FORBIDDEN = {"dagster", "duckdb", "pyarrow", "fsspec", "sqlite3", "requests", "io", "os"}
FILE_CALLS = {"open"}
FILE_METHODS = {"open", "read_csv", "read_parquet", "read_json", "to_parquet", "read_text", "write_text", "read_bytes"}
SCIENCE_FILES = sorted(Path(bmg_assets.science.__path__[0]).rglob("*.py"))


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions()


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}


def test_definitions_can_be_loaded(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_the_assets_of_the_design_are_there(specs: dict[str, dg.AssetSpec]) -> None:
    assert {name: spec.group_name for name, spec in specs.items()} == {
        "literature_reports": "literature",
        "literature_alloys": "literature",
        "literature_films": "literature",
        "alloy_descriptors": "literature",
        "literature_profile": "literature",
        "lab_results": "lab",
        "training_set": "training",
        "svr_model": "training",
        "random_forest_model": "training",
        "xgboost_model": "training",
        "lightgbm_model": "training",
        "fusion_weights": "training",
        "prediction_grid": "prediction",
        "transfer_grid": "prediction",
        "recommendations": "prediction",
        "candidates": "prediction",
        "iterations": "prediction",
        "system_report": "prediction",
        "system_overview": "prediction",
        "studied_maps": "study",
        "pruning_study": "study",
        "strategy_benchmark": "study",
        "literature_evidence": "study",
        "regime_evidence": "study",
        "campaign_evidence": "study",
        "evaluations": "study",
        "property_reports": "property",
        "property_values": "property",
        "property_maps": "property",
        "atlas_calibration": "atlas",
        "system_atlas": "atlas",
        "atlas_evidence": "atlas",
    }


def test_what_belongs_to_a_system_is_partitioned_by_it(specs: dict[str, dg.AssetSpec]) -> None:
    whole = {name for name, spec in specs.items() if spec.partitions_def is None}
    literature = {name for name, spec in specs.items() if spec.group_name == "literature"}
    of_properties = {"property_reports", "property_values"}
    studies = {"pruning_study", "strategy_benchmark", "literature_evidence", "regime_evidence", "campaign_evidence"}
    of_all_systems = {"system_overview", "atlas_calibration", "atlas_evidence"}
    assert whole == literature | of_properties | studies | of_all_systems
    parted = {name: spec.partitions_def for name, spec in specs.items() if spec.partitions_def}
    assert parted.pop("system_atlas") == atlas_shard
    dimensions = {name: definition.name for name, definition in parted.items()}
    assert dimensions.pop("studied_maps") == "studied_system"
    assert dimensions.pop("evaluations") == "evaluation"
    assert dimensions.pop("property_maps") == "mapped_property"
    assert set(dimensions.values()) == {"target_system"}


def test_every_asset_explains_itself(specs: dict[str, dg.AssetSpec]) -> None:
    for name, spec in specs.items():
        assert len(spec.description or "") > 40, name
        assert spec.owners, name
        assert spec.kinds, name
        assert spec.code_version, name


def test_the_data_flow_one_way(specs: dict[str, dg.AssetSpec]) -> None:
    order = [asset.key.to_user_string() for asset in ASSETS]
    for name, spec in specs.items():
        for parent in (dependency.asset_key.to_user_string() for dependency in spec.deps):
            groups = [GROUPS_IN_FLOW_ORDER.index(str(specs[one].group_name)) for one in (parent, name)]
            assert groups == sorted(groups), f"{name} depends on {parent}"
            assert order.index(parent) < order.index(name), f"{name} stands before {parent} in the assembly"
    assert {dependency.asset_key.to_user_string() for dependency in specs["training_set"].deps} == {
        "literature_alloys",
        "alloy_descriptors",
        "lab_results",
    }


@pytest.mark.parametrize("table", [*LITERATURE_TABLES.values(), *SYSTEM_TABLES.values()], ids=lambda table: table.name)
def test_every_table_that_is_an_asset_has_blocking_checks(definitions: dg.Definitions, table: Any) -> None:
    if table.asset is None:
        # Written on the way, and checked when it is written.
        assert table.name in {
            "lab_casts", "tuning_trials", "iteration_maps", "proposals", "cast_outcomes", "studied_alloys",
            "studied_scores", "left_out_scores", "left_out_alloys", "literature_scores", "property_alloys",
            "property_scores", "regime_scores", "regime_alloys", "regime_distances", "campaign_scores",
            "campaign_forecasts", "atlas_rankings",
        }  # fmt: skip
        return
    if table.name == "system_atlas":
        return  # a shard is refused by the store where it does not fit the table (store/tables/validation.py)
    graph = definitions.resolve_asset_graph()
    checks = [graph.get_check_spec(key) for key in graph.get_check_keys_for_assets({dg.AssetKey(table.asset)})]
    assert "schema" in {check.name for check in checks if check.blocking}
    assert all(check.description for check in checks)


def test_every_setting_says_what_it_does(definitions: dg.Definitions) -> None:
    jobs = [definitions.resolve_job_def(job.name) for job in definitions.jobs or []]
    nodes = {node.name: node.definition.config_field for job in jobs for node in job.graph.nodes}
    resources = {
        name: one.config_schema.as_field() for name, one in jobs[0].resource_defs.items() if name != "io_manager"
    }
    described = {}
    for owner, field in {**nodes, **resources}.items():
        for name, setting in getattr(field.config_type, "fields", {}).items() if field else ():
            described[f"{owner}.{name}"] = setting.description
    assert {"training_set.sub_dataset", "svr_model.budget", "candidates.pair_distance_at_pct", "defaults.seed"} <= set(
        described
    )
    assert [name for name, description in described.items() if not description] == []


def test_both_places_that_name_the_module_agree() -> None:
    workspace = yaml.safe_load((PROJECT / "workspace.yaml").read_text())
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    assert workspace["load_from"] == [{"python_module": project["tool"]["dagster"]["module_name"]}]
    assert "dg" not in project["tool"]


def test_definitions_load_without_the_heavy_libraries() -> None:
    code = "import sys, json, bmg_assets.definitions; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert "bmg_assets.assets.training" in loaded
    assert (HEAVY | SEVERAL_MACHINES) & set(loaded) == set()


def test_the_command_knows_nothing_of_several_machines_before_they_are_asked_for() -> None:
    code = "import sys, json, bmg_assets.cli.main; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert SEVERAL_MACHINES & set(loaded) == set()


@pytest.mark.parametrize("path", SCIENCE_FILES, ids=lambda path: path.stem)
def test_science_knows_neither_dagster_nor_files(path: Path) -> None:
    found = set()
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.Import(names=names):
                found |= {name.name.split(".")[0] for name in names} & FOR_SCIENCE_FORBIDDEN
            case ast.ImportFrom(module="pathlib", names=names):
                # A pure path opens nothing.
                found |= {name.name for name in names if not name.name.startswith("Pure")}
            case ast.ImportFrom(module=str(module)):
                found |= {module.split(".")[0]} & FOR_SCIENCE_FORBIDDEN
                found |= {module} if module.startswith("bmg_assets.") and ".science" not in module else set()
            case ast.Call(func=ast.Name(id=name)):
                found |= {name} & FILE_CALLS
            case ast.Call(func=ast.Attribute(attr=name)):
                found |= {name} & FILE_METHODS
    assert found == set()
