"""What an entry of the evidence by regimes is made from, and that nothing is evaluated twice."""

from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.execution import search_pool
from bmg_assets.science.evidence.literature_entries import literature_data
from bmg_assets.science.evidence.regime_entries import regime_entries
from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import REGIME_ALLOYS, REGIME_SCORES
from bmg_assets.studies.evaluations import Part, evaluate_missing
from bmg_assets.studies.regime_entries import RegimeWork
from bmg_assets_tests.assets.searches import ThisProcess
from bmg_assets_tests.science.evidence.reports import learnable_reports, origins_of

REPORTS = learnable_reports()
ENTRIES = regime_entries(("ml_bmg_gfa", "later"), quick=True)[-2:]


def work_on(reports: pd.DataFrame, seed: int = 1) -> RegimeWork:
    return RegimeWork.on(literature_data(reports, origins_of(reports), seed))


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
    assert evaluate_missing(store, [both.named([ENTRIES[0].name])]) == 1
    assert [one.key for one in both.missing(store)] == ["regimes/paper-nearest"]
    assert evaluate_missing(store, [both], told.append) == 1
    assert told == ["regimes/paper-nearest: 1 of 1 evaluations"]
    assert evaluate_missing(store, [both]) == 0
    scores, alloys = (both.read(store, table.name) for table in (REGIME_SCORES, REGIME_ALLOYS))
    assert set(scores["literature"]) == set(alloys["literature"]) == {"whole", "paper"}
    assert set(alloys["regime"]) == set(scores["regime"])
