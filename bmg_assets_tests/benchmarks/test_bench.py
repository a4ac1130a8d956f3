"""The benchmarks run, on a size whose numbers mean nothing; a missed target is called missed."""

import json
from pathlib import Path

import pytest

from bmg_assets_tests.benchmarks.__main__ import main
from bmg_assets_tests.benchmarks.catalogue import BENCHMARKS
from bmg_assets_tests.benchmarks.cluster import summed_up
from bmg_assets_tests.benchmarks.dagster_share import computing_spans, covered
from bmg_assets_tests.benchmarks.descriptors import matminer_looks_up
from bmg_assets_tests.benchmarks.line import Line, at_least, at_most
from bmg_assets_tests.benchmarks.report import BEGIN, END, NoMarkersError, fill_in, markdown, write
from bmg_assets_tests.benchmarks.size import tiny_size
from bmg_assets_tests.deployment import Deployment

SLOW = {"cluster", "dagster", "growth", "recommending"}
MET = Line("one", "1 s", "10 s", 10.0, 120.0, at_least(5, "times"), 10.0)
MISSED = Line("two", "3 s", target=at_most(2, "s"), found=3.0)
UNKNOWN = Line("three", "3 s", target=at_most(2, "s"), found=None)


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.slow] if n in SLOW else []) for n in BENCHMARKS])
def test_each_benchmark_runs(name: str, tmp_path: Path) -> None:
    lines = BENCHMARKS[name].run(tiny_size(tmp_path))
    assert lines
    table = markdown(lines)
    for line in lines:
        assert f"| {line.subject} |" in table
        assert line.ratio is None or line.ratio > 0


def test_a_target_is_met_missed_by_so_much_or_not_judged() -> None:
    assert MET.verdict == "met"
    assert not MET.is_missed
    assert MISSED.verdict == "missed: 3 s, 50% off"
    assert MISSED.is_missed
    assert at_least(200, "times").verdict(150) == "missed: 150 times, 25% off"
    assert at_least(200, "times").verdict(200) == "met"
    assert at_most(2, "s").verdict(2) == "met"
    assert UNKNOWN.verdict == "not judged"
    assert not UNKNOWN.is_missed
    assert Line("four", "1 s").verdict == "—"


def test_the_table_says_what_was_missed_and_the_json_on_what_it_ran(tmp_path: Path) -> None:
    write([MET, MISSED], tmp_path / "bench", "some")
    table = (tmp_path / "bench" / "some.md").read_text()
    assert "| one | 1 s | 10 s | 10 | 120 MB | ≥ 5 times | met |" in table
    assert "| two | 3 s | — | — | — | ≤ 2 s | **missed: 3 s, 50% off** |" in table
    found = json.loads((tmp_path / "bench" / "some.json").read_text())
    assert [line["verdict"] for line in found["lines"]] == [MET.verdict, MISSED.verdict]
    assert found["machine"]["usable_cores"] >= 1
    assert {"matminer", "xgboost", "lightgbm"} <= set(found["versions"])


def test_the_page_of_results_gets_the_table_between_its_markers_and_nowhere_else() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert fill_in(text, "new\n") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    assert fill_in(fill_in(text, "new\n"), "new\n") == fill_in(text, "new\n")
    for broken in ("nothing", f"{END}\n{BEGIN}\n", BEGIN):
        with pytest.raises(NoMarkersError, match="write these two lines"):
            fill_in(broken, "new\n")


def test_a_benchmark_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "descriptors" in capsys.readouterr().err


def test_the_page_of_results_is_not_left_with_a_part_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    for part in (["fusion", "--results"], ["--tiny", "--results"]):
        with pytest.raises(SystemExit):
            main(part)
        assert "docs/results.md shows the whole table" in capsys.readouterr().err


def test_matminer_lists_clusters_again_once_a_set_of_elements_was_put_aside() -> None:
    many = [{"Cu": 1.0, f"X{i}": 1.0} for i in range(200)]
    first, again = matminer_looks_up([many[0], many[0], *many, many[0], {"Cu": 1.0}])
    assert (first[2], again[2]) == (201, 2)
    assert (first[1], again[1]) == (1, 0)


def test_spans_that_overlap_count_once() -> None:
    assert covered([(0, 2), (1, 3), (1, 2), (5, 6)]) == 4
    assert covered([]) == 0


def test_our_functions_work_once_in_each_step_of_a_run(finished: Deployment) -> None:
    (record,) = finished.instance.get_run_records(limit=1)
    spans = computing_spans(finished.instance, record.dagster_run.run_id)
    stats = finished.instance.get_run_step_stats(record.dagster_run.run_id)
    assert len(spans) == len(stats) >= 10
    assert all(begin <= end for begin, end in spans)
    whole = max(step.end_time for step in stats) - min(step.start_time for step in stats)
    assert 0 < covered(spans) < whole


def test_the_throughput_of_workers_follows_from_when_their_runs_were_at_work() -> None:
    """Two workers, four runs: each worker waits 10 s between its two runs; the second one ends earlier."""
    spans = [(100.0, 160.0), (100.0, 150.0), (170.0, 230.0), (160.0, 200.0)]
    found = summed_up(2, 90.0, spans, ours_s=105.0, launches=[95.0, 97.0])
    assert (found.systems, found.systems_an_hour) == (4, 4 * 3600 / 130)
    assert found.run_s == 55
    assert found.outside_share == 0.5
    assert found.between_runs_s == 10
    assert (found.first_begins_s, found.launch_s) == (10, 2)
