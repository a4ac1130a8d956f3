"""A worker that has lost the broker says so in a sentence."""

import errno
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from celery.exceptions import CPendingDeprecationWarning
from celery.worker.request import logger
from kombu.message import Message

from bmg_assets.launch.worker_log import NOT_TAKEN_BACK, tell_losses_in_sentences


@pytest.fixture(autouse=True)
def shortened() -> Iterator[None]:
    before = list(logger.filters)
    with warnings.catch_warnings():
        # As a worker does before.
        warnings.filterwarnings("always", "", CPendingDeprecationWarning)
        tell_losses_in_sentences()
        yield
    logger.filters[:] = before


class LostError(Exception):
    """The connection has ended."""


class LostChannel:
    """A channel of a connection that has ended."""

    no_ack_consumers = None

    def basic_ack(self, *_: Any, **__: Any) -> None:
        raise LostError


def test_a_run_whose_message_went_to_another_worker_is_told_in_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    message = Message(delivery_tag=3, channel=LostChannel(), headers={})
    message.ack_log_error(logger, (LostError,))
    (record,) = caplog.records
    assert (record.getMessage(), record.levelno, record.exc_info) == (NOT_TAKEN_BACK, logging.WARNING, None)


def test_a_choice_of_ours_is_not_warned_of() -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.warn("the setting will be True in Celery 6", CPendingDeprecationWarning, stacklevel=1)
    assert said == []


def test_other_errors_keep_their_traceback(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise OSError(errno.ENOSPC, "No space left on device")
    except OSError:
        logger.exception("Task handler raised error")
    logger.warning("Said without an error.")
    first, second = caplog.records
    assert first.exc_info is not None
    assert first.levelno == logging.ERROR
    assert second.getMessage() == "Said without an error."
