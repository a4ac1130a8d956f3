"""How many cores a process may use, and how the steps of a run share them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.build import build_executor
from bmg_assets.defaults import Defaults
from bmg_assets.execution.cores import MOST_STEPS, CoresError, CoreShares, shared_cores, usable_cores
from bmg_assets.settings import DefaultsError

MACHINE = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@pytest.mark.parametrize(
    ("cores", "steps", "threads"),
    [(1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 4, 1), (7, 4, 1), (8, 4, 2), (64, 4, 16)],
)
def test_steps_side_by_side_come_first_and_threads_take_the_rest(cores: int, steps: int, threads: int) -> None:
    assert shared_cores(cores) == CoreShares(steps, threads)


@pytest.mark.parametrize(
    ("cores", "threads", "steps"), [(1, 1, 1), (2, 1, 2), (2, 2, 1), (4, 2, 2), (4, 3, 1), (64, 16, 4), (64, 32, 2)]
)
def test_threads_that_somebody_decided_leave_room_for_fewer_steps(cores: int, threads: int, steps: int) -> None:
    assert shared_cores(cores, threads) == CoreShares(steps, threads)


def test_more_threads_than_cores_are_as_many_as_cores() -> None:
    assert shared_cores(2, 16) == CoreShares(1, 2)


@given(cores=st.integers(1, 512), threads=st.none() | st.integers(1, 512))
def test_steps_times_threads_never_exceed_the_cores(cores: int, threads: int | None) -> None:
    shares = shared_cores(cores, threads)
    assert 1 <= shares.steps <= MOST_STEPS
    assert shares.threads >= 1
    assert shares.steps * shares.threads <= cores


V2 = "sys/fs/cgroup/cpu.max"
V1_QUOTA, V1_PERIOD = "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "sys/fs/cgroup/cpu/cpu.cfs_period_us"


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, 64),
        ({V2: "max 100000\n"}, 64),
        ({V2: "250000 100000\n"}, 2),
        ({V2: "50000 100000\n"}, 1),
        ({V1_QUOTA: "-1\n", V1_PERIOD: "100000\n"}, 64),
        ({V1_QUOTA: "300000\n", V1_PERIOD: "100000\n"}, 3),
        (
            {
                "proc/self/cgroup": "0::/a.slice/b.scope\n",
                "sys/fs/cgroup/a.slice/cpu.max": "400000 100000\n",
                "sys/fs/cgroup/a.slice/b.scope/cpu.max": "max 100000\n",
            },
            4,
        ),
    ],
)
def test_a_quota_counts_not_what_the_machine_has(
    files: dict[str, str], cores: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BMG_CORES", raising=False)
    monkeypatch.setattr("bmg_assets.execution.cores._bound_to", lambda: 64)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert usable_cores(tmp_path) == cores


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process to cores")
def test_a_process_bound_to_one_core_has_one() -> None:
    code = "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
    code += "from bmg_assets.execution.cores import usable_cores; print(usable_cores())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "1\n"


def test_the_limit_of_a_deployment_holds_and_gives_nothing_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, cores in (("1", 1), (str(MACHINE), MACHINE), (str(MACHINE + 60), MACHINE)):
        monkeypatch.setenv("BMG_CORES", text)
        assert usable_cores(Path("/nowhere")) == cores


@pytest.mark.parametrize("text", ["0", "-2", "two", "1.5", "²"])
def test_a_limit_that_cannot_be_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_CORES", text)
    with pytest.raises(CoresError, match=f"^BMG_CORES is '{text}', expected a whole number of cores from 1"):
        usable_cores()


def test_the_executor_and_the_sub_models_share_the_same_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bmg_assets.execution.cores._bound_to", lambda: 64)
    monkeypatch.setattr("bmg_assets.execution.cores._quotas", lambda _: [])
    monkeypatch.delenv("BMG_THREADS", raising=False)
    for limit, steps, threads in (("1", 1, 1), ("2", 2, 1), ("64", 4, 16)):
        monkeypatch.setenv("BMG_CORES", limit)
        assert side_by_side() == steps
        assert Defaults.from_environment().threads_of_sub_model() == threads
    monkeypatch.setenv("BMG_THREADS", "32")
    assert side_by_side() == 2
    assert Defaults.from_environment().threads_of_sub_model() == 32


@pytest.mark.parametrize("text", ["0", "-1", "many"])
def test_threads_that_cannot_be_are_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_THREADS", text)
    with pytest.raises(DefaultsError, match=f"BMG_THREADS is '{text}', expected"):
        Defaults.from_environment()


def test_libraries_of_a_step_use_no_more_threads_than_its_share() -> None:
    code = "import bmg_assets.execution.preload\nfrom threadpoolctl import threadpool_info\n"
    code += "print(max(pool['num_threads'] for pool in threadpool_info()))"
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment | {"BMG_CORES": "1"}, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def side_by_side() -> int:
    """Steps that the executor runs at once."""
    return build_executor().apply_config_mapping({"config": {}}).value["config"]["max_concurrent"]
