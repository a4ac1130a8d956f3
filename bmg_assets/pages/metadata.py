"""Figures of a result in the types that Dagster's metadata takes."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import numpy as np

from bmg_assets.store.page_addresses import page_url

DIGITS = 6
"""Significant digits of a number that the UI shows; what is stored has all of them."""


def metadata_values(**figures: Any) -> dict[str, Any]:
    """NumPy numbers become Python's, with the digits a person reads; collections become JSON, the rest stays."""
    return {name: _value(figure) for name, figure in figures.items()}


def links_to(files: Mapping[str, str]) -> dict[str, dg.MetadataValue]:
    """A link that the browser can follow for each file of the store, by its title."""
    return {title: dg.MetadataValue.url(page_url(name)) for title, name in files.items()}


def picture_of(name: str, title: str) -> dg.MetadataValue:
    """A figure of the store, shown inline."""
    return dg.MetadataValue.md(f"![{title}]({page_url(name)})")


def _value(figure: Any) -> Any:
    if isinstance(figure, dg.MetadataValue):
        return figure
    plain = _plain(figure)
    if isinstance(plain, float):
        return float(f"{plain:.{DIGITS}g}")
    return dg.MetadataValue.json(plain) if isinstance(plain, dict | list) else plain


def _plain(figure: Any) -> Any:
    if isinstance(figure, np.generic):
        return figure.item()
    if isinstance(figure, Mapping):
        return {str(name): _plain(value) for name, value in figure.items()}
    if isinstance(figure, list | tuple | set | frozenset | np.ndarray):
        return [_plain(value) for value in figure]
    return figure
