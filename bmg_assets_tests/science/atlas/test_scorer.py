"""A scorer gives what the surrogate itself gives, and with hidden alloys what it would without them."""

import numpy as np
import pytest

from bmg_assets.science.atlas.scorer import ROWS_AT_ONCE, Scorer
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets_tests.science.atlas.fitted import small_atlas


def compositions(n: int) -> Compositions:
    elements = small_atlas().scorer.elements
    fractions = np.zeros((n, len(elements)))
    columns = [elements.index(element) for element in ("Cu", "Mg", "Zr")]
    fractions[:, columns] = np.random.default_rng(0).dirichlet(np.ones(3), n)
    return Compositions(elements, fractions, np.empty((n, 0)))


def test_it_is_the_surrogate() -> None:
    atlas, asked = small_atlas(), compositions(30)
    posterior = atlas.fitted.predict(asked)
    assert atlas.scorer.scores(asked) == pytest.approx(posterior.score, abs=1e-4)
    explained = posterior.explained()
    assert explained is not None
    assert atlas.scorer.uncertainties(asked) == pytest.approx(np.sqrt(1.77 * (1 - explained)), abs=1e-3)


def test_hidden_alloys_are_not_known() -> None:
    atlas, asked = small_atlas(), compositions(30)
    hidden = atlas.rows_of_systems["Cu-Mg-Zr"]
    without = Scorer.of(atlas.fitted, hidden)
    is_hidden = np.isin(np.arange(len(atlas.alloys)), hidden)
    assert without.scores(asked) == pytest.approx(atlas.fitted.score_without(is_hidden, asked), abs=1e-3)
    assert (without.uncertainties(asked) > atlas.scorer.uncertainties(asked)).all()


def test_many_compositions_are_scored_in_parts() -> None:
    asked = compositions(ROWS_AT_ONCE + 3)
    scores = small_atlas().scorer.scores(asked)
    assert scores[-3:] == pytest.approx(small_atlas().scorer.scores(asked.take(np.arange(-3, 0))), abs=1e-4)
