"""Whatever a library raises about a place becomes one sentence that names the place."""

import pytest

from bmg_assets.store.folder import FolderError
from bmg_assets.upkeep.reachable import reachable
from bmg_assets.upkeep.snapshot import BackupError


@pytest.mark.parametrize(
    ("target", "error", "words"),
    [
        ("s3://bucket/x", ImportError("Install s3fs to access S3"), "needs a library that is not installed"),
        (
            "s3://bucket/x",
            RuntimeError("Unable to locate credentials"),
            "cannot be used (Unable to locate credentials)",
        ),
        ("s3://bucket/x", TimeoutError(), "cannot be used (TimeoutError)"),
        ("/media/usb", PermissionError(13, "Permission denied"), "/media/usb cannot be used ([Errno 13] Permission"),
    ],
)
def test_it_is_one_sentence(target: str, error: Exception, words: str) -> None:
    with pytest.raises(BackupError) as told, reachable(target):
        raise error
    assert str(told.value).startswith(target)
    assert words in str(told.value)


def test_our_sentences_stay_and_mistakes_of_the_code_are_not_hidden() -> None:
    for error in (FolderError("the disk is full"), ZeroDivisionError()):
        with pytest.raises(type(error)) as told, reachable("/media/usb"):
            raise error
        assert told.value is error
