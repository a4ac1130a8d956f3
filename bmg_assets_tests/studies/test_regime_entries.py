"""What an entry of the evidence by regimes is made from, and that nothing is evaluated twice."""

from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.execution import search_pool
from bmg_assets.science.evidence.literature_entries import literature_data
from bmg_assets.science.evidence.regime_entries import regime_entries
from bmg_assets.store.store import Store
from bmg_assets.studies.regime_entries import (
    RegimeWork,
    evaluate_regime_entries,
    scores_of_later,
    stored_regime_alloys,
    stored_regime_scores,
)
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
    store, work, told = Store(url=str(tmp_path)), work_on(REPORTS), []
    assert evaluate_regime_entries(store, work, ENTRIES[:1]) == 1
    assert evaluate_regime_entries(store, work, ENTRIES, told.append) == 1
    assert told == ["paper-nearest: 1 of 1 evaluations"]
    assert evaluate_regime_entries(store, work, ENTRIES) == 0
    scores, alloys = stored_regime_scores(store, work, ENTRIES), stored_regime_alloys(store, work, ENTRIES)
    assert set(scores["literature"]) == set(alloys["literature"]) == {"whole", "paper"}
    assert set(alloys["regime"]) == set(scores["regime"])


def test_newcomers_are_taken_from_the_entries_of_the_literature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_pool, "search_pool", ThisProcess().pool)
    found = scores_of_later(Store(url=str(tmp_path)), work_on(REPORTS), quick=True)
    assert set(found["regime"]) == {"newcomers", "new_after_2005", "known_before_2005"} or set(found["regime"]) == {
        "newcomers",
        "new_after_2005",
    }
    assert set(found["strategy"]) == {"composite", "transfer", "nearest", "equiatomic"}
