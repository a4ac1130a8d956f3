"""Several downloads over loopback: each on its own, or all within some seconds and otherwise none."""

import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from bmg_assets.sources.declaration import SourceDeclaration, read_declarations
from bmg_assets.sources.download import DownloadError
from bmg_assets.sources.recommended_set import fetch_all_within, fetch_each, plan
from bmg_assets_tests.sources.declared import SHORTEST, write_declarations
from bmg_assets_tests.sources.file_server import CONTENT, SHA256, Handler


def declared(folder: Path, **addresses: str) -> dict[str, SourceDeclaration]:
    """A source for each address, in a file of its own name."""
    entries = {
        name: SHORTEST | {"address": address, "sha256": SHA256, "file": f"{name}/table.csv"}
        for name, address in addresses.items()
    }
    return read_declarations(write_declarations(folder, **entries))


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_is_planned_tells_size_licence_and_what_is_there(tmp_path: Path, cache: Path) -> None:
    entry = SHORTEST | {"address": "https://example.org/x", "size_bytes": 1234, "licence": "MIT"}
    declarations = read_declarations(
        write_declarations(tmp_path, one=entry | {"file": "one.csv"}, two=SHORTEST | {"address": "https://x.org/y"})
    )
    cache.mkdir()
    (cache / "one.csv").touch()
    one, two = plan(declarations, ["one", "two"], cache)
    assert (one.name, one.size_bytes, one.licence, one.is_here) == ("one", 1234, "MIT", True)
    assert (two.title, two.size_bytes, two.is_here) == ("A small table", None, False)


def test_one_that_fails_does_not_stop_the_others(tmp_path: Path, cache: Path, server: str) -> None:
    declarations = declared(tmp_path, first=f"{server}/good", gone=f"{server}/absent", last=f"{server}/good")
    told: list[tuple[str, object]] = []
    failed = fetch_each(
        declarations, ["first", "gone", "last"], cache, lambda _: nullcontext(), lambda *one: told.append(one)
    )
    assert failed == ["gone"]
    assert [name for name, _ in told] == ["first", "gone", "last"]
    assert "HTTP status 404" in str(told[1][1])
    assert told[2][1] == cache / "last" / "table.csv"
    assert files_in(cache) == ["first/table.csv", "last/table.csv"]


def test_a_wrong_file_in_the_cache_stays_and_stops_no_other(tmp_path: Path, cache: Path, server: str) -> None:
    declarations = declared(tmp_path, mine=f"{server}/good", other=f"{server}/good")
    (cache / "mine").mkdir(parents=True)
    (cache / "mine" / "table.csv").write_bytes(b"mine")
    assert fetch_each(declarations, ["mine", "other"], cache, lambda _: nullcontext(), lambda *_: None) == ["mine"]
    assert (cache / "mine" / "table.csv").read_bytes() == b"mine"
    assert (cache / "other" / "table.csv").read_bytes() == CONTENT


def test_all_of_a_set_arrive_in_time(tmp_path: Path, cache: Path, server: str) -> None:
    declarations = declared(tmp_path, one=f"{server}/good", two=f"{server}/good")
    fetch_all_within(list(declarations.values()), cache, 10)
    assert files_in(cache) == ["one/table.csv", "two/table.csv"]
    assert (cache / "two" / "table.csv").read_bytes() == CONTENT
    assert Handler.requests_served == 2


@pytest.mark.parametrize(
    ("address", "said"),
    [("/slow", r"1 of 2 published sets arrived within 0\.5 s; `bmg data`"), ("/absent", "HTTP status 404")],
)
def test_a_set_that_does_not_arrive_whole_leaves_nothing(
    tmp_path: Path, cache: Path, server: str, address: str, said: str
) -> None:
    declarations = declared(tmp_path, one=f"{server}/good", two=f"{server}{address}")
    began = time.monotonic()
    with pytest.raises(DownloadError, match=said):
        fetch_all_within(list(declarations.values()), cache, 0.5)
    assert time.monotonic() - began < 3
    assert not cache.exists()


def test_a_set_that_can_be_written_only_in_part_is_taken_back(tmp_path: Path, cache: Path, server: str) -> None:
    declarations = declared(tmp_path, one=f"{server}/good", two=f"{server}/good")
    cache.mkdir()
    (cache / "two").write_text("a file where the folder should be")
    with pytest.raises(DownloadError, match="could not be written"):
        fetch_all_within(list(declarations.values()), cache, 10)
    assert files_in(cache) == ["two"]
