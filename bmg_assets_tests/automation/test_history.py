"""The nightly deletion of old runs goes by the setting."""

import dagster as dg
import pytest

from bmg_assets.automation.history import history_job


@pytest.mark.parametrize(("days", "left"), [("0", 2), ("1", 2), (None, 2)])
def test_young_runs_stay(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, days: str | None, left: int
) -> None:
    if days is not None:
        monkeypatch.setenv("BMG_HISTORY_DAYS", days)
    instance.create_run_for_job(history_job, status=dg.DagsterRunStatus.FAILURE)
    assert history_job.execute_in_process(instance=instance).success
    assert len(instance.get_runs()) == left


def test_old_runs_are_deleted(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr("bmg_assets.automation.history.prune_runs", lambda *asking: asked.append(asking[1].days) or 3)
    monkeypatch.setenv("BMG_HISTORY_DAYS", "7")
    assert history_job.execute_in_process(instance=instance).success
    assert asked == [7]


def test_a_wrong_number_of_days_ends_in_a_sentence(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMG_HISTORY_DAYS", "many")
    done = history_job.execute_in_process(instance=instance, raise_on_error=False)
    (failure,) = [event.step_failure_data for event in done.all_events if event.is_step_failure]
    assert failure.user_failure_data is not None
    assert "BMG_HISTORY_DAYS is 'many', expected a whole number of days" in (
        failure.user_failure_data.description or ""
    )
