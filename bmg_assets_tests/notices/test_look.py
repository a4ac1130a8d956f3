"""What is worth a notice is told once, whatever is restarted, and nothing that is older than notices themselves."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import dagster as dg
import pytest

from bmg_assets.execution.claim_table import take_over
from bmg_assets.execution.run_failures import WILL_RETRY_TAG
from bmg_assets.notices import journal, look
from bmg_assets.notices.file_way import FileOfNotices
from bmg_assets.notices.look import CLAIM
from bmg_assets.partitions import registered_systems
from bmg_assets.science.errors import BmgError
from bmg_assets.store.record import NOTICES
from bmg_assets_tests.intake.cast_files import line
from bmg_assets_tests.notices.happenings import BY_NIGHT, ZR, Laboratory
from bmg_assets_tests.notices.receivers import Hook

REFUSED = "wrong.csv: 1 row refused"


@pytest.fixture
def lab(tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> Laboratory:
    monkeypatch.setattr(look, "_off", set())
    return Laboratory.at(tmp_path, instance)


@pytest.fixture
def on(lab: Laboratory) -> Laboratory:
    """Notices are switched on, and nothing has happened since."""
    lab.tell()
    assert not lab.look().is_off
    return lab


def restart() -> None:
    """As if the process were another."""
    journal._read.clear()
    look._off.clear()


def everything(lab: Laboratory) -> None:
    lab.refused()
    lab.contradiction()
    lab.train("Al5Cu45Zr50")
    lab.run("FAILURE", **BY_NIGHT)
    lab.instance.add_dynamic_partitions("target_system", ["zr-al-cu"])


EVERYTHING = {
    REFUSED,
    "Zr50Al5Cu45: casts contradict each other",
    "Zr-Al-Cu: cast next Zr50Al5Cu45",
    "The training of Zr-Al-Cu failed",
    "The registered key 'zr-al-cu' is no system",
}


def test_nothing_is_done_where_nobody_is_to_be_told(lab: Laboratory) -> None:
    everything(lab)
    assert lab.look().is_off
    assert lab.look().is_off
    assert lab.inbox.record.stream(NOTICES).entries() == []


def test_each_event_is_told_once_with_its_reason_and_link(on: Laboratory) -> None:
    everything(on)
    on.look()
    assert set(on.told) == EVERYTHING
    for _ in range(2):
        restart()
        on.look()
    assert len(on.told) == len(EVERYTHING)
    found = {one["event"]: one for one in on.lines}
    candidates = found["candidates"]["candidates"]
    assert candidates == [
        {
            "composition": "Zr50Al5Cu45",
            "dmax_mm": 4.26,
            "low_mm": 2.0,
            "high_mm": 7.5,
            "state": "proposed",
            "reason": "the best of the map",
        }
    ]
    assert (
        "Zr50Al5Cu45: predicted D_max 4.26 mm, interval 2 to 7.5 mm. the best of the map" in found["candidates"]["text"]
    )
    assert found["candidates"]["link"] == "http://localhost:3001/systems/Zr-Al-Cu"
    (fault,) = found["refused_rows"]["faults"]
    assert fault["line"] == "3"
    assert f"Line 3: {fault['reason']}; {fault['what_to_do']}." in found["refused_rows"]["text"]
    assert found["refused_rows"]["link"].startswith("http://localhost:3001/inbox/wrong.")
    assert found["quarantine"]["samples"] == ["C2", "G5"]
    assert "The furnace is cold." in found["failed_training"]["text"]
    assert found["failed_training"]["run_link"] == f"http://localhost:3000/runs/{found['failed_training']['run']}"
    assert "`bmg remove zr-al-cu` takes it away" in found["unusable_key"]["text"]


def test_what_was_before_is_not_told_when_notices_are_switched_on(lab: Laboratory) -> None:
    everything(lab)
    lab.tell("file:\nevents: [candidates, refused_rows, quarantine, failed_training]")
    lab.look()
    restart()
    lab.look()
    assert lab.told == []
    lab.refused("later.csv")
    lab.look()
    assert lab.told == ["later.csv: 1 row refused"]


def test_what_happens_while_notices_are_off_is_not_told_later(on: Laboratory) -> None:
    (Path(on.inbox.root) / "notices.yaml").unlink()
    assert on.look().is_off
    on.refused()
    on.tell()
    on.look()
    on.refused("later.csv")
    on.look()
    assert on.told == ["later.csv: 1 row refused"]


def test_a_way_that_comes_later_tells_nothing_old(on: Laboratory, hook: Hook) -> None:
    on.refused()
    on.look()
    on.tell(f"file:\nwebhook: {{url: '{hook.url}'}}")
    on.look()
    on.refused("later.csv")
    on.look()
    assert on.told == [REFUSED, "later.csv: 1 row refused"]
    assert hook.subjects == ["later.csv: 1 row refused"]


def test_what_happened_while_nobody_looked_is_told(on: Laboratory) -> None:
    restart()
    everything(on)
    restart()
    on.look()
    assert set(on.told) == EVERYTHING


def test_killed_between_sending_and_noting_a_file_has_it_once_and_a_hook_twice_under_one_identity(
    lab: Laboratory, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.tell(f"file:\nwebhook: {{url: '{hook.url}'}}")
    lab.look()
    lab.refused()

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    for way in ("webhook", "file"):
        noted = journal.Journal.note_sent
        with monkeypatch.context() as patch:
            patch.setattr(
                journal.Journal,
                "note_sent",
                lambda self, one, notice, way=way, noted=noted: killed() if one == way else noted(self, one, notice),
            )
            with pytest.raises(KeyboardInterrupt):
                lab.look()
        restart()
    lab.look()
    assert lab.told == [REFUSED]
    assert hook.subjects == [REFUSED, REFUSED]
    assert hook.came[0]["id"] == hook.came[1]["id"]


def test_of_two_looks_at_once_one_tells(on: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    on.refused()
    began, go_on, send = Barrier(2, timeout=20), Barrier(2, timeout=20), FileOfNotices.send

    def slowly(self: FileOfNotices, message: Any) -> None:
        began.wait()
        go_on.wait()
        send(self, message)

    monkeypatch.setattr(FileOfNotices, "send", slowly)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(on.look)
        began.wait()
        assert on.look().waiting == ["Another look is at work."]
        go_on.wait()
        assert first.result().waiting == []
    assert on.told == [REFUSED]


def test_a_look_that_was_killed_holds_up_the_others_for_a_while_only(
    on: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert take_over(on.instance, CLAIM, None, "a look that was killed")
    on.refused()
    on.look()
    assert on.told == []
    monkeypatch.setattr(look, "LONGEST_LOOK_S", 0.0)
    on.look()
    assert on.told == [REFUSED]


@pytest.mark.parametrize(
    ("status", "tags"),
    [("FAILURE", {}), ("CANCELED", BY_NIGHT), ("SUCCESS", BY_NIGHT), ("FAILURE", BY_NIGHT | {WILL_RETRY_TAG: "true"})],
)
def test_a_run_that_somebody_watches_or_stopped_or_that_is_tried_again_is_no_failure_to_tell(
    on: Laboratory, status: str, tags: dict[str, str]
) -> None:
    on.run(status, **tags)
    on.look()
    assert on.told == []


def test_the_same_candidates_again_are_no_news_and_others_are(on: Laboratory) -> None:
    on.train("Al5Cu45Zr50")
    on.look()
    on.train("Al5Cu45Zr50")
    on.look()
    on.train("Al10Cu40Zr50")
    restart()
    on.look()
    on.train("Al5Cu45Zr50")
    on.look()
    assert on.told == [f"{ZR}: cast next {one}" for one in ("Zr50Al5Cu45", "Zr50Al10Cu40", "Zr50Al5Cu45")]


def test_candidates_are_told_when_their_run_has_ended_also_as_the_retry_of_another(on: Laboratory) -> None:
    first = dg.DagsterRun("system_job", status=dg.DagsterRunStatus.STARTED, tags={"dagster/partition": ZR, **BY_NIGHT})
    on.instance.add_run(first)
    on.propose(first, ["Al5Cu45Zr50"])
    on.look()
    assert on.told == []
    on.instance.add_run_tags(first.run_id, {WILL_RETRY_TAG: "true"})
    on.end(first, "FAILURE")
    on.look()
    assert on.told == []
    again = dg.DagsterRun(
        "system_job",
        status=dg.DagsterRunStatus.STARTED,
        tags={"dagster/partition": ZR},
        root_run_id=first.run_id,
        parent_run_id=first.run_id,
    )
    on.instance.add_run(again)
    on.end(again, "SUCCESS")
    on.look()
    assert on.told == [f"{ZR}: cast next Zr50Al5Cu45"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BmgError("The table is damaged."), "The table is damaged."),
        (KeyError("Ni"), f"{ZR} cannot be looked at (KeyError: 'Ni'); the next look tries it again."),
    ],
)
def test_a_table_that_cannot_be_read_holds_up_nothing_and_is_told_when_it_can(
    on: Laboratory, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def damaged(*_: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(look, "new_candidates", damaged)
        on.train("Al5Cu45Zr50")
        on.refused()
        assert on.look().waiting == [words]
    assert on.told == [REFUSED]
    restart()
    on.look()
    assert on.told == [REFUSED, f"{ZR}: cast next Zr50Al5Cu45"]


def test_many_runs_that_give_no_notice_are_not_looked_at_again(on: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "MOST_UNNOTED_RUNS", 3)
    for _ in range(5):
        on.run("CANCELED", **BY_NIGHT)
    on.look()
    before = len(on.inbox.record.stream(NOTICES).entries())
    for _ in range(3):
        on.look()
    assert len(on.inbox.record.stream(NOTICES).entries()) == before


def test_a_contradiction_is_told_when_it_arises_and_not_with_every_file(on: Laboratory) -> None:
    on.contradiction()
    on.look()
    on.report(line("M3", dimension_mm="9", verdict="amorphous", composition_nominal="Zr60Al10Cu30"), name="more.csv")
    on.look()
    assert on.told == ["Zr50Al5Cu45: casts contradict each other"]
    on.report(line("D1", dimension_mm="1", verdict="crystalline"), name="again.csv")
    on.look()
    assert len(on.told) == 2


def test_a_file_that_is_refused_as_a_whole_is_told(on: Laboratory) -> None:
    (on.inbox.inbox / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    on.inbox.take_in_complete()
    on.look()
    assert on.told == ["photo.png: 1 row refused"]
    assert "The file: " in on.lines[0]["text"]


def test_events_that_nobody_asked_for_are_not_told(on: Laboratory) -> None:
    on.tell("file:\nevents: [quarantine]")
    everything(on)
    on.look()
    on.tell()
    on.look()
    assert "Zr50Al5Cu45: casts contradict each other" in on.told
    assert REFUSED not in on.told


def test_a_quiet_look_writes_nothing(on: Laboratory) -> None:
    everything(on)
    on.look()
    before = dataclasses.asdict(on.inbox.record.stream(NOTICES).entries()[-1])
    for _ in range(3):
        on.look()
    restart()
    on.look()
    assert dataclasses.asdict(on.inbox.record.stream(NOTICES).entries()[-1]) == before
    assert registered_systems(on.instance) == ["zr-al-cu"]
