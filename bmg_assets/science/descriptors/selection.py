"""Which descriptors to train on: the paper's three rules, from all 86 columns down to its 29.

1. A minimum, maximum or range over the elements does not change with the ratio inside a system.
2. A column with a missing value cannot be used for every alloy.
3. Of two columns with |Pearson r| >= 0.8 one is enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.errors import BmgError

CORRELATION_LIMIT = 0.8

RATIO_FREE_STATISTICS = frozenset({"minimum", "maximum", "range"})

Rule = Literal["ratio_free", "missing_values", "correlated"]


class SelectionInputError(BmgError):
    """The values do not fit their column names."""


@dataclass(frozen=True)
class ColumnChoice:
    """What became of one column.

    Attributes:
        name: the descriptor.
        kept: whether it is selected.
        rule: the rule that dropped it; None when kept.
        partner: for `correlated`, the kept column it is most strongly correlated with.
        r: Pearson's r with the partner.
    """

    name: str
    kept: bool
    rule: Rule | None = None
    partner: str | None = None
    r: float | None = None


@dataclass(frozen=True)
class SelectionReport:
    """The choices for all columns, in the order of the table."""

    choices: tuple[ColumnChoice, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """Names of the selected columns, in the order of the table."""
        return tuple(choice.name for choice in self.choices if choice.kept)


def select_descriptors(
    values: NDArray[np.float64], names: Sequence[str], preferred: Sequence[str] = PAPER_DESCRIPTORS
) -> SelectionReport:
    """Apply the three rules to a table of descriptors.

    No order of the table decides between two correlated columns as the paper does: it keeps the later of the enthalpies
    inter and amor, but the earlier of the cluster distances. So the preference is an argument: the columns named in it
    are looked at first, then the others in the order of the table, and a column stays if it is not correlated with one
    that stayed before.

    On the published 6,398 alloys this keeps the paper's 29 and one more, `avg s valence electrons`: its strongest
    correlation there is 0.54, so the three rules do not explain why it is missing from the paper's list.

    Args:
        values: (n, p) descriptors; leave out alloys with a failure, whose gaps would cost columns.
        names: the p columns' names.
        preferred: names that win over others, the first one most; names that are not in the table are ignored.

    Raises:
        SelectionInputError: the shape does not fit the names, or there are fewer than two alloys.
    """
    _check_shape(values, names)
    choices: dict[str, ColumnChoice] = {}
    for name, column in zip(names, values.T, strict=True):
        if name.split(" ")[1:2] and name.split(" ")[1] in RATIO_FREE_STATISTICS:
            choices[name] = ColumnChoice(name, kept=False, rule="ratio_free")
        elif np.isnan(column).any():
            choices[name] = ColumnChoice(name, kept=False, rule="missing_values")
    left = [name for name in names if name not in choices]
    choices |= _without_correlated(values[:, [list(names).index(name) for name in left]], left, preferred)
    return SelectionReport(tuple(choices[name] for name in names))


def _check_shape(values: NDArray[np.float64], names: Sequence[str]) -> None:
    if values.ndim != 2 or values.shape[1] != len(names) or len(values) < 2:
        raise SelectionInputError(
            f"Found values of shape {values.shape} for {len(names)} column names, expected two or more alloys and one "
            "column per name: pass the values and the names of one table."
        )


def _without_correlated(
    values: NDArray[np.float64], names: Sequence[str], preferred: Sequence[str]
) -> dict[str, ColumnChoice]:
    """The choices by the third rule; a constant column has no correlation and stays."""
    correlation = _pearson(values)
    rank = {name: place for place, name in enumerate(preferred)}
    choices: dict[str, ColumnChoice] = {}
    kept: list[int] = []
    for column in sorted(range(len(names)), key=lambda c: (rank.get(names[c], len(rank)), c)):
        strongest = max(kept, key=lambda other: abs(correlation[column, other]), default=None)
        if strongest is None or abs(correlation[column, strongest]) < CORRELATION_LIMIT:
            kept.append(column)
            choices[names[column]] = ColumnChoice(names[column], kept=True)
        else:
            r = float(correlation[column, strongest])
            choices[names[column]] = ColumnChoice(names[column], False, "correlated", names[strongest], r)
    return choices


def _pearson(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pearson's r (p, p) between columns, 0 for a constant one."""
    centred = values - values.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    # The mean of equal numbers may be off by rounding, so a constant column is recognised by its values.
    constant = (values == values[:1]).all(axis=0)
    unit = np.divide(centred, length, out=np.zeros_like(centred), where=~constant)
    correlation: NDArray[np.float64] = unit.T @ unit
    return correlation
