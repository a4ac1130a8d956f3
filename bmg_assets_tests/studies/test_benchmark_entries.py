"""What an entry of the benchmark is made from, and so when it is evaluated anew."""

from dataclasses import replace

import numpy as np
import pytest

from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.evidence.benchmark import Entry, EvaluationSet, benchmark_named, evaluation_set
from bmg_assets.science.evidence.left_out import systems_left_out
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.science.surrogates.baselines import Nearest
from bmg_assets.studies.benchmark_entries import BenchmarkWork
from bmg_assets_tests.science.surrogates.literature import learnable_tables


class LaterNearest(Nearest):
    """The same surrogate, which gives other numbers than before."""

    version = "2"


@pytest.fixture(scope="module")
def data() -> EvaluationSet:
    table, described = learnable_tables()
    return evaluation_set(table, described, element_tables("current"), PAPER_DESCRIPTORS)


@pytest.fixture(scope="module")
def entry(data: EvaluationSet) -> Entry:
    return Entry(Nearest(), systems_left_out(data.table, Split.DEVELOPMENT)[0], Split.DEVELOPMENT)


def test_an_entry_is_evaluated_anew_where_anything_that_it_is_made_from_is_another(
    data: EvaluationSet, entry: Entry
) -> None:
    benchmark = benchmark_named("standard", seed=1)
    thicker = replace(data, alloys=replace(data.alloys, dmax_mm=data.alloys.dmax_mm + np.float64(0.1)))
    known = [
        BenchmarkWork.on(data, benchmark).made_from(entry),
        BenchmarkWork.on(data, benchmark_named("standard", seed=2)).made_from(entry),
        BenchmarkWork.on(data, replace(benchmark, with_casting=False)).made_from(entry),
        BenchmarkWork.on(data, replace(benchmark, tracks=(Track.NOTHING_KNOWN,))).made_from(entry),
        BenchmarkWork.on(thicker, benchmark).made_from(entry),
        BenchmarkWork.on(data, benchmark).made_from(replace(entry, surrogate=LaterNearest())),
    ]
    assert len(set(known)) == len(known)


def test_another_split_is_no_reason_to_evaluate_an_entry_anew(data: EvaluationSet, entry: Entry) -> None:
    without, with_release = (benchmark_named("standard", 1, with_release=looked) for looked in (False, True))
    assert without.splits != with_release.splits
    assert BenchmarkWork.on(data, without).made_from(entry) == BenchmarkWork.on(data, with_release).made_from(entry)
