"""What a worker says when it has lost the broker: a sentence instead of a traceback. Needs the extra `cluster`."""

import logging
import warnings

from celery import Celery
from celery.exceptions import CPendingDeprecationWarning

NOT_TAKEN_BACK = (
    "The broker was lost while a run was at work here. It has offered the run to another worker, which leaves alone "
    "what has begun; nothing is to be done."
)


def tell_losses_in_sentences(app: Celery) -> None:
    """Shorten what Celery says in this process."""
    logging.getLogger("celery.worker.request").addFilter(InASentence(app.connection_for_write().connection_errors))
    # It is about a choice that queues.py makes, and comes with each loss.
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)


class InASentence(logging.Filter):
    """Puts a sentence in the place of the traceback where a broker cannot be told that a run has ended.

    Args:
        lost: what is raised when the broker is lost; other errors stay as they are.
    """

    def __init__(self, lost: tuple[type[Exception], ...]) -> None:
        super().__init__()
        self._lost = lost

    def filter(self, record: logging.LogRecord) -> bool:
        """Change a line of the log; True lets it be written."""
        if record.exc_info and isinstance(record.exc_info[1], self._lost):
            record.msg, record.args, record.exc_info = NOT_TAKEN_BACK, (), None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True
