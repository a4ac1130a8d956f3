"""Sources that contradict the others so often that something is wrong with them, not with single reports.

A source contradicts the others on an alloy where none of them agrees with it: on the diameter, within a quarter, or on
the class. In the public sets that is a twentieth of the diameters at most, and a fifth of the classes. A table whose
values were shifted by a row against its formulas contradicts two fifths of the diameters or more, unless it is sorted
by them or has many rows of each alloy.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.literature.tallies import OFF, said_by_source

if TYPE_CHECKING:
    import pandas as pd

TOO_MANY = 1 / 3
FEWEST_COMPARED = 20
"""With fewer alloys in common the share says little."""


def contradicting_sources(reports: "pd.DataFrame") -> list[str]:
    """A sentence for each source that contradicts a third or more of what the others report of the same alloys.

    reports: the table `reports`. Where only two sources share alloys, both are named: one of them is wrong.
    """
    against: dict[str, list[str]] = {}
    for source, words in _too_many(reports):
        against.setdefault(source, []).append(words)
    return [
        f"{source} contradicts what other sources report of the same alloys ({', '.join(found)}); it may be "
        "shifted by a row: compare some rows with their papers, or read the other sources alone (--source)."
        for source, found in against.items()
    ]


def _too_many(reports: "pd.DataFrame") -> "Iterator[tuple[str, str]]":
    said = said_by_source(reports)
    pairs = said.merge(said, on="composition", suffixes=("", "_of_other"))
    pairs = pairs[pairs["source"] != pairs["source_of_other"]]
    one, other = pairs["dmax_mm"], pairs["dmax_mm_of_other"]
    are_bulk = (one >= BULK_FROM_MM) & (other >= BULK_FROM_MM)
    is_off = (one - other).abs() > OFF * np.maximum(one, other)
    for what, differs in (
        (f"diameters by more than {OFF:.0%}", is_off[are_bulk]),
        ("classes", pairs["rank"] != pairs["rank_of_other"]),
    ):
        rows = pairs.loc[differs.index]
        alone = differs.groupby([rows["source"], rows["composition"]], sort=False).all()
        counts = alone.groupby(level="source", sort=False).agg(["sum", "size"])
        for source, contradicted, compared in counts.itertuples():
            if compared >= FEWEST_COMPARED and contradicted >= TOO_MANY * compared:
                yield source, f"{contradicted} of {compared} {what}"
