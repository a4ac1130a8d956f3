"""What an entry of the evidence on the literature is made from, and that nothing is evaluated twice."""

from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.execution import search_pool
from bmg_assets.science.evidence.literature_entries import COMPARES_VARIANTS, LiteratureEntry, literature_data
from bmg_assets.science.evidence.literature_variants import Variant
from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import LITERATURE_SCORES
from bmg_assets.studies.evaluations import Part, evaluate_missing
from bmg_assets.studies.literature_entries import LiteratureWork
from bmg_assets_tests.assets.searches import ThisProcess
from bmg_assets_tests.science.evidence.reports import learnable_reports, origins_of

REPORTS = learnable_reports()
ENTRIES = [
    LiteratureEntry(Variant("whole", ("ml_bmg_gfa", "later")), COMPARES_VARIANTS),
    LiteratureEntry(Variant("paper", ("ml_bmg_gfa",)), COMPARES_VARIANTS),
]


def work_on(reports: pd.DataFrame, seed: int = 1) -> LiteratureWork:
    return LiteratureWork.on(literature_data(reports, origins_of(reports), seed))


def test_an_entry_is_evaluated_anew_where_anything_that_it_is_made_from_is_another() -> None:
    known = [
        work_on(REPORTS).cached(ENTRIES[0]).made_from,
        work_on(REPORTS, seed=2).cached(ENTRIES[0]).made_from,
        work_on(REPORTS).cached(ENTRIES[1]).made_from,
        work_on(REPORTS.assign(dmax_mm=REPORTS["dmax_mm"] + 0.1)).cached(ENTRIES[0]).made_from,
    ]
    assert len(set(known)) == len(known)


def test_what_was_evaluated_is_not_evaluated_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    store, both, told = Store(url=str(tmp_path)), Part(work_on(REPORTS), ENTRIES), []
    assert evaluate_missing(store, [both.named(["whole-transfer"])]) == 1
    assert evaluate_missing(store, [both], told.append) == 1
    assert told == ["literature/paper-transfer: 1 of 1 evaluations"]
    found = both.read(store, LITERATURE_SCORES.name)
    assert set(found["variant"]) == {"whole", "paper"}
    assert evaluate_missing(store, [both]) == 0


def test_variants_that_teach_the_same_are_evaluated_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    store, told = Store(url=str(tmp_path)), []
    same = LiteratureEntry(Variant("largest_trains", ("ml_bmg_gfa", "later"), trains="largest"), COMPARES_VARIANTS)
    alike = Part(work_on(REPORTS), [ENTRIES[0], same])
    assert [one.key for one in alike.missing(store)] == ["literature/whole-transfer+largest_trains-transfer"]
    assert evaluate_missing(store, [alike], told.append) == 2
    assert told == ["literature/whole-transfer+largest_trains-transfer: 1 of 1 evaluations"]
    found = alike.read(store, LITERATURE_SCORES.name).groupby("variant")["value"].sum()
    assert found["whole"] == found["largest_trains"]
