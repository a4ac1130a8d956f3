"""Prediction: the map of a system by four sub-models, against matminer and the libraries' own predict."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.training_set import LearningData
from bmg_assets.science.models.pipeline import fuse_sub_models
from bmg_assets.science.models.prediction import MapSettings, describe_points, predict_map
from bmg_assets.science.models.search_space import Params
from bmg_assets.science.models.sub_models.base import FittedSubModel
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.models.tuning import TunedSubModel
from bmg_assets_tests.benchmarks.alloys import ZR_AL_CU, alloys, learning_data
from bmg_assets_tests.benchmarks.descriptors import time_matminer
from bmg_assets_tests.benchmarks.fusion import TUNED
from bmg_assets_tests.benchmarks.line import Line, at_most, seconds
from bmg_assets_tests.benchmarks.size import Size
from bmg_assets_tests.benchmarks.timing import peak_mb, timed

COMMON_ELEMENTS = 20
MANY = 1000
EQUAL_TO_MM = 1e-6
FIRST_GRIDS = 5
"""Memory is compared with what is held after so many."""
FLAT = 1.05
WEIGHTS = np.full(len(SUB_MODELS), 1 / len(SUB_MODELS))


@dataclass(frozen=True)
class Screening:
    """Maps of many systems, one after the other."""

    all_s: float
    """CPU seconds of all but the first, which loads the libraries."""
    grids: int
    early_mb: float
    """Peak memory after the first few."""
    late_mb: float
    """Peak memory after all."""


def run(size: Size) -> list[Line]:
    """A map, many maps, their memory, and that they are the libraries' predictions."""
    data = learning_data(size.rows)
    models = trained(data, size)
    X = describe_points(
        composition_grid(len(ZR_AL_CU)) / 100, TargetSystem(ZR_AL_CU), element_tables("paper"), data.descriptors
    )
    reference_s = _matminer_s(size)
    difference = 0.0
    for model in models.values():
        expected, spent = timed(predict_by_library, model.fitted, X)
        reference_s += spent
        difference = max(difference, float(np.abs(model.fitted.predict(X) - expected).max()))
    screening = size.apart(screen, models, data, size.grids, size.seed)[0]
    return [
        _one_map(screening, reference_s, len(X)),
        _many_maps(screening, reference_s),
        Line(
            f"memory after {screening.grids} maps",
            f"{screening.late_mb:.0f} MB instead of {screening.early_mb:.0f} MB after {min(FIRST_GRIDS, size.grids)}",
            peak_mb=screening.late_mb,
            target=at_most(FLAT, "times"),
            found=screening.late_mb / screening.early_mb,
        ),
        Line(
            "largest difference to the libraries' own predictions on a grid",
            f"{difference:.1e} mm",
            target=at_most(EQUAL_TO_MM, "mm"),
            found=difference,
        ),
    ]


def _one_map(screening: Screening, reference_s: float, points: int) -> Line:
    mean_s = screening.all_s / (screening.grids - 1)
    return Line(
        f"map of a system ({points:,} points, four sub-models, intervals), one thread",
        f"{seconds(mean_s)} on average",
        f"{seconds(reference_s)}, matminer and the libraries' predict",
        reference_s / mean_s,
        screening.late_mb,
        at_most(1, "s"),
        mean_s if alloys().published else None,
    )


def _many_maps(screening: Screening, reference_s: float) -> Line:
    mean_s = screening.all_s / (screening.grids - 1)
    return Line(
        f"{MANY:,} maps, one thread, from {screening.grids} of different systems",
        seconds(mean_s * MANY),
        seconds(reference_s * MANY),
        reference_s / mean_s,
        screening.late_mb,
        at_most(3600, "s"),
        mean_s * MANY if alloys().published else None,
    )


def trained(data: LearningData, size: Size) -> dict[str, TunedSubModel]:
    """Sub-models with hyper-parameters as tuned; what they say of their own rows stands for out-of-fold predictions."""
    with size.workers() as pool:
        waiting = {name: pool.submit(_fitted, name, TUNED[name], data, size.seed) for name in SUB_MODELS}
        fitted = {name: future.result() for name, future in waiting.items()}
    return {
        name: TunedSubModel(name, TUNED[name], 0, (), model.predict(data.X), model, (), size.seed, data.fingerprint)
        for name, model in fitted.items()
    }


def screen(models: dict[str, TunedSubModel], data: LearningData, grids: int, seed: int) -> Screening:
    """Map systems that exist of common elements, one after the other, and let go of each map."""
    spent, early_mb = [], 0.0
    fused = fuse_sub_models(models, WEIGHTS, data)
    tables = element_tables("paper")
    for system in systems(seed):
        try:
            spent.append(timed(predict_map, system, fused, data.descriptors, tables, MapSettings())[1])
        except BmgError:
            continue  # an element without data
        if len(spent) <= FIRST_GRIDS:
            early_mb = peak_mb()
        if len(spent) == grids:
            break
    return Screening(sum(spent[1:]), len(spent), early_mb, peak_mb())


def systems(seed: int) -> Iterator[TargetSystem]:
    """Ternaries of the most common elements, in random order."""
    counts = Counter(element for alloy in alloys().amounts for element in alloy)
    common = [element for element, _ in counts.most_common(COMMON_ELEMENTS)]
    ternaries = list(combinations(common, len(ZR_AL_CU)))
    for place in np.random.default_rng(seed).permutation(len(ternaries)):
        yield TargetSystem(ternaries[place])


def predict_by_library(model: FittedSubModel, X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Critical casting diameters in mm as the library itself predicts them, shape (n,)."""
    scaled = model.scaler.transform(X)
    if model.name == "svr":
        return model.estimator.svr.predict(scaled)
    if model.name == "random_forest":
        return model.estimator.forest.predict(scaled)
    if model.name == "xgboost":
        return model.estimator.booster.inplace_predict(scaled)
    return model.estimator.booster.predict(scaled, num_threads=1)


def _fitted(name: str, params: Params, data: LearningData, seed: int) -> FittedSubModel:
    return SUB_MODELS[name].fit(data.X, data.y, params, seed)


def _matminer_s(size: Size) -> float:
    """CPU seconds of matminer for the grid of Zr-Al-Cu, from a sample of its points."""
    points = composition_grid(len(ZR_AL_CU))
    drawn = np.random.default_rng(size.seed).choice(points, size.grid_sample // 4, replace=False)
    sample = time_matminer([dict(zip(ZR_AL_CU, map(float, point), strict=True)) for point in drawn])
    return sample.whole_s({len(ZR_AL_CU): 1}, {len(ZR_AL_CU): len(points) - 1})
