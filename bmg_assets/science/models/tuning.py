"""The search for a sub-model's hyper-parameters: Hyperopt's TPE on the mean RMSE of five folds, every trial kept."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.errors import BmgError
from bmg_assets.science.fingerprints import fingerprint_arrays
from bmg_assets.science.models.budgets import Budget
from bmg_assets.science.models.folds import Fold, prepare_folds
from bmg_assets.science.models.search_space import Params
from bmg_assets.science.models.sub_models.base import (
    NO_ROUNDS,
    ROUNDS,
    FittedSubModel,
    SubModel,
    first_within,
    stages_of,
)

RACING_MARGINS = (0.03, 0.02, 0.015, 0.01)
"""A trial is given up when its mean RMSE over the first 1, 2, 3, 4 folds exceeds the best trial's by this share.
The folds are the same for all trials, so their differences vary far less than their values."""
WARM_MARGINS = (0.0, 0.0, 0.0, 0.0)
"""A neighbour of the last best point has to be ahead of it from the first fold on."""


class TuningError(BmgError):
    """The search found nothing."""


@dataclass(frozen=True)
class Trial:
    """One evaluated point of the search space."""

    number: int
    params: Params
    loss: float | None
    """Mean RMSE over the folds in mm; for a trial given up, the best trial's scaled by how far this one was behind."""
    fold_rmse: tuple[float, ...]
    """RMSE in mm of each fold that was evaluated."""
    status: str
    """`ok`, `stopped_early` or `failed`."""
    seconds: float
    error: str | None = None


@dataclass(frozen=True)
class Evaluation:
    """A point of the space, evaluated on the folds until it was given up."""

    params: Params
    loss: float
    fold_rmse: tuple[float, ...]
    out_of_fold: FloatArray | None
    """Held-out prediction of every row in mm, shape (n,); none where the trial was given up."""


@dataclass(frozen=True)
class TunedSubModel:
    """The result of a search: the best point, its out-of-fold predictions, the fit to all rows, the history."""

    name: str
    params: Params
    loss: float
    """Mean RMSE over the folds in mm."""
    fold_rmse: tuple[float, ...]
    out_of_fold: FloatArray
    fitted: FittedSubModel
    trials: tuple[Trial, ...]
    seed: int
    training_fingerprint: str
    """Identity of the rows it was trained on, see `fingerprint_arrays`."""


@dataclass
class _Race:
    """Scores of the best complete trial on each fold."""

    margins: Sequence[float]
    best_fold_rmse: tuple[float, ...] = field(default=())

    def is_lost(self, fold_rmse: Sequence[float]) -> bool:
        """Whether a trial with these first scores is given up."""
        evaluated = len(fold_rmse)
        if not self.best_fold_rmse or evaluated > len(self.margins):
            return False
        return self.share_behind(fold_rmse) > 1 + self.margins[evaluated - 1]

    def share_behind(self, fold_rmse: Sequence[float]) -> float:
        return float(np.mean(fold_rmse) / np.mean(self.best_fold_rmse[: len(fold_rmse)]))

    def estimated_loss(self, fold_rmse: Sequence[float]) -> float:
        return float(np.mean(self.best_fold_rmse)) * self.share_behind(fold_rmse)


def tune(
    model: SubModel,
    X: FloatArray,
    y: FloatArray,
    budget: Budget,
    seed: int,
    weight: FloatArray | None = None,
    threads: int = 1,
    first_points: Sequence[Mapping[str, float]] = (),
    on_trial: Callable[[Trial, float], None] | None = None,
) -> TunedSubModel:
    """Search, then fit the best point to all rows.

    Args:
        X: descriptors, shape (n, d).
        y: critical casting diameters in mm, shape (n,).
        weight: weight of each row in the fits, shape (n,); equal by default.
        first_points: points of the model's space tried before its own starting points. A warm budget takes the first of
            them for the last best and needs its number of rounds too.
        on_trial: called after each trial with it and the best loss so far (infinite while there is none).

    Raises:
        TooFewAlloysError: too few rows for the folds.
        TuningError: every trial failed.
    """
    folds = prepare_folds(X, y, weight)
    points = [*first_points, *model.starting_points]
    stages = budget.stages(model.rounds)
    near = []
    if points:
        # The number of alloys is part of the seed, so that each new cast tries other neighbours.
        near = model.space.neighbours(points[0], budget.neighbours, seed + len(y))
    if budget.near_first_point:
        points = points[:1]
        stages = stages_of(points[0])
    search = _Search(model, folds, budget, stages, seed, threads, on_trial)
    search.run([*points, *near])
    best = search.settle_rounds()
    assert best.out_of_fold is not None
    return TunedSubModel(
        name=model.name,
        params=best.params,
        loss=best.loss,
        fold_rmse=best.fold_rmse,
        out_of_fold=best.out_of_fold,
        fitted=model.fit(X, y, best.params, seed, threads, weight),
        trials=tuple(search.trials),
        seed=seed,
        training_fingerprint=fingerprint_arrays(X, y, np.ones(len(y)) if weight is None else weight),
    )


class _Search:
    """State of one search: the trials so far and the best complete one."""

    def __init__(
        self,
        model: SubModel,
        folds: Sequence[Fold],
        budget: Budget,
        stages: tuple[int, ...],
        seed: int,
        threads: int,
        on_trial: Callable[[Trial, float], None] | None,
    ) -> None:
        self.model = model
        self.folds = folds
        self.budget = budget
        self.seed = seed
        self.threads = threads
        self.on_trial = on_trial
        self.trials: list[Trial] = []
        self.best: Evaluation | None = None
        self.trials_since_best = 0
        self.all_stages = stages
        screened = model.screening_rounds is not None and len(self.all_stages) > 1
        self.search_stages = (int(model.screening_rounds or 0),) if screened else self.all_stages
        margins = WARM_MARGINS if budget.near_first_point else RACING_MARGINS
        self.race = _Race(margins if budget.racing else ())

    def run(self, first_points: Sequence[Mapping[str, float]]) -> None:
        """Evaluate the first points and then what TPE proposes, until the budget is spent."""
        from contextlib import suppress
        from functools import partial

        from hyperopt import fmin, tpe
        from hyperopt.exceptions import AllTrialsFailed

        steps = (self.model.space.to_steps(point) for point in first_points)
        distinct = {tuple(sorted(point.items())): point for point in steps}
        first = list(distinct.values())[: self.budget.max_evaluations]
        with suppress(AllTrialsFailed):  # raised where no loss is known at the end; our own error follows below
            fmin(
                self._objective,
                self.model.space.for_hyperopt(),
                algo=partial(tpe.suggest, n_startup_jobs=len(first) + self.budget.random_trials),
                max_evals=self.budget.max_evaluations,
                points_to_evaluate=first or None,
                rstate=np.random.default_rng(self.seed),
                early_stop_fn=lambda *_: (self._is_spent(), []),
                show_progressbar=False,
                verbose=False,
            )
        if self.best is None:
            raise TuningError(
                f"All {len(self.trials)} trials of {self.model.title} failed, the last with: {self.trials[-1].error}; "
                "check the descriptors of the training set."
            )

    def _is_spent(self) -> bool:
        # Hyperopt starts to count `max_evals` after the points tried first, so the trials are counted here.
        return len(self.trials) >= self.budget.max_evaluations or self.trials_since_best >= self.budget.patience

    def settle_rounds(self) -> Evaluation:
        """The best point, evaluated over the whole range of rounds where trials were compared at fewer."""
        assert self.best is not None
        if self.search_stages == self.all_stages:
            return self.best
        started = time.perf_counter()
        evaluation = self._evaluate(self.best.params, self.all_stages, race=None)
        self._keep(
            Trial(
                len(self.trials),
                evaluation.params,
                evaluation.loss,
                evaluation.fold_rmse,
                "ok",
                time.perf_counter() - started,
            ),
            evaluation,
        )
        return evaluation

    def _objective(self, steps: Mapping[str, float]) -> dict[str, Any]:
        started = time.perf_counter()
        params = self.model.space.from_steps(steps)
        try:
            evaluation = self._evaluate(params, self.search_stages, self.race)
        except (ValueError, ArithmeticError, RuntimeError) as error:
            self._keep(Trial(len(self.trials), params, None, (), "failed", time.perf_counter() - started, str(error)))
            return {"status": "fail"}
        status = "ok" if evaluation.out_of_fold is not None else "stopped_early"
        seconds = time.perf_counter() - started
        trial = Trial(len(self.trials), evaluation.params, evaluation.loss, evaluation.fold_rmse, status, seconds)
        self._keep(trial, evaluation)
        return {"status": "ok", "loss": evaluation.loss}

    def _evaluate(self, params: Params, stages: tuple[int, ...], race: _Race | None) -> Evaluation:
        held_out: list[FloatArray] = []
        losses: list[FloatArray] = []
        for fold in self.folds:
            predicted = self.model.fold_predictions(fold, params, stages, self.seed, self.threads)
            held_out.append(predicted)
            losses.append(np.sqrt(np.mean((predicted - fold.y_test) ** 2, axis=1)))
            if not np.isfinite(losses[-1]).all():
                raise ArithmeticError("the predictions for the held-out alloys are not finite")
            stages = stages[: len(predicted)]  # where one fold gets no better, the others need not go further
            mean_losses = np.mean([loss[: len(stages)] for loss in losses], axis=0)
            stage = first_within(mean_losses, self.model.rounds_tolerance)
            so_far = tuple(float(loss[stage]) for loss in losses)
            if race is not None and race.is_lost(so_far):
                return Evaluation(self._with_rounds(params, stages, stage), race.estimated_loss(so_far), so_far, None)
        out_of_fold = np.empty(sum(len(fold.test) for fold in self.folds))
        for fold, predicted in zip(self.folds, held_out, strict=True):
            out_of_fold[fold.test] = predicted[stage]
        return Evaluation(self._with_rounds(params, stages, stage), float(np.mean(so_far)), so_far, out_of_fold)

    @staticmethod
    def _with_rounds(params: Params, stages: tuple[int, ...], stage: int) -> Params:
        return params if stages == NO_ROUNDS else {**params, ROUNDS: stages[stage]}

    def _keep(self, trial: Trial, evaluation: Evaluation | None = None) -> None:
        self.trials.append(trial)
        self.trials_since_best += 1
        complete = evaluation if evaluation is not None and evaluation.out_of_fold is not None else None
        if complete is not None and (self.best is None or complete.loss < self.best.loss):
            self.best = complete
            self.race.best_fold_rmse = complete.fold_rmse
            self.trials_since_best = 0
        if self.on_trial is not None:
            self.on_trial(trial, self.best.loss if self.best is not None else float("inf"))
