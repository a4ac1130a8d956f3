"""How the servers of `bmg ui` are run: uvicorn, with limits for those that never finish their request."""

import asyncio
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S = 20.0
"""How long a request may take to arrive as a whole."""
MOST_CONNECTIONS = 500
"""More are answered with status 503; every connection takes one of the process's file descriptors."""
LEAVE_S = 3
"""How long open connections may go on when the server ends."""


def server_of(app: ASGIApp, **options: Any) -> uvicorn.Server:
    """A server of an application; `options` are those of uvicorn."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=TimedProtocol,
            access_log=False,
            # Every malformed request is worth a warning to uvicorn; it would fill the terminal.
            log_level="error",
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=LEAVE_S,
            **options,
        )
    )


class TimedProtocol(H11Protocol):
    """Ends a connection whose request has not arrived as a whole in time: uvicorn itself would wait for ever."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Stop waiting where the request is whole."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._watch()

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Stop waiting: a websocket stays open."""
        self._stop()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def _watch(self) -> None:
        is_answering = self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete
        if is_answering or self.transport.get_protocol() is not self:
            self._stop()
        elif self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(REQUEST_S, self.transport.abort)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
