"""Where two sets of labelled compositions contradict each other.

A contradiction is a different class, or two bulk glasses whose critical casting diameters differ by more than a
tolerance. What is done about one (fixing it, or keeping it with its reason) does not belong here, nor does the merging
of reports within one set (curation.py).
"""

import pandas as pd

from bmg_assets.science.alloys.labels import GlassClass

LABELLED = ("composition", "glass_class", "dmax_mm")
CONTRADICTION_COLUMNS = ("composition", "ours_class", "theirs_class", "ours_dmax_mm", "theirs_dmax_mm", "kind")


def find_contradictions(ours: pd.DataFrame, theirs: pd.DataFrame, tolerance: float = 0.25) -> pd.DataFrame:
    """Contradictions between two sets on the compositions that both hold.

    ours, theirs: columns composition (a composition key, once in each set), glass_class (crystalline, ribbon, bulk, or
    missing where the label tells no class) and dmax_mm (critical casting diameter in mm, missing where not known);
    further columns are ignored.
    tolerance: the largest difference of two diameters that still agree, as a share of the larger one, 0 to 1.

    Returns one row per contradiction with CONTRADICTION_COLUMNS, by composition; kind is `class` or `dmax`. A
    composition with a missing class on either side contradicts nothing; nor do diameters where one is missing.
    Raises ValueError for a missing column, a composition that stands twice in one set, or a tolerance outside 0 to 1.
    """
    if not 0 <= tolerance <= 1:
        raise ValueError(f"the tolerance is a share of the larger diameter, 0 to 1; got {tolerance}")
    both = _labelled(ours, "ours").merge(_labelled(theirs, "theirs"), on="composition")
    classified = both["ours_class"].notna() & both["theirs_class"].notna()
    other_class = classified & (both["ours_class"] != both["theirs_class"])
    both_bulk = (both["ours_class"] == GlassClass.BULK) & (both["theirs_class"] == GlassClass.BULK)
    # A missing diameter gives nan, and a comparison with nan is false: nothing to contradict.
    difference = (both["ours_dmax_mm"] - both["theirs_dmax_mm"]).abs()
    apart = both_bulk & (difference > tolerance * both[["ours_dmax_mm", "theirs_dmax_mm"]].max(axis=1))
    both["kind"] = pd.Series("dmax", index=both.index).mask(other_class, "class")
    found = both.loc[other_class | apart, list(CONTRADICTION_COLUMNS)]
    return found.sort_values("composition", ignore_index=True)


def _labelled(labels: pd.DataFrame, side: str) -> pd.DataFrame:
    """The three columns of one set, named by its side; ValueError where they cannot be compared."""
    absent = [column for column in LABELLED if column not in labels.columns]
    if absent:
        raise ValueError(f"the set `{side}` has no column {', '.join(absent)}; it needs {', '.join(LABELLED)}")
    twice = labels.loc[labels["composition"].duplicated(), "composition"]
    if not twice.empty:
        raise ValueError(f"the set `{side}` holds {twice.iloc[0]} more than once; merge its reports first")
    named = labels.loc[:, list(LABELLED)].rename(columns={"glass_class": f"{side}_class", "dmax_mm": f"{side}_dmax_mm"})
    return named.astype({f"{side}_class": object, f"{side}_dmax_mm": float})
