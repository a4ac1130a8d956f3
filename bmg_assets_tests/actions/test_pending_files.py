"""A file that was looked at is kept for a while, under what it holds."""

import os
from pathlib import Path

import pytest

from bmg_assets.actions import pending_files
from bmg_assets.actions.pending_files import FOLDER, LONGEST_S, keep_for_now, kept
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.science.errors import BmgError
from bmg_assets_tests.intake.cast_files import drop, inbox_at, line, table


@pytest.fixture
def inbox(tmp_path: Path) -> LabInbox:
    return inbox_at(tmp_path)


def test_a_file_is_found_by_its_content(inbox: LabInbox) -> None:
    digest = keep_for_now(inbox, b"casts")
    assert kept(inbox, digest) == b"casts"
    assert keep_for_now(inbox, b"casts") == digest
    assert inbox.take_in_complete().taken == ()


@pytest.mark.parametrize("name", ["", "0" * 64, "../../record/record.json", "A" * 64])
def test_no_other_file_is_given_out(inbox: LabInbox, name: str) -> None:
    keep_for_now(inbox, b"casts")
    assert kept(inbox, name) is None


def test_a_file_that_was_changed_is_none(inbox: LabInbox) -> None:
    digest = keep_for_now(inbox, b"casts")
    Path(inbox.root, FOLDER, digest).write_bytes(b"other casts")
    assert kept(inbox, digest) is None


def test_no_folder_is_made_where_that_of_the_laboratory_should_be(inbox: LabInbox, tmp_path: Path) -> None:
    inbox.take_in(drop(inbox, "a.csv", table(line("A"))))
    (tmp_path / "lab_results").rename(tmp_path / "unmounted")
    for one in (inbox, inbox.model_copy(update={"is_elsewhere": True})):
        with pytest.raises(BmgError, match=r"is the share that holds it mounted|main machine"):
            keep_for_now(one, b"casts")
    assert not (tmp_path / "lab_results").exists()


def test_old_files_and_too_many_are_forgotten(inbox: LabInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_files, "MOST_FILES", 3)
    digests = [keep_for_now(inbox, bytes([number])) for number in range(3)]
    for age, digest in zip((LONGEST_S + 60, 60, 30), digests, strict=True):
        path = Path(inbox.root, FOLDER, digest)
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - age))
    digests += [keep_for_now(inbox, b"a"), keep_for_now(inbox, b"b")]
    assert [kept(inbox, digest) is not None for digest in digests] == [False, False, True, True, True]
