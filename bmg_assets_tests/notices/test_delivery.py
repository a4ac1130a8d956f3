"""Receivers that are away, refuse one notice, or never come: nothing is lost, and no way waits for another."""

from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.notices import delivery, look
from bmg_assets.notices.delivery import FIRST_PAUSE_S, LONGEST_PAUSE_S, Pauses
from bmg_assets.notices.ways import Message
from bmg_assets.notices.webhook import Webhook
from bmg_assets_tests.notices.happenings import Laboratory
from bmg_assets_tests.notices.receivers import Hook

NAMES = ["a.csv", "b.csv", "c.csv"]
SUBJECTS = [f"{name}: 1 row refused" for name in NAMES]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in seconds since 1970; tests change it."""
    now = [1_000_000.0]
    monkeypatch.setattr(delivery, "time", lambda: now[0])
    return now


@pytest.fixture
def lab(tmp_path: Path, instance: dg.DagsterInstance, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Laboratory:
    """A file of notices, and a hook."""
    monkeypatch.setattr(look, "_off", set())
    lab = Laboratory.at(tmp_path, instance)
    lab.tell(f"file:\nwebhook: {{url: '{hook.url}'}}")
    lab.look()
    return lab


def test_a_receiver_that_is_away_gets_everything_in_order_when_it_is_back(
    lab: Laboratory, hook: Hook, clock: list[float]
) -> None:
    hook.status = 503
    for name in NAMES:
        lab.refused(name)
    told = lab.look()
    assert told.waiting == [f"3 notices wait for the way webhook. 127.0.0.1:{hook.port} answers with status 503."]
    assert lab.told == SUBJECTS
    hook.status = 200
    lab.look()
    assert hook.subjects == []  # the pause is not over
    clock[0] += FIRST_PAUSE_S + 1
    assert lab.look().waiting == []
    assert hook.subjects == SUBJECTS
    assert lab.pauses.by_name == {}


def test_a_notice_that_is_refused_holds_up_no_other_and_is_never_given_up(
    lab: Laboratory, hook: Hook, clock: list[float]
) -> None:
    hook.refused_words = "b.csv"
    for name in NAMES:
        lab.refused(name)
    (words,) = lab.look().waiting
    assert words.startswith("1 notice waits for the way webhook.")
    assert hook.subjects == [SUBJECTS[0], SUBJECTS[2]]
    for _ in range(12):
        clock[0] += LONGEST_PAUSE_S + 1
        lab.look()
    hook.refused_words = ""
    clock[0] += LONGEST_PAUSE_S + 1
    lab.look()
    assert sorted(hook.subjects) == SUBJECTS


def test_an_error_of_no_kind_that_is_known_holds_up_no_other_notice_and_its_words_stay_unsaid(
    lab: Laboratory, hook: Hook, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    send = Webhook.send

    def sometimes(self: Webhook, message: Message) -> None:
        if "b.csv" in message.notice.subject:
            raise RuntimeError("s3cret")
        send(self, message)

    monkeypatch.setattr(Webhook, "send", sometimes)
    for name in NAMES:
        lab.refused(name)
    assert lab.look().waiting == ["1 notice waits for the way webhook. It cannot be sent (RuntimeError)."]
    assert hook.subjects == [SUBJECTS[0], SUBJECTS[2]]
    assert "s3cret" not in " ".join(lab.said)


def test_pauses_grow_up_to_an_hour_and_survive_a_restart(clock: list[float]) -> None:
    pauses, waited = Pauses(), []
    for _ in range(10):
        pauses.failed("webhook", "away")
        waited.append(pauses.by_name["webhook"].until - clock[0])
    assert waited == [30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, *[LONGEST_PAUSE_S] * 3]
    assert Pauses.from_text(pauses.to_text()) == pauses
    assert pauses.is_on("webhook")
    clock[0] -= 10 * LONGEST_PAUSE_S
    assert not pauses.is_on("webhook")


@pytest.mark.parametrize("text", [None, "", "[1]", "{", '{"webhook": 3}', '{"webhook": {"failed": 1}}'])
def test_a_cursor_that_is_lost_or_of_another_kind_tries_at_once(text: str | None) -> None:
    assert Pauses.from_text(text) == Pauses()
