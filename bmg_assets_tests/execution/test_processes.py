"""A process is known by its machine and its beginning, and by no clock."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from bmg_assets.execution.processes import Process, answers


def test_this_process_is_there_and_survives_being_written() -> None:
    own = Process.own()
    assert Process.from_text(own.to_text()) == own
    assert not own.is_gone()


@pytest.mark.parametrize("text", ["", "17", "{}", '{"pid": 17}', "[]", "null"])
def test_any_other_text_is_no_process(text: str) -> None:
    assert Process.from_text(text) is None


def test_a_process_that_was_killed_and_not_collected_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert answers(child.pid)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not answers(child.pid)


def test_a_machine_that_was_started_again_has_none_of_its_processes() -> None:
    assert replace(Process.own(), boot="another start").is_gone()


def test_nobody_knows_of_the_processes_of_another_machine() -> None:
    assert not replace(Process.own(), host="another", boot="another start", pid=2**22 + 1).is_gone()
