"""Errors of servers and libraries are understood by what they say, and told in one sentence."""

import pytest

from bmg_assets.store.remote_errors import Failure, Kind, failure_of

OF_THE_FILE = (Kind.NO_FILE, Kind.FILE_EXISTS, Kind.NO_SUCH_PART)


class AnsweredError(Exception):
    """An error with a server's answer, as botocore raises it."""

    def __init__(self, code: str) -> None:
        super().__init__(f"An error occurred ({code})")
        self.response = {"Error": {"Code": code}}


@pytest.mark.parametrize(
    "code,kind",
    [
        ("NoSuchBucket", Kind.NO_BUCKET),
        ("NoSuchKey", Kind.NO_FILE),
        ("PreconditionFailed", Kind.FILE_EXISTS),
        ("RequestTimeTooSkewed", Kind.CLOCK),
        ("SignatureDoesNotMatch", Kind.REFUSED),
        ("InvalidAccessKeyId", Kind.REFUSED),
        ("SlowDown", Kind.UNREACHABLE),
        ("503", Kind.UNREACHABLE),
        ("MalformedXML", Kind.OTHER),
    ],
)
def test_the_code_of_the_answer_counts(code: str, kind: Kind) -> None:
    error = OSError(22, None)
    error.__cause__ = AnsweredError(code)
    assert failure_of(error).kind is kind


@pytest.mark.parametrize(
    "error,kind",
    [
        (FileNotFoundError("one.bin"), Kind.NO_FILE),
        (FileExistsError("one.bin"), Kind.FILE_EXISTS),
        (PermissionError("Forbidden"), Kind.REFUSED),
        (ConnectionResetError("reset by peer"), Kind.UNREACHABLE),
        (TimeoutError(), Kind.UNREACHABLE),
        (ValueError("what is this"), Kind.OTHER),
    ],
)
def test_without_an_answer_the_class_counts(error: Exception, kind: Kind) -> None:
    assert failure_of(error).kind is kind


def test_a_clock_that_is_wrong_is_named_with_the_remedy() -> None:
    said = Failure(Kind.CLOCK, "RequestTimeTooSkewed").sentence("s3://lab/one.bin", "lab", writes=True)
    assert said == (
        "s3://lab/one.bin could not be written because the clock of this machine and that of the server differ by more "
        "than the server accepts; what was there before is unchanged: set the clock of this machine, best by NTP and "
        "run again."
    )


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in OF_THE_FILE])
def test_every_sentence_says_where_why_and_what_to_do(kind: Kind) -> None:
    said = Failure(kind, "its words").sentence("s3://lab/store", "lab", writes=False)
    assert said.startswith("s3://lab/store could not be read because ")
    assert ": " in said
    assert said.endswith(" and run again.")
