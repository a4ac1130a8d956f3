"""YAML files that people write: read as text, told in one sentence where they cannot be."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bmg_assets.science.errors import BmgError


def read_yaml(path: Path, error: type[BmgError]) -> Any:
    """What the file holds; raises `error` where it cannot be read, or is no YAML."""
    import yaml

    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as found:
        raise error(f"{path} cannot be read as YAML ({' '.join(str(found).split())}); fix it, or remove it.") from None


def named(entries: Any) -> Any:
    """Entries by name, each with its name among its keys and without those that say nothing; anything else as it is."""
    if not isinstance(entries, Mapping):
        return entries
    return {
        str(name): {**{key: value for key, value in entry.items() if value is not None}, "name": str(name)}
        if isinstance(entry, Mapping)
        else entry
        for name, entry in entries.items()
    }
