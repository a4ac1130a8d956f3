"""Comparing: points of maps as stored, other alloys by a fit that is kept, and each bad input in a sentence."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from bmg_assets.actions.comparing import Comparison, ComparisonError, compare
from bmg_assets.actions.fitted_surrogate import UnknownElementError
from bmg_assets.build import build_resources
from bmg_assets.science.surrogates.catalogue import PAPER, RECOMMENDED
from bmg_assets.store.literature_database import EmptyLiteratureError
from bmg_assets_tests.deployment import Deployment

SYSTEM = "Zr-Al-Cu"
ON_MAP, UNREPORTED = "Zr50Al10Cu40", "Zr51Al11Cu38"


@pytest.fixture
def here(finished: Deployment) -> Iterator[Deployment]:
    with finished.environment():
        yield finished


def compared(deployment: Deployment, *formulas: str, said: list[str] | None = None) -> Comparison:
    resources = build_resources()
    say = (lambda _: None) if said is None else said.append
    return compare(deployment.store, resources["lab_inbox"], resources["defaults"], formulas, say)


def test_points_of_a_map_are_what_is_stored_and_nothing_is_fitted(here: Deployment) -> None:
    said: list[str] = []
    found = compared(here, ON_MAP, UNREPORTED, said=said)
    assert said == []
    one = found.alloys[0]
    assert (one.formula, one.system) == (ON_MAP, SYSTEM)
    for table, by in (("transfer_grid", RECOMMENDED.name), ("prediction_grid", PAPER.name)):
        stored: Any = here.store.read_table(table, SYSTEM).set_index("composition").loc[one.composition]
        prediction = one.by(by)
        assert prediction is not None
        assert prediction.is_of_map
        assert (prediction.dmax_mm, prediction.low_mm) == (stored["dmax_mm"], stored["interval_low_mm"])
        assert prediction.probability_bulk == stored["probability_bulk"]
    assert {"svr", "random_forest"} <= set(found.models)
    assert one.nearest[0].distance_at_pct <= one.nearest[1].distance_at_pct
    assert any(note.startswith("T_g is not mapped in Zr-Al-Cu: `bmg property T_g") for note in found.alloys[1].notes)


def test_other_alloys_are_predicted_by_one_fit_that_agrees_with_the_map(
    here: Deployment,
) -> None:
    said: list[str] = []
    off = compared(here, "Zr50.2Al10Cu39.8", "Pd40Ni40P20", said=said)
    assert compared(here, "Mg65Cu25Y10", "Zr50.2Al10Cu39.8", said=said).alloys[1] == off.alloys[0]
    assert len(said) == 1  # the second time, the fit is at hand
    fitted, stored = off.alloys[0].by(RECOMMENDED.name), compared(here, ON_MAP, "Zr60Al10Cu30").alloys[0]
    mapped = stored.by(RECOMMENDED.name)
    assert fitted is not None
    assert mapped is not None
    assert not fitted.is_of_map
    assert np.isclose(fitted.dmax_mm, mapped.dmax_mm, rtol=0.15)
    assert np.isclose(fitted.explained or 0, mapped.explained or 0, atol=0.05)
    assert "none of Zr-Al-Cu's" in off.alloys[0].notes[0]
    assert "before Pd-Ni-P is trained" in off.alloys[1].notes[0]


def test_a_comparison_is_a_table_and_objects_for_other_programs(here: Deployment) -> None:
    found = compared(here, ON_MAP, "Zr60Al10Cu30")
    table, objects = found.table(), found.as_objects()
    assert table["formula"].tolist() == [ON_MAP, "Zr60Al10Cu30"]
    assert table["composite_mm"].notna().all()
    assert [one["formula"] for one in objects["alloys"]] == table["formula"].tolist()
    assert set(objects["descriptors"][0]) >= {"descriptor", ON_MAP, "Zr60Al10Cu30", "difference"}


def test_a_reported_alloy_is_known_and_is_not_its_own_neighbour(here: Deployment) -> None:
    known = compared(here, "Cu50Zr50", ON_MAP).alloys[0]
    assert known.known is not None
    assert known.known.distance_at_pct < 1e-6
    assert known.nearest[0].distance_at_pct > 0


@pytest.mark.parametrize(
    ("formulas", "sentence"),
    [
        ([], "Found no alloy to compare, expected 2 to 5; name another one."),
        ([ON_MAP], "Found 1 alloy to compare, expected 2 to 5; name another one."),
        ([f"Zr{50 + n}Cu{50 - n}" for n in range(6)], "Found 6 alloys to compare, expected 2 to 5; leave some out."),
        ([ON_MAP, "Cu40Al10Zr50"], "'Cu40Al10Zr50' is the same alloy as 'Zr50Al10Cu40'"),
        ([ON_MAP, "Zr50Qq50"], "'Qq' is not an element"),
        ([ON_MAP, "Zr50He50"], "'He' is an element that nobody casts"),
        ([ON_MAP, "Zr100"], "Zr100 has 1 element, expected 2 to 9"),
        ([ON_MAP, "Zr10Al10Cu10Ni10Ti10Hf10Y10Nb10Ag10Fe10"], "has 10 elements, expected 2 to 9"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    fresh: Deployment, formulas: list[str], sentence: str
) -> None:
    with fresh.environment(), pytest.raises(ComparisonError) as refused:
        compared(fresh, *formulas)
    assert sentence in str(refused.value)


def test_without_literature_or_with_an_element_that_no_alloy_holds_nothing_is_predicted(
    fresh: Deployment, here: Deployment
) -> None:
    with pytest.raises(UnknownElementError, match="holds Rb, so nothing can be predicted with it; leave it out"):
        compared(here, ON_MAP, "Zr50Cu40Rb10")
    with fresh.environment(), pytest.raises(EmptyLiteratureError, match="is not there"):
        compared(fresh, ON_MAP, "Zr60Al10Cu30")
