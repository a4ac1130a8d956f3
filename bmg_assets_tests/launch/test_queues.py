"""The queues of runs, and what is said of a broker that cannot be used."""

from pathlib import Path

import pytest

from bmg_assets.automation.jobs import LONGEST_SYSTEM_RUN_S, MAIN_MACHINE
from bmg_assets.launch.queues import BrokerError, app_of, workers_of
from bmg_assets.settings import ManyMachines
from bmg_assets_tests.launch.several import set_several


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ManyMachines:
    set_several(monkeypatch, tmp_path)
    found = ManyMachines.from_environment()
    assert found is not None
    return found


def test_a_broker_that_does_not_answer_ends_in_one_sentence_without_its_password(machines: ManyMachines) -> None:
    with pytest.raises(BrokerError, match=r"^The broker amqp://bmg:\*\*\*@.* of BMG_BROKER cannot be used \(") as told:
        workers_of(machines, "bmg-x")
    assert "\n" not in str(told.value)
    assert "secret" not in str(told.value)


def test_a_message_is_held_until_its_run_has_ended_and_no_worker_holds_a_second(machines: ManyMachines) -> None:
    app = app_of(machines, "bmg-x")
    assert (app.conf.task_acks_late, app.conf.task_reject_on_worker_lost) == (True, True)
    assert app.conf.worker_prefetch_multiplier == 1
    assert not app.conf.worker_cancel_long_running_tasks_on_connection_loss
    queues = {queue.name: queue for queue in app.conf.task_queues}
    assert set(queues) == {"bmg-x", MAIN_MACHINE}
    for queue in queues.values():
        assert queue.durable
        assert queue.queue_arguments["x-consumer-timeout"] > LONGEST_SYSTEM_RUN_S * 1000
