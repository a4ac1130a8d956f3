"""The table `literature_evidence`: each test over its systems, and what a variant or a strategy adds, with intervals.

Variants are compared on the same systems by the same strategy, strategies on the same variant; p values exchange signs
of the differences system by system.
"""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from bmg_assets.science.evidence.literature_variants import PAPER, WHOLE
from bmg_assets.science.evidence.over_systems import mean_over_systems, paired_difference
from bmg_assets.science.surrogates.transfer import Transfer

WHAT = ["test", "year", "track", "judged_by", "metric"]
COMPARED_WITH = {
    "paper": ("variant", PAPER),
    "whole": ("variant", WHOLE),
    "transfer": ("strategy", Transfer.name),
}
"""What each row is compared with: the same row of another variant, or of another strategy."""
LITERATURE_SUMMARY_COLUMNS = (
    *WHAT, "variant", "strategy", "mean", "low", "high", "systems",
    *(f"{kind}_{name}" for name in COMPARED_WITH for kind in ("difference_to", "p_value_to")),
)  # fmt: skip

Values = Mapping[tuple[Hashable, ...], pd.Series]
"""Values by system, by the columns that name a row."""


def summarise_literature(scores: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row per test, year, track, judgement, metric, variant and strategy, with LITERATURE_SUMMARY_COLUMNS.

    Args:
        scores: LITERATURE_SCORE_COLUMNS and `variant`.
        seed: of the bootstrap and of the exchanges of signs.
    """
    names = [*WHAT, "variant", "strategy"]
    values: Values = {
        key: group.set_index("left_out_system")["value"]
        for key, group in scores.groupby(names, sort=False, dropna=False)
    }
    rows = []
    for key, of_systems in values.items():
        named = dict(zip(names, key, strict=True))
        mean = mean_over_systems(of_systems.to_numpy(np.float64), seed)
        row = {**named, "mean": mean.value, "low": mean.low, "high": mean.high, "systems": mean.systems}
        for name, (column, reference) in COMPARED_WITH.items():
            theirs = values.get(tuple({**named, column: reference}.values()))
            difference, p_value = (
                (None, None) if named[column] == reference else paired_difference(of_systems, theirs, seed)
            )
            row |= {f"difference_to_{name}": difference, f"p_value_to_{name}": p_value}
        rows.append(row)
    frame = pd.DataFrame(rows, columns=list(LITERATURE_SUMMARY_COLUMNS))
    numbers = [name for name in LITERATURE_SUMMARY_COLUMNS if name.startswith(("difference", "p_value"))]
    return frame.astype({"year": "Int64", **dict.fromkeys(numbers, "float64")})
