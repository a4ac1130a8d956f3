"""The tick that tells people: it asks for no run, and says what waits."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.notices.delivery import Pauses
from bmg_assets_tests.automation.night import evaluate_sensor
from bmg_assets_tests.notices.happenings import Laboratory


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """On disk: the context of a sensor takes no other one."""
    (tmp_path / "home").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "home")) as instance:
        yield instance


def test_a_tick_tells_what_happened_and_keeps_when_to_try_again(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    lab = Laboratory.at(tmp_path, instance)

    def tick() -> tuple[str, str]:
        data = evaluate_sensor("notice_sensor", instance, store=lab.store, lab_inbox=lab.inbox)
        assert data.run_requests == []
        return str(data.skip_message), data.cursor or ""

    assert tick()[0] == f"Nobody is to be told anything: {lab.inbox.root} has no notices.yaml."
    lab.tell("file: {path: missing/notices.jsonl}")
    assert tick()[0] == "Everything was told."
    lab.refused()
    words, cursor = tick()
    assert words.startswith("1 notice waits for the way file. ")
    assert Pauses.from_text(cursor).is_on("file")
    lab.tell("file: {path: [}")
    assert tick()[0].startswith("Nobody is told anything: ")
    lab.tell("file:")
    assert tick()[0] == "Everything was told."
    assert lab.told == ["wrong.csv: 1 row refused"]
