"""A map of a property as a training would store it, with values that a test says, for what reads such maps."""

import pandas as pd

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.store.store import Store
from bmg_assets.store.tables.property import PROPERTY_ALLOYS, PROPERTY_MAPS, PROPERTY_SCORES
from bmg_assets_tests.table_frames import frame_of

TG = "glass_transition_temperature"
ELEMENTS = ("Zr", "Al", "Cu")


def store_map(
    store: Store,
    name: str = TG,
    per_al: float = 2.0,
    step: int = 1,
    without_system: float | None = 27.0,
    unit: str = "K",
) -> None:
    """A map of Zr-Al-Cu in which the property is 600 and rises with Al, with an interval of 20 to each side."""
    points = composition_grid(3, step).astype(float)
    keys = [composition_key(dict(zip(ELEMENTS, point, strict=True))) for point in points.tolist()]
    value = 600 + per_al * points[:, 1]
    facts = {"property": name, "unit": unit}
    grid = frame_of(PROPERTY_MAPS, len(points), composition=keys, at_pct=points.tolist(), value=value, **facts)
    grid = grid.assign(interval_low=value - 20, interval_high=value + 20, point=range(len(points)), nearest_at_pct=1.0)
    known = frame_of(PROPERTY_ALLOYS, 1, composition="Cu50Zr50", value=650.0, **facts)
    scores = frame_of(
        PROPERTY_SCORES,
        1,
        rmse_without_system=pd.Series([without_system], dtype="float64"),
        rmse_fusion=19.0,
        coverage=0.9,
        n_not_described=0,
        error_unit=unit,
        **facts,
    )
    for table, frame in ((PROPERTY_MAPS, grid), (PROPERTY_ALLOYS, known), (PROPERTY_SCORES, scores)):
        store.write_table(table.name, "Zr-Al-Cu", frame, name)
