"""A small literature that can be learnt: what is about half Zr is a bulk glass, in every system."""

from itertools import pairwise

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS, compute_descriptors
from bmg_assets.science.surrogates.alloys import Alloys, alloys_of_tables

PARTNERS = ("Ag", "Al", "Co", "Fe", "Hf", "Mg", "Nb", "Ni", "Ti", "Y")
POINTS = composition_grid(3, 10)[::2]


def learnable_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ternaries of Cu, Zr and one element more, and of two elements more and Zr: the alloys and their descriptors."""
    systems = [("Cu", "Zr", partner) for partner in PARTNERS]
    systems += [(*sorted(pair), "Zr") for pair in pairwise(PARTNERS)]
    rows, blocks = [], []
    for system in systems:
        block = compute_descriptors(POINTS / 100, system, element_tables("current"))
        blocks.append(block.values[:, [block.names.index(name) for name in PAPER_DESCRIPTORS]])
        for point in POINTS:
            amounts = dict(zip(system, point.astype(float), strict=True))
            rows.append((list(amounts), list(amounts.values()), "-".join(sorted(system)), _dmax_mm(amounts["Zr"])))
    table = pd.DataFrame(rows, columns=["elements", "at_pct", "chemical_system", "dmax_mm"])
    table["composition"] = [f"alloy {row}" for row in range(len(table))]
    described = pd.DataFrame(np.vstack(blocks), columns=list(PAPER_DESCRIPTORS))
    return table, described.assign(composition=table["composition"])


def learnable_alloys() -> Alloys:
    """The same alloys as arrays."""
    table, described = learnable_tables()
    return alloys_of_tables(table, described, PAPER_DESCRIPTORS)


def _dmax_mm(zr_at_pct: float) -> float:
    return 2.0 if 40 <= zr_at_pct <= 50 else 0.2 if 30 <= zr_at_pct <= 60 else 0.0
