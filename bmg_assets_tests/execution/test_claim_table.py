"""A claim changes hands in one statement: of several that try it at once one succeeds."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa

from bmg_assets.execution.claim_table import CLAIMS, Claim, ClaimError, claim_of, give_up, take_over
from bmg_assets_tests.execution.instances import deployed, home

__all__ = ["deployed", "home"]

ZR, MG = "Zr-Al-Cu", "Mg-Zn-Ca"


def owner_of(instance: dg.DagsterInstance, system: str) -> str | None:
    claim = claim_of(instance, system)
    return None if claim is None else claim.owner


def test_nobody_owns_a_system_at_first(instance: dg.DagsterInstance) -> None:
    assert claim_of(instance, ZR) is None


def test_a_claim_is_taken_from_the_owner_that_was_seen_and_from_no_other(instance: dg.DagsterInstance) -> None:
    assert take_over(instance, ZR, None, "first")
    seen = claim_of(instance, ZR)
    assert not take_over(instance, ZR, None, "second")
    assert take_over(instance, ZR, seen, "third")
    assert not take_over(instance, ZR, seen, "fourth")
    assert owner_of(instance, ZR) == "third"
    assert claim_of(instance, MG) is None


def test_only_the_owner_gives_a_claim_up(instance: dg.DagsterInstance) -> None:
    take_over(instance, ZR, None, "owner")
    give_up(instance, ZR, "another")
    assert owner_of(instance, ZR) == "owner"
    give_up(instance, ZR, "owner")
    assert claim_of(instance, ZR) is None


def test_of_many_that_claim_at_once_one_succeeds(deployed: dg.DagsterInstance) -> None:
    together = threading.Barrier(8)

    def claim(seen: Claim | None, owner: str) -> bool:
        together.wait()
        return take_over(deployed, ZR, seen, owner)

    with ThreadPoolExecutor(8) as pool:
        for attempt in range(5):
            seen = claim_of(deployed, ZR)
            owners = [f"run {attempt}.{number}" for number in range(8)]
            won = list(pool.map(claim, [seen] * 8, owners))
            assert won.count(True) == 1
            assert owner_of(deployed, ZR) == owners[won.index(True)]


def test_the_age_is_counted_by_the_clock_of_the_database(instance: dg.DagsterInstance) -> None:
    take_over(instance, ZR, None, "owner")
    with instance.event_log_storage.index_connection() as connection:
        earlier = sa.func.datetime(sa.func.current_timestamp(), "-90 seconds")
        connection.execute(sa.update(CLAIMS).values(since=earlier))
    claim = claim_of(instance, ZR)
    assert claim is not None
    assert claim.age_s == pytest.approx(90, abs=3)


def test_a_storage_that_is_no_database_is_refused() -> None:
    class NoInstance:
        event_log_storage = object()

    with pytest.raises(ClaimError, match="expected SQLite or PostgreSQL"):
        claim_of(NoInstance(), ZR)  # type: ignore[arg-type]


def test_a_damaged_database_ends_in_one_sentence(home: Path, deployed: dg.DagsterInstance) -> None:
    assert take_over(deployed, ZR, None, "owner")
    for index in home.rglob("index.db*"):
        index.write_bytes(b"no database")
    with pytest.raises(ClaimError, match=rf"The claim of {ZR} cannot be read or written"):
        claim_of(deployed, ZR)
