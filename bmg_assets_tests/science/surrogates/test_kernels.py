"""The kernel by hand: two offsets and an RBF part, of alloys whose distances are known."""

import numpy as np
import pytest

from bmg_assets.science.melt.elements import melt_elements
from bmg_assets.science.melt.estimates import estimate_melts
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets.science.surrogates.kernels import Embedding, EmbeddingSpace, kernel, prior_variance

ELEMENTS = ("Al", "Cu", "Mg", "Ni", "Zr")
FRACTIONS = np.array(
    [
        [0.1, 0.4, 0.0, 0.0, 0.5],
        [0.2, 0.3, 0.0, 0.0, 0.5],
        [0.1, 0.3, 0.0, 0.1, 0.5],
        [0.1, 0.2, 0.1, 0.1, 0.5],
        [0.0, 0.5, 0.0, 0.0, 0.5],
    ]
)
ALLOYS = Compositions(ELEMENTS, FRACTIONS, np.empty((5, 0)))


def embedded(coordinates: list[list[float]], systems: list[str], many: list[bool]) -> Embedding:
    return Embedding(np.array(coordinates), np.array(systems), np.array(many))


def test_without_anything_in_common_only_the_distance_counts() -> None:
    a = embedded([[0.0, 0.0], [3.0, 4.0]], ["A-B", "A-C"], [False, False])
    b = embedded([[0.0, 1.0]], ["A-D"], [False])
    assert kernel(a, b) == pytest.approx(np.exp([[-1 / 2], [-18 / 2]]))


def test_a_system_has_an_offset_of_a_fifth() -> None:
    a = embedded([[0.0], [0.0], [1.0]], ["A-B", "A-C", "A-B"], [False] * 3)
    near = np.exp(-1 / 2)
    assert kernel(a, a) == pytest.approx(np.array([[1.2, 1, near + 0.2], [1, 1.2, near], [near + 0.2, near, 1.2]]))


def test_only_two_alloys_of_many_elements_have_their_offset() -> None:
    a = embedded([[0.0]] * 3, ["A", "B", "C"], [True, False, True])
    assert kernel(a, a) == pytest.approx(np.array([[1.7, 1, 1.5], [1, 1.2, 1], [1.5, 1, 1.7]]))


def test_many_elements_are_four_or_more() -> None:
    _, embedding = EmbeddingSpace.fit(ALLOYS)
    assert embedding.has_many_elements.tolist() == [False, False, True, True, False]
    assert embedding.systems.tolist() == ["Al-Cu-Zr", "Al-Cu-Zr", "Al-Cu-Ni-Zr", "Al-Cu-Mg-Ni-Zr", "Cu-Zr"]


def test_the_prior_variance_is_the_diagonal_of_the_kernel() -> None:
    _, embedding = EmbeddingSpace.fit(ALLOYS)
    assert prior_variance(embedding) == pytest.approx(np.diag(kernel(embedding, embedding)))
    assert prior_variance(embedding) == pytest.approx([1.2, 1.2, 1.7, 1.7, 1.2])


def test_distances_are_of_spread_fractions_and_of_standardised_estimates() -> None:
    """Squared distance: of fractions spread over similar elements, by 0.3, and the mean of two times 21 estimates."""
    _, embedding = EmbeddingSpace.fit(ALLOYS)
    elements = melt_elements(ELEMENTS)
    spread = FRACTIONS @ elements.embedding
    estimates = estimate_melts(FRACTIONS, elements)
    for a in range(5):
        for b in range(5):
            expected = ((spread[a] - spread[b]) ** 2).sum() / 0.3**2
            for block in (estimates.by_itself, estimates.in_its_system):
                scale = np.where(block.std(axis=0) > 1e-9, block.std(axis=0), np.inf)
                expected += (((block[a] - block[b]) / scale) ** 2).mean()
            found = ((embedding.coordinates[a] - embedding.coordinates[b]) ** 2).sum()
            assert found == pytest.approx(expected, rel=1e-6)


def test_an_exchange_of_similar_elements_is_a_smaller_step() -> None:
    symbols = ("La", "Ce", "Al", "Ni")
    fractions = np.array([[0.6, 0.0, 0.2, 0.2], [0.0, 0.6, 0.2, 0.2], [0.6, 0.2, 0.0, 0.2]])
    _, embedding = EmbeddingSpace.fit(Compositions(symbols, fractions, np.empty((3, 0))))
    covariance = kernel(embedding, embedding)
    assert covariance[0, 1] > covariance[0, 2]


def test_others_are_embedded_on_the_scale_of_the_known() -> None:
    space, embedding = EmbeddingSpace.fit(ALLOYS)
    again = space.embed(ALLOYS.take(np.array([3, 1])))
    assert again.coordinates == pytest.approx(embedding.coordinates[[3, 1]])
    assert again.systems.tolist() == embedding.systems[[3, 1]].tolist()
    both = embedding.followed_by(again)
    assert kernel(both, both)[5:, :5] == pytest.approx(kernel(embedding, embedding)[[3, 1]])


def test_an_estimate_beyond_three_deviations_makes_no_difference() -> None:
    elements = ("Al", "Cu", "W", "Zr")
    near = np.array([[0.1, 0.4 + x, 0.0, 0.5 - x] for x in np.linspace(0, 0.01, 5)])
    space, known = EmbeddingSpace.fit(Compositions(elements, near, np.empty((5, 0))))
    far = np.array([[0.1, 0.0, 0.9, 0.0]])
    beyond = space.embed(Compositions(elements, far, np.empty((1, 0)))).coordinates[0, len(elements) :]
    assert np.abs(beyond).max() * np.sqrt(21) == pytest.approx(3)
    assert (np.abs(known.coordinates[:, len(elements) :]) * np.sqrt(21) < 3).all()
