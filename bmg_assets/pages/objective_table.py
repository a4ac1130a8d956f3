"""The front of several objectives as a table of words, and the sentences around it, for pages and the terminal."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from bmg_assets.pages.rendering import Columns
from bmg_assets.science.proposals.agreement import chance_in_words
from bmg_assets.science.proposals.objectives import Objective

PERCENT = "%"
DIGITS = {"K": 0, "g/cm³": 2, "mm": 1, "": 3}
"""Decimals by unit; other numbers have two."""


def front_columns(shown: Sequence[Objective]) -> Columns:
    """The columns of `front_in_words` with their titles."""
    return {"formula": "composition", **{one.name: one.axis for one in shown}}


def front_in_words(front: pd.DataFrame, shown: Sequence[Objective]) -> pd.DataFrame:
    """Each value with its interval where it has one, as text."""
    columns = {"formula": front["formula"].to_list()}
    for one in shown:
        columns[one.name] = [_with_interval(row, one) for row in front.to_dict("records")]
    return pd.DataFrame(columns)


def counts_in_words(n_front: int, n_counted: int, n_untrusted: int, n_outside: int, n_incomplete: int) -> str:
    """How many compositions are on the front, of how many, and why others do not count: a sentence."""
    left = [
        f"{n_untrusted:,} are too far from what is known" if n_untrusted else "",
        f"{n_outside:,} are outside of the limits or of what is wanted" if n_outside else "",
        f"{n_incomplete:,} lack a value" if n_incomplete else "",
    ]
    said = f"{n_front:,} of {n_counted:,} compositions that count are beaten by no other one."
    reasons = ", ".join(one for one in left if one)
    return f"{said} Of the others {reasons}." if reasons else said


def about_in_words(shown: Sequence[Objective]) -> list[str]:
    """What there is to know of the errors of each objective, a sentence each."""
    return [f"{one.title}: {one.about}" for one in shown if one.about]


def _with_interval(row: Mapping[Hashable, Any], one: Objective) -> str:
    value, digits = row[one.name], DIGITS.get(one.unit, 2)
    if pd.isna(value):
        return ""
    if one.unit == PERCENT:
        return chance_in_words(value / 100).removesuffix(f" {PERCENT}")
    low, high = row.get(f"{one.name}_low"), row.get(f"{one.name}_high")
    said = f"{value:.{digits}f}"
    return said if low is None or pd.isna(low) else f"{said} ({low:.{digits}f} to {high:.{digits}f})"
