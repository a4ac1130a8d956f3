"""Figures of a result in the types that Dagster's metadata takes."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import numpy as np


def metadata_values(**figures: Any) -> dict[str, Any]:
    """NumPy numbers become Python's, collections become JSON; texts, numbers and Dagster's own values stay."""
    return {name: _value(figure) for name, figure in figures.items()}


def _value(figure: Any) -> Any:
    if isinstance(figure, dg.MetadataValue):
        return figure
    plain = _plain(figure)
    return dg.MetadataValue.json(plain) if isinstance(plain, dict | list) else plain


def _plain(figure: Any) -> Any:
    if isinstance(figure, np.generic):
        return figure.item()
    if isinstance(figure, Mapping):
        return {str(name): _plain(value) for name, value in figure.items()}
    if isinstance(figure, list | tuple | set | frozenset | np.ndarray):
        return [_plain(value) for value in figure]
    return figure
