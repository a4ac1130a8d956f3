"""An entry is a variant in all tests; nothing of the release split is in any."""

import pandas as pd
import pytest

from bmg_assets.science.evidence import literature_entries
from bmg_assets.science.evidence.literature_entries import (
    COMPARES_VARIANTS,
    GROWN_ANEW,
    NOT_FITTED,
    LearntEntry,
    LiteratureEntry,
    NoPublishedSetError,
    evaluate_literature_entry,
    learnt_in,
    literature_data,
)
from bmg_assets.science.evidence.literature_entries import literature_entries as entries_of
from bmg_assets.science.evidence.literature_variants import Variant
from bmg_assets_tests.science.evidence.reports import learnable_reports, origins_of

REPORTS = learnable_reports()
ALL = ("ml_bmg_gfa", "later")


def test_systems_are_those_of_development_and_the_newcomers() -> None:
    judge = literature_data(REPORTS, origins_of(REPORTS), seed=1).judge
    assert judge.left_out == ("Al-Co-Zr", "Al-Cu-Zr", "Cu-Ti-Zr")
    assert judge.newcomers == ("Ag-Cu-Zr", "Al-Ni-Ti-Zr")


def test_a_literature_that_cannot_be_taken_apart_is_refused_in_one_sentence() -> None:
    with pytest.raises(NoPublishedSetError, match="The literature at hand is later, but the evidence compares"):
        literature_data(REPORTS[REPORTS["source"] == "later"], origins_of(REPORTS), seed=1)


def test_strategies_are_compared_on_the_main_variants_alone() -> None:
    entries = {entry.name: entry for entry in entries_of(REPORTS, ["ml_bmg_gfa"], quick=False)}
    assert entries["whole-nearest"].strategies == NOT_FITTED
    assert entries["paper-weighted"].strategies == GROWN_ANEW
    assert entries["without_later-transfer"].strategies == COMPARES_VARIANTS
    assert entries["whole-2000-transfer"].variant.until == 2000
    assert "without_later-weighted" not in entries
    assert len({entry.made_from for entry in entries.values()}) == len(entries)
    quick = {entry.name for entry in entries_of(REPORTS, ["ml_bmg_gfa"], quick=True)}
    assert quick < set(entries)
    assert not any("weighted" in name or "paper_and" in name for name in quick)


def scores(entry: LiteratureEntry) -> pd.DataFrame:
    data = literature_data(REPORTS, origins_of(REPORTS), seed=1)
    learnt = LearntEntry(learnt_in(data, entry), entry.strategies, entry.variant.until)
    return evaluate_literature_entry(data.judge, learnt)


def test_an_entry_has_left_out_systems_and_newcomers_of_all_its_strategies() -> None:
    found = scores(LiteratureEntry(Variant("whole", ALL), COMPARES_VARIANTS))
    assert set(found["test"]) == {"left_out", "newcomers"}
    assert set(found["strategy"]) == {"transfer"}
    auc = found[(found["metric"] == "auc") & (found["strategy"] == "transfer") & (found["track"] == "related_known")]
    assert auc["value"].mean() > 0.9


def test_an_entry_of_a_year_has_the_time_split_without_the_release_split(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = LiteratureEntry(Variant("whole", ALL, until=2000), COMPARES_VARIANTS)
    found = scores(entry)
    assert set(found["test"]) == {"time_split"}
    assert "Ag-Cu-Zr" in set(found["left_out_system"])
    monkeypatch.setattr(literature_entries, "RELEASE_SYSTEMS", frozenset({"Ag-Cu-Zr"}))
    assert "Ag-Cu-Zr" not in set(scores(entry)["left_out_system"])
