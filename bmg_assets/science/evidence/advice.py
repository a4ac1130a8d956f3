"""The strategy to trust in systems that nobody has cast, as columns of the summary of the benchmark."""

import pandas as pd

from bmg_assets.science.evidence.splits import Split

ADVICE_METRIC = "auc"
CERTAIN_BELOW = 0.05
"""A difference with a smaller p value counts as one."""


def with_advice(summary: pd.DataFrame, reference: str) -> pd.DataFrame:
    """The summary with the columns `ranks_better` and `trusted`.

    `ranks_better` names the better of the row's strategy and the reference; only rows of the AUC have it, and only if
    the difference is certain. `trusted` names the one to trust on the track. It follows from the release split alone:
    the systems of that split have guided no choice.

    Args:
        summary: columns `strategy`, `split`, `metric`, `difference_to_paper` and `p_value`.
        reference: the strategy that the others are compared with.
    """
    is_certain = (summary["metric"] == ADVICE_METRIC) & (summary["p_value"].astype(float) < CERTAIN_BELOW)
    is_better = summary["difference_to_paper"].astype(float) > 0
    better = summary["strategy"].where(is_better, reference).mask(~is_certain)
    return summary.assign(ranks_better=better, trusted=better.mask(summary["split"] != Split.RELEASE))
