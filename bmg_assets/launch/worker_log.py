"""What a worker says when it has lost the broker: a sentence instead of a traceback. Needs the extra `cluster`."""

import logging
import warnings

from celery.exceptions import CPendingDeprecationWarning

NOT_TAKEN_BACK = (
    "The broker was lost while a run was at work here. It has offered the run to another worker, which leaves alone "
    "what has begun; nothing is to be done."
)
NOT_TOLD = "Couldn't ack"
"""How the message begins in whose place the sentence comes."""


def tell_losses_in_sentences() -> None:
    """Shorten what Celery says in this process. After the worker is made, which sets up its own warnings."""
    logging.getLogger("celery.worker.request").addFilter(_in_a_sentence)
    # It is about a choice that queues.py makes, and comes with each loss.
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)


def _in_a_sentence(record: logging.LogRecord) -> bool:
    """Replace the traceback where a broker that was lost cannot be told that a run has ended; others stay."""
    if record.exc_info and str(record.msg).startswith(NOT_TOLD):
        record.msg, record.args, record.exc_info = NOT_TAKEN_BACK, (), None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True
