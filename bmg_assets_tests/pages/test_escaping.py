"""Every text field of every kind of page, filled with code for a browser: it is shown, and never run."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.pages.drawing import new_figure, saved
from bmg_assets.pages.evidence_page import render_evidence
from bmg_assets.pages.ledger_page import render_ledger
from bmg_assets.pages.literature_page import render_literature
from bmg_assets.pages.overview_page import render_overview
from bmg_assets.pages.property_page import render_property
from bmg_assets.pages.provenance import Provenance, sources_of
from bmg_assets.pages.rendering import Picture
from bmg_assets.pages.study_page import render_study
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets.pages.system_page import render_page
from bmg_assets.replay import report
from bmg_assets.science.errors import BmgError
from bmg_assets.science.evidence.benchmark import benchmark_named
from bmg_assets.science.evidence.summary import as_scores, summarise
from bmg_assets.science.literature.blind_spots import blind_spots_of
from bmg_assets.science.literature.merging import merge_alloys
from bmg_assets.science.literature.profile import profile_of
from bmg_assets.science.literature.tallies import tallies_of
from bmg_assets.store.store import Store
from bmg_assets_tests.pages.property_facts import property_facts
from bmg_assets_tests.pages.test_ledger_page import LEDGER
from bmg_assets_tests.pages.test_overview_page import OVERVIEW
from bmg_assets_tests.pages.test_study_page import study
from bmg_assets_tests.replay.stores import SYSTEM, two_rounds
from bmg_assets_tests.science.literature.report_frames import reports_of

EVIL = "<script>alert('&\"')</script>"
TRACES = ("<script>alert", "alert('&\"')")
SHOWN = "&lt;script&gt;alert(&#39;&amp;&#34;&#39;)&lt;/script&gt;"
NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
Frames = dict[str, pd.DataFrame]
Render = Callable[[Frames], str]


def system_page(facts: SystemFacts, pictures: Mapping[str, Picture], provenance: Provenance) -> tuple[Frames, Render]:
    tables = {name: value for name, value in vars(facts.tables).items() if isinstance(value, pd.DataFrame)}
    others = {"known": facts.known, "drivers": facts.drivers, "sources": provenance.sources}

    def made(frames: Frames) -> str:
        evil = replace(facts, tables=replace(facts.tables, **{name: frames[name] for name in tables}))
        evil = replace(evil, known=frames["known"], drivers=frames["drivers"])
        return render_page(evil, pictures, replace(provenance, sources=frames["sources"]), NOW)

    return tables | others, made


def property_page(pictures: Mapping[str, Picture]) -> tuple[Frames, Render]:
    facts = property_facts(sub_dataset=0)
    frames = {name: value for name, value in vars(facts).items() if isinstance(value, pd.DataFrame)}
    parity = {"parity": pictures["parity"]}
    return frames, lambda evil: render_property(replace(facts, **evil), parity, None, {}, NOW)


def evidence_page() -> tuple[Frames, Render]:
    labels = {"track": "nothing_known", "split": "development", "seed": 0}
    systems = ("Al-Cu-Zr", "Ca-Mg-Zn", "Cu-Mg-Y")
    scores = pd.concat(
        [
            as_scores({"auc": 0.5 + number / 10}, {}, strategy=strategy, left_out_system=system, **labels)
            for strategy in ("pruned", "transfer", "random")
            for number, system in enumerate(systems)
        ],
        ignore_index=True,
    )
    predictions = pd.DataFrame(labels | {"strategy": "transfer", "left_out_system": systems})
    predictions = predictions.assign(dmax_mm=[3.0, 0.2, 0.0], probability_bulk=[0.5, 0.5, 0.01])
    frames = {"summary": summarise(scores, seed=0), "scores": scores, "predictions": predictions}

    def made(evil: Frames) -> str:
        benchmark = benchmark_named("quick", 7)
        return render_evidence(evil["summary"], evil["scores"], evil["predictions"], benchmark, [], {}, NOW)

    return frames, made


def replay_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Frames, Render]:
    store = two_rounds(folder / "store")
    names = ("cast_outcomes", "lab_casts", "proposals", "iterations")
    frames = {name: store.read_table(name, SYSTEM.key) for name in names}
    monkeypatch.setattr(report, "draw_rounds", lambda *_: {})

    def made(evil: Frames) -> str:
        read = Store.read_table

        def instead(store: Store, name: str, *key: str, **part: str) -> pd.DataFrame:
            return evil[name] if name in evil else read(store, name, *key, **part)

        with monkeypatch.context() as patch:
            patch.setattr(Store, "read_table", instead)
            page, _ = report.report_replay(SYSTEM, store, folder, None, False)
        return page.read_text(encoding="utf-8")

    return frames, made


def spoilt(frames: Frames) -> Iterator[tuple[str, Frames]]:
    """The frames with one field of text after the other filled."""
    for name, frame in frames.items():
        for column in frame.select_dtypes(include=["object", "string"]):
            first = next((value for value in frame[column] if value is not None and value is not pd.NA), "")
            if isinstance(first, str) or (isinstance(first, list) and first and isinstance(first[0], str)):
                value = [EVIL] if isinstance(first, list) else EVIL
                evil = frame.assign(**{column: pd.Series([value] * len(frame), index=frame.index, dtype=object)})
                yield f"{name}.{column}", frames | {name: evil}


def shown_in(frames: Frames, made: Render) -> set[str]:
    """The fields whose text a page shows; none of them as code."""
    clean, shown = made(frames), set()
    for field, evil in spoilt(frames):
        try:
            html = made(evil)
        except (BmgError, KeyError, ValueError):  # a key or a formula, from which no page is made
            continue
        assert not [trace for trace in TRACES if trace in html], field
        assert html.count("<script") == clean.count("<script"), field
        if SHOWN in html:
            shown.add(field)
    return shown


def test_the_page_of_a_system(facts: SystemFacts, pictures: dict[str, Picture], provenance: Provenance) -> None:
    free = {"candidates.reason", "candidates.state_because", "sources.source", "sources.references", "sources.licence"}
    assert free <= shown_in(*system_page(facts, pictures, provenance))


def test_the_page_of_a_property(pictures: dict[str, Picture]) -> None:
    assert {"reports.reference", "reports.reason", "reports.formula_reported", "reports.source"} <= shown_in(
        *property_page(pictures)
    )


def test_the_page_of_the_study() -> None:
    shown = shown_in({"study": study()}, lambda evil: render_study(evil["study"], {}, {}, NOW))
    assert {"study.target_system", "study.budget"} <= shown


def test_the_page_of_the_evidence() -> None:
    assert {"scores.left_out_system"} <= shown_in(*evidence_page())


def test_the_page_of_all_systems() -> None:
    shown = shown_in({"overview": OVERVIEW}, lambda evil: render_overview(evil["overview"], {}, NOW))
    assert {"overview.stale_because", "overview.state"} <= shown


def test_the_page_of_the_ledger() -> None:
    shown = shown_in({"ledger": LEDGER}, lambda evil: render_ledger(evil["ledger"], [], NOW, evil["ledger"]["code"]))
    assert {"ledger.rule", "ledger.strategy", "ledger.training", "ledger.settings", "ledger.code"} <= shown


def test_the_page_of_a_replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"lab_casts.batch_id", "cast_outcomes.proposed_as"} <= shown_in(*replay_page(tmp_path, monkeypatch))


def test_the_page_of_the_literature() -> None:
    reports = reports_of(("Zr50Cu50", "BMG", "2"), ("Zr50Cu60", "AM"))
    alloys = merge_alloys(reports)
    frames = {**tallies_of(reports, alloys), "provenance": sources_of(reports, {})}
    profile, blind = profile_of(alloys, reports), blind_spots_of(alloys)
    figure = Picture("any", saved(new_figure(1, 1)), "", "")

    def made(evil: Frames) -> str:
        tallies = {name: frame for name, frame in evil.items() if name != "provenance"}
        pictures = dict.fromkeys(("fig_1", "fig_pairs", "fig_s2"), figure)
        return render_literature(profile, blind, tallies, evil["provenance"], pictures, NOW)

    free = {"losses.example", "losses.source", "sources.source", "provenance.references", "provenance.licence"}
    assert free <= shown_in(frames, made)
