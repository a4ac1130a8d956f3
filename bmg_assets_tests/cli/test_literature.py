"""`bmg data` and `bmg literature`, as a shell sees them."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bmg_assets.cli.literature import demo_literature
from bmg_assets_tests.cli.command import PLACES, answer_of
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.sources.declared import SHORTEST, write_declarations
from bmg_assets_tests.sources.file_server import SHA256, Handler, file_server

Command = Callable[..., tuple[int, str, str]]
BEFORE_THE_FIRST_BYTE = "To be downloaded into"


def declare_all(folder: Path, server: str, gone: str = "/absent", paper: str = "/good") -> None:
    """Declare two published sets, of which one is gone, a grid to compare with, a set to be named, and one's own."""
    (folder / "literature").mkdir(exist_ok=True)
    there = {"sha256": SHA256, "size_bytes": 31_000, "licence": "CC BY 4.0"}
    write_declarations(
        folder / "literature",
        paper=SHORTEST | there | {"address": f"{server}{paper}", "file": "paper.csv"},
        gone=SHORTEST | there | {"address": f"{server}{gone}", "file": "gone.csv"},
        grid=SHORTEST | there | {"address": f"{server}/good", "file": "grid.csv", "use": "reference"},
        named=SHORTEST | there | {"address": f"{server}/good", "file": "named.csv", "use": "named"},
        ours=SHORTEST | {"file": "ours.csv", "use": "fallback"},
    )


@pytest.fixture
def server() -> Iterator[str]:
    with file_server() as address:
        yield address


@pytest.fixture
def bmg(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, in a deployment that declares two good sources, one that is gone, and one of its own."""
    for name in PLACES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BMG_DATA", str(tmp_path))
    monkeypatch.setenv("BMG_DOWNLOADS", str(tmp_path / "cache"))
    declare_all(tmp_path, server)
    return lambda *arguments: answer_of(arguments, monkeypatch, capsys)


def test_the_recommended_set_is_told_before_and_a_failure_stops_no_other(bmg: Command, tmp_path: Path) -> None:
    code, out, err = bmg("data")
    assert code == 2
    table, _, after = out.partition(BEFORE_THE_FIRST_BYTE)
    for name in ("paper", "gone", "grid"):
        assert name in table
    assert "named" not in table
    assert "CC BY 4.0" in table
    assert f"{tmp_path / 'cache'}: 3 file(s), 0.1 MB." in after
    assert "paper: verified" in after
    assert "grid: verified" in after
    first, last = err.splitlines()
    assert "'gone'" in first
    assert "HTTP status 404" in first
    assert last.startswith("Not at hand: gone (1 of 3, reasons above).")
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["grid.csv", "paper.csv"]


def test_sources_are_fetched_by_name(bmg: Command, tmp_path: Path) -> None:
    code, out, err = bmg("data", "named", "named")
    assert (code, err) == (0, "")
    assert "1 file(s)" in out
    assert out.endswith("`bmg literature` takes it in.\n")
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["named.csv"]


@pytest.mark.parametrize(
    ("name", "said"), [("nowhere", "choose among paper, gone"), ("ours", "is part of the repository")]
)
def test_what_cannot_be_fetched_is_refused_before_anything_is(
    bmg: Command, tmp_path: Path, name: str, said: str
) -> None:
    code, out, err = bmg("data", "paper", name)
    assert (code, out) == (2, "")
    assert said in err
    assert not (tmp_path / "cache").exists()


def test_a_set_that_is_known_to_be_wrong_is_refused_with_the_reason(bmg: Command, tmp_path: Path) -> None:
    declared = tmp_path / "literature" / "sources.yaml"
    wrong = "refused: [{title: A table, names: [Shifted], reason: Its values are shifted by a row.}]"
    declared.write_text(f"{wrong}\n{declared.read_text()}")
    code, out, err = bmg("data", "shifted")
    assert (code, out) == (2, "")
    assert err == "'shifted' (A table) is refused: Its values are shifted by a row.\n"
    assert not (tmp_path / "cache").exists()


def test_a_demonstration_reads_published_sets_that_arrive_in_seconds(
    bmg: Command, tmp_path: Path, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    declare_all(tmp_path, server, gone="/good")
    assert demo_literature(starter=False) == {}
    assert "Asking for 2 published sets for 8 s at most (0.1 MB; licences: CC BY 4.0;" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["gone.csv", "paper.csv"]
    assert Handler.requests_served == 2

    assert demo_literature(starter=False) == {}
    assert "2 of 2 published sets are at hand and are read" in capsys.readouterr().out
    assert demo_literature(starter=True) == {"sources": ["ours"]}
    assert Handler.requests_served == 2, "what is at hand is not asked for again"


@pytest.mark.parametrize("address", ["/absent", "/slow", None])
def test_a_demonstration_reads_the_starter_table_where_they_do_not_arrive(
    bmg: Command,
    tmp_path: Path,
    server: str,
    address: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("bmg_assets.cli.literature.DEMO_SECONDS", 0.5)
    declare_all(tmp_path, server if address else "http://127.0.0.1:1", gone=address or "/good")
    began = time.monotonic()
    assert demo_literature(starter=False) == {}
    assert time.monotonic() - began < 5
    assert "the starter table is read; `bmg data`" in capsys.readouterr().out
    assert not (tmp_path / "cache").exists(), "nothing half is left that would be taken for the literature"


def test_the_starter_table_is_read_without_asking_the_network(bmg: Command) -> None:
    assert demo_literature(starter=True) == {"sources": ["ours"]}
    assert Handler.requests_served == 0


def test_the_literature_is_counted_for_people_and_for_scripts(
    finished: Deployment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, value in (finished.variables() | {"DAGSTER_HOME": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("bmg_assets.launch.runs.run_literature", lambda *_: None)
    monkeypatch.setattr("bmg_assets.launch.runs.warnings_of_literature", lambda _: ["A file is only half there."])
    code, out, err = answer_of(("literature",), monkeypatch, capsys)
    assert code == 0
    assert err.splitlines()[-1] == "A file is only half there."
    for title in ("By source", "Rows by kind", "By decade of the first report", "By conflict"):
        assert title in out
    assert "alloys from " in out.splitlines()[-2]
    assert out.splitlines()[-1].endswith("reports/literature.html")
    tallies = json.loads(answer_of(("literature", "--json"), monkeypatch, capsys)[1])
    assert list(tallies) == ["sources", "kinds", "decades", "conflicts", "losses"]
    assert "starter" in [row["source"] for row in tallies["sources"]]
    for row in tallies["sources"]:
        assert row["rows"] == row["accepted"] + row["copied"] + row["set_apart"] + row["refused"]
        assert 0 < row["alone"] <= row["alloys"]
    (known,) = json.loads(
        answer_of(("query", "SELECT count(*) AS n FROM literature.alloys", "--json"), monkeypatch, capsys)[1]
    )
    assert sum(row["alloys"] for row in tallies["conflicts"]) == known["n"]
