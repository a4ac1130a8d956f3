"""A system whose tables are of two trainings is named, unless it is trained just now."""

import pytest

from bmg_assets.upkeep.training_check import findings_of_trainings
from bmg_assets_tests.automation.night import CHAIN, report, report_training
from bmg_assets_tests.deployment import Deployment

ZR, MG = "Zr-Al-Cu", "Mg-Zn-Ca"


@pytest.fixture
def trained(fresh: Deployment) -> Deployment:
    for system in (ZR, MG):
        report_training(fresh, system)
    return fresh


def test_systems_of_one_training_each_are_sound(trained: Deployment, fresh: Deployment) -> None:
    assert list(findings_of_trainings(trained.store, CHAIN, at_work=())) == []


@pytest.mark.parametrize("last", ["lab_results", "training_set", "svr_model", "prediction_grid", "candidates"])
def test_a_training_that_stopped_half_way_is_named_with_what_goes_on(trained: Deployment, last: str) -> None:
    for asset in list(CHAIN.parents)[: list(CHAIN.parents).index(last) + 1]:
        report(trained, asset, ZR, casts="casts-of-another-day", record="another training")
    found = list(findings_of_trainings(trained.store, CHAIN, at_work=()))
    assert found
    for one in found:
        assert one.file == trained.store.folder.url
        assert one.what.startswith(f"holds {ZR} of more than one training (")
        assert one.remedy == f"`bmg run {ZR}` trains it as a whole"
    assert list(findings_of_trainings(trained.store, CHAIN, at_work=[ZR])) == []
