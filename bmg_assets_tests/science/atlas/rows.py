"""Plausible rows of the atlas, made up: real element symbols, and values that fit the table and each other."""

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bmg_assets.science.alloys.grid import composition_grid, grid_keys
from bmg_assets.science.atlas.shards import shards_of

SYMBOLS = (
    "Ag Al As Au B Be Bi C Ca Ce Co Cr Cu Dy Er Fe Ga Gd Ge Hf Ho In Ir La Li Lu Mg Mn Mo Nb Nd Ni P Pb Pd Pr Pt Rh Ru "
    "Sb Sc Si Sm Sn Sr Ta Tb Ti Tm V W Y Yb Zn Zr"
)
ELEMENTS = tuple(SYMBOLS.split())
"""55 symbols in alphabetical order: 26,235 ternaries, 341,055 quaternaries."""


def atlas_rows(n_ternaries: int, n_quaternaries: int = 0, seed: int = 0) -> pd.DataFrame:
    """Rows that fit the table `system_atlas`, the ternaries first; the same ones for the same seed.

    Args:
        n_ternaries: how many, up to 26,235.
        n_quaternaries: how many, up to 341,055.
        seed: of which systems, and of all their values.
    """
    rng = np.random.default_rng(seed)
    kinds = [(3, n_ternaries), (4, n_quaternaries)]
    pieces = [_rows_of(rng, *kind) for kind in kinds if kind[1]]
    return pd.concat(pieces or [_rows_of(rng, *kinds[0])], ignore_index=True)


def _rows_of(rng: np.random.Generator, k: int, n: int) -> pd.DataFrame:
    systems = _systems(rng, k, n)
    # One affinity for each element, so that the systems of an element are alike, as in a real atlas.
    affinity = rng.normal(size=len(ELEMENTS))
    mean = affinity[systems].mean(axis=1) if n else np.zeros(0)
    dmax = np.exp(0.9 * mean + rng.normal(scale=0.4, size=n) + 0.3).clip(0.01, 25)
    chance = 1 / (1 + np.exp(-2.2 * (mean + rng.normal(scale=0.3, size=n)) + 0.8))
    known = np.where(rng.random(n) < 0.06, rng.integers(1, 40, n), 0)
    explained = np.where(known > 0, rng.uniform(0.6, 0.98, n), rng.beta(2, 2.5, n))
    points = composition_grid(k, 5)[rng.integers(0, len(composition_grid(k, 5)), n)]
    names = np.array(ELEMENTS, dtype=object)[systems]
    face = rng.integers(0, 4, n)
    face_dmax = dmax * rng.uniform(0.5, 1.1, n)
    is_ternary = k == 3
    return pd.DataFrame(
        {
            "shard": np.array([shard.name for shard in shards_of(k)], dtype=object)[np.arange(n) % len(shards_of(k))],
            "system": ["-".join(row) for row in names],
            "elements": pd.Series(names.tolist(), dtype=object),
            "n_elements": np.full(n, k, dtype=np.int64),
            "step_at_pct": np.full(n, 1, dtype=np.int64),
            "composition": _keys(points, names),
            "at_pct": pd.Series(points.astype(float).tolist(), dtype=object),
            "dmax_mm": dmax,
            "interval_low_mm": dmax * rng.uniform(0.1, 0.6, n),
            "interval_high_mm": dmax * rng.uniform(1.5, 5, n),
            "probability_bulk": np.clip(chance * rng.uniform(0.6, 1, n), 0, 1),
            "score": mean + rng.normal(scale=0.1, size=n),
            "chance_bulk": chance,
            "extent": chance**2 * rng.uniform(0.2, 1, n),
            "n_regions": rng.integers(1, 6, n),
            "explained": explained,
            "is_trusted": explained >= 0.5,
            "nearest_at_pct": np.where(known > 0, rng.uniform(0, 8, n), rng.uniform(3, 60, n)),
            "n_known": known,
            "best_known_mm": np.where(known > 0, np.exp(rng.normal(0.5, 0.8, n)), np.nan),
            "best_known_composition": pd.Series(np.where(known > 0, _keys(points, names), None), dtype=object),
            "liquidus_kelvin": rng.uniform(600, 2400, n),
            "density_g_cm3": rng.uniform(1.6, 17, n),
            "map_mm": _maps(rng, points, dmax) if is_ternary else pd.Series([None] * n, dtype=object),
            "best_face": pd.Series(
                [None] * n
                if is_ternary
                else ["-".join(np.delete(row, one)) for row, one in zip(names, face, strict=True)],
                dtype=object,
            ),
            "face_dmax_mm": np.full(n, np.nan) if is_ternary else face_dmax,
            "gain_over_faces_mm": np.full(n, np.nan) if is_ternary else dmax - face_dmax,
            "strategy": "transfer",
            "known_fingerprint": "f" * 16,
            "made_from": "m" * 16,
        }
    )


def _systems(rng: np.random.Generator, k: int, n: int) -> NDArray[np.intp]:
    """Indices of ELEMENTS, ascending in each row, no row twice, shape (n, k)."""
    every = np.fromiter(combinations(range(len(ELEMENTS)), k), dtype=np.dtype((np.intp, k)))
    if n > len(every):
        raise ValueError(f"{len(ELEMENTS)} elements have {len(every)} systems of {k}; {n} were asked for")
    return every[np.sort(rng.choice(len(every), n, replace=False))]


def _keys(points: NDArray[np.int64], names: NDArray[np.object_]) -> list[str]:
    return [grid_keys(point[None], row)[0] for point, row in zip(points, names, strict=True)]


def _maps(rng: np.random.Generator, best: NDArray[np.int64], dmax_mm: NDArray[np.float64]) -> pd.Series:
    """A hill around the best composition of each system, on the grid at 5 at.%, a list of 171 in each row."""
    grid = composition_grid(3, 5)
    squared = (best**2).sum(axis=1)[:, None] + (grid**2).sum(axis=1)[None] - 2.0 * best @ grid.T
    width = rng.uniform(8, 30, len(best))[:, None]
    return pd.Series((dmax_mm[:, None] * np.exp(-squared / (2 * width**2))).tolist(), dtype=object)
