"""What a person is shown of the ways, and what comes of a test."""

from pathlib import Path

import dagster as dg

from bmg_assets.notices.notices_file import read_notices
from bmg_assets.notices.overview import send_test, ways_now
from bmg_assets_tests.notices.happenings import Laboratory
from bmg_assets_tests.notices.receivers import Hook


def test_each_way_is_shown_with_its_last_notice_and_what_waits(
    tmp_path: Path, instance: dg.DagsterInstance, hook: Hook
) -> None:
    lab = Laboratory.at(tmp_path, instance)
    lab.tell(f"file:\nwebhook: {{url: '{hook.url}/secret'}}")
    lab.look()
    hook.status = 500
    lab.refused()
    lab.look()
    root = Path(lab.inbox.root)
    settings = read_notices(root)
    assert settings is not None
    webhook, file = ways_now(settings, root, lab.inbox.record)
    assert (webhook.last, webhook.pending, webhook.in_words) == (None, 1, f"posted to 127.0.0.1:{hook.port}")
    assert file.last is not None
    assert (file.last.notice.subject, file.pending) == ("wrong.csv: 1 row refused", 0)
    outcome = send_test(settings, root)
    assert outcome == {"webhook": f"127.0.0.1:{hook.port} answers with status 500.", "file": None}
    assert lab.told == ["wrong.csv: 1 row refused", "A test"]
    assert webhook.pending == ways_now(settings, root, lab.inbox.record)[0].pending
