"""Work for all machines: a run for each piece, started by the daemon; what is there or asked for is not asked again."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus
from dagster._core.storage.tags import AUTO_RETRY_RUN_ID_TAG, BACKFILL_ID_TAG
from dagster._daemon.types import DaemonHeartbeat

from bmg_assets.automation.queueing import DAEMONS
from bmg_assets.execution.claims import PARTITION_TAG
from bmg_assets.execution.lost_retries import CURSOR
from bmg_assets.execution.run_failures import WILL_RETRY_TAG
from bmg_assets.launch import spread as module
from bmg_assets.launch.spread import NobodyStartsRunsError, SpreadWork, SpreadWorkError, spread
from bmg_assets.partitions import EVALUATION_DIMENSION, keys_of_backfills, registered_systems
from bmg_assets.settings import PROJECT
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.launch.test_page_server import free_port
from bmg_assets_tests.sources.declared import write_two_sources

SUCCESS, FAILURE = dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE
STARTED, CANCELED = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELED
WORK = SpreadWork("evaluation_job", EVALUATION_DIMENSION, ["literature/a", "literature/b"], {"ops": {}}, "a title")
LONGEST_START_S = 240.0


@dg.op
def nothing() -> None:
    """Nothing."""


@dg.job
def evaluating() -> None:
    """Stands for the job."""
    nothing()


def breathe(instance: dg.DagsterInstance, seconds_ago: float = 0.0) -> None:
    """A sign of life of the daemons."""
    for name in DAEMONS:
        instance.add_daemon_heartbeat(DaemonHeartbeat(time.time() - seconds_ago, name, "one", []))


def begin(instance: dg.DagsterInstance, key: str, status: dg.DagsterRunStatus, **tags: str) -> None:
    """What the daemon does for a key of the last backfill that asks for it."""
    backfill = next(one for one in instance.get_backfills() if key in (one.partition_names or ()))
    tags |= {PARTITION_TAG: key, BACKFILL_ID_TAG: backfill.backfill_id}
    instance.create_run_for_job(evaluating, status=status, tags=tags)


def end_backfill(instance: dg.DagsterInstance, status: BulkActionStatus) -> None:
    (backfill,) = instance.get_backfills(limit=1)
    instance.update_backfill(backfill.with_status(status))


def ctrl_c() -> None:
    """A person ends the command."""
    raise KeyboardInterrupt


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has these things happen, one between each two looks of whoever follows."""

    def happening(*happenings: Callable[[], object]) -> None:
        left = iter(happenings)
        monkeypatch.setattr(module, "sleep", lambda _: next(left)())

    return happening


def test_every_key_gets_a_run_and_is_followed_to_its_end(
    instance: dg.DagsterInstance, story: Callable[..., None]
) -> None:
    breathe(instance)
    said: list[str] = []
    story(
        lambda: begin(instance, "literature/a", STARTED),
        lambda: begin(instance, "literature/a", SUCCESS),
        lambda: begin(instance, "literature/b", FAILURE, **{WILL_RETRY_TAG: "true"}),  # its worker was killed
        lambda: breathe(instance, seconds_ago=600),
        lambda: begin(instance, "literature/b", SUCCESS),
    )
    spread(instance, WORK, said.append)
    (backfill,) = instance.get_backfills()
    assert (backfill.partition_names, backfill.run_config, backfill.title) == (WORK.keys, WORK.run_config, WORK.title)
    assert registered_systems(instance, EVALUATION_DIMENSION) == WORK.keys
    assert said == [
        "A run is asked for of each of 2, 0 of them before.",
        "0 of 2 done, 0 at work",
        "0 of 2 done, 1 at work",
        "1 of 2 done, 0 at work",
        "Nobody starts what is queued any more: Dagster's daemon is not at work; `bmg ui` starts it again.",
        "2 of 2 done, 0 at work",
    ]


def test_shards_of_the_atlas_are_there_and_no_key_is_added(
    instance: dg.DagsterInstance, story: Callable[..., None]
) -> None:
    breathe(instance)
    story(lambda: begin(instance, "ternaries-00", SUCCESS), lambda: begin(instance, "ternaries-07", SUCCESS))
    spread(instance, SpreadWork("atlas_job", None, ["ternaries-00", "ternaries-07"], {}, "a title"), lambda _: None)
    (backfill,) = instance.get_backfills()
    assert backfill.partition_names == ["ternaries-00", "ternaries-07"]
    assert registered_systems(instance, "atlas_shard") == []


@pytest.mark.parametrize("seconds_ago", [None, 300])
def test_nothing_is_queued_where_nobody_would_start_it(instance: dg.DagsterInstance, seconds_ago: float | None) -> None:
    if seconds_ago:
        breathe(instance, seconds_ago)
    with pytest.raises(NobodyStartsRunsError, match=r"Nobody starts what is queued: .* Start `bmg ui`"):
        spread(instance, WORK, print)
    assert (instance.get_backfills(), registered_systems(instance, EVALUATION_DIMENSION)) == ([], [])


def test_ctrl_c_leaves_the_queue_at_work_and_the_same_command_follows_it(
    instance: dg.DagsterInstance, story: Callable[..., None]
) -> None:
    breathe(instance)

    story(lambda: begin(instance, "literature/a", STARTED), ctrl_c)
    with pytest.raises(KeyboardInterrupt):
        spread(instance, WORK, print)
    (backfill,) = instance.get_backfills()
    assert backfill.status == BulkActionStatus.REQUESTED
    assert keys_of_backfills(instance) == set(WORK.keys)

    more = SpreadWork(WORK.job, WORK.dimension, [*WORK.keys, "literature/c"], WORK.run_config, WORK.title)
    ended = [lambda key=key: begin(instance, key, SUCCESS) for key in more.keys]
    story(*ended)
    spread(instance, more, print)
    assert [one.partition_names for one in instance.get_backfills()] == [["literature/c"], WORK.keys]


def test_the_end_of_a_run_that_was_asked_for_before_is_not_taken_for_that_of_the_new_one(
    instance: dg.DagsterInstance, story: Callable[..., None]
) -> None:
    """The daemon closes a backfill some time after its last run has ended."""
    breathe(instance)
    story(lambda: begin(instance, "literature/a", CANCELED), lambda: begin(instance, "literature/b", SUCCESS))
    with pytest.raises(SpreadWorkError):
        spread(instance, WORK, print)
    said: list[str] = []
    story(*[lambda key=key: begin(instance, key, SUCCESS) for key in WORK.keys])
    spread(instance, WORK, said.append)
    assert said == [
        "A run is asked for of each of 2, 0 of them before.",
        *(f"{done} of 2 done, 0 at work" for done in range(3)),
    ]


def test_of_two_backfills_one_is_cancelled_and_the_other_ends_well(
    instance: dg.DagsterInstance, story: Callable[..., None]
) -> None:
    breathe(instance)

    story(ctrl_c)
    with pytest.raises(KeyboardInterrupt):
        spread(instance, WORK, print)
    (first,) = instance.get_backfills()
    more = SpreadWork(WORK.job, WORK.dimension, [*WORK.keys, "literature/c"], WORK.run_config, WORK.title)
    story(
        lambda: instance.update_backfill(first.with_status(BulkActionStatus.CANCELED)),
        lambda: begin(instance, "literature/c", SUCCESS),
    )
    with pytest.raises(SpreadWorkError, match=r"2 of 3 were not done \(literature/[ab], literature/[ab]\)"):
        spread(instance, more, print)


def test_another_seed_is_other_work(instance: dg.DagsterInstance, story: Callable[..., None]) -> None:
    breathe(instance)
    story(lambda: end_backfill(instance, BulkActionStatus.CANCELED))
    with pytest.raises(SpreadWorkError):
        spread(instance, WORK, print)
    other = SpreadWork(WORK.job, WORK.dimension, WORK.keys, {"ops": {"evaluations": {"seed": 1}}}, WORK.title)
    story(lambda: end_backfill(instance, BulkActionStatus.FAILED))
    with pytest.raises(SpreadWorkError):
        spread(instance, other, print)
    assert [one.partition_names for one in instance.get_backfills()] == [WORK.keys, WORK.keys]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (FAILURE, r"1 of 2 were not done \(literature/b\); .* Run [0-9a-f-]+ failed: Look into its log"),
        (CANCELED, r"1 of 2 were not done \(literature/b\); .* the same command goes on with what is left\.$"),
    ],
)
def test_what_did_not_end_well_is_named(
    instance: dg.DagsterInstance, story: Callable[..., None], status: dg.DagsterRunStatus, words: str
) -> None:
    breathe(instance)
    story(lambda: begin(instance, "literature/a", SUCCESS), lambda: begin(instance, "literature/b", status))
    with pytest.raises(SpreadWorkError, match=words):
        spread(instance, WORK, print)


def lose(instance: dg.DagsterInstance, *keys: str, is_read: bool = True) -> None:
    """The workers of these are killed, and Dagster's daemon ends the backfill before it has tried them again.

    Args:
        is_read: whether it has read the failures, too.
    """
    for key in keys:
        begin(instance, key, STARTED)
        (run, *_) = instance.get_runs(limit=1)
        instance.report_run_failed(run, "Its worker was killed.")
        instance.add_run_tags(run.run_id, {WILL_RETRY_TAG: "true"})
    end_backfill(instance, BulkActionStatus.COMPLETED_FAILED)
    read = instance.event_log_storage.get_maximum_record_id() if is_read else 0
    instance.daemon_cursor_storage.set_cursor_values({CURSOR: str(read)})


def test_a_run_that_nobody_tries_again_is_asked_for_once_more(
    instance: dg.DagsterInstance, story: Callable[..., None]
) -> None:
    breathe(instance)
    said: list[str] = []
    story(
        lambda: begin(instance, "literature/a", SUCCESS),
        lambda: lose(instance, "literature/b"),
        lambda: begin(instance, "literature/b", SUCCESS),
    )
    spread(instance, WORK, said.append)
    assert [one.partition_names for one in instance.get_backfills()] == [["literature/b"], WORK.keys]
    assert "1 lost their machine and were not tried again: a run is asked for of each once more." in said
    assert said[-1] == "2 of 2 done, 0 at work"


def test_a_run_that_the_daemon_is_about_to_try_again_is_not_asked_for_a_second_time(
    instance: dg.DagsterInstance, story: Callable[..., None]
) -> None:
    breathe(instance)
    story(
        lambda: begin(instance, "literature/a", SUCCESS),
        lambda: lose(instance, "literature/b", is_read=False),
        lambda: None,
        lambda: begin(instance, "literature/b", SUCCESS),
    )
    spread(instance, WORK, print)
    assert [one.partition_names for one in instance.get_backfills()] == [WORK.keys]


@pytest.mark.parametrize(("status", "is_well"), [(SUCCESS, True), (FAILURE, False)])
def test_a_run_that_is_tried_again_just_after_its_backfill_has_ended_is_followed(
    instance: dg.DagsterInstance, story: Callable[..., None], status: dg.DagsterRunStatus, is_well: bool
) -> None:
    """Dagster takes the backfill off such a run."""

    def try_again() -> None:
        lose(instance, "literature/b")
        (run,) = instance.get_runs(limit=1)
        again = instance.create_run_for_job(evaluating, status=status, tags={PARTITION_TAG: "literature/b"})
        instance.add_run_tags(run.run_id, {AUTO_RETRY_RUN_ID_TAG: again.run_id})

    breathe(instance)
    story(lambda: begin(instance, "literature/a", SUCCESS), try_again)
    ends = nullcontext() if is_well else pytest.raises(SpreadWorkError, match=r"not done \(literature/b\)")
    with ends:
        spread(instance, WORK, print)
    assert [one.partition_names for one in instance.get_backfills()] == [WORK.keys]


def test_what_is_lost_again_and_again_is_named_in_the_end(
    instance: dg.DagsterInstance, story: Callable[..., None]
) -> None:
    breathe(instance)
    story(lambda: lose(instance, *WORK.keys), *[lambda: lose(instance, *WORK.keys)] * module.TIMES_ASKED_AGAIN)
    with pytest.raises(SpreadWorkError, match=r"2 of 2 were not done \(literature/a, literature/b\)"):
        spread(instance, WORK, print)


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a deployment with two sources, at which `bmg ui` is at work."""
    (tmp_path / "home").mkdir()
    with dg.DagsterInstance.ephemeral() as instance:
        deployment = Deployment(tmp_path, instance, write_two_sources(tmp_path / "data"))
        sources = {"sources": ["ml_bmg_gfa", "later"]}
        parts = ["literature_reports", "literature_alloys", "alloy_descriptors"]
        assert deployment.run_literature(parts, literature_reports=sources).success
        variables = os.environ | deployment.variables() | {"DAGSTER_HOME": str(tmp_path / "home")}
    ports = ("--port", str(free_port()), "--pages-port", str(free_port()))
    ui = subprocess.Popen([sys.executable, "-m", "bmg_assets.cli.main", "ui", *ports], env=variables, cwd=PROJECT)
    yield variables
    ui.send_signal(signal.SIGINT)
    ui.wait(60)


@pytest.mark.slow
def test_the_daemon_of_the_ui_starts_the_runs_and_the_evidence_evaluates_nothing_itself(
    at_work: dict[str, str], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "bmg_assets.cli.main", "evidence", "nearest", "--quick", "--spread"]
    latest = time.monotonic() + LONGEST_START_S
    while True:
        done = subprocess.run(command, env=at_work, cwd=PROJECT, capture_output=True, text=True)
        if "Nobody starts what is queued" not in done.stderr or time.monotonic() > latest:
            break
        time.sleep(2)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = re.search(r"A run is asked for of each of (\d+), 0 of them before", done.stdout)
    assert asked is not None, done.stdout
    entries = int(asked[1])
    assert f"{entries} of {entries} done, 0 at work" in done.stdout
    with dg.DagsterInstance.from_config(str(tmp_path / "home")) as instance:
        assert len(instance.get_runs(dg.RunsFilter(job_name="evaluation_job", statuses=[SUCCESS]))) == entries
        (event,) = instance.fetch_materializations(dg.AssetKey("strategy_benchmark"), limit=1).records
        metadata = event.asset_materialization.metadata
        assert metadata["entries_evaluated"].value == 0
        assert metadata["entries_there_before"].value == entries
        assert registered_systems(instance, EVALUATION_DIMENSION) == []
    again = subprocess.run(command, env=at_work, cwd=PROJECT, capture_output=True, text=True)
    assert (again.returncode, "A run is asked for" in again.stdout) == (0, False)
