"""The map of a property: in its own unit, own casts first, and judged on alloys that the models have not seen."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.evidence.property_map import (
    SPREAD_OF_DMAX,
    FinishedMap,
    LabelScale,
    PreparedMap,
    alloys_with_property,
    baselines,
    finish_map,
    prepare_map,
    values_since,
)
from bmg_assets.science.literature.properties import NOTHING_LEFT_OUT, Property, PropertyError, Scale
from bmg_assets.science.literature.pruning import SubDatasetError
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.folds import prepare_folds
from bmg_assets.science.models.prediction import MapSettings
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.models.tuning import tune
from bmg_assets.store.tables.lab import LAB_CASTS
from bmg_assets.store.tables.property import PROPERTY_ALLOYS, PROPERTY_MAPS
from bmg_assets.store.tables.validation import examined
from bmg_assets_tests.table_frames import frame_of

TARGET = parse_system("Zr-Al-Cu")
TG = Property(
    name="glass_transition", title="glass transition", symbol="T_g", unit="K", range=(100, 2000), own_casts="tg_K"
)
PARTS = {"Zr": 800.0, "Al": 600.0, "Cu": 700.0, "Ni": 900.0, "Ti": 650.0}
"""A property that is the sum of its parts."""
SYSTEMS = ("Zr-Cu", "Zr-Al-Cu", "Zr-Al-Ni", "Zr-Al-Cu-Ni", "Ti-Ni", "Ti-Zr-Cu", "Al-Ni")
SEED = 7


def reported(per_system: int = 8) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    rows: list[dict[str, Any]] = []
    for system in SYSTEMS:
        elements = system.split("-")
        for _ in range(per_system):
            amounts = np.round(100 * rng.dirichlet(np.full(len(elements), 4.0)), 1)
            amounts[-1] = 100 - amounts[:-1].sum()
            named = dict(zip(elements, amounts, strict=True))
            value = sum(PARTS[one] * amount / 100 for one, amount in named.items())
            rows.append(
                {
                    "property": TG.name,
                    "composition": composition_key(named),
                    "elements": elements,
                    "at_pct": amounts.tolist(),
                    "value": value,
                }
            )
    return pd.DataFrame(rows)


def casts(*rows: tuple[str, list[str], list[float], float]) -> pd.DataFrame:
    names, elements, at_pct, values = zip(*rows, strict=True) if rows else ((), (), (), ())
    columns = {"composition": list(names), "elements": list(elements), "at_pct": list(at_pct), "tg_K": list(values)}
    return frame_of(LAB_CASTS, rows=len(rows), **columns).assign(state="current")


def prepared(values: pd.DataFrame | None = None, own: Any = (), sub_dataset: int = NOTHING_LEFT_OUT) -> PreparedMap:
    values = reported() if values is None else values
    return prepare_map(TARGET, TG, values, casts(*own), element_tables("current"), sub_dataset, PAPER_DESCRIPTORS)


def finished(prepared_map: PreparedMap, names: tuple[str, ...] = ("svr",)) -> FinishedMap:
    one_trial = replace(budget_named("quick"), max_evaluations=1)
    data = prepared_map.data
    models = {name: tune(SUB_MODELS[name], data.X, data.y, one_trial, SEED) for name in names}
    return finish_map(prepared_map, models, MapSettings(step_at_pct=10))


def test_models_see_the_spread_of_dmax_and_errors_come_back_in_the_unit() -> None:
    values = np.array([600.0, 700.0, 800.0])
    scale = LabelScale.of(values)
    assert scale.scaled(values).std() == pytest.approx(SPREAD_OF_DMAX)
    assert scale.in_unit(scale.scaled(values)) == pytest.approx(values)
    with pytest.raises(PropertyError, match="All 2 alloys have the value 700"):
        LabelScale.of(np.array([700.0, 700.0]))


def test_a_property_over_decades_is_learnt_and_judged_by_its_logarithm() -> None:
    """Rates whose logarithm is T_g over a hundred have the same map, and its errors in decades."""
    rate = TG.model_copy(update={"unit": "K/s", "scale": Scale.LOG, "own_casts": ()})
    kelvin, rates = reported(), reported().assign(value=lambda values: 10 ** (values["value"] / 100))
    ready = prepare_map(TARGET, rate, rates, casts(), element_tables("current"), NOTHING_LEFT_OUT, PAPER_DESCRIPTORS)
    in_kelvin, in_decades = finished(prepared(kelvin)), finished(ready)
    for column in ("value", "interval_low", "interval_high", "svr", "nearest_value"):
        expected = in_kelvin.map[column].to_numpy() / 100
        assert np.log10(in_decades.map[column].to_numpy()) == pytest.approx(expected, rel=1e-3), column
    for name in ("rmse_fusion", "rmse_mean", "rmse_svr", "rmse_without_system", "rmse_fractions"):
        assert in_decades.scores[name] == pytest.approx(in_kelvin.scores[name] / 100, rel=1e-3), name
    assert (ready.described()["error_unit"], ready.described()["scale"]) == ("decades", "log")


def test_the_map_does_not_depend_on_the_unit() -> None:
    kelvin = reported()
    other = kelvin.assign(value=1.8 * kelvin["value"] - 459.67)
    in_kelvin, in_other = finished(prepared(kelvin)), finished(prepared(other))
    assert in_other.map["value"].to_numpy() == pytest.approx(1.8 * in_kelvin.map["value"].to_numpy() - 459.67, rel=1e-4)
    for name in ("rmse_fusion", "rmse_mean", "rmse_fractions", "rmse_svr", "rmse_without_system"):
        assert in_other.scores[name] == pytest.approx(1.8 * in_kelvin.scores[name], rel=1e-4), name
    assert in_other.scores["r2_fusion"] == pytest.approx(in_kelvin.scores["r2_fusion"])


def test_a_property_below_zero_is_not_cut_off() -> None:
    below = reported().assign(value=lambda values: values["value"] - 2000)
    made = finished(prepared(below))
    assert made.map["value"].max() < -500
    assert (made.map["interval_low"] <= made.map["value"]).all()
    assert (made.map["value"] <= made.map["interval_high"]).all()


def test_what_is_made_fits_the_tables_and_meets_a_simple_property() -> None:
    made = finished(prepared(), tuple(SUB_MODELS))
    assert examined(PROPERTY_MAPS, made.map).faults == []
    assert examined(PROPERTY_ALLOYS, made.alloys).faults == []
    truth = np.array(made.map["at_pct"].tolist()) @ [PARTS[one] for one in TARGET.elements] / 100
    near = made.map["nearest_at_pct"] < 10
    assert np.abs(made.map["value"] - truth)[near].mean() < 20
    assert made.scores["rmse_fusion"] < 0.5 * made.scores["rmse_mean"]  # type: ignore[operator]
    at_cu50 = made.map[made.map["composition"] == "Al10Cu50Zr40"].iloc[0]
    assert at_cu50["nearest_at_pct"] < 15
    assert at_cu50["nearest_value"] == pytest.approx(at_cu50["value"], abs=60)


def test_the_baselines_know_what_they_can() -> None:
    ready = prepared(reported(20))
    errors = baselines(ready, prepare_folds(ready.data.X, ready.data.y))
    assert errors["rmse_fractions"] < 0.1 * errors["rmse_mean"]
    assert errors["rmse_mean"] == pytest.approx(SPREAD_OF_DMAX, rel=0.1)


def test_nothing_is_left_out_unless_a_sub_dataset_says_so() -> None:
    everything, pruned = prepared(), prepared(sub_dataset=2)
    assert everything.alloys["is_trained"].all()
    assert set(pruned.alloys.loc[~pruned.alloys["is_trained"], "category"]) == {"IV", "V"}
    assert len(pruned.data.y) == int(pruned.alloys["is_trained"].sum()) < len(everything.data.y)
    assert pruned.described()["n_left_out"] == 16
    made = finished(pruned)
    left_out = made.alloys[~made.alloys["is_trained"]]
    assert left_out["predicted_without_system"].isna().all()
    error = np.sqrt(np.mean((left_out["predicted"] - left_out["value"]) ** 2))
    assert made.scores["rmse_left_out"] == pytest.approx(error)
    with pytest.raises(SubDatasetError):
        prepared(sub_dataset=6)


def test_alloys_of_one_system_are_predicted_together_by_models_that_saw_none_of_them() -> None:
    """A system whose values are out of place is met at random and missed when it is left out whole."""
    values = reported()
    of_system = [set(one) == {"Ti", "Ni"} for one in values["elements"]]
    moved = values.assign(value=values["value"] + np.where(of_system, 400, 0))
    alloys = finished(prepared(moved), ("xgboost",)).alloys
    chosen = alloys[alloys["composition"].isin(moved.loc[of_system, "composition"])]
    at_random = (chosen["predicted"] - chosen["value"]).abs().mean()
    without = (chosen["predicted_without_system"] - chosen["value"]).abs().mean()
    assert without > at_random + 100


def test_an_own_cast_wins_for_its_composition_and_is_never_pruned() -> None:
    first = reported()["composition"][8]  # of Zr-Al-Cu
    row = reported().iloc[8]
    ready = prepared(own=[(first, row["elements"], row["at_pct"], 555.0)], sub_dataset=1)
    own = ready.alloys[ready.alloys["composition"] == first]
    assert own[["value", "category", "is_trained"]].to_numpy().tolist() == [[555.0, "lab", True]]
    assert ready.described()["n_own"] == ready.described()["n_of_system"] == 1


def test_the_identity_follows_the_values_and_settings() -> None:
    def identity(one: PreparedMap, seed: int = 1) -> str:
        return one.made_from(budget_named("quick"), seed, 0.9, {"svr_model": "2"})

    values = reported()
    changed = values.assign(value=values["value"].where(values.index != 3, 701.5))
    identities = [
        identity(prepared()),
        identity(prepared(), seed=2),
        identity(prepared(changed)),
        identity(prepared(sub_dataset=1)),
    ]
    assert len(set(identities)) == len(identities)
    assert identity(prepared()) == identities[0]


def test_nothing_known_or_left_ends_in_one_sentence() -> None:
    with pytest.raises(PropertyError, match="No value of T_g is known"):
        prepared(reported().assign(property="hardness"))
    only_own = reported().query("composition.str.contains('Zr')", engine="python")
    with pytest.raises(PropertyError, match="has no alloy with a known T_g"):
        prepared(only_own, sub_dataset=5)


def test_values_that_came_went_or_changed_since_a_map_are_counted() -> None:
    values = reported()
    of_map = prepared(values).alloys
    none = casts()
    known = alloys_with_property(TARGET, TG, values, none)
    assert values_since(known, of_map, 0) == 0
    changed = known.assign(value=known["value"].mask(known.index == 3, 1.0))
    assert values_since(changed.iloc[1:], of_map, 0) == 2
    more = pd.concat([known, known.iloc[:2].assign(composition=["A", "B"])])
    assert (values_since(more, of_map, 0), values_since(more, of_map, 2)) == (2, 0)
