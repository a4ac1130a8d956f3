"""A run that a person asks for and does not wait for: what was chosen reaches it, or is refused before it is queued."""

import pytest

from bmg_assets.launch.queueing import queue_system
from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS
from bmg_assets_tests.automation.night import add_systems, report_literature
from bmg_assets_tests.deployment import Deployment

ZR = "Zr-Al-Cu"


def test_choices_reach_the_queued_run_or_are_refused(fresh: Deployment) -> None:
    report_literature(fresh)
    add_systems(fresh, [ZR])
    with fresh.environment():
        with pytest.raises(BmgError, match="budget"):
            queue_system(fresh.instance, ZR, {"budget": "endless"})
        assert list(fresh.instance.get_backfills()) == []
        asked = queue_system(fresh.instance, ZR, {"budget": "quick"}, "asked for on the page")
    (backfill,) = fresh.instance.get_backfills()
    assert backfill.backfill_id == asked
    assert backfill.run_config == {"ops": {one: {"config": {"budget": "quick"}} for one in SUB_MODEL_ASSETS.values()}}
