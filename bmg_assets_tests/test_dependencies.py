"""What is imported is declared, and the other way round, each with a lower bound."""

import ast
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from bmg_assets.settings import PROJECT
from bmg_assets_tests.parsing import tree_of

NOT_IMPORTED = {
    "python-multipart": "Starlette reads forms with it",
    "xgboost": "on macOS the module of xgboost-cpu",
    "xgboost-cpu": "elsewhere the module of xgboost",
}


def name_of(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


@cache
def declared() -> dict[str, list[str]]:
    """Requirements of the package (under the empty name) and of each of its extras."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def imported(folder: Path) -> dict[str, Path]:
    """Modules of other projects that a folder imports, each with a file that does."""
    found: dict[str, Path] = {}
    for path in folder.rglob("*.py"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            found |= {name.split(".")[0]: path for name in names}
    own = {"bmg_assets", "bmg_assets_tests"}
    return {name: path for name, path in found.items() if name not in sys.stdlib_module_names and name not in own}


@cache
def distributions_of_modules() -> Mapping[str, list[str]]:
    return packages_distributions()


def distributions(module: str) -> set[str]:
    return {name_of(one) for one in distributions_of_modules().get(module, [module])}


@pytest.mark.parametrize(
    ("folder", "extras"), [("bmg_assets", ["", "cluster"]), ("bmg_assets_tests", ["", "cluster", "dev"])]
)
def test_what_is_imported_is_declared(folder: str, extras: list[str]) -> None:
    names = {name_of(one) for extra in extras for one in declared()[extra]}
    modules = imported(PROJECT / folder)
    assert not {module: path for module, path in modules.items() if not distributions(module) & names}


def test_what_is_declared_is_imported() -> None:
    used = set().union(*map(distributions, imported(PROJECT / "bmg_assets")))
    assert {name_of(one) for one in declared()[""]} - used - NOT_IMPORTED.keys() == set()


def test_every_dependency_has_a_lower_bound() -> None:
    assert not [one for requirements in declared().values() for one in requirements if ">=" not in one]


def test_the_lock_holds_hashes_and_no_address() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^(?:[\w.-]+==.*(?:\n    --hash=sha256:\w{64} ?\\?)+)", lock, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[\w.-]+==", lock, re.MULTILINE)) > 100
    assert "://" not in lock
    assert "--index-url" not in lock


def test_the_lock_has_what_is_declared() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))
    assert {name_of(one) for extra in ("", "dev") for one in declared()[extra]} <= locked
