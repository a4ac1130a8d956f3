"""Kinds of columns that many tables have, so that a declaration takes one line.

Keywords of each are the rules of `Column`: nullable, unique, minimum, maximum, allowed.
"""

from typing import Any

from bmg_assets.store.tables.table import Column


def text(name: str, description: str, **rules: Any) -> Column:
    """A column of words."""
    return Column(name, "string", None, description, **rules)


def texts(name: str, description: str, **rules: Any) -> Column:
    """A column of lists of words."""
    return Column(name, "list<string>", None, description, **rules)


def count(name: str, description: str, minimum: int = 0, **rules: Any) -> Column:
    """A column of whole numbers, 0 or more unless `minimum` is another."""
    return Column(name, "int64", None, description, minimum=minimum, **rules)


def number(name: str, description: str, unit: str | None = None, **rules: Any) -> Column:
    """A column of numbers."""
    return Column(name, "double", unit, description, **rules)


def millimetres(name: str, description: str, **rules: Any) -> Column:
    """A column of sizes in mm."""
    return Column(name, "double", "mm", description, **rules)


def share(name: str, description: str, **rules: Any) -> Column:
    """A column of numbers from 0 to 1."""
    return Column(name, "double", None, description, minimum=0, maximum=1, **rules)
