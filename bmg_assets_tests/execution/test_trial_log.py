"""What a search says in the run's log: every improvement and failure, and a sign of life every ten seconds."""

import logging

import pytest

from bmg_assets.execution import trial_log
from bmg_assets.execution.trial_log import TrialLog
from bmg_assets.science.models.tuning import Trial

INFINITE = float("inf")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    time = {"now": 100.0}
    monkeypatch.setattr(trial_log.time, "monotonic", lambda: time["now"])
    return time


@pytest.fixture
def log(clock: dict[str, float]) -> TrialLog:
    return TrialLog(logging.getLogger("of a run"), "svr_model", "SVR", 60)


def trial(number: int, status: str = "ok", error: str | None = None) -> Trial:
    return Trial(number, {}, None if status == "failed" else 1.5, (), status, 0.1, error)


def test_an_improvement_is_told_with_number_best_and_time(
    log: TrialLog, clock: dict[str, float], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock["now"] += 2
    log(trial(0), 1.23456)
    clock["now"] += 1
    log(trial(1), 1.2)
    assert caplog.messages == [
        "SVR: trial 1 of at most 60, best CV RMSE 1.2346 mm, 2 s elapsed",
        "SVR: trial 2 of at most 60, best CV RMSE 1.2000 mm, 3 s elapsed",
    ]


def test_trials_that_change_nothing_are_told_every_ten_seconds(
    log: TrialLog, clock: dict[str, float], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number in range(26):
        log(trial(number), 1.5)
        clock["now"] += 1
    assert [message.split(" of ")[0] for message in caplog.messages] == [
        "SVR: trial 1",
        "SVR: trial 11",
        "SVR: trial 21",
    ]


def test_a_failed_trial_is_a_warning_with_its_reason(log: TrialLog, caplog: pytest.LogCaptureFixture) -> None:
    log(trial(0, "failed", "no convergence"), INFINITE)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "SVR: trial 1 failed: no convergence")
    ]
