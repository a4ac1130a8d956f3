"""A worker that is asked to leave goes on until it has no run; that it answers meanwhile is tested with servers."""

import os
import signal
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("celery", reason="celery is not installed: install the extra cluster")

from celery.worker import state
from celery.worker.control import Panel

from bmg_assets.launch.leaving import _Departure, leave_after_the_run
from bmg_assets.launch.queues import app_of
from bmg_assets.settings import ManyMachines


class TaskConsumer:
    def __init__(self) -> None:
        self.canceled = 0

    def cancel(self) -> None:
        self.canceled += 1


class AtWork:
    """A run that the worker has."""


@pytest.fixture
def consumer() -> Any:
    return SimpleNamespace(task_consumer=TaskConsumer())


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    shutdown = Panel.data["shutdown"]
    yield
    state.should_stop = None
    Panel.data["shutdown"] = shutdown
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_nobody_leaves_unasked(consumer: Any) -> None:
    _Departure().look(consumer)
    assert (consumer.task_consumer.canceled, state.should_stop) == (0, None)


def test_who_has_a_run_takes_no_other_and_leaves_when_it_has_ended(consumer: Any) -> None:
    departure, run = _Departure(), AtWork()
    departure.is_asked = True
    state.active_requests.add(run)
    departure.look(consumer)
    assert (consumer.task_consumer.canceled, state.should_stop) == (1, None)
    state.active_requests.discard(run)
    departure.look(consumer)
    assert state.should_stop == 0


def test_a_run_that_has_come_and_not_begun_is_waited_for(consumer: Any) -> None:
    departure, run = _Departure(), AtWork()
    departure.is_asked = True
    state.reserved_requests.add(run)
    departure.look(consumer)
    assert state.should_stop is None
    state.reserved_requests.discard(run)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_asks_and_only_the_second_ctrl_c_is_celery_s(consumer: Any, number: int) -> None:
    departure = _Departure()
    signal.signal(number, departure.on_signal)
    os.kill(os.getpid(), number)
    assert departure.is_asked
    departure.look(consumer)
    assert state.should_stop == 0
    assert signal.getsignal(signal.SIGINT) != signal.default_int_handler


def test_what_the_main_machine_sends_asks_too() -> None:
    app = app_of(ManyMachines("postgresql://nowhere", "memory://", 1), "bmg-test")
    before = len(app.steps["consumer"])
    leave_after_the_run(app)
    assert len(app.steps["consumer"]) == before + 1
    assert Panel.data["shutdown"](None) == {"ok": "leaves when its run has ended"}
