"""Choosing anew on stored maps: within limits, by other rules, and nothing stored changes."""

from typing import Any

import numpy as np
import pytest

from bmg_assets.actions.proposing import NoMapError, propose
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.errors import BmgError
from bmg_assets.store.tables.catalogue import system_table
from bmg_assets.store.tables.validation import examined
from bmg_assets_tests.deployment import Deployment

SYSTEM = parse_system("Zr-Al-Cu")


def proposed(deployment: Deployment, **choices: Any):
    with deployment.environment():
        return propose(deployment.store, SYSTEM, choices)


def test_without_a_choice_the_stored_candidates_come_out(finished: Deployment) -> None:
    before = finished.files()
    found = proposed(finished).candidates
    stored = finished.store.read_table("candidates", SYSTEM.key)
    assert list(found["composition"]) == list(stored["composition"])
    examined(system_table("candidates"), found[list(system_table("candidates").column_names)])
    assert finished.files() == before


def test_limits_hold(finished: Deployment) -> None:
    found = proposed(finished, limits=["Al 0-8"], picks=3, rule="expected_gain", strategy="composite").candidates
    chosen = found[found["is_recommended"] & (found["kind"] == "pick")]
    assert len(chosen) == 3
    assert (np.array(chosen["at_pct"].tolist())[:, 1] <= 8).all()


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"limits": ["Be 0-5"]}, "A limit is set on Be, which Zr-Al-Cu does not hold"),
        ({"limits": ["Al 101-105"]}, "amounts from 0 to 100"),
        ({"strategy": "transfer"}, "has no map of strategy 'transfer', but of 'composite' and 'pruned'"),
        ({"strategy": "nonsense"}, "nonsense"),
        ({"rule": "nonsense"}, "nonsense"),
        ({"pending": ["Zr50Ni50"]}, "holds Ni, which Zr-Al-Cu has not"),
        ({"highest_price": 10.0}, "has none; say it under `prices`"),
        ({"not_cast": ["Zr"]}, "Zr-Al-Cu holds Zr, which the laboratory does not cast"),
    ],
)
def test_what_cannot_be_chosen_is_told_in_a_sentence(finished: Deployment, choices: dict[str, Any], said: str) -> None:
    with pytest.raises(BmgError, match=said):
        proposed(finished, **choices)


def test_a_system_without_a_map_has_nothing_to_choose_on(fresh: Deployment) -> None:
    with pytest.raises(NoMapError, match="has no map yet, so nothing can be chosen"):
        proposed(fresh)
