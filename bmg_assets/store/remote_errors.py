"""What has gone wrong between this machine and a server of files, told from what the libraries behind fsspec raise.

Each library has errors of its own, not all of them OSErrors. They are known by their names here, so that none of
the libraries must be installed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any


class Kind(Enum):
    """What can be done about it."""

    NO_FILE = auto()
    FILE_EXISTS = auto()
    NO_SUCH_PART = auto()
    NO_BUCKET = auto()
    NO_CREDENTIALS = auto()
    REFUSED = auto()
    CLOCK = auto()
    UNREACHABLE = auto()
    OTHER = auto()


CODES = {
    "NoSuchBucket": Kind.NO_BUCKET,
    "NoSuchKey": Kind.NO_FILE,
    "404": Kind.NO_FILE,
    "InvalidRange": Kind.NO_SUCH_PART,
    "416": Kind.NO_SUCH_PART,
    "PreconditionFailed": Kind.FILE_EXISTS,
    "412": Kind.FILE_EXISTS,
    "ConditionalRequestConflict": Kind.FILE_EXISTS,
    "RequestTimeTooSkewed": Kind.CLOCK,
    "InvalidAccessKeyId": Kind.REFUSED,
    "SignatureDoesNotMatch": Kind.REFUSED,
    "AccessDenied": Kind.REFUSED,
    "ExpiredToken": Kind.REFUSED,
    "403": Kind.REFUSED,
    **dict.fromkeys(("500", "502", "503", "504", "InternalError", "ServiceUnavailable", "SlowDown"), Kind.UNREACHABLE),
}
"""By the code in a server's answer."""
CLASSES = {
    "botocore.exceptions.NoCredentialsError": Kind.NO_CREDENTIALS,
    "botocore.exceptions.PartialCredentialsError": Kind.NO_CREDENTIALS,
    "botocore.exceptions.ConnectionError": Kind.UNREACHABLE,
    "botocore.exceptions.HTTPClientError": Kind.UNREACHABLE,
    "aiohttp.client_exceptions.ClientConnectionError": Kind.UNREACHABLE,
    "builtins.FileExistsError": Kind.FILE_EXISTS,
    "builtins.FileNotFoundError": Kind.NO_FILE,
    "builtins.PermissionError": Kind.REFUSED,
    "builtins.ConnectionError": Kind.UNREACHABLE,
    "builtins.TimeoutError": Kind.UNREACHABLE,
}
"""By the class of the error, or one above it; the first that fits counts."""
REMEDIES = {
    Kind.NO_BUCKET: "make it, or name another place in BMG_STORE and BMG_RECORD",
    Kind.NO_CREDENTIALS: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into ~/.aws/credentials",
    Kind.REFUSED: "look at the credentials of this machine and at what they may do there",
    Kind.CLOCK: "set the clock of this machine, best by NTP",
    Kind.UNREACHABLE: "look at the address (AWS_ENDPOINT_URL for a server of your own), the network and the server",
}


@dataclass(frozen=True)
class Failure:
    """An error, understood."""

    kind: Kind
    words: str
    """What the library or the server said, in one line."""

    def sentence(self, where: str, bucket: str, writes: bool) -> str:
        """What is told of it: where, why, and what to do."""
        found = {
            Kind.NO_BUCKET: f"there is no bucket '{bucket}'",
            Kind.NO_CREDENTIALS: "this machine has no credentials for it",
            Kind.REFUSED: f"the server refuses it to this machine's credentials ({self.words})",
            Kind.CLOCK: "the clock of this machine and that of the server differ by more than the server accepts",
            Kind.UNREACHABLE: f"the server does not answer ({self.words})",
        }.get(self.kind, self.words)
        unchanged = "; what was there before is unchanged" if writes else ""
        remedy = REMEDIES.get(self.kind, "look at the server")
        what = "written" if writes else "read"
        return f"{where} could not be {what} because {found}{unchanged}: {remedy} and run again."


def failure_of(error: Exception) -> Failure:
    """What an error means, by the answer of the server in it, else by its class."""
    words = " ".join(str(error).split()) or type(error).__name__
    for one in _chain(error):
        answer = getattr(one, "response", None)
        code = _code(answer)
        if code in CODES:
            return Failure(CODES[code], f"{code}")
    for one in _chain(error):
        for above in type(one).__mro__:
            kind = CLASSES.get(f"{above.__module__}.{above.__qualname__}")
            if kind is not None:
                return Failure(kind, words)
    return Failure(Kind.OTHER, words)


def _code(answer: Any) -> str | None:
    """The code in an answer as botocore keeps it."""
    if not isinstance(answer, Mapping):
        return None
    return str(answer.get("Error", {}).get("Code"))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
