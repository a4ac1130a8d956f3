"""Settings that are published are read as they were; where nothing is published, nothing is allowed."""

import uuid
from pathlib import Path

import pytest

from bmg_assets.sources.published_settings import PublishedSettingsError, published_file, to_published

PUBLISHED = to_published({"casting": "not_cast: [Be]\n".encode("utf-16"), "other": None})


@pytest.fixture(params=["local", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "laboratory") if request.param == "local" else f"memory://{uuid.uuid4().hex}/laboratory"


def put(place: str, data: bytes) -> None:
    import fsspec

    with fsspec.open(f"{place}/settings.json", "wb", auto_mkdir=True) as file:
        file.write(data)


def test_a_file_comes_back_byte_by_byte_whatever_it_holds(place: str) -> None:
    put(place, PUBLISHED)
    assert published_file(place, "casting") == "not_cast: [Be]\n".encode("utf-16")
    assert published_file(f"{place}/", "other") is None


def test_where_nothing_is_published_nothing_is_allowed(place: str) -> None:
    with pytest.raises(PublishedSettingsError, match=r"are not published at .*/laboratory/settings\.json") as told:
        published_file(place, "casting")
    assert "start `bmg ui` on the machine with the laboratory's folder" in str(told.value)


@pytest.mark.parametrize("harm", [b"", b"{}", b"[]", b"null", PUBLISHED.replace(b"Be", b"Bi"), PUBLISHED[:-5]])
def test_a_damaged_file_is_refused(place: str, harm: bytes) -> None:
    put(place, harm if harm != PUBLISHED else b"")
    with pytest.raises(PublishedSettingsError, match="are damaged"):
        published_file(place, "casting")


def test_a_file_that_the_publishing_version_did_not_know_is_refused(place: str) -> None:
    put(place, PUBLISHED)
    with pytest.raises(PublishedSettingsError, match="are damaged"):
        published_file(place, "further")


def test_a_server_that_refuses_is_told_of(bucket: str) -> None:
    with pytest.raises(PublishedSettingsError, match="are not published at s3://"):
        published_file(f"{bucket}/laboratory", "casting")
    with pytest.raises(PublishedSettingsError, match="cannot be read"):
        published_file("s3://not%20a%20bucket/laboratory", "casting")
