"""The search: its promises on a toy sub-model whose loss is known, and the four sub-models on a small table."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from bmg_assets.science.fingerprints import fingerprint_arrays
from bmg_assets.science.models.budgets import WARM_TRIALS, Budget, budget_named
from bmg_assets.science.models.folds import TooFewAlloysError, prepare_folds, rmse
from bmg_assets.science.models.search_space import Dimension, SearchSpace
from bmg_assets.science.models.sub_models.base import ROUNDS, SubModel
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.models.tuning import RACING_MARGINS, TuningError, tune
from bmg_assets_tests.science.synthetic import learnable_table

X, Y = learnable_table(50)
PATIENT = Budget(
    "patient", max_evaluations=30, patience=30, neighbours=0, random_trials=5, racing=False, full_rounds=True
)
RACING = replace(PATIENT, racing=True)


@dataclass(frozen=True)
class Constant:
    """An estimator that always says the same."""

    value: float

    def predict(self, X):
        return np.full(len(X), self.value)


class Toy(SubModel):
    """A sub-model that is off by exactly `error(params, rounds, fold)` mm on every held-out row."""

    name, title = "toy", "Toy"
    space = SearchSpace((Dimension("a", 0, 20, 1), Dimension("b", 0.1, 0.45, 0.005)))

    def __init__(self, error, rounds=None, screening_rounds=None, starting_points=(), rounds_tolerance=0.0):
        self.error, self.rounds, self.screening_rounds = error, rounds, screening_rounds
        self.starting_points, self.rounds_tolerance = starting_points, rounds_tolerance
        self.folds_seen = []
        """First held-out row of each fold, in the order in which they were first met."""
        self.evaluated = []
        """Point and fold of every evaluation."""

    def stage_predictions(self, fold, params, stages, seed, threads):
        if fold.test[0] not in self.folds_seen:
            self.folds_seen.append(fold.test[0])
        number = self.folds_seen.index(fold.test[0])
        self.evaluated.append((dict(params), number, stages))
        for stage in stages:
            yield fold.y_test + self.error(params, stage, number)

    def fit_estimator(self, X, y, weight, params, seed, threads):
        return Constant(float(np.average(y, weights=weight)))

    def to_bytes(self, estimator):
        return str(estimator.value).encode()

    def from_bytes(self, data):
        return Constant(float(data))


def bowl(params, rounds=0, fold=0):
    return 1 + (params["a"] - 13) ** 2 / 100


ROUNDS_RANGE = Dimension(ROUNDS, 50, 100, 10)


def better_up_to_80(params, rounds, fold):
    return bowl(params) + abs(rounds - 80) / 1000


def test_the_best_point_is_found_and_its_result_is_consistent():
    tuned = tune(Toy(bowl), X, Y, PATIENT, seed=0)
    assert len(tuned.trials) == 30
    assert [trial.number for trial in tuned.trials] == list(range(30))
    assert tuned.loss == min(trial.loss for trial in tuned.trials) < 1.1
    assert tuned.loss == pytest.approx(bowl(tuned.params))
    assert tuned.fold_rmse == pytest.approx((tuned.loss,) * 5)
    assert tuned.out_of_fold == pytest.approx(Y + tuned.loss)
    assert tuned.training_fingerprint == fingerprint_arrays(X, Y, np.ones(50))
    assert tuned.fitted.predict(X) == pytest.approx(np.full(50, Y.mean()))
    assert (tuned.name, tuned.seed) == ("toy", 0)


def test_out_of_fold_predictions_stand_at_the_rows_that_were_held_out():
    tuned = tune(Toy(lambda params, rounds, fold: fold + 1), X, Y, PATIENT, seed=0)
    for number, fold in enumerate(prepare_folds(X, Y)):
        assert tuned.out_of_fold[fold.test] == pytest.approx(fold.y_test + number + 1)


def test_every_trial_stays_on_the_steps_of_the_space():
    for trial in tune(Toy(bowl), X, Y, PATIENT, seed=3, first_points=[{"a": 99, "b": -5}]).trials:
        assert Toy.space.snap(trial.params) == trial.params
        assert 0 <= trial.params["a"] <= 20
        assert 0.1 <= trial.params["b"] <= 0.45


def test_first_points_are_tried_first_then_the_models_own_each_once():
    own = ({"a": 5, "b": 0.2}, {"a": 7, "b": 0.3})
    # A point of a former search may carry rounds and lie beside the steps.
    first = [{"a": 9, "b": 0.4, ROUNDS: 300}, {"a": 5.2, "b": 0.2001}]
    tuned = tune(Toy(bowl, starting_points=own), X, Y, PATIENT, seed=0, first_points=first)
    assert [trial.params for trial in tuned.trials[:3]] == [{"a": 9, "b": 0.4}, {"a": 5, "b": 0.2}, {"a": 7, "b": 0.3}]
    assert len(tuned.trials) == PATIENT.max_evaluations
    assert tuned.trials[3].params not in own


@pytest.mark.parametrize("max_evaluations", [1, 2, 3, 4])
def test_the_first_points_count_and_a_budget_that_they_exhaust_is_kept(max_evaluations):
    points = [{"a": a, "b": 0.2} for a in (1, 2, 3)]
    tuned = tune(Toy(bowl), X, Y, replace(PATIENT, max_evaluations=max_evaluations), seed=0, first_points=points)
    assert len(tuned.trials) == max_evaluations
    assert [trial.params for trial in tuned.trials][:3] == points[:max_evaluations]


@pytest.mark.parametrize("patience", [1, 4, 9])
def test_patience_ends_a_search_that_gets_no_better(patience):
    tuned = tune(Toy(lambda *_: 2.0), X, Y, replace(PATIENT, patience=patience), seed=0)
    assert len(tuned.trials) == 1 + patience
    assert tuned.params == tuned.trials[0].params


def test_a_better_trial_renews_the_patience():
    losses = iter([5.0, 5.0, 5.0, 4.0, *[4.0] * 30])
    toy = Toy(lambda params, rounds, fold: next(losses) if fold == 0 else toy.last)
    toy.last = 4.0
    tuned = tune(toy, X, Y, replace(PATIENT, patience=4), seed=0)
    assert len(tuned.trials) == 8
    assert tuned.params == tuned.trials[3].params


def test_the_same_seed_gives_the_same_search_and_another_seed_another():
    one, same, other = (tune(Toy(bowl), X, Y, PATIENT, seed=seed) for seed in (1, 1, 2))
    assert [trial.params for trial in one.trials] == [trial.params for trial in same.trials]
    assert [trial.params for trial in one.trials] != [trial.params for trial in other.trials]


def test_tpe_learns_more_than_a_random_search_of_the_same_length():
    random = replace(PATIENT, random_trials=30)
    learnt = [tune(Toy(bowl), X, Y, PATIENT, seed=seed) for seed in range(4)]
    drawn = [tune(Toy(bowl), X, Y, random, seed=seed) for seed in range(4)]
    late = [np.mean([trial.loss for search in group for trial in search.trials[15:]]) for group in (learnt, drawn)]
    assert late[0] < late[1]


def test_neighbours_of_the_first_point_are_tried_before_anything_is_drawn():
    toy = Toy(bowl, starting_points=({"a": 10, "b": 0.2}, {"a": 2, "b": 0.1}))
    cold = tune(toy, X, Y, replace(PATIENT, neighbours=6), seed=0)
    points = [trial.params for trial in cold.trials]
    assert points[:2] == list(toy.starting_points)
    assert all(abs(point["a"] - 10) <= 1 and abs(point["b"] - 0.2) <= 0.35 / 20 + 1e-9 for point in points[2:8])
    assert any(abs(point["a"] - 10) > 1 for point in points[8:])
    assert len(points) == PATIENT.max_evaluations


def test_a_warm_search_tries_the_last_best_and_its_neighbours_at_its_number_of_rounds_and_nothing_else():
    toy = Toy(better_up_to_80, rounds=ROUNDS_RANGE, screening_rounds=50, starting_points=({"a": 5, "b": 0.2},))
    cold = tune(toy, X, Y, PATIENT, seed=0)
    toy.evaluated.clear()
    warm = tune(toy, X, Y, PATIENT.warm(), seed=0, first_points=[cold.params])
    assert warm.trials[0].params == cold.params
    assert len(warm.trials) == WARM_TRIALS
    assert warm.loss <= cold.loss
    assert {stages for _, _, stages in toy.evaluated} == {(80,)}
    for trial in warm.trials:
        assert trial.params[ROUNDS] == 80
        assert abs(trial.params["a"] - cold.params["a"]) <= 1
        assert abs(trial.params["b"] - cold.params["b"]) <= 0.35 / 20 + 1e-9


def test_a_warm_search_moves_on_when_a_neighbour_is_better_and_is_the_same_twice():
    start = {"a": 13, "b": 0.2}
    toy = Toy(lambda params, rounds, fold: 1 + abs(params["b"] - 0.3))
    best = start
    for night in range(60):
        warm, again = (tune(toy, X, Y, PATIENT.warm(), seed=night, first_points=[best]) for _ in range(2))
        assert [trial.params for trial in warm.trials] == [trial.params for trial in again.trials]
        assert abs(warm.params["b"] - 0.3) <= abs(best["b"] - 0.3)
        best = warm.params
    assert best["b"] == pytest.approx(0.3, abs=0.02)


def test_a_warm_search_gives_up_neighbours_that_are_behind():
    toy = Toy(lambda params, rounds, fold: 1.0 if params == {"a": 13, "b": 0.2} else 1.1)
    warm = tune(toy, X, Y, PATIENT.warm(), seed=0, first_points=[{"a": 13, "b": 0.2}])
    assert [len(trial.fold_rmse) for trial in warm.trials] == [5, 1]
    assert warm.params == {"a": 13, "b": 0.2}  # without rounds, which this sub-model does not have


def uneven(params, rounds=0, fold=0):
    """Folds differ far more than points do, as they do for alloys; the order of points is the same in each."""
    return (1.0, 2.0, 0.5, 3.0, 1.5)[fold] * bowl(params)


def test_racing_gives_up_what_is_behind_after_the_first_fold_and_finds_the_same_winner():
    patient, racing = (tune(Toy(uneven), X, Y, budget, seed=1) for budget in (PATIENT, RACING))
    assert patient.params["a"] == racing.params["a"]
    assert patient.loss == pytest.approx(racing.loss)
    assert {trial.status for trial in patient.trials} == {"ok"}
    assert {trial.status for trial in racing.trials} == {"ok", "stopped_early"}


def test_statuses_folds_and_losses_of_a_race_fit_together():
    tuned = tune(Toy(uneven), X, Y, RACING, seed=1)
    best = np.inf
    for trial in tuned.trials:
        assert trial.error is None
        assert trial.fold_rmse == pytest.approx([uneven(trial.params, fold=f) for f in range(len(trial.fold_rmse))])
        # Points keep their order in every fold, so the estimate for one given up is what it would have scored.
        assert trial.loss == pytest.approx(1.6 * bowl(trial.params))
        if trial.status == "ok":
            assert len(trial.fold_rmse) == 5
        else:
            assert 1 <= len(trial.fold_rmse) < 5
            assert trial.loss > best
        best = min(best, trial.loss)
    winners = [trial for trial in tuned.trials if trial.status == "ok" and trial.loss == tuned.loss]
    assert winners[0].params == tuned.params
    assert winners[0].fold_rmse == tuned.fold_rmse
    assert len(tuned.fold_rmse) == 5


@pytest.mark.parametrize("first_folds, behind", [(1, 0.03), (2, 0.02), (3, 0.015), (4, 0.01)])
def test_how_far_behind_a_trial_may_be_after_each_fold(first_folds, behind):
    def evaluated(share):
        def one_behind(params, rounds, fold):
            if params["a"] == 1:
                return 1.0
            # The mean of the first folds is this share behind; before them it is not behind, after them far ahead.
            return 1 + first_folds * share if fold == first_folds - 1 else 0.2 if fold >= first_folds else 1.0

        points = [{"a": 1, "b": 0.2}, {"a": 2, "b": 0.2}]
        budget = replace(RACING, max_evaluations=2)
        return len(tune(Toy(one_behind), X, Y, budget, seed=0, first_points=points).trials[1].fold_rmse)

    assert evaluated(behind * 1.01) == first_folds
    assert evaluated(behind * 0.99) == 5


@pytest.mark.parametrize("number_of_folds", [1, 2, 3, 4])
def test_a_trial_is_given_up_at_the_fold_at_which_it_is_too_far_behind(number_of_folds):
    margin = RACING_MARGINS[number_of_folds - 1]

    def behind_late(params, rounds, fold):
        if params["a"] == 1:
            return 1.0
        # On the mean of the first folds just below every margin, and just above the one of this fold.
        return 1.0 if fold < number_of_folds - 1 else 1 + number_of_folds * (margin + 1e-6)

    points = [{"a": 1, "b": 0.2}, {"a": 2, "b": 0.2}]
    tuned = tune(Toy(behind_late), X, Y, replace(RACING, max_evaluations=3), seed=0, first_points=points)
    assert tuned.trials[0].status == "ok"
    assert tuned.trials[1].status == "stopped_early"
    assert len(tuned.trials[1].fold_rmse) == number_of_folds


def test_a_trial_behind_on_the_first_folds_within_the_margin_may_still_win():
    def slow_starter(params, rounds, fold):
        return 1.0 if params["a"] == 1 else (1.029 if fold == 0 else 0.9)

    points = [{"a": 1, "b": 0.2}, {"a": 2, "b": 0.2}]
    tuned = tune(Toy(slow_starter), X, Y, RACING, seed=0, first_points=points)
    assert tuned.trials[1].status == "ok"
    assert tuned.loss == pytest.approx((1.029 + 4 * 0.9) / 5)


def fails_above_ten(params, rounds, fold):
    if params["a"] > 10:
        raise ValueError("kernel fell over")
    return bowl(params)


def test_a_trial_that_raises_is_kept_as_failed_and_the_search_goes_on():
    first = [{"a": 12, "b": 0.2}, {"a": 3, "b": 0.2}]
    tuned = tune(Toy(fails_above_ten), X, Y, PATIENT, seed=0, first_points=first)
    failed = [trial for trial in tuned.trials if trial.status == "failed"]
    assert failed[0] == tuned.trials[0]
    assert {(trial.loss, trial.fold_rmse, trial.error) for trial in failed} == {(None, (), "kernel fell over")}
    assert all(trial.params["a"] > 10 for trial in failed)
    assert len(tuned.trials) == PATIENT.max_evaluations
    assert tuned.params["a"] <= 10
    assert tuned.loss == min(trial.loss for trial in tuned.trials if trial.status == "ok")


@pytest.mark.parametrize("nonsense", [np.nan, np.inf])
def test_a_trial_without_a_finite_loss_is_failed_and_never_the_best(nonsense):
    toy = Toy(lambda params, rounds, fold: nonsense if params["a"] == 12 else bowl(params))
    tuned = tune(toy, X, Y, PATIENT, seed=0, first_points=[{"a": 12, "b": 0.2}])
    assert (tuned.trials[0].status, tuned.trials[0].loss) == ("failed", None)
    assert "not finite" in tuned.trials[0].error
    assert tuned.params["a"] != 12
    assert np.isfinite(tuned.out_of_fold).all()


@pytest.mark.parametrize("budget", [PATIENT, RACING])
def test_if_every_trial_fails_the_user_is_told_how_many_why_and_where_to_look(budget):
    def never(params, rounds, fold):
        raise ValueError("Input X contains NaN")

    with pytest.raises(TuningError, match=r"All 6 trials of Toy failed.*Input X contains NaN.*check the descriptors"):
        tune(Toy(never), X, Y, replace(budget, max_evaluations=6), seed=0)


@pytest.mark.parametrize("model", SUB_MODELS.values(), ids=SUB_MODELS)
def test_labels_that_are_no_numbers_end_in_a_sentence_whatever_the_sub_model(model):
    labels = np.where(np.arange(50) % 5 == 0, np.nan, Y)
    with pytest.raises(TuningError, match=rf"All 5 trials of {model.title} failed, the last with: .*(NaN|finite)"):
        tune(model, X, labels, budget_named("quick"), seed=0)


def test_a_mistake_in_our_own_code_is_not_taken_for_a_failed_trial():
    def mistake(params, rounds, fold):
        raise KeyError("no such parameter")

    with pytest.raises(KeyError):
        tune(Toy(mistake), X, Y, PATIENT, seed=0)


def test_too_few_alloys_are_refused_before_anything_is_tried():
    with pytest.raises(TooFewAlloysError, match="has 8 alloys"):
        tune(Toy(bowl), X[:8], Y[:8], PATIENT, seed=0)


def test_each_trial_is_reported_with_the_best_loss_so_far():
    heard = []
    first = [{"a": 12, "b": 0.2}]
    tuned = tune(
        Toy(fails_above_ten),
        X,
        Y,
        PATIENT,
        0,
        first_points=first,
        on_trial=lambda trial, best: heard.append((trial, best)),
    )
    assert [trial for trial, _ in heard] == list(tuned.trials)
    assert heard[0][1] == np.inf
    bests = [best for _, best in heard]
    assert bests == sorted(bests, reverse=True)
    assert bests[-1] == tuned.loss


def test_rounds_are_chosen_along_the_fit_and_are_part_of_the_point():
    tuned = tune(Toy(better_up_to_80, rounds=ROUNDS_RANGE), X, Y, PATIENT, seed=0)
    assert tuned.params[ROUNDS] == 80
    assert all(trial.params[ROUNDS] == 80 for trial in tuned.trials)
    assert tuned.loss == pytest.approx(bowl(tuned.params))
    assert tuned.out_of_fold == pytest.approx(Y + tuned.loss)


def test_no_fold_grows_further_than_where_one_got_no_better():
    def error(params, rounds, fold):
        return 1 + max(0, 100 + 20 * fold - rounds) / 1e4  # the best is at 100, 120, ... 180 rounds

    toy = Toy(error, rounds=Dimension(ROUNDS, 50, 500, 10))
    tuned = tune(toy, X, Y, replace(PATIENT, max_evaluations=2), seed=0)
    grown = {number: stages[-1] for _, number, stages in toy.evaluated}
    assert grown[0] == 500  # as many as it may
    assert set(list(grown.values())[1:]) == {150}  # the loss at 90 rounds was within a thousandth 60 rounds later
    assert tuned.params[ROUNDS] == 150
    assert tuned.loss < 1.001


def test_of_equal_losses_and_within_the_tolerance_the_fewest_rounds_are_taken():
    equal = tune(Toy(lambda *_: 1.0, rounds=ROUNDS_RANGE), X, Y, PATIENT, seed=0)
    assert equal.params[ROUNDS] == 50
    tolerant = Toy(lambda params, rounds, fold: 1 + (100 - rounds) / 10000, ROUNDS_RANGE, rounds_tolerance=0.002)
    assert tune(tolerant, X, Y, PATIENT, seed=0).params[ROUNDS] == 80


def test_trials_are_compared_at_few_rounds_and_the_winner_is_judged_over_all():
    toy = Toy(better_up_to_80, rounds=ROUNDS_RANGE, screening_rounds=50)
    tuned = tune(toy, X, Y, RACING, seed=0)
    *searched, settled = tuned.trials
    assert len(searched) == RACING.max_evaluations
    assert {stages for _, _, stages in toy.evaluated[:-5]} == {(50,)}
    assert {stages for _, _, stages in toy.evaluated[-5:]} == {(50, 60, 70, 80, 90, 100)}
    best = min((trial for trial in searched if trial.status == "ok"), key=lambda trial: trial.loss)
    assert settled.params == {**best.params, ROUNDS: 80} == tuned.params
    assert (settled.status, len(settled.fold_rmse)) == ("ok", 5)
    assert tuned.loss == settled.loss < best.loss


def test_without_full_rounds_nothing_is_settled_again():
    toy = Toy(better_up_to_80, rounds=ROUNDS_RANGE, screening_rounds=50)
    tuned = tune(toy, X, Y, replace(PATIENT, full_rounds=False), seed=0)
    assert len(tuned.trials) == PATIENT.max_evaluations
    assert tuned.params[ROUNDS] == 50


def test_weights_reach_the_folds_and_the_final_fit_and_the_identity_of_the_rows():
    weight = np.where(np.arange(50) < 25, 3.0, 1.0)
    seen = []

    class Watching(Toy):
        def stage_predictions(self, fold, params, stages, seed, threads):
            seen.append(np.array_equal(fold.weight_train, weight[fold.train]))
            return super().stage_predictions(fold, params, stages, seed, threads)

    tuned = tune(Watching(bowl), X, Y, PATIENT, seed=0, weight=weight)
    assert seen
    assert all(seen)
    assert tuned.fitted.predict(X[:1])[0] == pytest.approx(np.average(Y, weights=weight))
    assert tuned.training_fingerprint == fingerprint_arrays(X, Y, weight)
    assert tuned.training_fingerprint != tune(Toy(bowl), X, Y, PATIENT, seed=0).training_fingerprint


@pytest.fixture(scope="module", params=SUB_MODELS)
def tuned_twice(request):
    table = learnable_table(80)
    model = SUB_MODELS[request.param]
    return table, model, [tune(model, *table, budget_named("quick"), seed=5) for _ in range(2)]


def test_the_same_seed_tunes_each_sub_model_to_the_same_result(tuned_twice):
    (X, _), _, (one, other) = tuned_twice
    assert one.params == other.params
    assert one.loss == other.loss
    assert one.fold_rmse == other.fold_rmse
    assert np.array_equal(one.out_of_fold, other.out_of_fold)
    assert np.array_equal(one.fitted.predict(X), other.fitted.predict(X))
    assert [(t.params, t.loss, t.status) for t in one.trials] == [(t.params, t.loss, t.status) for t in other.trials]


def test_each_sub_model_learns_and_its_trials_lie_in_its_space_with_the_starting_points_first(tuned_twice):
    (_, y), model, (tuned, _) = tuned_twice
    spread = np.mean([np.std(fold.y_test) for fold in prepare_folds(np.empty((80, 1)), y)])
    assert tuned.loss < spread
    assert len(tuned.trials) == budget_named("quick").max_evaluations
    for trial in tuned.trials:
        without_rounds = {name: value for name, value in trial.params.items() if name != ROUNDS}
        assert model.space.snap(without_rounds) == without_rounds
        assert trial.params.get(ROUNDS) == (model.rounds and model.rounds.start)
    first = [{name: v for name, v in trial.params.items() if name != ROUNDS} for trial in tuned.trials]
    assert first[: len(model.starting_points)] == list(model.starting_points)


def test_the_stated_errors_are_those_of_the_out_of_fold_predictions_and_of_the_stated_point(tuned_twice):
    (X, y), model, (tuned, _) = tuned_twice
    folds = prepare_folds(X, y)
    assert tuned.fold_rmse == pytest.approx([rmse(tuned.out_of_fold[fold.test], fold.y_test) for fold in folds])
    assert tuned.loss == pytest.approx(np.mean(tuned.fold_rmse))
    for fold in folds:
        refitted = model.fit(X[fold.train], y[fold.train], tuned.params, seed=5)
        assert refitted.predict(X[fold.test]) == pytest.approx(tuned.out_of_fold[fold.test], abs=1e-3)
    assert tuned.fitted.scaler.mean == pytest.approx(X.mean(axis=0))
