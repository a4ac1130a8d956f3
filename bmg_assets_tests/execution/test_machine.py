"""What is said of a machine that lacks what the platform needs."""

import os
from pathlib import Path

import pytest

from bmg_assets.execution.machine import MachineError, check_machine, network_file_system

MOUNTS = """/dev/sda1 / ext4 rw 0 0
proc /proc proc rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//server/lab /mnt/lab\\040share cifs rw 0 0
broken
"""


def test_a_system_that_cannot_fork_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    check_machine()
    monkeypatch.delattr(os, "fork")
    with pytest.raises(MachineError, match=r"runs on Linux and macOS.* Windows Subsystem for Linux \(WSL 2\)\.$"):
        check_machine()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/bmg", None),
        ("/home/anna/bmg", "nfs4"),
        ("/home/local/bmg", None),
        ("/mnt/lab share/bmg", "cifs"),
        ("/mnt/lab", None),
    ],
)
def test_a_network_file_system_is_known_by_the_mount_that_is_nearest(
    tmp_path: Path, path: str, kind: str | None
) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    assert network_file_system(Path(path), tmp_path / "mounts") == kind
    assert network_file_system(Path(path), tmp_path / "not there") is None
