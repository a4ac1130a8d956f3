"""The alloys that benchmarks work on: the published set, or the starter table where nobody has fetched it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bmg_assets.science.alloys.compositions import parse_formula
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.table import ALL_DESCRIPTORS, PAPER_DESCRIPTORS, compute_descriptors
from bmg_assets.science.literature.pruning import categorise_all, excluded_categories
from bmg_assets.science.literature.training_set import LearningData
from bmg_assets.settings import PROJECT
from bmg_assets_tests.science.descriptors.reference import as_matrix
from bmg_assets_tests.science.published import read_published

ZR_AL_CU = ("Zr", "Al", "Cu")
PUBLISHED = Path("ML_BMG_GFA") / "features_trainset_all.csv"
STARTER = PROJECT / "data" / "literature" / "starter_alloys.csv"
RIBBON_MM = 0.2
NEEDED = (
    "The published set is not in the download cache (BMG_DOWNLOADS, or data/downloads): `make data` fetches it. "
    "Until then the starter table stands in, and targets that are about the published set are not judged."
)


@dataclass(frozen=True)
class Alloys:
    """Compositions with their labels and the paper's 29 descriptors."""

    amounts: Sequence[Mapping[str, float]]
    """For each alloy, element to amount, zeros left out."""
    X: NDArray[np.float64]
    """The paper's 29 descriptors, shape (n, 29)."""
    y: NDArray[np.float64]
    """Critical casting diameters in mm, shape (n,)."""
    published: bool
    """Whether these are the published ones."""

    @property
    def name(self) -> str:
        """The set's name and size."""
        return f"{'published set' if self.published else 'starter table'} ({len(self.y):,} alloys)"


def published_path() -> Path | None:
    """Where the published table is, if it is there."""
    path = Path(os.environ.get("BMG_DOWNLOADS", PROJECT / "data" / "downloads")) / PUBLISHED
    return path if path.exists() else None


@cache
def alloys() -> Alloys:
    """All alloys of the published set as it stands, else those of the starter table."""
    path = published_path()
    return _starter() if path is None else _published(path)


def learning_data(rows: int | None = None) -> LearningData:
    """What Zr-Al-Cu is learnt from, sub-dataset (3): all of it, or its first rows at even distances."""
    known = alloys()
    categories = categorise_all([set(amounts) for amounts in known.amounts], frozenset(ZR_AL_CU))
    kept = np.flatnonzero([category not in excluded_categories(3) for category in categories])
    if rows is not None:
        kept = kept[np.linspace(0, len(kept) - 1, rows).astype(int)]
    return LearningData(known.X[kept], known.y[kept], np.ones(len(kept)), PAPER_DESCRIPTORS)


def _published(path: Path) -> Alloys:
    from pymatgen.core import Composition

    table = read_published(path)
    amounts = [Composition(text).get_el_amt_dict() for text in table["composition"]]
    present = [{element: amount for element, amount in alloy.items() if amount > 0} for alloy in amounts]
    X, y = table[list(PAPER_DESCRIPTORS)].to_numpy(np.float64), table["D_max"].to_numpy(np.float64)
    return Alloys(present, X, y, published=True)


def _starter() -> Alloys:
    table = pd.read_csv(STARTER)
    amounts = [parse_formula(text).amounts for text in table["composition"]]
    by_class = table["glass_class"].map({"crystalline": 0.0, "ribbon": RIBBON_MM})
    block = compute_descriptors(*as_matrix(amounts), element_tables("paper"))
    X = block.values[:, [ALL_DESCRIPTORS.index(name) for name in PAPER_DESCRIPTORS]]
    y = by_class.fillna(table["dmax_mm"]).to_numpy(np.float64)
    usable = [row for row in range(len(y)) if row not in block.failures and np.isfinite(y[row])]
    return Alloys([amounts[row] for row in usable], X[usable], y[usable], published=False)
