"""The map of a surrogate: it rises where similar alloys are bulk glasses, and follows own casts."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.literature.known_alloys import BOUNDS, KNOWN_COLUMNS, known_to
from bmg_assets.science.models.prediction import MapSettings
from bmg_assets.science.proposals.candidate_choice import CandidateChoice
from bmg_assets.science.proposals.candidates import UncalibratedMapError, propose_on_map
from bmg_assets.science.proposals.improvement import expected_improvement_mm, probability_of_improvement
from bmg_assets.science.proposals.refinement import MOST_FINE_POINTS
from bmg_assets.science.proposals.surrogate_map import (
    SurrogateMapError,
    best_known_mm,
    map_of_surrogate,
    next_cast_of,
    ranks_apart,
    support_of_elements,
)
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import LogNormal, Posterior, Surrogate
from bmg_assets.science.surrogates.catalogue import RECOMMENDED, SURROGATES
from bmg_assets_tests.science.surrogates.literature import learnable_tables

SYSTEM = TargetSystem(("Zr", "Ti", "Cu"))
SETTINGS = MapSettings(step_at_pct=5, coverage=0.9)
COLUMNS = [*KNOWN_COLUMNS, *BOUNDS]
NOTHING = pd.DataFrame(columns=COLUMNS)


def literature(without: str = "Cu-Ti-Zr") -> pd.DataFrame:
    table, _ = learnable_tables()
    return table[table["chemical_system"] != without]


def casts(**dmax_mm: float) -> pd.DataFrame:
    """Own casts at points of the grid, Ti10Cu40Zr50 given as `Cu40Ti10Zr50=...`."""
    at_pct = {"Cu40Ti10Zr50": [40.0, 10.0, 50.0], "Cu45Ti10Zr45": [45.0, 10.0, 45.0], "Cu50Ti5Zr45": [50.0, 5.0, 45.0]}
    rows = [(name, ["Cu", "Ti", "Zr"], at_pct[name], value, value, value + 1) for name, value in dmax_mm.items()]
    return pd.DataFrame(rows, columns=COLUMNS)


@pytest.fixture(scope="module")
def before() -> pd.DataFrame:
    return map_of_surrogate(RECOMMENDED, SYSTEM, known_to(NOTHING, NOTHING, literature()), SETTINGS, seed=0)


def test_the_map_rises_where_similar_alloys_are_bulk_glasses(before: pd.DataFrame) -> None:
    zr = np.array(before["at_pct"].tolist())[:, 0]
    top = before["top_share"].to_numpy()
    assert ((zr[top] >= 35) & (zr[top] <= 55)).mean() > 0.8
    middle = before["probability_bulk"][(zr >= 40) & (zr <= 50)].mean()
    assert middle > 2 * before["probability_bulk"][zr < 25].mean()
    assert (before["interval_low_mm"] <= before["interval_high_mm"]).all()
    assert before["explained"].between(0, 1).all()
    assert before["probability_bulk"].between(0, 1).all()


def test_own_casts_change_the_map_around_them(before: pd.DataFrame) -> None:
    failed = casts(Cu40Ti10Zr50=0.0, Cu45Ti10Zr45=0.0, Cu50Ti5Zr45=0.0)
    after = map_of_surrogate(RECOMMENDED, SYSTEM, known_to(failed, NOTHING, literature()), SETTINGS, seed=0)
    at = before["composition"] == "Cu40Ti10Zr50"
    assert after.loc[at, "score"].item() < before.loc[at, "score"].item()
    assert after.loc[at, "explained"].item() > before.loc[at, "explained"].item()
    assert after.loc[at, "nearest_at_pct"].item() == 0


def test_a_cast_nearby_leaves_less_to_gain_than_the_same_prediction_elsewhere(before: pd.DataFrame) -> None:
    best = casts(Cu40Ti10Zr50=before["dmax_mm"].max())
    after = map_of_surrogate(RECOMMENDED, SYSTEM, known_to(best, NOTHING, literature()), SETTINGS, seed=0)
    assert (before["best_known_mm"] == 0).all()
    assert (after["best_known_mm"] == best["dmax_mm"].item()).all()
    assert before["chance_of_better"].between(0, 1).all()
    at = before["composition"] == "Cu40Ti10Zr50"
    # By the score alone, whatever ranks below would gain less; what was cast is known, and others are not.
    ranks_below = after["score"] < after.loc[at, "score"].item()
    assert after.loc[ranks_below, "expected_gain_mm"].max() > after.loc[at, "expected_gain_mm"].item()
    assert after.loc[at, "score"].item() > after["score"].median()


def test_the_ranked_compositions_are_unknown_and_lie_apart(before: pd.DataFrame) -> None:
    at_pct, score = np.array(before["at_pct"].tolist()), before["score"].to_numpy()
    ranked = before.dropna(subset="rank_apart").sort_values("rank_apart")
    assert ranked["rank_apart"].tolist() == list(range(1, 11))
    assert (ranked["nearest_at_pct"] > 0).all()
    points = np.array(ranked["at_pct"].tolist())
    apart = np.abs(points[:, None] - points[None]).sum(axis=2) / 2
    assert apart[~np.eye(10, dtype=bool)].min() >= 5
    best = int(ranked.index[0])
    assert score[best] == score[before["nearest_at_pct"] > 0].max()
    without = ranks_apart(at_pct, score, np.arange(len(score)) != best)
    assert pd.isna(without[best])
    few = ranks_apart(at_pct, score, np.arange(len(score)) < 2)
    assert sorted(few.dropna()) == [1, 2]


def test_the_element_that_fewest_alloys_hold_is_told(before: pd.DataFrame) -> None:
    support = support_of_elements(SYSTEM, known_to(NOTHING, NOTHING, literature()))
    assert set(before["n_with_rarest_element"]) == {min(support.values())}
    assert support[before["rarest_element"][0]] == min(support.values())


def test_the_best_known_alloy_is_of_the_system_itself() -> None:
    known = known_to(casts(Cu40Ti10Zr50=2.0), casts(Cu45Ti10Zr45=3.0), NOTHING)
    assert best_known_mm(SYSTEM, known) == 3.0
    assert best_known_mm(TargetSystem(("Zr", "Ti", "Cu", "Ni")), known) == 0.0


def test_any_coverage_has_its_intervals(before: pd.DataFrame) -> None:
    known = known_to(NOTHING, NOTHING, literature())
    narrower = map_of_surrogate(RECOMMENDED, SYSTEM, known, MapSettings(step_at_pct=5, coverage=0.66), seed=0)
    assert (narrower["interval_high_mm"] <= before["interval_high_mm"]).all()
    assert (narrower["interval_high_mm"] < before["interval_high_mm"]).any()


def test_support_counts_alloys_with_each_element() -> None:
    known = known_to(casts(Cu40Ti10Zr50=2.0), NOTHING, NOTHING)
    assert support_of_elements(TargetSystem(("Zr", "Al", "Cu")), known) == {"Zr": 1, "Al": 0, "Cu": 1}


def test_without_alloys_there_is_no_map() -> None:
    with pytest.raises(SurrogateMapError, match="No alloy with a diameter is known"):
        map_of_surrogate(RECOMMENDED, SYSTEM, known_to(NOTHING, NOTHING, NOTHING), SETTINGS, seed=0)


class KnownPosterior(Posterior):
    """At each composition the amount of titanium decides: a posterior with numbers that are known."""

    def probability_at_least(self, dmax_mm: float) -> np.ndarray:
        return np.clip(self.dmax_mm / (10 * dmax_mm), 0, 1)

    def interval(self, coverage: float) -> tuple[np.ndarray, np.ndarray]:
        return self.dmax_mm * (1 - coverage), self.dmax_mm * (1 + coverage)

    def next_cast(self) -> LogNormal:
        return LogNormal(np.log1p(self.dmax_mm), np.full(len(self.dmax_mm), 0.1))

    def explained(self) -> np.ndarray:
        return self.dmax_mm / 10


class Toy(Surrogate):
    """D_max in mm is a tenth of the at.% of titanium; so is the score, but for one point that is better still."""

    name, title, makes_maps = "toy", "toy", True
    favoured = (5, 10, 85)

    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> "Toy":
        self.known, self.target, self.seed = alloys, target, seed
        return self

    def predict(self, compositions: Compositions) -> Posterior:
        at_pct = {
            symbol: compositions.fractions[:, compositions.elements.index(symbol)] * 100 for symbol in self.target
        }
        dmax_mm = at_pct["Ti"] / 10
        zr, ti, _ = self.favoured
        is_favoured = np.isclose(at_pct["Zr"], zr) & np.isclose(at_pct["Ti"], ti)
        return KnownPosterior(np.where(is_favoured, 99.0, dmax_mm), dmax_mm)


def toy_map(own: pd.DataFrame = NOTHING, **settings: float) -> tuple[pd.DataFrame, np.ndarray, Toy]:
    """The map of the toy, the at.% of its points, and the toy as it was fitted."""
    toy = Toy()
    known = known_to(own, NOTHING, literature())
    grid = map_of_surrogate(toy, SYSTEM, known, MapSettings(step_at_pct=5, **settings), seed=3)
    return grid, np.array(grid["at_pct"].tolist()), toy


def test_every_point_has_what_the_surrogate_predicts_there() -> None:
    grid, at_pct, toy = toy_map(coverage=0.5)
    assert len(grid) == 171
    assert at_pct.sum(axis=1) == pytest.approx(np.full(171, 100))
    assert grid["composition"][0] == composition_key(dict(zip(SYSTEM.elements, at_pct[0], strict=True)))
    dmax_mm = at_pct[:, 1] / 10
    for name, expected in {
        "dmax_mm": dmax_mm,
        "probability_bulk": dmax_mm / 10,
        "interval_low_mm": dmax_mm * 0.5,
        "interval_high_mm": dmax_mm * 1.5,
        "explained": dmax_mm / 10,
        "point": np.arange(171),
    }.items():
        assert grid[name].to_numpy() == pytest.approx(expected), name
    assert grid["dmax_scaled"].min() == 0
    assert grid["dmax_scaled"].max() == 1
    assert grid["score"].idxmax() == grid["dmax_scaled"].idxmax()
    assert (toy.target, toy.seed) == (SYSTEM.element_set, 3)


def test_regions_are_those_of_neighbours_on_the_grid() -> None:
    grid, at_pct, _ = toy_map(top_share=0.1)
    top = grid["top_share"].to_numpy()
    assert top.sum() == 18  # a tenth of 171, rounded up
    is_favoured = (at_pct == Toy.favoured).all(axis=1)
    # All others of the top lie together in the corner of titanium, from 65 at.% on; the favoured point lies alone.
    assert (at_pct[top & ~is_favoured, 1] >= 65).all()
    assert set(grid.loc[top & ~is_favoured, "region"]) == {1}
    assert grid.loc[is_favoured, "region"].item() == 2
    assert grid.loc[~top, "region"].isna().all()


def test_the_distribution_of_the_next_cast_is_read_back_from_the_map() -> None:
    class Lasting(KnownPosterior):
        def next_cast(self) -> LogNormal:
            return LogNormal(self.dmax_mm, self.dmax_mm + 1, shift_mm=0.5, largest_mm=12.0, ribbon_mm=0.25)

    class Other(Toy):
        def predict(self, compositions: Compositions) -> Posterior:
            posterior = super().predict(compositions)
            return Lasting(posterior.score, posterior.dmax_mm)

    grid = map_of_surrogate(Other(), SYSTEM, known_to(NOTHING, NOTHING, literature()), SETTINGS, seed=0)
    cast = next_cast_of(grid)
    assert cast is not None
    assert cast.mean == pytest.approx(grid["dmax_mm"].to_numpy())
    assert cast.spread == pytest.approx(cast.mean + 1)
    assert (cast.shift_mm, cast.largest_mm, cast.ribbon_mm) == (0.5, 12.0, 0.25)
    assert next_cast_of(grid.assign(log_mean=np.nan)) is None


@pytest.mark.parametrize(("best_own", "bar"), [(None, 1.0), (0.2, 1.0), (1.0, 1.0), (2.5, 2.5)])
def test_a_better_alloy_is_a_bulk_glass_too(best_own: float | None, bar: float) -> None:
    """The chance is that of more than the best known and of more than 1 mm; the gain is over the best known alone."""
    own = NOTHING if best_own is None else casts(Cu40Ti10Zr50=best_own)
    grid, _, _ = toy_map(own)
    best = best_own or 0.0
    cast = LogNormal(np.log1p(grid["dmax_mm"].to_numpy()), np.full(171, 0.1))
    assert set(grid["best_known_mm"]) == {best}
    assert grid["chance_of_better"].to_numpy() == pytest.approx(probability_of_improvement(cast, bar))
    assert grid["expected_gain_mm"].to_numpy() == pytest.approx(expected_improvement_mm(cast, best))


def test_the_surrogate_is_fitted_to_all_that_is_known() -> None:
    own = casts(Cu40Ti10Zr50=2.0)
    grid, at_pct, toy = toy_map(own)
    known = known_to(own, NOTHING, literature())
    assert set(grid["n_known"]) == {len(toy.known)} == {len(known)}
    assert toy.known.dmax_mm == pytest.approx(known["dmax_mm"].to_numpy(float))
    assert toy.known.is_own.tolist() == [True] + [False] * (len(known) - 1)
    assert toy.known.systems[0] == "Cu-Ti-Zr"
    own_fractions = dict(zip(toy.known.compositions.elements, toy.known.compositions.fractions[0], strict=True))
    assert own_fractions["Zr"] == pytest.approx(0.5)
    assert own_fractions["Ti"] == pytest.approx(0.1)
    at = (at_pct == [50, 10, 40]).all(axis=1)
    assert grid.loc[at, "nearest_at_pct"].item() == 0
    beside = (at_pct == [50, 15, 35]).all(axis=1)
    assert grid.loc[beside, "nearest_at_pct"].item() == pytest.approx(5)


QUATERNARY = TargetSystem(("Zr", "Ti", "Cu", "Ni"))
BEST = {"Zr": 37.0, "Ti": 11.0, "Cu": 41.0, "Ni": 11.0}


class Peaked(Toy):
    """The best lies between the points of a quaternary's grid."""

    def predict(self, compositions: Compositions) -> Posterior:
        amounts = compositions.fractions[:, [compositions.elements.index(symbol) for symbol in BEST]] * 100
        dmax_mm = 10 - np.abs(amounts - list(BEST.values())).sum(axis=1) / 20
        return KnownPosterior(dmax_mm, np.maximum(dmax_mm, 0))


@pytest.fixture(scope="module")
def refined() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The map of a quaternary, and its coarse grid alone."""
    known = known_to(NOTHING, NOTHING, literature().head(200))
    whole, coarse = (map_of_surrogate(Peaked(), QUATERNARY, known, MapSettings(step), seed=0) for step in (None, 2))
    return whole, coarse


def test_a_coarse_map_is_refined_around_its_best_compositions_and_is_else_as_it_was(refined) -> None:
    whole, coarse = refined
    assert len(coarse) == 18_424
    assert set(coarse["step_at_pct"]) == {2}
    assert (whole["step_at_pct"] == 1).sum() == pytest.approx(MOST_FINE_POINTS, rel=0.1)
    same = whole.head(len(coarse)).drop(columns=["rank_apart", "dmax_scaled", "region"])
    assert same.equals(coarse[same.columns])
    assert whole["composition"].is_unique
    assert whole["point"].tolist() == list(range(len(whole)))
    best = whole.loc[whole["score"].idxmax()]
    assert best["at_pct"] == list(BEST.values())
    assert (best["step_at_pct"], best["rank_apart"], best["region"]) == (1, 1, 1)
    assert best["dmax_mm"] > coarse["dmax_mm"].max()


def test_what_is_a_share_of_the_map_is_a_share_of_its_coarse_grid(refined) -> None:
    whole, coarse = refined
    is_coarse = whole["step_at_pct"] == 2
    assert whole.loc[is_coarse, "top_share"].sum() == coarse["top_share"].sum() == 922
    lowest = coarse.loc[coarse["top_share"], "score"].min()
    assert (whole.loc[~is_coarse, "score"] >= lowest).equals(whole.loc[~is_coarse, "top_share"])
    assert (whole["region"].notna() == whole["top_share"]).all()


def test_the_step_that_somebody_asks_for_is_not_refined() -> None:
    known = known_to(NOTHING, NOTHING, literature().head(200))
    for step in (5, 10):
        grid = map_of_surrogate(Peaked(), QUATERNARY, known, MapSettings(step), seed=0)
        assert set(grid["step_at_pct"]) == {step}
    ternary = map_of_surrogate(Toy(), SYSTEM, known, MapSettings(), seed=0)
    assert (len(ternary), set(ternary["step_at_pct"])) == (4851, {1})


def test_what_is_known_already_is_not_ranked() -> None:
    before, at_pct, _ = toy_map()
    best = (before["rank_apart"].fillna(0) == 1).to_numpy(bool)
    assert at_pct[best].tolist() == [list(Toy.favoured)]
    own = pd.DataFrame([("known", ["Cu", "Ti", "Zr"], [85.0, 10.0, 5.0], 2.0, 2.0, 3.0)], columns=NOTHING.columns)
    after, _, _ = toy_map(own)
    assert after.loc[best, "rank_apart"].isna().all()
    assert at_pct[(after["rank_apart"].fillna(0) == 1).to_numpy(bool)].tolist() == [[5, 90, 5]]


def test_what_a_surrogate_cannot_tell_is_missing() -> None:
    class Silent(Toy):
        def predict(self, compositions: Compositions) -> Posterior:
            posterior = super().predict(compositions)
            return Posterior(posterior.score, posterior.dmax_mm)

    grid = map_of_surrogate(Silent(), SYSTEM, known_to(NOTHING, NOTHING, literature()), SETTINGS, seed=0)
    missing = ["probability_bulk", "interval_low_mm", "interval_high_mm", "expected_gain_mm", "chance_of_better"]
    assert grid[[*missing, "explained"]].isna().all(axis=None)
    assert grid["dmax_mm"].notna().all()


def test_an_element_that_no_alloy_holds_has_its_column() -> None:
    known = known_to(casts(Cu40Ti10Zr50=2.0), NOTHING, NOTHING)
    rare = TargetSystem(("Zr", "Ti", "Y"))
    toy = Toy()
    grid = map_of_surrogate(toy, rare, known, MapSettings(step_at_pct=10), seed=0)
    assert toy.known.compositions.elements == ("Cu", "Ti", "Y", "Zr")
    assert set(grid["rarest_element"]) == {"Y"}
    assert set(grid["n_with_rarest_element"]) == {0}


def literature_of(dmax_mm: Callable[[pd.DataFrame], pd.Series], alloys: int | None = None) -> pd.DataFrame:
    """The literature with other numbers, of all systems or of a few alloys."""
    table, _ = learnable_tables()
    table = table if alloys is None else table.sample(alloys, random_state=0)
    return table.assign(dmax_mm=dmax_mm(table).astype(float))


POOR = {
    "no bulk glasses": literature_of(lambda table: table["dmax_mm"].clip(upper=0.2)),
    "crystalline alone": literature_of(lambda table: 0 * table["dmax_mm"]),
    "ribbons alone": literature_of(lambda table: 0 * table["dmax_mm"] + 0.2),
    "bulk glasses alone": literature_of(lambda table: table["dmax_mm"] + 1),
    "one diameter alone": literature_of(lambda table: 0 * table["dmax_mm"] + 2),
    "thirty alloys": literature_of(lambda table: table["dmax_mm"], alloys=30),
    "one alloy": literature_of(lambda table: table["dmax_mm"], alloys=1),
}
MAPPED = [one for one in SURROGATES.values() if one.makes_maps and not one.is_of_sub_models]
every_map = pytest.mark.parametrize("surrogate", MAPPED, ids=[one.name for one in MAPPED])


@every_map
@pytest.mark.parametrize("poor", POOR.values(), ids=POOR)
def test_a_poor_literature_gives_no_number_without_ground(surrogate: Surrogate, poor: pd.DataFrame) -> None:
    grid = map_of_surrogate(surrogate, SYSTEM, known_to(NOTHING, NOTHING, poor), SETTINGS, seed=0)
    assert grid["score"].notna().all()
    assert grid["dmax_mm"].between(0, 1.5 * poor["dmax_mm"].max() + 0.5).all()
    said = ["probability_bulk", "interval_low_mm", "expected_gain_mm", "chance_of_better", "log_mean"]
    assert grid[said].isna().all(axis=None)
    assert next_cast_of(grid) is None
    if surrogate.has_calibrated_spread:
        choice = CandidateChoice(strategy=surrogate.name, rule="expected_gain")
        with pytest.raises(UncalibratedMapError, match="Too few bulk glasses, or too few other alloys, are known for"):
            propose_on_map(grid, SYSTEM, choice, {})


@pytest.mark.parametrize("surrogate", [one for one in MAPPED if one.has_calibrated_spread], ids=lambda one: one.name)
def test_where_no_element_or_one_is_known_less_is_promised(surrogate: Surrogate) -> None:
    known = known_to(NOTHING, NOTHING, literature())
    one, none, all_known = (
        map_of_surrogate(surrogate, TargetSystem(elements), known, SETTINGS, seed=0)
        for elements in (("Zr", "Pb", "Cd"), ("Tl", "Pb", "Cd"), SYSTEM.elements)
    )
    for grid in (one, none):
        assert grid["regime"].unique().tolist() == ["nothing_known"]
        assert not grid["is_trusted"].all()
        assert grid["probability_bulk"].max() < all_known["probability_bulk"].max()
        assert grid["explained"].mean() < all_known["explained"].mean()
    assert not none["is_trusted"].any()
    # Nothing tells the compositions apart where no element is known.
    assert np.ptp(none["probability_bulk"]) < 0.1


@every_map
def test_casts_nearby_that_contradict_a_bulk_glass_lower_what_is_promised(surrogate: Surrogate) -> None:
    agreeing = casts(Cu40Ti10Zr50=2.0, Cu45Ti10Zr45=2.0, Cu50Ti5Zr45=2.0)
    contradicting = casts(Cu40Ti10Zr50=2.0, Cu45Ti10Zr45=0.0, Cu50Ti5Zr45=0.0)
    both = [
        map_of_surrogate(surrogate, SYSTEM, known_to(own, NOTHING, literature()), SETTINGS, seed=0)
        for own in (agreeing, contradicting)
    ]
    agreed, contradicted = (grid.set_index("composition").loc["Cu40Ti10Zr50"] for grid in both)
    assert contradicted["score"] < agreed["score"]
    assert np.isfinite(contradicted["dmax_mm"])


def test_a_literature_of_fifty_thousand_alloys_is_thinned_and_the_map_says_to_how_many() -> None:
    class Small(Toy):
        most_alloys = 500

    table, _ = learnable_tables()
    large = pd.concat([table] * (50_000 // len(table) + 1), ignore_index=True)
    large = large.assign(composition=[f"alloy {row}" for row in range(len(large))])
    toy = Small()
    grid = map_of_surrogate(toy, SYSTEM, known_to(casts(Cu40Ti10Zr50=2.0), NOTHING, large), SETTINGS, seed=0)
    assert len(toy.known) == 500
    assert set(grid["n_known"]) == {500}
    assert toy.known.is_own.sum() == 1
