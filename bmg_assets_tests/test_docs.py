"""The pages that people read: what they name exists."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import typer

from bmg_assets.cli.main import app
from bmg_assets.settings import PROJECT
from bmg_assets_tests.parsing import tree_of

PAGES = [*sorted(PROJECT.glob("*.md")), *sorted((PROJECT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:bmg_assets|bmg_assets_tests|docs|data/literature|\.ci)/[\w./-]*")
TARGET = re.compile(r"(?:^|`)make ([a-z-]+)", re.MULTILINE)
COMMAND = re.compile(r"(?:^|`|bin/)bmg ([a-z]+)", re.MULTILINE)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))


def anchors(page: Path) -> set[str]:
    """The headings of a page as the addresses that a link may end with."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_relative_links_lead_somewhere(page: Path) -> None:
    dead = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert not dead


@each_page
def test_paths_that_are_named_exist(page: Path) -> None:
    spans = SPAN.findall(page.read_text(encoding="utf-8"))
    assert not [span for span in spans if PATH.fullmatch(span) and not (PROJECT / span).exists()]


@each_page
def test_commands_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(TARGET.findall(text)) <= set(targets)
    assert set(COMMAND.findall(text)) <= set(typer.main.get_command(app).commands)


def test_the_tables_of_the_layers_are_the_contract() -> None:
    tools = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = [layer for contract in tools["importlinter"]["contracts"] for layer in contract.get("layers", [])]
    page = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    first_cells = re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
    named = [name.removesuffix("/").removesuffix(".py") for cell in first_cells for name in SPAN.findall(cell)]
    assert named == layers


def test_every_folder_says_what_belongs_there() -> None:
    packages = sorted((PROJECT / "bmg_assets").rglob("__init__.py"))
    assert not [path for path in packages if not ast.get_docstring(tree_of(path))]


def test_the_readme_is_read_in_minutes() -> None:
    assert len((PROJECT / "README.md").read_text(encoding="utf-8").splitlines()) <= 180
