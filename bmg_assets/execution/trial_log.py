"""Progress of a search: trial number, best error so far and elapsed time in the run's log and on the progress bars."""

from __future__ import annotations

import logging
import math
import time
from typing import TYPE_CHECKING

from bmg_assets.execution.console import TRIAL_MARK
from bmg_assets.execution.progress_channel import tell

if TYPE_CHECKING:
    from bmg_assets.science.models.tuning import Trial

EVERY_SECONDS = 10.0


class TrialLog:
    """Writes a line whenever the best trial changes or fails, and at least every ten seconds otherwise."""

    def __init__(self, log: logging.Logger, step: str, title: str, max_evaluations: int) -> None:
        self._log = log
        self._step = step
        self._title = title
        self._max_evaluations = max_evaluations
        self._started = time.monotonic()
        self._last_line = -EVERY_SECONDS
        self._best_loss = float("inf")

    def __call__(self, trial: Trial, best_loss: float) -> None:
        """Log a trial and the best loss so far in mm."""
        best = best_loss if math.isfinite(best_loss) else None
        tell(step=self._step, trial=trial.number + 1, of=self._max_evaluations, best_rmse_mm=best)
        elapsed = time.monotonic() - self._started
        improved = best_loss < self._best_loss
        if trial.status == "failed":
            self._log.warning(f"{self._title}: trial {trial.number + 1} failed: {trial.error}")
        elif improved or elapsed - self._last_line >= EVERY_SECONDS:
            self._log.info(
                f"{self._title}: trial {trial.number + 1} of at most {self._max_evaluations}, "
                f"best CV RMSE {best_loss:.4f} mm, {elapsed:.0f} s elapsed",
                extra={TRIAL_MARK: True},
            )
            self._last_line = elapsed
        self._best_loss = best_loss
