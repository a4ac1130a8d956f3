"""Every kind of page in a browser: read on a telephone, in light and in dark, and by those who do not see or point."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bmg_assets.pages.atlas_page import atlas_page
from bmg_assets.pages.ledger_page import draw_ledger, render_ledger
from bmg_assets.pages.literature_evidence_page import render_literature_evidence
from bmg_assets.pages.literature_page import render_literature
from bmg_assets.pages.overview_page import render_overview
from bmg_assets.pages.property_figures import property_map
from bmg_assets.pages.property_page import render_property
from bmg_assets.pages.provenance import Provenance, sources_of
from bmg_assets.pages.regime_evidence_page import render_regime_evidence
from bmg_assets.pages.rendering import Picture
from bmg_assets.pages.study_page import render_study
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets.pages.system_page import render_page
from bmg_assets.science.literature.blind_spots import blind_spots_of
from bmg_assets.science.literature.merging import merge_alloys
from bmg_assets.science.literature.profile import profile_of
from bmg_assets.science.literature.tallies import tallies_of
from bmg_assets_tests.browser.accessible import SCHEMES, serious_findings
from bmg_assets_tests.browser.chromium import CHROMIUM
from bmg_assets_tests.pages import test_literature_evidence_page, test_regime_evidence_page
from bmg_assets_tests.pages.property_facts import property_facts
from bmg_assets_tests.pages.test_atlas_data import rows_listed
from bmg_assets_tests.pages.test_escaping import evidence_page, replay_page
from bmg_assets_tests.pages.test_ledger_page import LEDGER
from bmg_assets_tests.pages.test_overview_page import OVERVIEW
from bmg_assets_tests.pages.test_study_page import study
from bmg_assets_tests.science.literature.report_frames import reports_of

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
LINKS = {"All systems": "overview.html", "Atlas": "atlas.html", "Ledger of predictions": "ledger.html"}
TELEPHONE_PX = 390
KINDS = (
    "system", "of_four", "overview", "ledger", "property", "literature", "study", "evidence", "regimes",
    "literature_evidence", "atlas", "replay",
)  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]


@pytest.fixture
def pages(
    facts: SystemFacts,
    quaternary_facts: SystemFacts,
    pictures: dict[str, Picture],
    provenance: Provenance,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Mapping[str, Callable[[], str]]:
    """How the page of each kind is made."""
    four = pictures | {name: pictures["map"] for name in ("tetrahedron", "slices", "faces")}
    return {
        "system": lambda: render_page(facts, pictures, provenance, NOW, LINKS),
        "of_four": lambda: render_page(quaternary_facts, four, provenance, NOW, LINKS),
        "overview": lambda: render_overview(OVERVIEW, {"Zr-Al-Cu": "Zr-Al-Cu.html"}, NOW, atlas="atlas.html"),
        "ledger": lambda: render_ledger(LEDGER, draw_ledger(LEDGER), NOW, links=LINKS),
        "property": lambda: _property(pictures),
        "literature": lambda: _literature(pictures["map"]),
        "study": lambda: render_study(study(), {"Zr-Al-Cu": pictures["map"]}, {}, NOW, LINKS),
        "evidence": lambda: _of_frames(evidence_page()),
        "regimes": lambda: render_regime_evidence(
            test_regime_evidence_page.summary(), test_regime_evidence_page.distances(True), {}, NOW, LINKS
        ),
        "literature_evidence": lambda: render_literature_evidence(
            test_literature_evidence_page.summary(), {}, NOW, LINKS
        ),
        "atlas": lambda: atlas_page(rows_listed(300, 20), NOW, links=LINKS),
        "replay": lambda: _of_frames(replay_page(tmp_path, monkeypatch)),
    }


def _of_frames(made: tuple[Any, Callable[[Any], str]]) -> str:
    frames, render = made
    return render(frames)


def _property(pictures: Mapping[str, Picture]) -> str:
    facts = property_facts(sub_dataset=0)
    return render_property(facts, pictures, property_map(facts), {}, NOW, LINKS)


def _literature(picture: Picture) -> str:
    reports = reports_of(("Zr50Cu50", "BMG", "2"), ("Zr50Cu60", "AM"))
    alloys = merge_alloys(reports)
    figures = dict.fromkeys(("fig_1", "fig_pairs", "fig_s2"), picture)
    profile, blind = profile_of(alloys, reports), blind_spots_of(alloys)
    return render_literature(profile, blind, tallies_of(reports, alloys), sources_of(reports, {}), figures, NOW, LINKS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_read_by_everybody(
    browser: Any, pages: Mapping[str, Callable[[], str]], kind: str, tmp_path: Path
) -> None:
    html, path = pages[kind](), tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    errors: list[str] = []
    with browser.new_context(offline=True, viewport={"width": TELEPHONE_PX, "height": 800}) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(path.as_uri())
        if 'id="interactive-map"' in html:
            page.wait_for_selector("#interactive-map[data-ready=yes]")
        if kind == "atlas":
            page.wait_for_selector("body[data-ready=yes]")
        assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE_PX
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(100)
            assert serious_findings(page) == [], scheme
    assert errors == []
