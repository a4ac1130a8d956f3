"""The names of campaigns: what counts as a map, and that they load without what computes."""

import subprocess
import sys

from bmg_assets.science.evidence.campaign_names import RULE_NAMES, SHARE_METRICS, Truth


def test_only_pools_of_reported_alloys_are_no_maps() -> None:
    assert [truth for truth in Truth if not truth.is_map] == [Truth.REPORTED]
    assert len(set(RULE_NAMES)) == len(RULE_NAMES)
    assert SHARE_METRICS[0] == "share_of_best_1"


def test_tables_can_be_described_without_loading_what_computes() -> None:
    code = "import sys, bmg_assets.science.evidence.campaign_names; print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"
