"""Reading YAML files that people write; a file that cannot be read ends in one sentence."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bmg_assets.science.errors import BmgError


def read_yaml(path: Path, error: type[BmgError]) -> Any:
    """The parsed content of the file; raises `error` if it cannot be read or is not YAML."""
    import yaml

    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as found:
        raise error(f"{path} cannot be read as YAML ({' '.join(str(found).split())}); fix it, or remove it.") from None


def named(entries: Any) -> Any:
    """Add to each entry its name, and drop keys without a value; content that is no mapping stays as it is."""
    if not isinstance(entries, Mapping):
        return entries
    return {
        str(name): {**{key: value for key, value in entry.items() if value is not None}, "name": str(name)}
        if isinstance(entry, Mapping)
        else entry
        for name, entry in entries.items()
    }
