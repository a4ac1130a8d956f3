"""The map of a system: from sub-models whose answers are known, on a coarse grid."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.grid import GridError
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.scaler import Scaler
from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.training_set import LearningData
from bmg_assets.science.models.pipeline import PredictionError, check_trained_on, fuse_sub_models
from bmg_assets.science.models.prediction import (
    MapSettings,
    describe_points,
    predict_map,
)
from bmg_assets.science.models.sub_models.base import FittedSubModel
from bmg_assets.science.models.tuning import TunedSubModel
from bmg_assets.store.tables.prediction import PREDICTION_GRID
from bmg_assets.store.tables.validation import examined

TARGET = parse_system("Zr-Al-Cu")
MEAN_X, MEAN_MASS = "PymatgenData mean X", "PymatgenData mean atomic_mass"
ELECTRONEGATIVITY = np.array([1.33, 1.61, 1.90])
DATA = LearningData(
    X=np.arange(40.0).reshape(20, 2), y=np.linspace(0, 3, 20), weight=np.ones(20), descriptors=(MEAN_MASS, MEAN_X)
)
WEIGHTS = np.array([0.75, 0.25, 0.0, 0.0])
COARSE = MapSettings(step_at_pct=10, top_share=0.1)


@dataclass(frozen=True)
class Linear:
    """An estimator that is linear in the mean electronegativity, the second of the descriptors."""

    slope: float
    offset: float

    def predict(self, X):
        return self.offset + self.slope * X[:, 1]


def tuned(name, slope, offset, out_of_fold_error=0.0):
    unscaled = Scaler(np.zeros(2), np.ones(2))
    return TunedSubModel(
        name=name,
        params={},
        loss=0.0,
        fold_rmse=(),
        out_of_fold=DATA.y + out_of_fold_error,
        fitted=FittedSubModel(name, unscaled, Linear(slope, offset)),
        trials=(),
        seed=0,
        training_fingerprint=DATA.fingerprint,
    )


MODELS = {
    "svr": tuned("svr", 10, -10, out_of_fold_error=-1.0),
    "random_forest": tuned("random_forest", 0, 2, out_of_fold_error=1.0),
    "xgboost": tuned("xgboost", -20, 30),
    "lightgbm": tuned("lightgbm", 0, -5),
}


def a_map(models=MODELS, settings=COARSE, target=TARGET):
    fused = fuse_sub_models(models, WEIGHTS, DATA)
    return predict_map(target, fused, DATA.descriptors, element_tables("current"), settings)


def test_the_map_by_hand():
    frame = a_map()
    at_pct = np.array(frame["at_pct"].tolist())
    mean_x = at_pct @ ELECTRONEGATIVITY / 100
    assert frame.shape == (36, 15)
    assert frame["svr_mm"].to_numpy() == pytest.approx(np.maximum(10 * mean_x - 10, 0))
    assert frame["random_forest_mm"].to_numpy() == pytest.approx(2.0)
    assert frame["xgboost_mm"].to_numpy() == pytest.approx(np.maximum(30 - 20 * mean_x, 0))
    fused = 0.75 * (10 * mean_x - 10) + 0.25 * 2
    assert frame["dmax_mm"].to_numpy() == pytest.approx(fused)
    assert frame["dmax_scaled"].to_numpy() == pytest.approx((fused - fused.min()) / (fused.max() - fused.min()))
    best = frame.loc[frame["dmax_mm"].idxmax()]
    assert best["at_pct"] == [10.0, 10.0, 80.0]
    assert best["composition"] == "Al10Cu80Zr10"
    assert best["dmax_scaled"] == 1
    # Out of fold the fused models are 0.5 mm too low at every alloy, so that 0.5 mm reach 1 mm.
    assert frame["probability_bulk"].tolist() == (fused >= 0.5 - 1e-9).astype(float).tolist()


def test_the_map_fits_its_table():
    frame = a_map()
    assert examined(PREDICTION_GRID, frame).faults == []
    assert list(frame.columns) == [column.name for column in PREDICTION_GRID.columns]
    assert frame["point"].tolist() == list(range(36))


def test_amounts_stand_in_the_order_of_the_key_and_name_the_same_alloy_as_the_composition():
    frame = a_map()
    for composition, at_pct in zip(frame["composition"], frame["at_pct"], strict=True):
        assert composition_key(dict(zip(("Zr", "Al", "Cu"), at_pct, strict=True))) == composition


def test_the_order_of_the_corners_changes_nothing_but_the_order():
    one, other = a_map(), a_map(target=parse_system("Cu-Zr-Al"))
    by_key = [frame.set_index("composition")["dmax_mm"].sort_index() for frame in (one, other)]
    assert by_key[0].to_numpy() == pytest.approx(by_key[1].to_numpy())
    assert by_key[0].index.tolist() == by_key[1].index.tolist()


def test_diameters_below_zero_are_cut_off_before_they_are_fused():
    assert (a_map()["lightgbm_mm"] == 0).all()
    fused = fuse_sub_models(MODELS, WEIGHTS, DATA)
    predictions = fused.predict_each(np.array([[0.0, 0.5], [0.0, 1.5]]))
    assert predictions.tolist() == [[0.0, 2.0, 20.0, 0.0], [5.0, 2.0, 0.0, 0.0]]


def test_intervals_come_from_the_fused_out_of_fold_predictions():
    frame = a_map()
    # The fused out-of-fold prediction is off by 0.75 (-1) + 0.25 (+1) = -0.5 mm everywhere: labels were higher.
    assert frame["interval_high_mm"].to_numpy() == pytest.approx(frame["dmax_mm"].to_numpy() + 0.5)
    assert frame["interval_low_mm"].to_numpy() == pytest.approx(frame["dmax_mm"].to_numpy())


def test_the_top_share_is_marked_and_only_it_has_regions():
    frame = a_map()
    assert frame["top_share"].sum() == 4
    assert frame.loc[frame["top_share"], "dmax_mm"].min() >= frame.loc[~frame["top_share"], "dmax_mm"].max()
    assert (frame["region"].notna() == frame["top_share"]).all()
    # The prediction rises towards one corner, so that the best points are neighbours on the grid.
    assert set(frame.loc[frame["top_share"], "region"]) == {1}


def test_without_a_step_the_ternary_is_mapped_at_one_percent():
    frame = a_map(settings=MapSettings())
    assert len(frame) == 4851
    assert frame["top_share"].sum() == 243  # the paper's 5 %
    assert MapSettings().coverage == 0.9


def test_a_step_that_is_not_offered_is_refused():
    with pytest.raises(GridError, match=r"step of 3 at\.%"):
        a_map(settings=MapSettings(step_at_pct=3))


def test_a_sub_model_of_another_training_set_is_refused_by_name_with_what_to_do():
    stale = {**MODELS, "xgboost": replace(MODELS["xgboost"], training_fingerprint="0" * 16)}
    with pytest.raises(PredictionError, match=r"xgboost_model was trained on another training set.*materialize"):
        a_map(stale)
    check_trained_on(list(MODELS.values()), DATA)
    changed = replace(DATA, y=DATA.y + 0.5)
    with pytest.raises(PredictionError, match="svr_model"):
        check_trained_on(list(MODELS.values()), changed)


def test_predictions_that_are_not_finite_are_refused_with_their_number():
    broken = {**MODELS, "svr": tuned("svr", 0, np.nan)}
    with pytest.raises(PredictionError, match=r"36 of 36 predictions of Zr-Al-Cu are not finite; train .* again"):
        a_map(broken)


def test_a_system_that_cannot_be_described_is_refused_with_its_reason():
    with pytest.raises(PredictionError, match=r"Zr-Al-He cannot be described: .*He") as refusal:
        a_map(target=parse_system("Zr-Al-He"))
    assert isinstance(refusal.value, BmgError)


def test_chosen_descriptors_come_in_the_order_in_which_they_were_chosen():
    points = np.array([[1.0, 0, 0], [0, 1.0, 0], [0.5, 0, 0.5]])
    tables = element_tables("current")
    X = describe_points(points, TARGET, tables, [MEAN_X, MEAN_MASS])
    assert X[:, 0] == pytest.approx([1.33, 1.61, (1.33 + 1.90) / 2])
    assert X[:, 1] == pytest.approx([91.224, 26.9815, (91.224 + 63.546) / 2], abs=1e-3)
    assert describe_points(points, TARGET, tables, [MEAN_MASS, MEAN_X]) == pytest.approx(X[:, ::-1])
