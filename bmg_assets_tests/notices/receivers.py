"""Receivers of notices for tests: a server of HTTP and one of SMTP, at a free port of this machine."""

import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no fault of a test."""


@contextmanager
def _serving(handler: type[socketserver.BaseRequestHandler], port: int = 0) -> Iterator[int]:
    with _Server(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Hook:
    """Where notices are posted to: what came, and with which status it is answered."""

    port: int = 0
    status: int = 200
    refused_words: str = ""
    """A message that holds these is refused with status 400."""
    came: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/lab"

    @property
    def subjects(self) -> list[str]:
        return [one["subject"] for one in self.came]

    @contextmanager
    def serving(self) -> Iterator["Hook"]:
        """At work, at the same port every time."""
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook.paths.append(self.path)
                is_refused = bool(hook.refused_words) and hook.refused_words in body["text"]
                status = 400 if is_refused else hook.status
                if status < 300:
                    hook.came.append(body)
                    hook.headers.append(dict(self.headers))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", hook.url)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        with _serving(Handler, self.port) as port:
            self.port = port
            yield self


@dataclass
class Mailbox:
    """A server of SMTP: what it took, and how it answers.

    answers: by command, instead of "250 OK". certificate: with its key, for STARTTLS.
    """

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    certificate: Path | None = None
    came: list[Message] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """Every command, with "(TLS) " before one that came encrypted."""

    @contextmanager
    def serving(self) -> Iterator["Mailbox"]:
        """At work, at the same port every time."""
        mailbox = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                mailbox._talk(self)

        with _serving(Handler, self.port) as port:
            self.port = port
            yield self

    def _talk(self, client: socketserver.StreamRequestHandler) -> None:
        files, is_encrypted = (client.rfile, client.wfile), False
        files[1].write(b"220 here\r\n")
        with suppress(OSError):
            while command := files[0].readline().decode().strip():
                self.heard.append(f"{'(TLS) ' if is_encrypted else ''}{command}")
                verb = command.split()[0].upper()
                files[1].write(f"{self._answer(verb, is_encrypted)}\r\n".encode())
                if verb == "DATA" and "DATA" not in self.answers:
                    self._take(files)
                elif verb == "STARTTLS" and self.certificate is not None:
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.load_cert_chain(self.certificate)
                    connection = context.wrap_socket(client.connection, server_side=True)
                    files, is_encrypted = (connection.makefile("rb"), connection.makefile("wb", buffering=0)), True
                elif verb == "QUIT":
                    return

    def _answer(self, verb: str, is_encrypted: bool) -> str:
        if verb in self.answers:
            return self.answers[verb]
        if verb == "EHLO":
            offers = ["STARTTLS"] if self.certificate is not None and not is_encrypted else []
            return "\r\n".join([*(f"250-{one}" for one in ("here", *offers)), "250 AUTH PLAIN"])
        return {"DATA": "354 go on", "AUTH": "235 you are", "STARTTLS": "220 begin", "QUIT": "221 bye"}.get(
            verb, "250 OK"
        )

    def _take(self, files: Any) -> None:
        lines = []
        while (line := files[0].readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        after = self.answers.get("END", "250 taken")
        if after.startswith("2"):
            self.came.append(message_from_bytes(b"".join(lines)))
        files[1].write(f"{after}\r\n".encode())
