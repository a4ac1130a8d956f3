"""Permutation importance on functions whose answer is known."""

import numpy as np
import pytest

from bmg_assets.science.models.importance import permutation_importance

RNG = np.random.default_rng(5)
X = RNG.normal(size=(300, 3))
Y = 3 * X[:, 0] + X[:, 1]
NAMES = ("strong", "weak", "unused")


def exact(X: np.ndarray) -> np.ndarray:
    return 3 * X[:, 0] + X[:, 1]


def test_a_shuffled_descriptor_costs_what_it_contributes():
    found = permutation_importance(exact, X, Y, NAMES, seed=1, rows=300, repeats=20)
    assert found.rmse_mm == 0
    # Values that are exchanged at random differ by √2 standard deviations.
    assert found.rise_mm == pytest.approx([3 * np.sqrt(2), np.sqrt(2), 0], rel=0.1, abs=1e-12)
    assert [name for name, _ in found.largest_first()] == ["strong", "weak", "unused"]


def test_what_it_rises_from_is_the_error_of_the_prediction():
    found = permutation_importance(lambda X: exact(X) + 0.5, X, Y, NAMES, seed=1)
    assert found.rmse_mm == pytest.approx(0.5)
    assert found.rise_mm[2] == pytest.approx(0, abs=1e-12)


def test_a_seed_gives_the_same_twice_and_another_seed_something_else():
    first, again, other = (permutation_importance(exact, X, Y, NAMES, seed=seed).rise_mm for seed in (1, 1, 2))
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_few_alloys_are_all_used_and_the_table_is_left_alone():
    few = X[:10].copy()
    found = permutation_importance(exact, few, Y[:10], NAMES, seed=1)
    assert found.n_alloys == 10
    assert few.tolist() == X[:10].tolist()


def test_one_call_of_the_models_for_each_descriptor():
    sizes = []

    def counted(X: np.ndarray) -> np.ndarray:
        sizes.append(len(X))
        return exact(X)

    permutation_importance(counted, X, Y, NAMES, seed=1, rows=50, repeats=2)
    assert sizes == [50, 100, 100, 100]
