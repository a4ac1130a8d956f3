"""The paper's surrogate: fused sub-models, whose intervals come from the residuals of one fold."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.pruned import FittedPruned, FusedPosterior, Pruned
from bmg_assets_tests.science.synthetic import learnable_table


def alloys(rows: int = 60) -> Alloys:
    X, y = learnable_table(rows)
    fractions = np.full((rows, 2), 0.5)
    none_own = np.zeros(rows, dtype=bool)
    return Alloys(Compositions(("Cu", "Zr"), fractions, X), y, np.full(rows, "Cu-Zr", object), none_own)


@cache
def fitted() -> FittedPruned:
    return Pruned().fit(alloys(), frozenset({"Cu", "Zr"}), seed=0)


def test_the_prediction_is_the_weighted_mean_of_the_sub_models() -> None:
    known, model = alloys(), fitted()
    assert model.models.weights.sum() == pytest.approx(1)
    alone = model.models.predict_each(known.compositions.descriptors)
    posterior = model.predict(known.compositions)
    assert posterior.dmax_mm == pytest.approx(alone @ model.models.weights)
    assert posterior.score.tolist() == posterior.dmax_mm.tolist()
    assert np.corrcoef(posterior.dmax_mm, known.dmax_mm)[0, 1] > 0.9


def test_a_fifth_of_the_alloys_was_held_out_and_predicted_by_the_rest() -> None:
    known, models = alloys(), fitted().models
    assert len(models.held_out) == len(models.labels) == 12
    assert set(models.labels) <= set(known.dmax_mm)
    errors = models.held_out - models.labels
    assert 1e-3 < np.sqrt(np.mean(errors**2)) < known.dmax_mm.std()


def test_intervals_are_quantiles_of_the_residuals() -> None:
    known, model = alloys(), fitted()
    low, high = model.predict(known.compositions).interval(0.9)
    dmax_mm = model.predict(known.compositions).dmax_mm
    assert ((low <= dmax_mm) & (dmax_mm <= high)).all()
    models = replace(fitted().models, held_out=np.zeros(5), labels=np.array([-2.0, -1, 0, 1, 2]))
    by_hand = FusedPosterior(np.array([5.0]), np.array([5.0]), models)
    assert np.concatenate(by_hand.interval(0.5)).tolist() == [4, 6]
    assert np.concatenate(by_hand.interval(1.0)).tolist() == [3, 7]


def test_more_casts_leave_weights_and_hyper_parameters() -> None:
    known, model = alloys(), fitted()
    thicker = Alloys(known.compositions, known.dmax_mm + 3, known.systems, known.is_own)
    after = model.condition_on(thicker)
    assert after.models.params == model.models.params
    assert after.models.weights.tolist() == model.models.weights.tolist()
    rise = after.predict(known.compositions).dmax_mm - model.predict(known.compositions).dmax_mm
    assert np.median(rise) == pytest.approx(3, abs=0.5)
