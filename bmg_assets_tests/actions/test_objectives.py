"""A system by several objectives on its stored maps: what counts, the front, and each thing that is missing."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from bmg_assets.actions.objectives import as_objects, weigh_objectives
from bmg_assets.actions.proposing import NoMapError
from bmg_assets.science.alloys.systems import TargetSystem, parse_system
from bmg_assets.science.proposals.objectives import ObjectiveError
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.science.proposals.test_pareto import by_definition
from bmg_assets_tests.studies.made_up_maps import store_map

SYSTEM = parse_system("Zr-Al-Cu")


@pytest.fixture
def here(copy_of_finished: Deployment) -> Iterator[Deployment]:
    store_map(copy_of_finished.store)
    with copy_of_finished.environment():
        yield copy_of_finished


def test_the_front_is_the_pareto_front_of_the_trusted_compositions(here: Deployment) -> None:
    found = weigh_objectives(here.store, SYSTEM, ["dmax,density"])
    grid = here.store.read_table("transfer_grid", SYSTEM.key)
    trusted = grid["is_trusted"].to_numpy(bool)
    density = found.table.objectives["density"].values
    best = pd.DataFrame({"dmax": grid["dmax_mm"], "density": density, "trusted": trusted})
    best = best[best["trusted"]].nlargest(300, "dmax")  # the definition is slow, and the rest is below these
    expected = by_definition(best[["dmax", "density"]].to_numpy(), [True, False])
    assert found.front["dmax"].head(5).tolist() == best["dmax"][expected].nlargest(5).tolist()
    assert (found.n_untrusted, found.n_outside) == (int((~trusted).sum()), 0)
    assert (found.front["dmax_low"] <= found.front["dmax"]).all()
    every = weigh_objectives(here.store, SYSTEM, with_untrusted=True)
    assert (every.n_untrusted, int(every.counts.sum())) == (0, len(grid))


def test_wishes_leave_out_what_is_not_within_them(here: Deployment) -> None:
    found = weigh_objectives(here.store, SYSTEM, ["dmax"], ["T_g=640"], ["density=6.5"])
    tg, density = (found.table.objectives[name].values for name in ("tg", "density"))
    assert found.counts.any()
    assert ((tg >= 640) & (density <= 6.5))[found.counts].all()
    assert found.wishes == ("tg at least 640", "density at most 6.5")
    assert {"tg", "tg_low", "tg_high", "density"} <= set(found.front)
    assert len(found.front) == 1
    assert found.front["dmax"].iloc[0] == np.max(found.table.objectives["dmax"].values[found.counts])


def test_what_it_rests_on_is_said(here: Deployment) -> None:
    objects = as_objects(weigh_objectives(here.store, SYSTEM, ["dmax", "tg"]))
    about = {one["name"]: one["about"] for one in objects["objectives"]}
    assert about["tg"] == "Its map errs by 27 K (systems left out)."
    assert any("The map of T_g is older than what is known" in note for note in objects["notes"])
    assert len(objects["front"]) > 0


def test_where_nothing_is_left_it_is_said_and_no_front_is_there(here: Deployment) -> None:
    found = weigh_objectives(here.store, SYSTEM, at_most=["density=1"])
    assert found.front.empty
    assert "is within what is wanted (density at most 1); widen it" in found.notes[-1]


@pytest.mark.parametrize("name", ["price", "T_l", "foo"])
def test_what_is_no_objective_here_is_refused(here: Deployment, name: str) -> None:
    with pytest.raises(ObjectiveError):
        weigh_objectives(here.store, SYSTEM, ["dmax", name])


def test_a_system_without_a_map_is_refused(fresh: Deployment) -> None:
    with fresh.environment(), pytest.raises(NoMapError, match="`bmg run Zr-Al-Ni` makes it"):
        weigh_objectives(fresh.store, TargetSystem(("Zr", "Al", "Ni")))
