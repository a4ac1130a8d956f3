"""What the demonstration proposes without a network: a pair of Zr-Al-Cu that a metallurgist would cast."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bmg_assets.cli.shared import DEMO_SYSTEM
from bmg_assets.cli.training import demo
from bmg_assets.science.alloys.compositions import parse_formula
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.casts.iterations import distance_at_pct
from bmg_assets.science.literature.curation import curate_reports
from bmg_assets.science.literature.known_alloys import is_of_system, known_to
from bmg_assets.science.literature.merging import merge_alloys
from bmg_assets.science.models.prediction import MapSettings
from bmg_assets.science.proposals.candidate_choice import CandidateChoice
from bmg_assets.science.proposals.candidates import propose_on_map
from bmg_assets.science.proposals.surrogate_map import map_of_surrogate
from bmg_assets.science.surrogates.catalogue import RECOMMENDED
from bmg_assets.settings import Locations, Settings
from bmg_assets.sources.declaration import read_declarations
from bmg_assets.sources.download import available_sources, choose_sources
from bmg_assets.sources.readers import read_source

LARGEST_DISTANCE_AT_PCT = 10.0
"""A pick is credible if a bulk glass was reported no farther from it."""
REPORTED = (
    ("Zr50Cu40Al10", 22.0, "W.L. Johnson, J.H. Na, M.D. Demetriou, Nat. Commun. 7 (2016) 10313"),
    ("Cu50Zr43Al7", 10.0, "M. Malekan et al., Mater. Sci. Eng. A 527 (2010) 7192"),
    ("Zr60Cu30Al10", 8.0, "Q.S. Zhang, W. Zhang, A. Inoue, Scr. Mater. 61 (2009) 241"),
    ("Zr46Cu46Al8", 5.0, "Q.K. Jiang et al., Acta Mater. 56 (2008) 1785"),
    ("Zr48Cu45Al7", 5.0, "G.Q. Zhang et al., J. Alloys Compd. 424 (2006) 176"),
    ("Zr48Cu48Al4", 5.0, "P. Yu, H.Y. Bai, M.B. Tang, W.L. Wang, J. Non-Cryst. Solids 351 (2005) 1328"),
    ("Zr47Cu46Al7", 3.0, "D. Xu, G. Duan, W.L. Johnson, Phys. Rev. Lett. 92 (2004) 245504"),
    ("Cu55Zr40Al5", 3.0, "A. Inoue, W. Zhang, Mater. Trans. 43 (2002) 2921"),
)
"""Bulk glasses of Zr-Al-Cu with D_max in mm, none of which the tables of this repository hold. Xu et al. list thirty
more, from 43 to 66 at.% Zr, 3 to 16 Al and 22 to 50 Cu."""


def literature_without_a_network(nothing_downloaded: Path) -> pd.DataFrame:
    """The table `alloys` of a fresh clone."""
    places = Locations.from_environment()
    declarations = read_declarations(places.literature / "sources.yaml")
    paths = available_sources(declarations, nothing_downloaded, places.literature)
    reports = [
        curate_reports(read_source(declarations[name], paths[name]), declarations[name].origin)
        for name in choose_sources(declarations, paths)
    ]
    return merge_alloys(pd.concat(reports, ignore_index=True))


def test_the_demo_proposes_by_the_recommended_surrogate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setattr("bmg_assets.launch.runs.run_literature", lambda *_: None)
    monkeypatch.setattr("bmg_assets.launch.runs.run_system", lambda *given: asked.append(given[-1]))
    monkeypatch.setattr("bmg_assets.cli.training.literature_at_hand", lambda: "")
    monkeypatch.setattr("bmg_assets.cli.training._print_candidates", lambda _: None)
    demo(starter=True)
    assert [choices["strategy"] for choices in asked] == [RECOMMENDED.name]


def test_without_a_network_the_demo_names_a_pair_that_a_metallurgist_would_cast(tmp_path: Path) -> None:
    """The system itself is unknown to the fit, so that this is a test of the prediction and not of memory."""
    system, defaults = parse_system(DEMO_SYSTEM), Settings()
    alloys = literature_without_a_network(tmp_path)
    assert not is_of_system(system, alloys).any()

    settings = MapSettings(None, defaults.top_share, defaults.coverage)
    known = known_to(alloys.iloc[:0], alloys.iloc[:0], alloys)
    grid = map_of_surrogate(RECOMMENDED, system, known, settings, defaults.seed)
    candidates = propose_on_map(grid, system, CandidateChoice(strategy=RECOMMENDED.name), standings={})

    reported = [[parse_formula(formula).amounts[one] for one in system.elements] for formula, _, _ in REPORTED]
    picks = candidates[candidates["kind"] == "pick"]
    assert len(picks) == 2
    for pick in picks.to_dict("records"):
        distances = [distance_at_pct(pick["at_pct"], one) for one in reported]
        nearest = int(np.argmin(distances))
        assert distances[nearest] <= LARGEST_DISTANCE_AT_PCT, pick["composition"]
        _, dmax_mm, _ = REPORTED[nearest]
        assert pick["interval_low_mm"] <= dmax_mm <= pick["interval_high_mm"], (pick, REPORTED[nearest])
        assert pick["dmax_mm"] <= max(dmax_mm for _, dmax_mm, _ in REPORTED), "no promise beyond what anybody cast"
