"""The laboratory's settings are copied into the store, whole and only when they change."""

import uuid
from pathlib import Path

import pytest

from bmg_assets.intake.publishing import NAME, publish_settings
from bmg_assets.science.proposals.casting_practice import CastingPractice, CastingPracticeError
from bmg_assets.sources.casting_file import read_casting_practice
from bmg_assets.store.store import Store


@pytest.fixture(params=["local", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return Store(url=str(tmp_path / "store") if request.param == "local" else f"memory://{uuid.uuid4().hex}/store")


def read_elsewhere(store: Store, tmp_path: Path) -> CastingPractice:
    """What a machine without the laboratory's folder reads."""
    return read_casting_practice(tmp_path / "no laboratory", f"{store.folder.url}/laboratory")


def test_what_is_published_is_what_the_laboratory_has(store: Store, tmp_path: Path) -> None:
    assert publish_settings(tmp_path / "not there", store)
    assert read_elsewhere(store, tmp_path) == CastingPractice()
    for text in ("not_cast: [Be, As]\n", "not_cast: [Pd]\nlimits:\n  Al: [0, 20]\n"):
        (tmp_path / "casting.yaml").write_text(text, encoding="utf-8")
        assert publish_settings(tmp_path, store)
        assert not publish_settings(tmp_path, store)
        assert read_elsewhere(store, tmp_path) == read_casting_practice(tmp_path)
    (tmp_path / "casting.yaml").unlink()
    assert publish_settings(tmp_path, store)
    assert read_elsewhere(store, tmp_path) == CastingPractice()


def test_a_wrong_value_is_refused_everywhere(store: Store, tmp_path: Path) -> None:
    (tmp_path / "casting.yaml").write_text("not_cast: [Xx]\n", encoding="utf-8")
    publish_settings(tmp_path, store)
    with pytest.raises(CastingPracticeError, match=r"casting\.yaml as published at .*Xx"):
        read_elsewhere(store, tmp_path)


def test_a_file_that_may_be_meant_leaves_what_was_published(store: Store, tmp_path: Path) -> None:
    (tmp_path / "casting.yaml").write_text("not_cast: [Be]\n", encoding="utf-8")
    publish_settings(tmp_path, store)
    before = store.folder.read(NAME)
    (tmp_path / "casting.yaml").rename(tmp_path / "casting.txt")
    with pytest.raises(CastingPracticeError, match="rename the file"):
        publish_settings(tmp_path, store)
    assert store.folder.read(NAME) == before
