"""How a worker leaves: it takes no further run, and says that it is at work on its own until that one has ended.

Celery's own way stops to answer first and waits for the run then. A run is judged by what workers answer
(run_launcher.py), so after a minute it would be taken for lost, and begun a second time elsewhere.
"""

import signal
from types import FrameType
from typing import Any

from celery import Celery, bootsteps, signals
from celery.apps.worker import install_worker_term_hard_handler
from celery.worker import state
from celery.worker.control import Panel

BETWEEN_LOOKS_S = 1.0


def leave_after_the_run(app: Celery) -> None:
    """Let the worker of an application leave so: at SIGTERM, at the first Ctrl-C, and when the main machine asks.

    A second Ctrl-C ends it at once, as Celery does.
    """
    departure = _Departure()

    class Looking(bootsteps.StartStopStep):  # type: ignore[misc]
        """Looks whether the worker is to leave, as long as it is connected; after a loss of the broker anew."""

        requires = ("celery.worker.consumer.tasks:Tasks",)

        def start(self, parent: Any) -> None:
            parent.timer.call_repeatedly(BETWEEN_LOOKS_S, departure.look, (parent,))

    def asked(panel_state: Any, **_: Any) -> dict[str, str]:
        departure.is_asked = True
        return {"ok": "leaves when its run has ended"}

    def ready(**_: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, departure.on_signal)

    app.steps["consumer"].add(Looking)
    Panel.data["shutdown"] = asked
    signals.worker_init.connect(departure.keep_worker, weak=False)
    signals.worker_ready.connect(ready, weak=False)


class _Departure:
    """Whether a worker was asked to leave, and what follows."""

    def __init__(self) -> None:
        self.is_asked = False
        self._worker: Any = None

    def keep_worker(self, sender: Any, **_: Any) -> None:
        self._worker = sender

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        self.is_asked = True
        # The next Ctrl-C is Celery's, which ends the run.
        install_worker_term_hard_handler(self._worker, sig="SIGINT", verbose=False)

    def look(self, consumer: Any) -> None:
        """Take no further run once asked, and end when there is none any more."""
        if not self.is_asked:
            return
        consumer.task_consumer.cancel()
        if not (state.active_requests or state.reserved_requests):
            state.should_stop = 0
