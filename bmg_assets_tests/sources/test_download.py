"""Downloads over loopback: verified before anything is replaced, and one sentence for each way to fail."""

import io
import socket
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from bmg_assets.cli.terminal.progress_bars import DownloadBar
from bmg_assets.sources.declaration import SourceDeclaration, read_declarations
from bmg_assets.sources.download import (
    DownloadError,
    SourceChoiceError,
    available_sources,
    choose_sources,
    default_downloads,
    fetch_source,
)
from bmg_assets_tests.sources.declared import SHORTEST, declare, write_declarations
from bmg_assets_tests.sources.file_server import CONTENT, SHA256, Handler


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def source(folder: Path, address: str, sha256: str | None = SHA256) -> SourceDeclaration:
    return declare(folder, address=address, sha256=sha256)


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_good_file_is_stored_and_not_fetched_again(tmp_path, cache, server):
    declared = source(tmp_path, f"{server}/good")
    path = fetch_source(declared, cache)
    assert path == cache / "small" / "table.csv"
    assert path.read_bytes() == CONTENT
    assert fetch_source(declared, cache) == path
    assert Handler.requests_served == 1
    assert files_in(cache) == ["small/table.csv"]


def test_a_bar_is_told_of_every_byte(tmp_path, cache, server):
    progress = Progress(console=Console(file=io.StringIO()), auto_refresh=False)
    fetch_source(source(tmp_path, f"{server}/good"), cache, DownloadBar(progress, "small"))
    assert (progress.tasks[0].total, progress.tasks[0].completed) == (len(CONTENT), len(CONTENT))


@pytest.mark.parametrize(
    ("address", "sha256", "said"),
    [
        ("/good", "0" * 64, "is not the declared file"),
        ("/absent", SHA256, "HTTP status 404"),
        ("/interrupted", SHA256, "could not be downloaded|is not the declared file"),
    ],
)
def test_a_bad_download_leaves_nothing_behind(tmp_path, cache, server, address, sha256, said):
    with pytest.raises(DownloadError, match=said) as caught:
        fetch_source(source(tmp_path, server + address, sha256), cache)
    assert "'small'" in str(caught.value)
    assert "bmg data" in str(caught.value)
    assert files_in(cache) == []


def test_no_network_says_what_to_do(tmp_path, cache):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(DownloadError, match="check the network"):
        fetch_source(source(tmp_path, f"http://127.0.0.1:{port}/good"), cache)
    assert files_in(cache) == []


def test_a_cache_that_cannot_be_written_says_so(tmp_path, cache, server):
    cache.write_text("a file where the folder should be")
    with pytest.raises(DownloadError, match="could not be written"):
        fetch_source(source(tmp_path, f"{server}/good"), cache)


def test_a_wrong_file_in_the_cache_is_refused_and_stays(tmp_path, cache, server):
    (cache / "small").mkdir(parents=True)
    (cache / "small" / "table.csv").write_bytes(b"mine")
    with pytest.raises(DownloadError, match="move it away"):
        fetch_source(source(tmp_path, f"{server}/good"), cache)
    assert (cache / "small" / "table.csv").read_bytes() == b"mine"
    assert Handler.requests_served == 0


def test_a_source_without_a_checksum_is_not_fetched(tmp_path, cache, server):
    declared = source(tmp_path, f"{server}/good", sha256=None)
    with pytest.raises(DownloadError, match="declares no sha256"):
        fetch_source(declared, cache)
    assert Handler.requests_served == 0
    (cache / "small").mkdir(parents=True)
    (cache / "small" / "table.csv").write_bytes(CONTENT)
    with pytest.raises(DownloadError, match=SHA256):
        fetch_source(declared, cache)


def test_a_file_of_the_repository_is_not_downloaded(tmp_path, cache):
    with pytest.raises(DownloadError, match="part of the repository"):
        fetch_source(declare(tmp_path), cache)


def several(folder: Path) -> dict[str, SourceDeclaration]:
    there = {"address": "https://example.org/x", "sha256": SHA256}
    return read_declarations(
        write_declarations(
            folder,
            paper=SHORTEST | there | {"file": "paper.csv"},
            grid=SHORTEST | there | {"file": "grid.csv", "use": "reference"},
            ours=SHORTEST | {"file": "ours.csv", "use": "fallback"},
            other=SHORTEST | there | {"file": "other.csv", "use": "named"},
        )
    )


def test_files_at_hand_are_found_in_cache_and_repository(tmp_path, cache):
    declarations = several(tmp_path)
    cache.mkdir()
    literature = tmp_path / "literature"
    literature.mkdir()
    (cache / "other.csv").touch()
    (literature / "ours.csv").touch()
    (literature / "paper.csv").touch()
    assert available_sources(declarations, cache, literature) == {
        "ours": literature / "ours.csv",
        "other": cache / "other.csv",
    }


@pytest.mark.parametrize(
    ("at_hand", "named", "chosen"),
    [
        (["ours"], None, ["ours"]),
        (["ours", "paper", "grid", "other"], None, ["paper"]),
        (["ours", "other"], None, ["ours"]),
        (["ours", "paper", "other"], ["other", "ours"], ["ours", "other"]),
    ],
)
def test_the_starter_table_steps_back_for_the_published_set(tmp_path, at_hand, named, chosen):
    assert choose_sources(several(tmp_path), at_hand, named) == chosen


@pytest.mark.parametrize(
    ("at_hand", "named", "said"),
    [
        (["other"], None, "No source of literature"),
        (["ours"], ["papr"], "'papr' is no declared source"),
        (["grid"], ["grid"], "'grid' is no declared source of reports"),
        (["ours"], ["paper"], "'paper' is not at hand"),
        (["ours"], [], "is empty"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused(tmp_path, at_hand, named, said):
    with pytest.raises(SourceChoiceError, match=said):
        choose_sources(several(tmp_path), at_hand, named)


def test_a_plain_download_leaves_the_named_sources_alone(tmp_path):
    assert default_downloads(several(tmp_path)) == ["paper", "grid"]
