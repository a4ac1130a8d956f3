"""A row of the paper's study: what is left out, what is compared, and when a row has to be made anew."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.scaler import Scaler
from bmg_assets.science.evidence.paper_study import PAPER_SYSTEMS
from bmg_assets.science.evidence.pruning_study import (
    beside_the_paper,
    finish_row,
    prepare_row,
    reported_alloys,
    scaled_on,
    scaled_rmse,
    spread_of,
)
from bmg_assets.science.literature.pruning import Category, SubDatasetError, parse_sub_datasets
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.sub_models.base import FittedSubModel
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.models.tuning import TunedSubModel
from bmg_assets.store.tables.study import PRUNING_STUDY, STUDIED_ALLOYS, STUDIED_MAPS, STUDIED_SCORES
from bmg_assets.store.tables.validation import examined
from bmg_assets_tests.table_frames import frame_of

TARGET = parse_system("Zr-Al-Cu")
MEAN_X = "PymatgenData mean X"
TABLES = element_tables("current")
QUICK = budget_named("quick")


def alloys(*rows):
    keys = [composition_key(amounts) for amounts, _ in rows]
    return pd.DataFrame(
        {
            "composition": keys,
            "elements": [sorted(amounts) for amounts, _ in rows],
            "at_pct": [[float(amounts[element]) for element in sorted(amounts)] for amounts, _ in rows],
            "dmax_mm": pd.Series([dmax for _, dmax in rows], dtype="float64"),
            "glass_class": ["bulk" if dmax and dmax >= 1 else "ribbon" for _, dmax in rows],
        }
    )


LITERATURE = alloys(
    *(({"Mg": 60 + n, "Ca": 40 - n}, 0.25 * n) for n in range(10)),
    ({"Fe": 75, "B": 15, "Al": 10}, 1.0),  # I
    ({"Cu": 50, "Zr": 50}, 2.0),  # II
    ({"Cu": 60, "Al": 40}, 0.2),  # II
    ({"Cu": 60, "Zr": 30, "Ti": 10}, 4.0),  # III
    ({"Cu": 40, "Zr": 45, "Al": 7, "Ni": 8}, 12.0),  # IV
    ({"Cu": 45, "Zr": 50, "Al": 5}, 3.0),  # V
    ({"Cu": 40, "Zr": 50, "Al": 10}, 0.2),  # V
    ({"Cu": 41.5, "Zr": 50, "Al": 8.5}, 1.0),  # V
    ({"Cu": 30, "Zr": 60, "Al": 10}, None),  # V, bulk glass of unknown size
)
DESCRIPTORS = pd.DataFrame({"composition": LITERATURE["composition"], MEAN_X: np.arange(float(len(LITERATURE)))})


def prepared(sub_dataset=3, literature=LITERATURE, descriptors=DESCRIPTORS):
    return prepare_row(TARGET, sub_dataset, literature, descriptors, TABLES, [MEAN_X])


@pytest.mark.parametrize(
    ("sub_dataset", "removed"),
    [(1, (0, 0, 0, 0, 3)), (2, (0, 0, 0, 1, 3)), (3, (0, 0, 1, 1, 3)), (4, (0, 2, 1, 1, 3)), (5, (1, 2, 1, 1, 3))],
)
def test_what_is_left_out_is_counted_by_category(sub_dataset, removed):
    row = prepared(sub_dataset).described()
    counts = tuple(row[f"removed_{name}"] for name in ("i", "ii", "iii", "iv", "v"))
    assert counts == removed
    assert row["n_removed"] == sum(removed)
    assert row["n_training"] + row["n_removed"] == LITERATURE["dmax_mm"].notna().sum()


def test_an_alloy_that_cannot_be_described_is_neither_trained_on_nor_left_out():
    gap = DESCRIPTORS.assign(**{MEAN_X: DESCRIPTORS[MEAN_X].where(DESCRIPTORS.index != 13)})  # the one of category III
    row = prepared(3, descriptors=gap)
    assert row.removed[Category.III] == 0
    assert row.described()["n_training"] + row.described()["n_removed"] == LITERATURE["dmax_mm"].notna().sum() - 1


def test_reports_are_those_of_the_system_itself_that_have_a_diameter():
    reported = reported_alloys(TARGET, LITERATURE)
    assert reported["dmax_mm"].tolist() == [3.0, 0.2, 1.0]
    assert reported["at_pct"].tolist()[2] == [50.0, 8.5, 41.5]  # in the order of the key
    row = prepared().described()
    assert (row["n_reported"], row["n_reported_bulk"]) == (3, 2)


def test_the_papers_measure_by_hand():
    predicted = scaled_on(np.array([1.0, 3.0, 2.0]), np.array([0.0, 1.0, 2.0, 4.0]))
    assert predicted.tolist() == [0.25, 0.75, 0.5]
    # Differences 0.25, 0.25 and 0.
    assert scaled_rmse(predicted, np.array([0.0, 1.0, 0.5])) == pytest.approx(np.sqrt(0.125 / 3))
    assert spread_of(np.array([0.0, 1.0, 0.5])) == pytest.approx(np.sqrt(0.5 / 3))
    assert scaled_on(np.array([1.0]), np.array([2.0, 2.0])).tolist() == [0]


@pytest.mark.parametrize("reported", [[], [0.0], [0.0, 0.0]])
def test_reports_that_cannot_be_scaled_have_no_measure(reported):
    reported = np.array(reported)
    assert scaled_rmse(np.full(len(reported), 0.5), reported) is None
    assert spread_of(reported) is None


@dataclass(frozen=True)
class Linear:
    """Linear in the mean electronegativity."""

    slope: float

    def predict(self, X):
        return 1 + self.slope * X[:, 0]


def tuned(row, name, slope, error):
    return TunedSubModel(
        name=name,
        params={},
        loss=error,
        fold_rmse=(),
        out_of_fold=row.data.y + error,
        fitted=FittedSubModel(name, Scaler(np.zeros(1), np.ones(1)), Linear(slope)),
        trials=(),
        seed=0,
        training_fingerprint=row.data.fingerprint,
    )


@pytest.fixture(scope="module")
def finished():
    """Only the first sub-model is right, so that the fusion is it; it rises towards Cu, the most electronegative."""
    row = prepared()
    return row, finish_row(row, {name: tuned(row, name, 10.0, float(n)) for n, name in enumerate(SUB_MODELS)})


def test_a_finished_row_fits_its_tables(finished):
    row, done = finished
    assert examined(STUDIED_MAPS, done.map).faults == []
    assert examined(STUDIED_ALLOYS, done.alloys).faults == []
    rest = {"budget": "quick", "seed": 0, "made_from": "x", "made_at": pd.Timestamp("2026-01-01", tz="UTC")}
    scores = pd.DataFrame([{**row.described(), **done.scores, **rest}])
    assert examined(STUDIED_SCORES, scores).faults == []
    assert len(done.map) == 4851


def test_predictions_for_the_reports_are_for_their_very_compositions(finished):
    done = finished[1]
    assert [done.scores[f"weight_{name}"] for name in SUB_MODELS] == [1, 0, 0, 0]
    # Pauling's electronegativities: Zr 1.33, Al 1.61, Cu 1.90. The map goes from Zr98 to Cu98.
    x = [0.5 * 1.33 + al * 1.61 + cu * 1.90 for al, cu in ((0.05, 0.45), (0.10, 0.40), (0.085, 0.415))]
    low, high = 0.98 * 1.33 + 0.01 * (1.61 + 1.90), 0.98 * 1.90 + 0.01 * (1.33 + 1.61)
    expected = [(one - low) / (high - low) for one in x]
    assert done.alloys["predicted_mm"].tolist() == pytest.approx([1 + 10 * one for one in x])
    assert done.alloys["predicted_scaled"].tolist() == pytest.approx(expected)
    reported = [1.0, 0.0, 0.8 / 2.8]
    assert done.alloys["reported_scaled"].tolist() == pytest.approx(reported)
    errors = np.subtract(expected, reported)
    assert done.scores["rmse_scaled"] == pytest.approx(np.sqrt(np.mean(errors**2)))
    assert done.scores["best_composition"] == "Al1Cu98Zr1"


def test_a_system_without_reports_has_a_map_and_no_measure():
    nothing_reported = LITERATURE[[set(elements) != TARGET.element_set for elements in LITERATURE["elements"]]]
    row = prepared(literature=nothing_reported)
    done = finish_row(row, {name: tuned(row, name, 10.0, float(n)) for n, name in enumerate(SUB_MODELS)})
    assert len(done.alloys) == 0
    assert examined(STUDIED_ALLOYS, done.alloys).faults == []
    assert done.scores["rmse_scaled"] is None


def test_whatever_changes_a_row_changes_its_identity():
    row = prepared()
    was = row.made_from(QUICK, 1, {"svr_model": "1"})
    assert prepared().made_from(QUICK, 1, {"svr_model": "1"}) == was
    report = LITERATURE.assign(dmax_mm=LITERATURE["dmax_mm"].where(LITERATURE["dmax_mm"] != 3.0, 3.5))
    trained = LITERATURE.assign(dmax_mm=LITERATURE["dmax_mm"].where(LITERATURE["dmax_mm"] != 2.0, 2.5))
    others = {
        row.made_from(QUICK, 2, {"svr_model": "1"}),
        row.made_from(QUICK, 1, {"svr_model": "2"}),
        row.made_from(replace(QUICK, patience=9), 1, {"svr_model": "1"}),
        prepared(4).made_from(QUICK, 1, {"svr_model": "1"}),
        prepared(literature=report).made_from(QUICK, 1, {"svr_model": "1"}),
        prepared(literature=trained).made_from(QUICK, 1, {"svr_model": "1"}),
        replace(row, tables=element_tables("paper")).made_from(QUICK, 1, {"svr_model": "1"}),
    }
    assert len(others | {was}) == 8


def test_the_papers_scores_stand_beside_the_rows_that_they_belong_to():
    scores = pd.concat(
        [
            frame_of(STUDIED_SCORES, rows=1, target_system=system, sub_dataset=sub_dataset)
            for system, sub_dataset in (("Cu-Zr-Al", 3), ("Mg-Zn-Ca", 3), ("Mg-Zn-Ca", 4))
        ],
        ignore_index=True,
    )
    study = beside_the_paper(scores)
    assert examined(PRUNING_STUDY, study).faults == []
    assert study["paper_rmse_svr_mm"].tolist()[:2] == [0.6280, 0.7576]
    assert study["paper_rmse_random_forest_mm"].tolist()[:2] == [0.6530, 0.7336]
    assert study["paper_fusion_r2"].tolist()[:2] == [0.7930, 0.7944]
    assert study.loc[2, ["paper_rmse_svr_mm", "paper_fusion_r2"]].isna().all()
    assert examined(PRUNING_STUDY, beside_the_paper(scores.head(0))).faults == []


def test_the_papers_systems_can_be_described():
    assert [len(parse_system(key).elements) for key in PAPER_SYSTEMS] == [3] * 5


def test_sub_datasets_are_read_from_a_text():
    assert parse_sub_datasets("3, 1,3") == (1, 3)
    for text in ("6", "1;2", "", "1,"):
        with pytest.raises(SubDatasetError, match="is no sub-dataset; name some of 1, 2, 3, 4, 5"):
            parse_sub_datasets(text)
