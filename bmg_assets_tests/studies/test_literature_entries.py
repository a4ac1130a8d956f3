"""What an entry of the evidence on the literature is made from, and that nothing is evaluated twice."""

from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.execution import search_pool
from bmg_assets.science.evidence.literature_entries import COMPARES_VARIANTS, LiteratureEntry, literature_data
from bmg_assets.science.evidence.literature_variants import Variant
from bmg_assets.store.store import Store
from bmg_assets.studies.literature_entries import LiteratureWork, evaluate_literature, stored_literature_scores
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
    store, work, told = Store(url=str(tmp_path)), work_on(REPORTS), []
    assert evaluate_literature(store, work, ENTRIES[:1]) == 1
    assert evaluate_literature(store, work, ENTRIES, told.append) == 1
    assert told == ["paper-transfer: 1 of 1 evaluations"]
    found = stored_literature_scores(store, work, ENTRIES)
    assert set(found["variant"]) == {"whole", "paper"}
    assert evaluate_literature(store, work, ENTRIES) == 0


def test_variants_that_teach_the_same_are_evaluated_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    store, work, told = Store(url=str(tmp_path)), work_on(REPORTS), []
    same = LiteratureEntry(Variant("largest_trains", ("ml_bmg_gfa", "later"), trains="largest"), COMPARES_VARIANTS)
    assert evaluate_literature(store, work, [ENTRIES[0], same], told.append) == 2
    assert told == ["whole-transfer, largest_trains-transfer: 1 of 1 evaluations"]
    found = stored_literature_scores(store, work, [ENTRIES[0], same]).groupby("variant")["value"].sum()
    assert found["whole"] == found["largest_trains"]
