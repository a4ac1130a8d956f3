"""What two models say of a composition, in words and numbers."""

import math
from dataclasses import replace

import pytest

from bmg_assets.science.proposals.agreement import (
    PAPERS_MODELS,
    Agreement,
    Expectation,
    agreement_in_words,
    agreement_of,
    chance_in_words,
)


def both(dmax_mm: float, chance: float, paper_mm: float, paper_chance: float) -> tuple[Expectation, Expectation]:
    return Expectation("composite", dmax_mm, chance), Expectation(PAPERS_MODELS, paper_mm, paper_chance)


@pytest.mark.parametrize(
    ("chance", "paper_chance", "found"),
    [
        (0.9, 0.6, Agreement.BOTH),
        (0.5, 0.5, Agreement.BOTH),
        (0.99, 0.5, Agreement.BOTH),  # far apart, but both expect one
        (0.002, 0.1, Agreement.NEITHER),
        (0.1, 0.35, Agreement.NEITHER),
        (0.002, 0.3, Agreement.CONTRADICTION),
        (0.3, 0.56, Agreement.CONTRADICTION),
        (0.56, 0.3, Agreement.CONTRADICTION),
        (0.4, 0.6, Agreement.OPEN),
        (0.6, 0.4, Agreement.OPEN),
        (math.nan, 0.4, Agreement.UNKNOWN),
        (0.4, math.nan, Agreement.UNKNOWN),
    ],
)
def test_chances_of_a_bulk_glass_decide_whether_two_models_agree(
    chance: float, paper_chance: float, found: Agreement
) -> None:
    assert agreement_of(*both(0.9, chance, 0.9, paper_chance)) is found


def test_a_diameter_of_a_bulk_glass_with_less_than_an_even_chance_leaves_it_open() -> None:
    assert agreement_of(*both(0.7, 0.28, 2.0, 0.43)) is Agreement.OPEN
    assert agreement_of(*both(1.0, 0.28, 0.2, 0.2)) is Agreement.OPEN


def test_the_sentence_has_the_numbers_of_both() -> None:
    assert agreement_in_words(*both(3.14, 0.83, 2.4, 0.71)) == (
        "both expect a bulk glass: composite 3.1 mm (83 % for a bulk glass), the paper's models 2.4 mm (71 % for a "
        "bulk glass)"
    )
    assert agreement_in_words(*both(0.02, 0.002, 0.84, 0.41)) == (
        "they contradict each other: composite 0.0 mm (0.2 % for a bulk glass), the paper's models 0.8 mm (41 % for a "
        "bulk glass)"
    )
    assert agreement_in_words(*both(0.1, 0.1, 0.2, 0.05)).startswith("neither expects a bulk glass: composite 0.1 mm (")
    assert agreement_in_words(*both(1.1, 0.55, 0.9, 0.45)).startswith("they leave it open: composite 1.1 mm (")


def test_a_surrogate_without_calibration_says_that_it_cannot_tell() -> None:
    assert agreement_in_words(*both(math.nan, math.nan, 2.4, 0.71)) == (
        "composite cannot tell, since too few bulk glasses are known; the paper's models 2.4 mm (71 % for a bulk glass)"
    )
    assert agreement_in_words(*both(3.0, math.nan, 2.4, 0.71)).startswith(
        "their chances of a bulk glass cannot be compared: composite 3.0 mm, the paper's models 2.4 mm (71 %"
    )


def test_far_from_what_is_known_there_is_a_sentence_instead_of_a_number() -> None:
    near, paper = both(3.0, 0.9, 2.4, 0.71)
    far = replace(near, is_believed=False)
    assert agreement_of(far, paper) is Agreement.UNKNOWN
    words = agreement_in_words(far, paper)
    assert words.startswith("composite is not to be believed so far from all known alloys; the paper's models 2.4 mm")
    assert "3.0" not in words


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.9999, "more than 99 %"),
        (0.99, "99 %"),
        (0.01, "1 %"),
        (0.0049, "0.5 %"),
        (0.001, "0.1 %"),
        (0.0009, "less than 0.1 %"),
        (0.0, "less than 0.1 %"),
    ],
)
def test_no_chance_is_said_to_be_certain(chance: float, words: str) -> None:
    assert chance_in_words(chance) == words
