"""Declarations for tests: the shortest valid entry, changed as each test needs."""

from pathlib import Path
from typing import Any

import yaml

from bmg_assets.sources.declaration import SourceDeclaration, read_declarations

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
