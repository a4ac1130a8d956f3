"""Figures that are caught before they are saved, and a small system to draw and to tell of."""

import io
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import PIL.Image
import pytest

from bmg_assets.pages import literature_figures, model_figures, pair_maps, quaternary_maps, ternary_maps
from bmg_assets.pages.provenance import Provenance
from bmg_assets.pages.rendering import Picture
from bmg_assets.pages.system_facts import SystemFacts, SystemTables
from bmg_assets.science.alloys.grid import composition_grid, grid_keys
from bmg_assets.science.alloys.regions import top_share
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.models.importance import Importance
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.proposals.surrogate_map import ranks_apart

TRUST = "Trust `transfer` here because related alloys are known."
NEAREST = "Zr50Cu50 (ribbon only, 0.2 mm; literature), 10 at.% away"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Saving takes seconds for each; what is on a figure can be asked of the figure."""
    figures: list[Any] = []
    for module in (ternary_maps, quaternary_maps, pair_maps, model_figures, literature_figures):
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
            "region": (dmax > 3).astype(int),
            "target_system": "Zr-Al-Cu",
            "point": range(len(points)),
        }
    )


def transfer_grid_like(grid: pd.DataFrame) -> pd.DataFrame:
    """A table `transfer_grid` on the same points that ranks them alike."""
    kept = ["composition", "at_pct", "dmax_mm", "interval_low_mm", "interval_high_mm", "top_share", "region"]
    points, score = np.array(grid["at_pct"].tolist()), grid["dmax_mm"] * 10
    return grid[kept].assign(
        rank_apart=ranks_apart(points, score.to_numpy(), np.ones(len(grid), dtype=bool)),
        strategy="transfer",
        score=score,
        probability_bulk=grid["dmax_mm"] / 20,
        expected_gain_mm=0.25,
        chance_of_better=0.125,
        best_known_mm=2.0,
        explained=0.5,
        nearest_at_pct=7.0,
        n_known=4321,
        known_fingerprint="fedcba",
        is_trusted=True,
        step_at_pct=10,
    )


@pytest.fixture
def candidates() -> pd.DataFrame:
    """Rows of a table `candidates`: two recommended picks, the paper's pair and a boundary point of the pair."""
    return pd.DataFrame(
        {
            "kind": ["pick", "pick", "pick", "pick", "verification"],
            "rank": [1, 2, 1, 2, 1],
            "strategy": ["transfer", "transfer", "pruned", "pruned", "pruned"],
            "is_recommended": [True, True, False, False, False],
            "composition": ["Al10Cu40Zr50", "Al20Cu20Zr60", "Al20Cu40Zr40", "Al20Cu30Zr50", "Al10Cu30Zr60"],
            "at_pct": [
                [50.0, 10.0, 40.0],
                [60.0, 20.0, 20.0],
                [40.0, 20.0, 40.0],
                [50.0, 20.0, 30.0],
                [60.0, 10.0, 30.0],
            ],
            "dmax_mm": [3.0, 2.5, 7.125, 6.5, 6.0],
            "interval_low_mm": [0.25, 0.5, 3.25, 2.0, 2.0],
            "interval_high_mm": [9.0, 8.0, 11.75, 10.0, 9.0],
            "surrogate_mm": [3.0, 2.5, 0.125, 1.5, 2.0],
            "surrogate_low_mm": [0.25, 0.5, 0.0, 0.25, 0.5],
            "surrogate_high_mm": [9.0, 8.0, 1.25, 4.0, 5.0],
            "probability_bulk": [0.75, 0.625, 0.0025, 0.5, 0.5],
            "paper_mm": [2.0, 1.5, 7.125, 6.5, 6.0],
            "paper_low_mm": [0.5, 0.0, 3.25, 2.0, 2.0],
            "paper_high_mm": [4.0, 3.5, 11.75, 10.0, 9.0],
            "paper_probability_bulk": [0.7, 0.6, 0.995, 0.9, 0.9],
            "nearest_formula": "Cu50Zr50",
            "nearest_class": "ribbon",
            "nearest_dmax_mm": 0.2,
            "nearest_at_pct": 10.0,
            "nearest_who": "literature",
            "repeats_known": False,
            "is_trusted": True,
            "agreement": ["Both see a bulk glass.", "Both see a bulk glass.", "They contradict each other.", "", ""],
            "trust": TRUST,
            "regime": "related_known",
            "chance_of_more": 0.34,
            "first_rung": "Spin a ribbon first.",
            "reason": ["best gain", "second best gain", "best of region", "best around", "boundary of pick 1"],
            "rule": ["expected_gain", "expected_gain", "paper", "paper", "paper"],
            "limits": None,
            "price_per_kg": None,
            "state": ["requested", "proposed", "proposed", "proposed", "proposed"],
            "state_because": ["ZAC-17 is planned", None, None, None, None],
        }
    )


@pytest.fixture
def facts(grid: pd.DataFrame, candidates: pd.DataFrame) -> SystemFacts:
    """A system in its second iteration: two own alloys, one of them new."""
    return facts_of("Zr-Al-Cu", grid, candidates)


@pytest.fixture
def quaternary_facts(candidates: pd.DataFrame) -> SystemFacts:
    """Zr-Al-Ni-Cu at 10 at.%: D_max rises towards much Zr and Cu at 10 at.% Ni, up to 4.8 mm."""
    return many_facts("Zr-Al-Ni-Cu", candidates)


def many_facts(key: str, candidates: pd.DataFrame) -> SystemFacts:
    """A system of four elements or more, the first and last of which make the glass, in its first iteration."""
    system = parse_system(key)
    points = composition_grid(len(system.elements), 10)
    dmax = pd.Series(points[:, 0] * points[:, -1] * (40 - points[:, -2]) / 10_000)
    grid = pd.DataFrame(
        {
            "composition": grid_keys(points, system.elements),
            "at_pct": points.astype(float).tolist(),
            **{f"{name}_mm": dmax for name in SUB_MODELS},
            "dmax_mm": dmax,
            "interval_low_mm": dmax * 0.5,
            "interval_high_mm": dmax * 2,
            "top_share": top_share(dmax.to_numpy(), 0.2),
            "region": 1,
            "target_system": key,
            "point": range(len(points)),
        }
    )
    best = np.argsort(-dmax.to_numpy(), kind="stable")[: len(candidates)]
    chosen = candidates.assign(
        composition=grid["composition"].iloc[best].to_list(), at_pct=grid["at_pct"].iloc[best].to_list()
    )
    facts = facts_of(key, grid, chosen)
    tables = facts.tables
    first = tables.iterations.tail(1).assign(iteration=0, best_at_pct=[grid["at_pct"].iloc[best[0]]])
    amounts = dict.fromkeys(system.elements, 0.0) | {"Cu": 50.0, "Zr": 50.0}
    return replace(
        facts,
        tables=replace(tables, earlier_map=None, iterations=first, outcomes=tables.outcomes.head(0)),
        known=facts.known.assign(at_pct=[[amounts[element] for element in system.elements]]),
    )


def facts_of(key: str, grid: pd.DataFrame, candidates: pd.DataFrame) -> SystemFacts:
    """What there is to say about a system with this map; the same small literature for all."""
    training_set = pd.DataFrame(
        {
            "composition": ["Cu50Zr50", "B20Fe80", "Al20Cu60Zr20"],
            "dmax_mm": [0.2, 1.0, 0.0],
            "glass_class": ["ribbon", "bulk", "crystalline"],
            "category": ["II", "unrelated", "lab"],
            "sub_dataset": 3,
            "element_tables": "current",
            "weight": 1.0,
        }
    )
    lab = pd.DataFrame(
        {
            "composition": ["Al20Cu60Zr20", "Al20Cu40Zr40"],
            "elements": [["Al", "Cu", "Zr"]] * 2,
            "at_pct": [[20.0, 60.0, 20.0], [20.0, 40.0, 40.0]],
            "glass_class": ["crystalline", "bulk"],
            "dmax_mm": [0.0, 2.0],
            "cast_next_mm": [None, 2.5],
            "state": ["closed", "open"],
        }
    )
    best = grid.loc[grid["dmax_mm"].idxmax()]
    iterations = pd.DataFrame(
        {
            "iteration": [0, 1],
            "trained_at": [pd.Timestamp("2026-01-01", tz="UTC"), pd.Timestamp("2026-01-02", tz="UTC")],
            "n_lab": [1, 2],
            "n_new_casts": [1, 1],
            "new_compositions": [["Al20Cu60Zr20"], ["Al20Cu40Zr40"]],
            "best_predicted_mm": [6.25, best["dmax_mm"]],
            "best_composition": ["Al40Cu30Zr30", best["composition"]],
            "best_at_pct": [[30.0, 40.0, 30.0], best["at_pct"]],
            "moved_at_pct": [None, 30.0],
            "mean_error_of_new_casts_mm": [None, 1.75],
            "best_cast_mm": [0.0, 2.0],
            "best_cast_composition": ["Al20Cu60Zr20", "Al20Cu40Zr40"],
            "fusion_r2": [0.5, 0.625],
            "chance_of_more": [0.6, 0.34],
            "more_than_mm": [1.0, 1.0],
            "best_known_mm": [0.0, 2.0],
        }
    )
    outcomes = pd.DataFrame(
        {
            "composition": ["Al20Cu60Zr20", "Al20Cu40Zr40"],
            "at_pct": [[20.0, 20.0, 60.0], [40.0, 20.0, 40.0]],
            "glass_class": ["crystalline", "bulk"],
            "dmax_mm": [0.0, 2.0],
            "first_known_in": [0, 1],
            "predicted_mm": [None, 3.75],
            "interval_low_mm": [None, 1.0],
            "interval_high_mm": [None, 5.0],
            "error_mm": [None, 1.75],
            "within_interval": [None, True],
            "proposed_as": [None, "pick"],
        }
    )
    fusion = pd.DataFrame(
        {
            "model": [*SUB_MODELS, "fusion"],
            "weight": [0.25, 0.25, 0.5, 0.0, None],
            "weight_exact": [0.2, 0.3, 0.5, 0.0, None],
            "r2_mean": [0.5, 0.5, 0.5, 0.5, 0.625],
            "rmse_mean_mm": [1.5, 1.5, 1.5, 1.5, 1.25],
        }
    )
    drivers = pd.DataFrame(
        {
            "candidate": list(candidates["composition"].unique()),
            "composition": "Cu50Zr50",
            "glass_class": "ribbon",
            "dmax_mm": 0.2,
            "category": "II",
            "forest_share": 0.125,
            "descriptor_distance": 0.5,
            "exchanged_at_pct": 20.0,
        }
    )
    trials = pd.DataFrame({"sub_model": ["svr"], "trial": [0], "loss_rmse_mm": [1.5], "status": ["ok"]})
    earlier = grid[["composition", "dmax_mm"]].assign(iteration=0)
    known = pd.DataFrame(
        {
            "composition": ["Cu50Zr50"],
            "at_pct": [[50.0, 0.0, 50.0]],
            "glass_class": ["ribbon"],
            "dmax_mm": [0.2],
            "is_trained": [True],
        }
    )
    model = SimpleNamespace(
        trials=[SimpleNamespace(status="ok"), SimpleNamespace(status="stopped_early")], seed=12138, params={"C": 7}
    )
    return SystemFacts(
        system=parse_system(key),
        tables=SystemTables(
            candidates,
            grid,
            fusion,
            training_set,
            lab,
            trials,
            iterations,
            outcomes,
            earlier,
            training_set,
            transfer=transfer_grid_like(grid),
            coverage=0.9,
        ),
        models=dict.fromkeys(SUB_MODELS, model),
        known=known,
        nearest=pd.Series(NEAREST, index=sorted({*grid["composition"], *candidates["composition"]})),
        drivers=drivers,
        importance=Importance(("mean X", "Yang delta"), np.array([0.5, 0.25]), 1.0, 3),
        out_of_fold=np.array([0.5, 1.5, 0.25]),
        fingerprint="0123456789abcdef",
    )


@pytest.fixture
def provenance() -> Provenance:
    """One source."""
    sources = pd.DataFrame(
        {"source": ["starter"], "rows": [220], "used": [209], "references": ["60 publications"], "licence": ["MIT"],
         "sha256": ["ab12" * 16]}
    )  # fmt: skip
    return Provenance(sources, {"training_set": "2"}, {"numpy": "2.3.0"})


@pytest.fixture
def pictures() -> dict[str, Picture]:
    """Tiny figures under the names of the real ones, which take seconds to draw."""
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (8, 8), "white").save(buffer, "PNG")
    names = ("map", "surrogate_map", "uncertainty", "sub_models", "change", "parity", "search", "importance")
    return {name: Picture(name, {"png": buffer.getvalue()}, f"alt of {name}", f"caption of {name}") for name in names}
