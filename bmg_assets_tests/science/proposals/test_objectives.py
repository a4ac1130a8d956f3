"""Several objectives: names, wishes as people type them, weights in standard deviations, and fronts of what counts."""

import numpy as np
import pytest

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.proposals.objectives import (
    Objective,
    ObjectiveError,
    ObjectiveTable,
    Wanted,
    numbers_by_objective,
    read_wanted,
    wishes_in_words,
)

DMAX = np.array([1.0, 5.0, 3.0, np.nan])
DENSITY = np.array([5.0, 8.0, 9.0, 4.0])
ALL = np.ones(4, dtype=bool)
TABLE = ObjectiveTable(
    "Zr-Al-Cu",
    ["A", "B", "C", "D"],
    {
        "dmax": Objective("dmax", "D_max", "mm", True, DMAX, DMAX - 1, DMAX + 1),
        "density": Objective("density", "density", "g/cm³", False, DENSITY),
    },
    {"tg": "T_g is not mapped in Zr-Al-Cu."},
)


def test_a_name_may_be_written_as_people_do() -> None:
    assert TABLE.named("D_Max") is TABLE.objectives["dmax"]
    assert TABLE.named("dmax").axis == "D_max (mm)"


@pytest.mark.parametrize(
    ("name", "sentence"), [("T_g", "T_g is not mapped"), ("foo", "'foo' in Zr-Al-Cu; choose among dmax")]
)
def test_what_is_no_objective_here_says_why(name: str, sentence: str) -> None:
    with pytest.raises(ObjectiveError, match=sentence):
        TABLE.within({name: 1.0}, {})


def test_a_composition_without_a_value_is_outside_of_every_wish() -> None:
    assert TABLE.within({"dmax": 3.0}, {}).tolist() == [False, True, True, False]
    assert TABLE.within({}, {"dmax": 3.0, "density": 5.0}).tolist() == [True, False, False, False]


def test_weights_count_in_standard_deviations_of_what_counts() -> None:
    among = np.array([True, True, False, True])
    found = TABLE.weighted({"dmax": 1.0, "density": -0.5}, among)
    density = (DENSITY - DENSITY[among].mean()) / DENSITY[among].std()
    expected: FloatArray = (DMAX - 3.0) / 2.0 - 0.5 * density
    assert found[:3] == pytest.approx(expected[:3])
    assert np.isnan(found[3])
    alike = ObjectiveTable("Zr-Al-Cu", ["A"], {"dmax": Objective("dmax", "", "", True, np.array([2.0]))})
    assert alike.weighted({"dmax": 3.0}, np.array([True])).tolist() == [0.0]


def test_the_front_is_of_what_counts_alone() -> None:
    wanted = (Wanted("dmax"), Wanted("density"))
    found = TABLE.front(wanted, ALL)
    assert (found.is_on_front.tolist(), found.n_incomplete) == ([True, True, False, False], 1)
    some = TABLE.front(wanted, np.array([True, False, True, False]))
    assert (some.is_on_front.tolist(), some.n_incomplete) == ([True, False, True, False], 0)
    heavy = TABLE.front((Wanted("dmax"), Wanted("density", maximise=True)), ALL)
    assert heavy.is_on_front.tolist() == [False, True, True, False]


def test_other_compositions_take_their_values_by_name() -> None:
    found = TABLE.aligned(["C", "X", "A"]).objectives["dmax"]
    assert found.values[[0, 2]].tolist() == [3.0, 1.0]
    assert np.isnan(found.values[1])
    assert found.low is not None
    assert found.low[0] == 2.0


def test_objectives_of_a_front_are_read() -> None:
    assert read_wanted(["dmax, min:T_g", "MAX:density"]) == (
        Wanted("dmax"),
        Wanted("tg", False),
        Wanted("density", True),
    )


@pytest.mark.parametrize(
    ("texts", "sentence"), [(["up:dmax"], "'up:dmax'"), (["dmax,D_max"], "stands twice"), ([], "No objective")]
)
def test_a_front_that_cannot_be_read_is_refused(texts: list[str], sentence: str) -> None:
    with pytest.raises(ObjectiveError, match=sentence):
        read_wanted(texts)


def test_wishes_are_read_as_they_are_typed() -> None:
    assert numbers_by_objective(["T_g=700, density = 6.5", "dmax=-1"]) == {"tg": 700.0, "density": 6.5, "dmax": -1.0}
    assert numbers_by_objective("dmax=1") == numbers_by_objective({"dmax": 1}) == {"dmax": 1.0}
    assert wishes_in_words({"tg": 700.0}, {"density": 6.5}) == ["tg at least 700", "density at most 6.5"]


@pytest.mark.parametrize(
    "text", ["tg", "tg>700", "tg=", "=700", "tg=seven", "tg=700;x", "tg=1,tg=2", "tg=nan", "tg=7e400"]
)
def test_a_wish_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ObjectiveError, match=r"no wish|stands twice"):
        numbers_by_objective([text])
