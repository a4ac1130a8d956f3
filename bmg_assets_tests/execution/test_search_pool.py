"""Searches side by side: one thread each, the same result as alone, and none left at work when its parent is gone."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bmg_assets.execution.search_pool import (
    Search,
    WorkerEndedError,
    search_pool,
    side_by_side,
    tune_side_by_side,
    tuned,
)
from bmg_assets.science.literature.training_set import LearningData
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.settings import PROJECT
from bmg_assets_tests.science.synthetic import learnable_table

LONG_S = 600
KILLED_WITHIN_S = 30


class MistakeError(Exception):
    """Something went wrong while the searches ran."""


def threads_of_libraries() -> list[int]:
    import sklearn.svm  # noqa: F401
    import threadpoolctl

    return [library["num_threads"] for library in threadpoolctl.threadpool_info()]


def number_of_this_process() -> int:
    return os.getpid()


def make_a_mistake_while_searching() -> None:
    with search_pool(1) as pool:
        pool.submit(number_of_this_process).result()
        for _ in range(3):
            pool.submit(time.sleep, LONG_S)
        raise MistakeError


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def test_a_search_in_a_process_of_one_thread_gives_what_it_gives_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    X, y = learnable_table()
    data = LearningData(X, y, y * 0 + 1, tuple("abcdef"))
    search = Search("xgboost", data, budget_named("quick"), seed=1)
    with search_pool(1) as pool:
        there = pool.submit(tuned, search).result()
        threads = pool.submit(threads_of_libraries).result()
    here = tuned(search)
    assert there.params == here.params
    assert there.loss == here.loss
    assert there.out_of_fold.tolist() == here.out_of_fold.tolist()
    assert threads
    assert set(threads) == {1}


def square(number: int) -> int:
    return number**2


def test_each_result_comes_with_its_job_and_how_many_are_done() -> None:
    told = []
    side_by_side(square, [("two", 2), ("three", 3), ("two again", 2)], lambda *result: told.append(result))
    assert sorted((key, result) for key, result, _ in told) == [("three", 9), ("two", 4), ("two again", 4)]
    assert [progress for *_, progress in told] == ["1 of 3", "2 of 3", "3 of 3"]
    side_by_side(square, [], lambda *_: pytest.fail("nothing was to be done"))


def test_a_training_set_is_handed_on_when_all_its_sub_models_are_tuned() -> None:
    X, y = learnable_table()
    sets = [(number, LearningData(X, y + number, y * 0 + 1, tuple("abcdef"))) for number in (1, 2)]
    budget = replace(budget_named("quick"), max_evaluations=1)
    searches, whole = [], {}
    tune_side_by_side(
        sets, budget, 1, lambda number, model, progress: searches.append((number, model.name)), whole.__setitem__
    )
    assert sorted(searches) == sorted((number, name) for number in (1, 2) for name in SUB_MODELS)
    for number, data in sets:
        assert list(whole[number]) == list(SUB_MODELS)
        assert {model.training_fingerprint for model in whole[number].values()} == {data.fingerprint}


def test_a_mistake_ends_the_searches_that_are_at_work() -> None:
    started = time.monotonic()
    before = set(multiprocessing.active_children())
    with pytest.raises(MistakeError):
        make_a_mistake_while_searching()
    assert time.monotonic() - started < LONG_S / 4
    assert set(multiprocessing.active_children()) == before


def end_a_worker_from_outside() -> None:
    with search_pool(2) as pool:
        worker = pool.submit(number_of_this_process).result()
        waiting = pool.submit(time.sleep, LONG_S)
        os.kill(worker, signal.SIGKILL)
        waiting.result()


def test_a_worker_that_the_system_ended_is_told_in_one_sentence() -> None:
    with pytest.raises(WorkerEndedError, match="mostly because memory ran short; what was finished is kept"):
        end_a_worker_from_outside()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_a_killed_parent_takes_its_searches_with_it(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import time\n"
        "from bmg_assets.execution.search_pool import search_pool\n"
        "from bmg_assets_tests.execution.test_search_pool import number_of_this_process\n"
        "if __name__ == '__main__':\n"
        "    with search_pool(1) as pool:\n"
        "        print(pool.submit(number_of_this_process).result(), flush=True)\n"
        f"        pool.submit(time.sleep, {LONG_S}).result()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert is_alive(worker)
        parent.send_signal(signal.SIGKILL)
    until = time.monotonic() + KILLED_WITHIN_S
    while is_alive(worker) and time.monotonic() < until:
        time.sleep(0.2)
    assert not is_alive(worker)
