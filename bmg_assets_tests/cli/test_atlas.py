"""`bmg atlas`: from nothing to a list, what is asked for and how it is printed, and systems added from it."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from dagster._core.definitions.reconstruct import ReconstructableJob

from bmg_assets import build
from bmg_assets.launch import runs
from bmg_assets.launch.instance import deployment_instance
from bmg_assets.partitions import registered_systems
from bmg_assets.science.atlas.shards import shards_of
from bmg_assets.store.page_addresses import ATLAS_PAGE
from bmg_assets.store.store import Store
from bmg_assets_tests.cli.command import PLACES, answer_of
from bmg_assets_tests.science.atlas.rows import ELEMENTS, atlas_rows
from bmg_assets_tests.sources.declared import write_two_sources

Command = Callable[..., tuple[int, str, str]]
ROWS = atlas_rows(400, 100, seed=2)
ROWS["shard"] = ROWS["shard"].where(ROWS["n_elements"] == 3, shards_of(4)[0].name)


@pytest.fixture
def bmg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command in this process, on a data folder of its own: exit code, answer, errors."""
    for name in PLACES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BMG_DATA", str(tmp_path))
    monkeypatch.setenv("BMG_DOWNLOADS", str(tmp_path / "downloads"))
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: str) -> tuple[int, str, str]:
        return answer_of(("atlas", *arguments), monkeypatch, capsys)

    return run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(url=str(tmp_path / "store"))


@pytest.fixture(scope="module")
def whole_atlas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a store with every shard of the ternaries and one of the quaternaries."""
    folder = tmp_path_factory.mktemp("atlas") / "store"
    store = Store(url=str(folder))
    for shard, rows in ROWS.groupby("shard"):
        store.write_table("system_atlas", None, rows, str(shard))
    return folder


@pytest.fixture
def made(store: Store, whole_atlas: Path) -> Store:
    """The store of the test with an atlas."""
    shutil.copytree(whole_atlas, store.url)
    return store


def systems_of(answer: str) -> list[str]:
    return [row["system"] for row in json.loads(answer)]


def test_the_best_are_listed_for_people(bmg: Command, made: Store) -> None:
    code, out, err = bmg("--limit", "5", "--elements", "3")
    assert (code, err) == (0, "")
    best = ROWS[ROWS["n_elements"] == 3].sort_values(["chance_bulk", "score"], ascending=False).head(5)
    assert out.splitlines()[-1] == f"Page: {made.path_of(ATLAS_PAGE)}"
    assert [line.split()[1] for line in out.splitlines()[-6:-1]] == best["system"].tolist()
    assert "expected" in out


def test_json_and_csv_have_every_column_of_the_systems_that_were_asked_for(bmg: Command, made: Store) -> None:
    asked = ("--with", "Zr", "--without", "Be,As", "--elements", "3", "--new-only", "--by", "dmax", "--limit", "1000")
    code, out, _ = bmg(*asked, "--json")
    assert code == 0
    is_wanted = [
        "Zr" in elements and not {"Be", "As"} & set(elements) and len(elements) == 3 and not known
        for elements, known in zip(ROWS["elements"], ROWS["n_known"], strict=True)
    ]
    expected = ROWS[is_wanted].sort_values("dmax_mm", ascending=False)["system"].tolist()
    assert expected
    assert systems_of(out) == expected
    assert {"at_pct", "best_cast_mm", "excluded", "price_per_kg", "is_new", "rank"} <= json.loads(out)[0].keys()
    code, out, _ = bmg(*asked, "--csv")
    assert code == 0
    assert [row["system"] for row in csv.DictReader(io.StringIO(out))] == expected


def test_prices_and_elements_that_are_not_cast_come_from_the_laboratory(
    bmg: Command, made: Store, tmp_path: Path
) -> None:
    (tmp_path / "lab_results").mkdir()
    casting = tmp_path / "lab_results" / "casting.yaml"
    casting.write_text("\n".join(["not_cast: [As]", "prices:", *(f"  {one}: {len(one)}" for one in ELEMENTS)]))
    code, out, _ = bmg("--by", "price", "--limit", "3", "--json")
    assert code == 0
    prices = [row["price_per_kg"] for row in json.loads(out)]
    assert prices == sorted(prices)
    everything = json.loads(bmg("--limit", "1000", "--json")[1])
    allowed = json.loads(bmg("--allowed", "--limit", "1000", "--json")[1])
    assert {row["excluded"] for row in everything} == {"", "As"}
    assert {row["excluded"] for row in allowed} == {""}
    assert len(allowed) == sum("As" not in elements for elements in ROWS["elements"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--with", "Zr,Xx"), "'Xx' is not an element symbol"),
        (("--with", "Zr", "--without", "Cu", "--without", "Zr"), "Zr is both wanted and refused"),
        (("--by", "beauty"), "Systems cannot be ranked by 'beauty'; expected one of chance,"),
        (("--by", "price"), "None of the 500 systems has a value to be ranked by 'price': say what the elements cost"),
        (("--with", "Tc"), "No system of the atlas holds Tc"),
        (("--elements", "5"), "The atlas has systems of 3 and 4 elements, and none of 5"),
        (("--json", "--csv"), "--json and --csv exclude each other"),
    ],
)
def test_a_wrong_choice_is_one_sentence(bmg: Command, made: Store, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = bmg(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_what_is_not_there_and_what_makes_it_is_said(bmg: Command, store: Store) -> None:
    ternaries = ROWS[ROWS["n_elements"] == 3]
    code, out, err = bmg("--elements", "4")
    assert (code, out) == (2, "")
    assert err == (
        "The atlas has no quaternaries yet; `bmg atlas --renew --elements 4` makes them, which takes a night.\n"
    )
    for shard, rows in list(ternaries.groupby("shard"))[:10]:
        store.write_table("system_atlas", None, rows.assign(chance_bulk=float("nan")), str(shard))
    code, out, err = bmg("--limit", "2")
    assert code == 0
    assert "38 of 48 shards of the ternaries are not there yet; `bmg atlas --renew` makes them." in err
    assert "too small to calibrate chances on systems left out, so these are scores and no chances." in err
    assert "chance" not in out, "no number pretends"


def test_the_best_are_added_as_somebody_would_type_them(bmg: Command, made: Store) -> None:
    best = ROWS.sort_values(["chance_bulk", "score"], ascending=False).head(4)
    keys = [
        "-".join(element for _, element in sorted(zip([-one for one in amounts], elements, strict=True)))
        for elements, amounts in zip(best["elements"], best["at_pct"], strict=True)
    ]
    with deployment_instance() as instance:
        instance.add_dynamic_partitions("target_system", [best["system"].iloc[1]])
    code, out, _ = bmg("--limit", "4", "--add", "2")
    assert code == 0
    with deployment_instance() as instance:
        assert set(registered_systems(instance)) == {best["system"].iloc[1], keys[0], keys[2]}
    assert f"{keys[0]} is registered; `bmg run {keys[0]}` trains it." in out
    assert "in the order of falling amount" in out
    code, out, err = bmg("--limit", "4", "--add", "9", "--json")
    assert code == 0
    assert [row["is_registered"] for row in json.loads(out)] == [True, True, True, False]
    assert f"{keys[3]} is registered" in err, "JSON alone stands on standard output"
    assert "Nothing was added: all listed systems are registered." in bmg("--limit", "4", "--add", "1")[1]


def test_a_system_that_is_not_cast_is_added_with_a_doubt(bmg: Command, made: Store, tmp_path: Path) -> None:
    (tmp_path / "lab_results").mkdir()
    (tmp_path / "lab_results" / "casting.yaml").write_text("not_cast: [As]\n")
    code, out, _ = bmg("--with", "As", "--add", "1")
    assert code == 0
    assert "holds As, which the laboratory does not cast" in out


def test_from_nothing_to_a_list_and_only_what_is_missing_is_made_again(
    bmg: Command, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored before stays as it is."""
    write_two_sources(tmp_path)
    monkeypatch.setattr(build, "build_executor", lambda: dg.in_process_executor)
    ReconstructableJob.get_definition.cache_clear()
    ReconstructableJob.get_repository_definition.cache_clear()
    code, out, err = bmg("--with", "Zr", "--json")
    assert code == 0
    assert "There is no atlas yet, so its ternaries are made now, which takes about an hour on two cores." in err
    assert {"Al-Cu-Zr", "Cu-Ti-Zr"} & set(systems_of(out))
    rows = store.read_table("system_atlas")
    assert set(store.read_table("atlas_calibration")["known_fingerprint"]) == set(rows["known_fingerprint"])

    lost, older = "system_atlas/ternaries-03/all.parquet", "ternaries-05"
    store.folder.delete(lost)
    of_older = store.read_table("system_atlas", None, older)
    store.write_table("system_atlas", None, of_older.assign(made_from="others", known_fingerprint="others"), older)
    code, _, err = bmg("--limit", "1")
    assert code == 0
    assert "1 of 48 shards of the ternaries are not there yet" in err
    assert f"{len(of_older)} ternaries were worked out from other alloys than are known today" in err
    assert not store.folder.exists(lost), "nothing is made unasked"

    kept = store.folder.read("system_atlas/ternaries-00/all.parquet")
    code, _, err = bmg("--renew", "--limit", "1")
    assert code == 0
    assert "are not there yet" not in err
    assert "other alloys" not in err
    assert store.folder.read("system_atlas/ternaries-00/all.parquet") == kept
    pd.testing.assert_frame_equal(store.read_table("system_atlas"), rows)


def test_each_missing_shard_is_a_queued_run(
    bmg: Command, made: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[runs.SpreadWork] = []
    monkeypatch.setattr(runs, "ensure_literature", lambda *_: None)
    monkeypatch.setattr(runs, "missing_shards", lambda *_: shards_of(4)[:3])
    monkeypatch.setattr(runs, "spread", lambda _instance, work, _say: asked.append(work))
    code, _, _ = bmg("--spread", "--elements", "4", "--limit", "1")
    assert code == 0
    (work,) = asked
    assert (work.job, list(work.keys)) == ("atlas_job", [shard.name for shard in shards_of(4)[:3]])
    with deployment_instance() as instance:
        assert registered_systems(instance, "evaluation") == []
