"""What `bmg run` prints of the alloys to cast."""

import pandas as pd

from bmg_assets.cli.terminal.proposed import proposed_for_people
from bmg_assets.pages.sentences import pick_in_a_line, with_formulas
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.store.tables.literature import ALLOYS
from bmg_assets.store.tables.prediction import CANDIDATES
from bmg_assets_tests.table_frames import frame_of

SYSTEM = parse_system("Zr-Al-Cu")
LITERATURE = frame_of(
    ALLOYS,
    rows=1,
    composition=["Al5Cu45Zr50"],
    elements=[["Al", "Cu", "Zr"]],
    at_pct=[[5.0, 45.0, 50.0]],
    kind=["bulk"],
    reported=[["2 mm, bulk glass: mdf_v5, somebody (1994)"]],
)


def candidates() -> pd.DataFrame:
    return frame_of(
        CANDIDATES,
        rows=3,
        at_pct=[[50.0, 7.0, 43.0], [20.0, 20.0, 60.0], [25.0, 20.0, 55.0]],
        kind=["pick", "pick", "verification"],
        rank=[1, 1, 1],
        strategy=["composite", "pruned", "pruned"],
        rule=["expected_gain", "paper", "paper"],
        is_recommended=[True, False, False],
        is_trusted=True,
        dmax_mm=[3.1, 2.4, 1.0],
        reason=["an expected gain", "best of the region", "boundary"],
        agreement=["both expect a bulk glass: ..", "they contradict each other: ..", "neither .."],
        first_rung=["cast 3 mm at once", "spin a ribbon first", "spin a ribbon first"],
        probability_bulk=[0.83, 0.1, 0.1],
        nearest_formula=["Al5Cu45Zr50"] * 3,
        nearest_class=["bulk"] * 3,
        nearest_dmax_mm=[2.0, None, None],
        nearest_at_pct=[2.0] * 3,
        nearest_who=["literature"] * 3,
        limits=[None] * 3,
    )


def test_what_is_recommended_comes_first_and_the_papers_pair_is_named_as_such() -> None:
    lines = proposed_for_people(SYSTEM, candidates(), LITERATURE).splitlines()
    assert lines[0] == "Cast next in Zr-Al-Cu:"
    assert lines[1].startswith("  1. Zr50Al7Cu43: predicted D_max 3.10 mm (interval ")
    assert lines[2] == "     Both expect a bulk glass: ..."
    assert lines[3] == "     Cast 3 mm at once."
    assert lines[4].startswith("     Nearest in the literature: Zr50Al5Cu45 (2 mm, bulk glass: mdf_v5")
    assert "Chosen by the rule expected_gain" in lines[5]
    assert lines[6] == "The pair of the paper's models in Zr-Al-Cu:"
    assert lines[7].startswith("  1. Zr20Al20Cu60: predicted D_max 2.40 mm")
    assert lines[8:10] == ["     They contradict each other: ...", "     Spin a ribbon first."]
    assert not any("Zr25Al20Cu55" in line for line in lines), "boundary points are on the page"


def test_where_the_papers_pair_is_recommended_the_picks_of_the_surrogate_stand_beside() -> None:
    table = candidates().iloc[[1, 0]].assign(is_recommended=[True, False])
    text = proposed_for_people(SYSTEM, table, LITERATURE)
    assert text.index("Zr20Al20Cu60") < text.index("The picks of composite in Zr-Al-Cu:") < text.index("Zr50Al7Cu43")


def test_without_models_of_the_paper_the_picks_stand_alone() -> None:
    alone = candidates()[:1].drop(columns=["agreement", "paper_mm"])
    lines = proposed_for_people(SYSTEM, alone, LITERATURE).splitlines()
    assert len(lines) == 5
    assert lines[3].startswith("     Nearest in the literature")


def test_where_nothing_is_recommended_one_sentence_says_why() -> None:
    assert proposed_for_people(SYSTEM, candidates()[:0], LITERATURE) == (
        "Nothing is recommended in Zr-Al-Cu: too few bulk glasses are known for a score to mean mm."
    )


def test_a_pick_fits_in_a_line_of_the_runs_log() -> None:
    first, second, _ = with_formulas(candidates(), SYSTEM).to_dict("records")
    assert pick_in_a_line(first) == (
        "1. Zr50Al7Cu43: 3.10 mm (interval 0.12 to 0.12 mm, 83 % for a bulk glass); nearest known: Al5Cu45Zr50 (bulk, "
        "2 mm; literature), 2 at.% away"
    )
    assert "nearest known: Al5Cu45Zr50 (bulk; literature), 2 at.% away" in pick_in_a_line(second)


def test_too_far_from_what_is_known_no_number_of_the_surrogate_is_told() -> None:
    far = candidates().assign(is_trusted=False)
    lines = proposed_for_people(SYSTEM, far, LITERATURE).splitlines()
    assert lines[1].startswith("  1. Zr50Al7Cu43: too far from what is known for a number; pick 1 by the rule")
    assert "mm" not in lines[1]
    assert lines[7].startswith("  1. Zr20Al20Cu60: predicted D_max 2.40 mm"), "the paper's models tell theirs"
    first = next(iter(with_formulas(far, SYSTEM).to_dict("records")))
    assert pick_in_a_line(first).startswith("1. Zr50Al7Cu43: too far from what is known; nearest known: ")
