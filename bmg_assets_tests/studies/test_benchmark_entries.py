"""What an entry of the contest is made from, and so when it is judged anew."""

from dataclasses import replace

import numpy as np
import pytest

from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.evidence.benchmark import Entry, Ground, contest_named, prepare_ground
from bmg_assets.science.evidence.left_out import systems_left_out
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.science.surrogates.baselines import Nearest
from bmg_assets.studies.benchmark_entries import ContestWork
from bmg_assets_tests.science.surrogates.literature import learnable_tables


class LaterNearest(Nearest):
    """The same strategy, which gives other numbers than before."""

    version = "2"


@pytest.fixture(scope="module")
def ground() -> Ground:
    table, described = learnable_tables()
    return prepare_ground(table, described, element_tables("current"), PAPER_DESCRIPTORS)


@pytest.fixture(scope="module")
def entry(ground: Ground) -> Entry:
    return Entry(Nearest(), systems_left_out(ground.table, Split.DEVELOPMENT)[0], Split.DEVELOPMENT)


def test_an_entry_is_judged_anew_where_anything_that_it_is_made_from_is_another(ground: Ground, entry: Entry) -> None:
    contest = contest_named("standard", seed=1)
    thicker = replace(ground, alloys=replace(ground.alloys, dmax_mm=ground.alloys.dmax_mm + np.float64(0.1)))
    known = [
        ContestWork.on(ground, contest).made_from(entry),
        ContestWork.on(ground, contest_named("standard", seed=2)).made_from(entry),
        ContestWork.on(ground, replace(contest, with_casting=False)).made_from(entry),
        ContestWork.on(ground, replace(contest, tracks=(Track.NOTHING_KNOWN,))).made_from(entry),
        ContestWork.on(thicker, contest).made_from(entry),
        ContestWork.on(ground, contest).made_from(replace(entry, strategy=LaterNearest())),
    ]
    assert len(set(known)) == len(known)


def test_another_split_is_no_reason_to_judge_an_entry_anew(ground: Ground, entry: Entry) -> None:
    without, with_release = (contest_named("standard", 1, with_release=looked) for looked in (False, True))
    assert without.splits != with_release.splits
    assert ContestWork.on(ground, without).made_from(entry) == ContestWork.on(ground, with_release).made_from(entry)
