"""A worker that has lost the broker says so in a sentence."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from amqp.exceptions import RecoverableConnectionError
from celery import Celery
from celery.worker.request import logger
from kombu.message import Message

from bmg_assets.launch.worker_log import NOT_TAKEN_BACK, tell_losses_in_sentences


@pytest.fixture(autouse=True)
def shortened() -> Iterator[None]:
    before = list(logger.filters)
    tell_losses_in_sentences(Celery(broker="amqp://127.0.0.1", set_as_current=False))
    yield
    logger.filters[:] = before


class LostChannel:
    """A channel of a connection that has ended."""

    no_ack_consumers = None

    def basic_ack(self, *_: Any, **__: Any) -> None:
        raise RecoverableConnectionError("connection already closed")


def test_a_run_whose_message_went_to_another_worker_is_told_in_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    message = Message(delivery_tag=3, channel=LostChannel(), headers={})
    message.ack_log_error(logger, (RecoverableConnectionError,))
    (record,) = caplog.records
    assert (record.getMessage(), record.levelno, record.exc_info) == (NOT_TAKEN_BACK, logging.WARNING, None)


def test_other_errors_keep_their_traceback(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError("a mistake of ours")
    except ValueError:
        logger.exception("A run cannot begin.")
    logger.warning("Said without an error.")
    first, second = caplog.records
    assert first.exc_info is not None
    assert first.levelno == logging.ERROR
    assert second.getMessage() == "Said without an error."
