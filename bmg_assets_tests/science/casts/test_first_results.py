"""When an outcome was first known: not by a plan, and from the first report of its sample on, however corrected."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.casts.cast import Cast
from bmg_assets.science.casts.first_results import FirstResult, first_results
from bmg_assets.science.casts.merging import merge_casts
from bmg_assets_tests.science.casts.examples import rod

SYSTEM = parse_system("Zr-Al-Cu")
TAKEN_IN = {f"{day}.csv": datetime(2026, 3, day, 12, tzinfo=UTC) for day in (1, 2, 3)}
ALLOY, OTHER = "Al5Cu45Zr50", "Al10Cu40Zr50"


def found(*casts: tuple[int, Cast]) -> dict[str, FirstResult]:
    history = merge_casts((), [replace(cast, source=f"{day}.csv") for day, cast in casts])
    assert len(history.accepted) == len(casts)
    return first_results(SYSTEM, history, TAKEN_IN)


def test_the_first_result_is_that_of_the_earliest_intake_and_the_earliest_test() -> None:
    late = (1, rod("S1", 2, test_date="2026-02-20"))
    early = (2, rod("S2", 3, test_date="2026-02-10"))
    assert found(late, early) == {ALLOY: FirstResult(TAKEN_IN["1.csv"], date(2026, 2, 10))}


def test_plans_unclear_and_failed_casts_are_no_results() -> None:
    for verdict in ("planned", "unclear", "failed_cast"):
        assert found((1, rod("S1", 2, verdict))) == {}
    assert found((1, rod("S1", 2, "planned")), (2, rod("S1", 2)))[ALLOY].taken_in_at == TAKEN_IN["2.csv"]


def test_a_result_is_one_although_it_was_withdrawn() -> None:
    withdrawn = found((1, rod("S1", 2)), (2, rod("S1", 2, "withdrawn", supersedes="S1")))
    assert withdrawn[ALLOY].taken_in_at == TAKEN_IN["1.csv"]


def test_a_corrected_report_counts_from_the_first_report_of_its_sample() -> None:
    corrected = rod("S1", 2, supersedes="S1", composition_nominal="Zr50Al10Cu40")
    outcomes = found((1, rod("S1", 2)), (2, corrected))
    assert outcomes.keys() == {ALLOY, OTHER}
    assert outcomes[OTHER].taken_in_at == TAKEN_IN["1.csv"]
    renamed = rod("S2", 2, supersedes="S1", composition_nominal="Zr50Al10Cu40")
    assert found((1, rod("S1", 2)), (3, renamed))[OTHER].taken_in_at == TAKEN_IN["1.csv"]


def test_a_corrected_date_counts_as_corrected() -> None:
    typo, right = rod("S1", 2, test_date="2025-02-27"), rod("S1", 2, test_date="2026-02-27", supersedes="S1")
    assert found((1, typo), (2, right))[ALLOY].tested_on == date(2026, 2, 27)


def test_casts_of_other_systems_are_none_of_this_one() -> None:
    assert found((1, rod("S1", 2, composition_nominal="Zr50Al5Ni45"))) == {}
