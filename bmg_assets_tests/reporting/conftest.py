"""Figures that are caught before they are saved, and a small map to draw."""

from typing import Any

import pandas as pd
import pytest

from bmg_assets.reporting import literature_figures, model_figures, surface_maps, ternary_map


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Saving takes seconds for each; what is on a figure can be asked of the figure."""
    figures: list[Any] = []
    for module in (ternary_map, surface_maps, model_figures, literature_figures):
        monkeypatch.setattr(module, "saved", lambda figure: figures.append(figure) or {})
    return figures


@pytest.fixture
def grid() -> pd.DataFrame:
    """A table `prediction_grid` at 10 at.%: D_max rises towards much Zr and Cu, up to 4 mm."""
    points = [(a, b, 100 - a - b) for a in range(10, 90, 10) for b in range(10, 100 - a, 10)]
    dmax = pd.Series([float(a * c / 500) for a, _, c in points])
    return pd.DataFrame(
        {
            "composition": [f"Al{b}Cu{c}Zr{a}" for a, b, c in points],
            "at_pct": [list(map(float, point)) for point in points],
            "svr_mm": dmax * 2,
            "random_forest_mm": dmax * 0,
            "xgboost_mm": dmax,
            "lightgbm_mm": dmax + 1,
            "dmax_mm": dmax,
            "interval_low_mm": dmax * 0.5,
            "interval_high_mm": dmax * 2,
            "top_share": dmax > 3,
        }
    )


@pytest.fixture
def candidates() -> pd.DataFrame:
    """Rows of a table `candidates`: two picks and a boundary point."""
    return pd.DataFrame(
        {
            "kind": ["pick", "pick", "verification"],
            "rank": [1, 2, 1],
            "composition": ["Al20Cu40Zr40", "Al15Cu40Zr45", "Al10Cu35Zr55"],
            "at_pct": [[40.0, 20.0, 40.0], [45.0, 15.0, 40.0], [55.0, 10.0, 35.0]],
            "dmax_mm": [7.125, 6.5, 6.0],
            "interval_low_mm": [3.25, 2.0, 2.0],
            "interval_high_mm": [11.75, 10.0, 9.0],
            "reason": ["highest predicted D_max", "best of the points around", "boundary of pick 1"],
        }
    )
