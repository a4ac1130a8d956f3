"""Trainings in a record without any training: a map at 10 at.% and two picks, for tests of what is read from it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.store.record import Record
from bmg_assets.store.rounds import MAP, PROPOSED, SURROGATE_MAP, Rounds, record_training

POINTS = [(a, b, 100 - a - b) for a in range(10, 90, 10) for b in range(10, 100 - a, 10)]


def drawn(elements: Sequence[str]) -> pd.DataFrame:
    """A map on which D_max rises towards much of the first and the last element, up to 4 mm."""
    dmax = np.array([a * c / 500 for a, _, c in POINTS])
    return pd.DataFrame(
        {
            "composition": [composition_key(dict(zip(elements, point, strict=True))) for point in POINTS],
            "at_pct": [[float(amount) for amount in point] for point in POINTS],
            "dmax_mm": dmax,
            "interval_low_mm": dmax / 2,
            "interval_high_mm": dmax * 1.5,
        }
    )


def record_round(record: Record, key: str, known: Sequence[str] = (), **about: Any) -> list[str]:
    """Record a training of a system that knew these own alloys; its two picks, those of the highest D_max left.

    Args:
        about: what an entry says beside it, for example taken_over.
    """
    elements = key.split("-")
    grid, rounds = drawn(elements), Rounds.of(record, key)
    picks = (
        grid[~grid["composition"].isin(known)]
        .nlargest(2, "dmax_mm")
        .assign(
            kind="pick", rank=[1, 2], strategy="pruned", rule="paper", reason="best of the map", probability_bulk=0.3
        )
    )
    row = {
        "target_system": key,
        "iteration": len(rounds.trainings),
        "trained_at": datetime.now(UTC),
        "known_compositions": list(known),
    }
    surrogate = grid.drop(columns="at_pct").assign(strategy="transfer", score=0.0, probability_bulk=0.3)
    says = {"training": "run", "training_set": "t", "known_alloys": "k", "settings": "s", "code": "c", "coverage": 0.9}
    frames = {MAP: grid, SURROGATE_MAP: surrogate, PROPOSED: picks.drop(columns="at_pct")}
    record_training(rounds.stream, row, frames, about or says)
    return picks["composition"].tolist()
