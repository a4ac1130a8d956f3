"""The whole deployment is looked at; what one place has does not hide what another has."""

from pathlib import Path

import pytest

from bmg_assets.settings import Locations
from bmg_assets.store.record import IDENTITY_FILE, Record
from bmg_assets.store.store import FORMAT_FILE, Store
from bmg_assets.upkeep.verify import mend, verify
from bmg_assets_tests.automation.night import CHAIN
from bmg_assets_tests.upkeep.faults import FAULTS, files_below

PAGE = "reports/Zr-Al-Cu.html"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Locations:
    for name in ("BMG_STORE", "BMG_RECORD", "BMG_LAB", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BMG_DATA", str(tmp_path / "data"))
    places = Locations.from_environment()
    Record(url=places.record_url).stream("casts").append({"zr.csv": b"casts"}, {})
    Store(url=places.store_url).write_bytes(PAGE, b"page")
    return places


def test_nothing_is_found_and_nothing_written_where_all_is_sound(places: Locations) -> None:
    before = files_below(places.data)
    assert list(verify(places, CHAIN)) == []
    assert mend(places) == []
    assert files_below(places.data) == before


def test_each_place_is_named_and_mended(places: Locations) -> None:
    for path in (f"{places.record_url}/casts/journal/00000001.json", f"{places.store_url}/{FORMAT_FILE}"):
        FAULTS["flipped"](Path(path))
    FAULTS["flipped"](Path(places.store_url) / PAGE)
    (places.dagster_home / "history").mkdir(parents=True)
    (places.dagster_home / "history/runs.db").write_bytes(b"no database")
    named = [Path(one.file).name for one in verify(places, CHAIN)]
    assert named == ["00000001.json", "Zr-Al-Cu.html", FORMAT_FILE, "runs.db"]
    assert [Path(path).name for path in mend(places)] == ["00000001.json", FORMAT_FILE]
    assert [Path(one.file).name for one in verify(places, CHAIN)] == ["Zr-Al-Cu.html", "runs.db"]


def test_what_another_version_wrote_is_named_and_left_alone(places: Locations) -> None:
    Path(places.record_url, IDENTITY_FILE).write_text('{"record": "x", "record_format": 99}')
    (Path(places.store_url) / FORMAT_FILE).write_text('{"store_format": 99}')
    for note in (Path(places.store_url) / "manifest" / FORMAT_FILE).iterdir():
        note.unlink()
    before = files_below(places.data)
    found = list(verify(places, CHAIN))
    assert [one.file for one in found] == [places.record_url, places.store_url]
    assert "format 99" in found[0].what
    assert "`bmg rebuild`" in found[1].remedy
    assert mend(places) == []
    assert files_below(places.data) == before
