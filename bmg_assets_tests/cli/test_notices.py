"""`bmg notices`: who is told what, and a test that says what came of it."""

from pathlib import Path

import pytest

from bmg_assets_tests.cli.command import PLACES, answer_of
from bmg_assets_tests.notices.receivers import Hook


def test_the_ways_are_shown_and_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in PLACES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BMG_DATA", str(tmp_path))
    (tmp_path / "lab_results").mkdir()

    def answer(*arguments: str) -> tuple[int, str, str]:
        return answer_of(("notices", *arguments), monkeypatch, capsys)

    code, out, _ = answer()
    assert (code, "Nobody is told anything" in out) == (0, True)
    with Hook().serving() as hook:
        file = tmp_path / "lab_results" / "notices.yaml"
        file.write_text(f"file:\nwebhook: {{url: '{hook.url}'}}")
        assert answer("--test")[:2] == (0, "webhook: accepted\nfile: accepted\n")
        hook.status = 403
        code, out, err = answer("--test")
        assert (code, "status 403" in out, "Not every receiver accepted the test" in err) == (2, True, True)
        code, out, _ = answer()
    assert f"webhook: posted to 127.0.0.1:{hook.port}; last: nothing yet; waiting: 0" in out
    assert "Told is: candidates, failed_training, quarantine, refused_rows, unusable_key." in out
