"""The rounds of a system: each set of own casts that it was trained with is one iteration."""

import pandas as pd

from bmg_assets.science.fingerprints import fingerprint_frame


def lab_fingerprint(lab: pd.DataFrame) -> str:
    """Identity of a system's own casts as the training sees them."""
    columns = ["composition", "dmax_mm", "glass_class"]
    return fingerprint_frame(lab[columns].sort_values("composition"))


def record_iteration(previous: pd.DataFrame, entry: dict[str, object]) -> pd.DataFrame:
    """The table `iterations` of a system with `entry` (all columns but `iteration`) taken in.

    A training that knew the same casts as the last one replaces it; one that knew others is the next iteration.
    """
    same_casts = len(previous) > 0 and previous["lab_fingerprint"].iloc[-1] == entry["lab_fingerprint"]
    kept = previous.iloc[:-1] if same_casts else previous
    number = int(kept["iteration"].iloc[-1]) + 1 if len(kept) else 0
    row = pd.DataFrame([{**entry, "iteration": number}])
    return pd.concat([kept, row], ignore_index=True) if len(kept) else row
