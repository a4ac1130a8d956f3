"""Celery as this platform uses it: the queues of runs, and what is asked of the broker. Needs the extra `cluster`.

A run is one message. The worker that takes it holds it until the run has ended, so the broker gives it to another one
as soon as the first is gone, and no worker takes a second run while it is at work.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import Celery
from dagster_celery.make_app import make_app
from kombu import Exchange, Queue
from kombu.exceptions import OperationalError

from bmg_assets.automation.jobs import LONGEST_SYSTEM_RUN_S, MAIN_MACHINE
from bmg_assets.launch.shared_facts import SharedFacts
from bmg_assets.science.errors import BmgError
from bmg_assets.settings import BROKER, ManyMachines, without_password

EXCHANGE = Exchange("bmg", type="topic", durable=True)
HEARTBEAT_S = 30
"""A machine that vanishes is noticed by the broker after two of them."""
UNUSED_QUEUE_S = 14 * 24 * 3600
"""A queue of an older version or of other settings is removed when nobody has used it for so long."""
ANSWER_S = 5
WORKERS_ANSWER_S = 3.0
CONFIGURATION = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    # What Dagster's storage says of a run counts; nobody reads results of tasks.
    "task_ignore_result": True,
    # A run goes on while the broker is away; it is reported to Dagster's storage, not to the broker.
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_heartbeat": HEARTBEAT_S,
    "broker_transport_options": {"confirm_publish": True, "connect_timeout": ANSWER_S},
    "task_publish_retry_policy": {"max_retries": 2, "interval_start": 0, "interval_step": 1, "interval_max": 2},
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
}


class BrokerError(BmgError):
    """The broker does not answer, or refuses us."""


def app_of(machines: ManyMachines, queue: str) -> Celery:
    """The Celery application of a deployment, which knows the queue of its runs and that of its main machine.

    Args:
        queue: where runs wait that name no other one.
    """
    app = make_app(
        {
            "broker": machines.broker,
            "backend": "disabled://",
            "config_source": {**CONFIGURATION, "task_default_queue": queue},
        }
    )
    app.conf.task_queues = [_queue(queue), _queue(MAIN_MACHINE)]
    return app


def workers_of(machines: ManyMachines, queue: str) -> int:
    """How many workers wait at a queue for runs; raises BrokerError."""
    with answering(machines) as connection, connection.channel() as channel:
        declared = _queue(queue)(channel)
        declared.declare()
        return int(declared.queue_declare(passive=True).consumer_count)


def tasks_at_work(app: Celery) -> frozenset[str]:
    """The tasks that workers say they are at work on, whatever their version; one that does not answer says nothing."""
    answers = app.control.inspect(timeout=WORKERS_ANSWER_S).active() or {}
    return frozenset(task["id"] for tasks in answers.values() for task in tasks)


@contextmanager
def answering(machines: ManyMachines) -> Iterator[Any]:
    """A connection to the broker.

    Raises:
        BrokerError: it does not answer, or refuses us.
    """
    app = Celery(broker=machines.broker, set_as_current=False)
    with app.connection_for_write(connect_timeout=ANSWER_S) as connection:
        try:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=ANSWER_S)
        except (OperationalError, OSError, *connection.connection_errors, *connection.channel_errors) as error:
            raise BrokerError(broker_away(machines, error)) from error
        yield connection


def broker_away(machines: ManyMachines, error: BaseException) -> str:
    """One sentence on a broker that does not answer or refuses us."""
    why = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return (
        f"The broker {without_password(machines.broker)} of {BROKER} cannot be used ({why}): see that RabbitMQ is up, "
        "that this machine reaches it, and that name and password are right. Runs wait meanwhile; nothing is lost."
    )


def no_worker(machines: ManyMachines, facts: SharedFacts) -> str | None:
    """What to say where no machine waits for runs; None where one does. Raises BrokerError."""
    if workers_of(machines, facts.queue):
        return None
    return (
        "No machine works for this deployment as it is now (its code, settings and literature), so runs of systems "
        "wait: start `bmg worker` on one, or start it again where it was started before a change."
    )


def _queue(name: str) -> Queue:
    return Queue(
        name,
        EXCHANGE,
        routing_key=f"{name}.#",
        durable=True,
        max_priority=10,
        expires=UNUSED_QUEUE_S,
        # RabbitMQ from 3.12 on reads this; for an older one docs/deployment.md says what to set.
        queue_arguments={"x-consumer-timeout": (LONGEST_SYSTEM_RUN_S + 3600) * 1000},
    )
