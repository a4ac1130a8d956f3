"""The figures that come with the code can be read, and say something of every regime."""

from pathlib import Path

import pytest

from bmg_assets.science.evidence.trust import trust_here
from bmg_assets.science.surrogates.catalogue import RECOMMENDED
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets.settings import COMMITTED
from bmg_assets.sources.regime_figures import FILE, RegimeFiguresError, read_regime_figures


@pytest.mark.parametrize("regime", Regime)
def test_every_regime_has_advice_with_figures(regime: Regime) -> None:
    figures = read_regime_figures(COMMITTED / "evidence")
    assert "of the pairs" in trust_here(figures, regime, RECOMMENDED.name).because


def test_figures_that_are_missing_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RegimeFiguresError, match=r"There are no figures at .*; restore data/evidence/regimes.csv"):
        read_regime_figures(tmp_path)
    (tmp_path / FILE).write_text("literature,regime\nwhole,nothing_known\n")
    with pytest.raises(RegimeFiguresError, match="has no column systems_of, metric"):
        read_regime_figures(tmp_path)
