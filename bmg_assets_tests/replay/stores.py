"""A store as a replay leaves it, without training anything: two rounds on a map of three points."""

from pathlib import Path

import pandas as pd

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import SYSTEM_TABLES
from bmg_assets_tests.table_frames import frame_of

SYSTEM = parse_system("Zr-Al-Cu")
POINTS = {"Al20Cu60Zr20": [20.0, 20.0, 60.0], "Al12Cu30Zr58": [58.0, 12.0, 30.0], "Al30Cu10Zr60": [60.0, 30.0, 10.0]}
MAPS = ([2.0, 1.0, 1.5], [0.1, 3.0, 1.5])
"""Predictions of the iterations; the two largest are the top region."""


def two_rounds(folder: Path) -> Store:
    """First without casts, then with one that was no glass."""
    store = Store(url=str(folder))

    def write(name: str, part: str | None = None, **columns: object) -> None:
        table = SYSTEM_TABLES[name]
        rows = len(next(iter(columns.values())))  # type: ignore[arg-type]
        store.write_table(name, SYSTEM.key, frame_of(table, rows, SYSTEM.key, **columns), part=part)

    keys, best = list(POINTS), [max(range(3), key=one.__getitem__) for one in MAPS]
    for number, values in enumerate(MAPS):
        write(
            "iteration_maps",
            part=str(number),
            iteration=[number] * 3,
            composition=keys,
            at_pct=list(POINTS.values()),
            dmax_mm=values,
            top_share=[value > 1.2 or value == 2.0 for value in values],
        )
    write(
        "iterations",
        iteration=[0, 1],
        picks=[[keys[row]] for row in best],
        best_composition=[keys[row] for row in best],
        best_predicted_mm=[max(values) for values in MAPS],
        best_at_pct=[POINTS[keys[row]] for row in best],
        moved_at_pct=[None, 38.0],
        known_compositions=[[], keys[:1]],
        known_dmax_mm=[[], [0.0]],
        new_sample_ids=[[], ["S1"]],
        fusion_r2=[0.5, 0.5],
    )
    write(
        "proposals",
        iteration=[0, 0, 0, 1],
        composition=[keys[0], keys[2], keys[1], keys[1]],
        at_pct=[POINTS[keys[row]] for row in (0, 2, 1, 1)],
        by_last_training=[True, False, True, True],
        kind=["pick"] * 4,
        strategy=["pruned", "pruned", "transfer", "pruned"],
        is_recommended=[True, True, False, True],
        dmax_mm=[2.0, 1.5, 6.0, 3.0],
        rank=[1, 1, 1, 1],
    )
    write("lab_casts", sample_id=["S1"], batch_id=["pair 1"], composition=keys[:1])
    write(
        "cast_outcomes",
        composition=keys[:1],
        at_pct=[POINTS[keys[0]]],
        dmax_mm=[0.0],
        predicted_in=[0],
        predicted_mm=[2.0],
        first_known_in=[1],
    )
    return store


def table_of(store: Store, name: str) -> pd.DataFrame:
    return store.read_table(name, SYSTEM.key)
