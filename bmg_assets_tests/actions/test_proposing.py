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
from bmg_assets_tests.studies.made_up_maps import store_map

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


def test_objectives_choose_and_limit_from_the_maps_at_hand(copy_of_finished: Deployment) -> None:
    store_map(copy_of_finished.store)
    choices = {"weights": ["density=-1"], "at_least": ["T_g=620"], "strategy": "composite"}
    found = proposed(copy_of_finished, **choices)
    picks = found.candidates[found.candidates["is_recommended"] & (found.candidates["kind"] == "pick")]
    assert set(picks["rule"]) == {"weighted"}
    assert (np.array(picks["at_pct"].tolist())[:, 1] >= 10).all()  # T_g is 600 K and 2 K more for each at.% of Al
    assert any("The map of T_g is older" in note for note in found.notes)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"at_least": ["tg=700"]}, "T_g is not mapped in Zr-Al-Cu; `bmg property T_g Zr-Al-Cu` does it."),
        ({"weights": ["price=-1"]}, "no price is known"),
        ({"weights": ["foo=1"]}, "There is no objective 'foo' in Zr-Al-Cu"),
        ({"at_most": ["density"]}, "'density' is no wish"),
        ({"rule": "weighted"}, "needs the weight of one objective"),
    ],
)
def test_objectives_that_are_not_there_are_refused(finished: Deployment, choices: dict[str, Any], said: str) -> None:
    with pytest.raises(BmgError) as refused:
        proposed(finished, **choices)
    assert said in str(refused.value)
