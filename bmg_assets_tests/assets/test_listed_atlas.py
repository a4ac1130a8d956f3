"""The atlas as it is listed now: the laboratory beside it, and what is said of missing and older rows."""

from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.assets.atlas import known_to_atlas
from bmg_assets.assets.listed_atlas import atlas_at_hand, laboratory_now, register_best, remarks_on
from bmg_assets.partitions import register_system, registered_systems
from bmg_assets.science.atlas.choice import AtlasChoice
from bmg_assets.science.atlas.fitted_atlas import identity_of_known
from bmg_assets.science.atlas.laboratory import Laboratory
from bmg_assets.science.atlas.listing import listed
from bmg_assets.science.atlas.shards import AtlasError, shards_of
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.intake.cast_files import drop, inbox_at, line, table
from bmg_assets_tests.science.atlas.rows import atlas_rows
from bmg_assets_tests.table_frames import frame_of

ROWS = atlas_rows(60, seed=4)


def write(store: Store, n_shards: int, **columns: object) -> None:
    for shard in shards_of(3)[:n_shards]:
        rows = ROWS[ROWS["shard"] == shard.name]
        store.write_table("system_atlas", None, rows.assign(**columns), shard.name)


def test_the_laboratory_is_as_the_inbox_and_the_partitions_have_it(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMG_DATA", str(tmp_path))
    inbox = inbox_at(tmp_path)
    inbox.take_in(drop(inbox, "casts.csv", table(line("S1", dimension_mm="3"), line("S2", dimension_mm="2"))))
    (Path(inbox.root) / "casting.yaml").write_text("not_cast: [Be]\n")
    register_system(instance, "Zr-Al-Cu")
    found = laboratory_now(instance, inbox)
    assert found.best_cast_mm == {"Al-Cu-Zr": 3.0}
    assert found.registered == {"Al-Cu-Zr"}
    assert found.practice.not_cast == {"Be"}


def test_without_an_atlas_it_is_said_what_makes_one(fresh: Deployment) -> None:
    with pytest.raises(AtlasError, match="no ternaries yet; `bmg atlas --renew` makes them, which takes about an hour"):
        atlas_at_hand(fresh.store)
    with pytest.raises(AtlasError, match="none of 7; ask for one of those"):
        atlas_at_hand(fresh.store, 7)


def test_rows_of_other_alloys_are_told_from_those_of_today(fresh: Deployment) -> None:
    store, alloys = fresh.store, frame_of(LITERATURE_TABLES["alloys"])
    LiteratureDatabase(store=store).write("alloys", alloys)
    today = identity_of_known(known_to_atlas(store, alloys))
    write(store, 48, known_fingerprint=today)
    rows = atlas_at_hand(store)
    assert len(rows) == len(ROWS)
    assert remarks_on(store, rows) == []
    older = int((ROWS["shard"] == "ternaries-00").sum())
    write(store, 1, known_fingerprint="another")
    assert remarks_on(store, atlas_at_hand(store, 3)) == [
        f"{older} ternaries were worked out from other alloys than are known today; `bmg atlas --renew` makes them "
        "anew."
    ]


def test_missing_shards_and_missing_chances_are_said(fresh: Deployment) -> None:
    write(fresh.store, 5, chance_bulk=float("nan"))
    missing, no_chance = remarks_on(fresh.store, atlas_at_hand(fresh.store))
    assert missing == "43 of 48 shards of the ternaries are not there yet; `bmg atlas --renew` makes them."
    assert "these are scores and no chances" in no_chance


def test_systems_are_registered_once_and_a_doubt_is_said(instance: dg.DagsterInstance) -> None:
    rows = listed(ROWS, Laboratory(), AtlasChoice(most=3))
    refused = rows["elements"].iloc[1][0]
    added = register_best(instance, rows, 2, CastingPractice(not_cast=frozenset({refused})))
    assert [system.key for system, _ in added] == registered_systems(instance)
    assert [frozenset(system.elements) for system, _ in added] == [frozenset(one) for one in rows["elements"][:2]]
    doubts = [" ".join(words) for _, words in added]
    assert f"holds {refused}, which the laboratory does not cast" in doubts[1]
    registered = frozenset("-".join(sorted(system.elements)) for system, _ in added)
    again = listed(ROWS, Laboratory(registered=registered), AtlasChoice(most=3))
    assert len(register_best(instance, again, 5, CastingPractice())) == 1
