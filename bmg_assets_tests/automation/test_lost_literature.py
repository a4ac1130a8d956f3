"""Literature that the store has lost comes back by itself, once for each loss."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from bmg_assets.automation.schedules import REASON_TAG
from bmg_assets.store.literature_database import LITERATURE_FILE
from bmg_assets_tests.automation.night import CHAIN, evaluate_sensor, report_literature
from bmg_assets_tests.deployment import Deployment


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Deployment]:
    (tmp_path / "home").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "home")) as instance:
        yield Deployment(tmp_path, instance)


def tick(place: Deployment) -> Any:
    return evaluate_sensor("lost_literature_sensor", place.instance, store=place.store)


def test_what_the_store_lost_is_asked_for_under_one_key_until_it_is_there(place: Deployment) -> None:
    report_literature(place)
    place.instance.report_runless_asset_event(dg.AssetMaterialization(CHAIN.literature[-1]))
    assert tick(place).run_requests == []
    (Path(place.store.url) / LITERATURE_FILE).unlink()
    (request,) = tick(place).run_requests
    assert "There is no literature" in request.tags[REASON_TAG]
    assert tick(place).run_requests[0].run_key == request.run_key
    report_literature(place)
    place.instance.report_runless_asset_event(dg.AssetMaterialization(CHAIN.literature[-1]))
    (Path(place.store.url) / LITERATURE_FILE).unlink()
    assert tick(place).run_requests[0].run_key != request.run_key


def test_what_was_never_taken_in_is_left_to_the_user(place: Deployment) -> None:
    data = tick(place)
    assert data.run_requests == []
    assert "`bmg literature`" in data.skip_message
