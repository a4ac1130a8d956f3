"""The state of a composition follows from its casts, through the real ladder and the real history of reports."""

import pandas as pd
import pytest

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.casts.candidate_states import CandidateState, settled, standings_of, with_states
from bmg_assets.science.casts.lab_tables import lab_casts_rows, lab_results_rows
from bmg_assets.science.casts.merging import merge_casts
from bmg_assets_tests.science.casts.examples import cast, ribbon, rod

SYSTEM = parse_system("Zr-Al-Cu")
ALLOY = "Al5Cu45Zr50"
RESULT_COLUMNS = ["composition", "dmax_mm", "state", "sample_ids"]
PROPOSED, REQUESTED, CAST, REFUSED = CandidateState


def standings(*casts):
    history = merge_casts([], casts)
    assert not history.refusals
    results = pd.DataFrame(lab_results_rows(SYSTEM, history), columns=RESULT_COLUMNS)
    return standings_of(results, pd.DataFrame(lab_casts_rows(SYSTEM, history)))


@pytest.mark.parametrize(
    ("casts", "state", "because"),
    [
        ([rod("A", 1, "planned")], REQUESTED, "A: planned (suction casting)"),
        ([rod("A", 1, "unclear")], REQUESTED, "A: unclear (suction casting)"),
        ([rod("A", 1, "crystalline")], REQUESTED, "A: crystalline (suction casting)"),
        (
            [cast("A", method="sputtering", dimension_kind="plate_thickness", dimension_mm="0.001")],
            REQUESTED,
            "A: amorphous (sputtering)",
        ),
        (
            [rod("A", 1, "failed_cast"), rod("B", 1, "planned")],
            REQUESTED,
            "A: failed cast (suction casting); B: planned",
        ),
        ([rod("A", 1)], CAST, "1 mm by A"),
        ([ribbon("A", "crystalline")], CAST, "0 mm by A"),
        ([rod("A", 1, "planned"), rod("A", 1.5)], CAST, "1.5 mm by A"),
        ([rod("A", 1), rod("B", 1.5, "planned")], CAST, "1 mm by A, B"),
        ([rod("A", 1, "failed_cast"), rod("B", 2, "failed_cast")], REFUSED, "failed: A, B"),
        ([rod("A", 2), rod("B", 1, "crystalline")], REFUSED, "the casts contradict each other: A, B"),
        ([rod("A", 2), rod("A", 2, "withdrawn", supersedes="A")], REFUSED, "withdrawn: A"),
        ([rod("A", 2, "planned"), rod("A", 2, "withdrawn", supersedes="A")], REFUSED, "withdrawn: A"),
        ([rod("A", 2), rod("A", 2, "withdrawn", supersedes="A"), rod("B", 1, "planned")], REQUESTED, "B: planned"),
    ],
)
def test_the_state_follows_from_the_casts(casts, state, because):
    found = standings(*casts)
    assert found[ALLOY].state is state
    assert because in found[ALLOY].because
    assert settled(found) == ({ALLOY} if state in (CAST, REFUSED) else set())


def test_a_cast_reported_under_the_wrong_composition_leaves_that_one_proposed():
    found = standings(rod("A", 2), rod("A", 2, composition_nominal="Zr60Al5Cu35", supersedes="A"))
    assert ALLOY not in found
    assert found["Al5Cu35Zr60"].state is CAST


def test_rows_get_the_state_of_their_composition_and_proposed_without_any():
    rows = pd.DataFrame({"composition": ["Al10Cu40Zr50", ALLOY]}, index=[7, 3])
    table = with_states(rows, standings(rod("A", 1, "planned")))
    assert table["state"].tolist() == ["proposed", "requested"]
    assert table["state_because"].tolist() == [None, "A: planned (suction casting)"]
    assert table.index.tolist() == [7, 3]
    again = with_states(table, {})
    assert again["state"].tolist() == ["proposed", "proposed"]
    assert again["state_because"].isna().all()
