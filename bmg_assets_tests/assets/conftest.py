"""Fixtures that tests of several groups of assets share."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.execution import search_pool
from bmg_assets_tests.assets.searches import Searches
from bmg_assets_tests.deployment import Deployment, sentence_of
from bmg_assets_tests.science.surrogates.literature import learnable_tables
from bmg_assets_tests.sources.declared import write_declarations, write_two_sources


@pytest.fixture(scope="session")
def learnable_literature(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment whose literature has systems that can be left out. To be read only."""
    folder = tmp_path_factory.mktemp("learnable")
    data = folder / "data" / "literature"
    data.mkdir(parents=True)
    table, _ = learnable_tables()
    amounts = (zip(*row, strict=True) for row in table[["elements", "at_pct"]].itertuples(index=False))
    formulas = ["".join(f"{element}{amount:g}" for element, amount in alloy) for alloy in amounts]
    binary = {"Cu80Zr20": 0, "Cu65Zr35": 0.2, "Cu55Zr45": 2, "Cu50Zr50": 2, "Cu30Zr70": 0}
    sizes = [*zip(formulas, table["dmax_mm"], strict=True), *binary.items()]
    lines = [f"{formula},{size:g}" for formula, size in sizes]
    (data / "learnable.csv").write_text("\n".join(["Alloy,Size", *lines]))
    write_declarations(
        data,
        learnable={
            "title": "What can be learnt",
            "use": "fallback",
            "file": "learnable.csv",
            "licence": "MIT",
            "reference": "made for this test",
            "columns": {"formula": "Alloy", "value": "Size"},
            "codes": {"values": {0: "crystalline", 0.2: "ribbon"}},
        },
    )
    with dg.DagsterInstance.ephemeral() as instance:
        deployment = Deployment(folder, instance, data.parent)
        assert deployment.run_literature(["literature_reports", "literature_alloys", "alloy_descriptors"]).success
        yield deployment


@pytest.fixture
def learnable(learnable_literature: Deployment, tmp_path: Path, instance: dg.DagsterInstance) -> Deployment:
    """What `learnable_literature` holds, to be changed."""
    return learnable_literature.copied_to(tmp_path, instance)


@pytest.fixture
def two_sources(tmp_path: Path, instance: dg.DagsterInstance) -> Deployment:
    """A deployment with the paper's set and another one, both learnable."""
    deployment = Deployment(tmp_path, instance, write_two_sources(tmp_path / "data"))
    result = deployment.run_literature(["literature_reports"], literature_reports={"sources": ["ml_bmg_gfa", "later"]})
    assert result.success, sentence_of(result)
    return deployment


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> Searches:
    """Stand for the processes in which sub-models are trained side by side."""
    searches = Searches()
    monkeypatch.setattr(search_pool, "search_pool", searches.pool)
    return searches
