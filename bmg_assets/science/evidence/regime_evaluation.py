"""One surrogate, fitted once to one literature, in every regime of every system."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.regions import top_share
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.evidence.cross_calibration import CALIBRATED_COLUMNS, with_isotonic, with_layer
from bmg_assets.science.evidence.evaluation import TOP_OF_MAP
from bmg_assets.science.evidence.learners import Learner, NearestOfRest, ProcessOnce
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.left_out_predictors import (
    LeftOutPredictor,
    NearestPredictor,
    ProcessPredictor,
    TreesPredictor,
    distances_of,
)
from bmg_assets.science.evidence.map_place import is_mapped, mapped_points
from bmg_assets.science.evidence.maps import optima_found, region_enrichment
from bmg_assets.science.evidence.metrics import is_bulk
from bmg_assets.science.evidence.pools import choosing, first_pair_metrics, pair_metrics
from bmg_assets.science.evidence.regime_cases import Case, cases_of, judged_systems
from bmg_assets.science.evidence.regime_metrics import regime_metrics
from bmg_assets.science.evidence.regime_pools import pool_metrics
from bmg_assets.science.evidence.regime_scores import (
    REGIME_PREDICTION_COLUMNS,
    SystemSet,
    as_regime_scores,
    regime_score_rows,
)
from bmg_assets.science.models.interval_calibration import LeftOutAlloys
from bmg_assets.science.surrogates.baselines import NearestAlloy
from bmg_assets.science.surrogates.composite import FittedComposite, uncalibrated_composite
from bmg_assets.science.surrogates.composite_left_out import flags_of
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets.science.surrogates.transfer import uncalibrated

LEFT_OUT_WHOLE = (Regime.NOTHING_KNOWN, Regime.RELATED_KNOWN)
"""Regimes in which nothing of the system is known: maps and pools of casts are judged in these."""
IN_CLOSED_FORM = ("composite", "transfer", "nearest")
ANEW = ("weighted",)
REGIME_STRATEGIES = (*IN_CLOSED_FORM, *ANEW)


@dataclass(frozen=True)
class _Fitted:
    predictor: LeftOutPredictor
    learner: Learner
    """The same, for maps."""


def evaluate_regimes(learnt: LearntAlloys, strategy: str, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fit a surrogate once, and judge it in every regime of every system.

    Args:
        learnt: alloys of a literature.
        strategy: one of REGIME_STRATEGIES. Trees are grown for the systems of the development split and those without
            bulk glass alone.
        seed: of halves, folds and trees.

    Returns:
        Scores with REGIME_SCORE_COLUMNS, and a row per alloy and regime with REGIME_PREDICTION_COLUMNS.
    """
    fitted = _fitted(learnt, strategy, seed)
    systems = judged_systems(learnt)
    if strategy in ANEW:
        systems = [one for one in systems if SystemSet.BOTH_KINDS.holds(one) or SystemSet.WITHOUT_BULK.holds(one)]
    cases = [case for system in systems for case in cases_of(learnt, system, seed)]
    predictions = _predictions(learnt, cases, fitted.predictor, seed).assign(strategy=strategy)
    rows = []
    for (regime, system), of_system in predictions.groupby(["regime", "left_out_system"], sort=False):
        rows += regime_score_rows(*regime_metrics(of_system), str(regime), strategy, str(system))
    for case in cases:
        if case.regime in LEFT_OUT_WHOLE and SystemSet.BOTH_KINDS.holds(case.system):
            metrics = _map_metrics(learnt, case, fitted.learner) | _pool_metrics(learnt, case, fitted, predictions)
            rows += regime_score_rows(metrics, {}, str(case.regime), strategy, case.system)
    return as_regime_scores(rows), predictions[list(REGIME_PREDICTION_COLUMNS)]


def _fitted(learnt: LearntAlloys, strategy: str, seed: int) -> _Fitted:
    if strategy == NearestPredictor.name:
        return _Fitted(NearestPredictor(learnt), NearestOfRest(learnt.alloys))
    if strategy in ANEW:
        trees = TreesPredictor(learnt, seed)
        return _Fitted(trees, trees.trees)
    process = uncalibrated_composite(learnt.alloys) if strategy == "composite" else uncalibrated(learnt.alloys)
    return _Fitted(ProcessPredictor(strategy, process, learnt), ProcessOnce(strategy, process))


def _predictions(learnt: LearntAlloys, cases: Sequence[Case], predictor: LeftOutPredictor, seed: int) -> pd.DataFrame:
    """A row for each alloy of each case: what is predicted, and what is reported."""
    asked = np.concatenate([case.asked for case in cases])
    counts = [len(case.asked) for case in cases]
    frame = pd.DataFrame(
        {
            "regime": np.repeat([str(case.regime) for case in cases], counts),
            "left_out_system": learnt.alloys.systems[asked],
            "part": np.repeat([_part_of(case) for case in cases], counts),
            "composition": learnt.names[asked],
            "dmax_mm": learnt.alloys.dmax_mm[asked],
            "nearest_at_pct": np.concatenate([found.min(axis=1) for found in distances_of(learnt, cases)]),
            "explained": np.nan,
        }
    )
    if not isinstance(predictor, ProcessPredictor):
        return frame.assign(score=np.concatenate(predictor.scores(cases)), **dict.fromkeys(CALIBRATED_COLUMNS, np.nan))
    found = [predictor.predict(case) for case in cases]
    score, left_open = (np.concatenate(one) for one in zip(*found, strict=True))
    frame = frame.assign(score=score, explained=predictor.share_explained(left_open, asked))
    left_out = LeftOutAlloys(
        score,
        np.sqrt(left_open),
        flags_of(predictor.fitted.embedding)[asked],
        learnt.alloys.dmax_mm[asked],
        learnt.alloys.systems[asked],
        np.repeat(np.array([case.regime for case in cases], dtype=object), counts),
    )
    calibrate = with_layer if isinstance(predictor.fitted, FittedComposite) else with_isotonic
    return pd.concat([frame, calibrate(left_out, seed)], axis=1)


def _part_of(case: Case) -> int:
    """Alloys of one part are ranked together: those of one case, or all that are left out alone."""
    return 0 if case.regime is Regime.ALL_BUT_ONE_KNOWN else case.part


def _map_metrics(learnt: LearntAlloys, case: Case, learner: Learner) -> dict[str, float]:
    """Whether the top of the map of a system lies near its bulk glasses; nothing where it has none, or no map."""
    bulk = is_bulk(learnt.alloys.dmax_mm[case.asked])
    if not bulk.any() or bulk.all() or not is_mapped(case.system):
        return {}
    points = mapped_points(case.system, learnt.alloys.compositions.elements)
    score = learner.without(_mask(learnt, case))(points)
    columns = learnt.present[case.asked[0]]
    at_pct = 100 * points.fractions[:, columns]
    of_bulk = 100 * learnt.alloys.compositions.fractions[case.asked][bulk][:, columns]
    marked = top_share(score, TOP_OF_MAP)
    return {
        "region_enrichment": region_enrichment(at_pct, marked, of_bulk),
        "optima_found": optima_found(at_pct, marked, of_bulk),
    }


def _mask(learnt: LearntAlloys, case: Case) -> BoolArray:
    hidden = np.zeros(len(learnt.alloys), dtype=bool)
    hidden[case.hidden] = True
    return hidden


def _pool_metrics(learnt: LearntAlloys, case: Case, fitted: _Fitted, predictions: pd.DataFrame) -> dict[str, float]:
    """Pairs of casts to the first bulk glass; only the first pair of trees, which would be grown anew for each."""
    bulk = is_bulk(learnt.alloys.dmax_mm[case.asked])
    if not bulk.any() or bulk.all():
        return {}
    if isinstance(fitted.predictor, ProcessPredictor):
        return pool_metrics(learnt, case, fitted.predictor)
    pool = learnt.alloys.take(case.asked)
    if isinstance(fitted.predictor, NearestPredictor):
        known = learnt.alloys.take(~_mask(learnt, case))
        return pair_metrics(choosing(NearestAlloy(known), known, pool), bulk)
    of_case = (predictions["regime"] == str(case.regime)) & (predictions["left_out_system"] == case.system)
    score: FloatArray = predictions.loc[of_case, "score"].to_numpy(np.float64)
    return first_pair_metrics(pool.compositions.fractions * 100, score, bulk)
