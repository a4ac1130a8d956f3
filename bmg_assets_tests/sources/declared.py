"""Declarations for tests: the shortest valid entry, changed as each test needs."""

from pathlib import Path
from typing import Any

import yaml

from bmg_assets.sources.declaration import SourceDeclaration, read_declarations
from bmg_assets_tests.science.evidence.reports import learnable_reports

SHORTEST: dict[str, Any] = {
    "title": "A small table",
    "use": "always",
    "file": "small/table.csv",
    "licence": "none stated",
    "reference": "a handbook",
    "columns": {"formula": "Alloy", "class": "Kind", "value": "Size"},
    "codes": {"classes": {"None": "crystalline", "Ribbon": "ribbon", "BMG": "bulk"}, "values": {0: "crystalline"}},
}


def write_declarations(folder: Path, **entries: dict[str, Any]) -> Path:
    path = folder / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": entries}, sort_keys=False), encoding="utf-8")
    return path


def declare(folder: Path, **changes: Any) -> SourceDeclaration:
    """The shortest declaration with some keys changed, as the source `small`."""
    return read_declarations(write_declarations(folder, small=SHORTEST | changes))["small"]


def write_two_sources(data: Path) -> Path:
    """A data folder with the paper's set and another one, both learnable; the folder."""
    literature = data / "literature"
    literature.mkdir(parents=True)
    reports, declared = learnable_reports(), {}
    for name, rows in reports.groupby("source"):
        sizes = rows["dmax_mm"].map("{:g}".format)
        lines = rows["composition"].str.cat([sizes, rows["year"].astype(str)], sep=",")
        ribbon = "Cu90Zr10,0.2,2001"  # each class has to be there
        (literature / f"{name}.csv").write_text("\n".join(["Alloy,Size,Year", *lines, ribbon]))
        declared[str(name)] = {
            "title": "What can be learnt",
            "use": "fallback",
            "file": f"{name}.csv",
            "licence": "MIT",
            "reference": f"made for this test, {name}",
            "columns": {"formula": "Alloy", "value": "Size", "year": "Year"},
            "codes": {"values": {0: "crystalline", 0.2: "ribbon"}},
        }
    write_declarations(literature, **declared)
    return data
