"""Adding and removing a system: once, and with the page of all systems where there is one."""

import pytest

from bmg_assets.actions.systems import add_system, overview_of, remove_system, renew_overview
from bmg_assets.science.alloys.systems import SystemKeyError
from bmg_assets_tests.deployment import Deployment


def test_a_system_is_added_once_and_taken_away(fresh: Deployment) -> None:
    with fresh.environment():
        for _ in range(2):
            added, notes = add_system(fresh.instance, fresh.store, "Zr-Al-Cu")
            assert (added.key, notes) == ("Zr-Al-Cu", [])
        overview, _ = overview_of(fresh.instance, fresh.store)
        assert list(overview["target_system"]) == ["Zr-Al-Cu"]
        assert remove_system(fresh.instance, fresh.store, "Zr-Al-Cu") == (0, [])
        with pytest.raises(SystemKeyError, match="is not a registered system"):
            remove_system(fresh.instance, fresh.store, "Zr-Al-Cu")


def test_the_page_of_all_systems_follows_and_what_fails_there_stops_nothing(
    fresh: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.store.write_bytes("reports/overview.html", b"as it was")
    with fresh.environment():
        add_system(fresh.instance, fresh.store, "Zr-Al-Cu")
        assert b"Zr-Al-Cu" in fresh.store.read_bytes("reports/overview.html")

        def fails(*_: object) -> None:
            raise SystemKeyError("No reason.")

        monkeypatch.setattr("bmg_assets.assets.overview.overview_now", fails)
        notes = renew_overview(fresh.instance, fresh.store)
    assert notes == ["The page of all systems was not brought up to date: No reason."]
