"""How far a system has come, in words that are right wherever its casts began."""

import pandas as pd
import pytest

from bmg_assets.pages.sentences import (
    as_sentence,
    chance_of_more_in_words,
    mm_in_words,
    reported_in_words,
    rounds_in_words,
)


@pytest.mark.parametrize(
    ("new_casts", "words"),
    [
        ([0], ["before any own cast"]),
        ([4], ["after 1 round of own casts"]),
        ([0, 2, 1], ["before any own cast", "after 1 round of own casts", "after 2 rounds of own casts"]),
        ([2, 0, 1], [
            "after 1 round of own casts",
            "after 1 round of own casts, with corrections",
            "after 2 rounds of own casts",
        ]),
    ],
)  # fmt: skip
def test_rounds_are_counted_from_the_first_cast(new_casts: list[int], words: list[str]) -> None:
    iterations = pd.DataFrame({"iteration": range(len(new_casts)), "n_new_casts": new_casts})
    assert rounds_in_words(iterations).to_dict() == dict(enumerate(words))


def stopping(*chances: float | None, best_known_mm: float = 2.0) -> pd.DataFrame:
    """A table `iterations` with these chances, the first before any own cast; the best cast has 2 mm."""
    rounds = range(len(chances))
    frame = pd.DataFrame({"iteration": rounds, "n_new_casts": [0, *[2] * (len(chances) - 1)], "more_than_mm": 1.0})
    return frame.assign(
        chance_of_more=pd.array(chances, dtype="Float64"),
        best_cast_mm=[None, *[2.0] * (len(chances) - 1)],
        best_known_mm=best_known_mm,
    )


def test_the_chance_of_a_better_cast_has_its_history() -> None:
    assert chance_of_more_in_words(stopping(0.6, 0.45, 0.34)) == (
        "The chance that an uncast composition beats your best cast (2 mm) by more than 1 mm is 34 %; before any own "
        "cast it was 60 %; after 1 round of own casts it was 45 %."
    )


@pytest.mark.parametrize("chances", [(0.6,), (0.6, 0.6)])
def test_what_is_to_be_beaten_may_be_an_alloy_that_others_cast(chances: tuple[float, ...]) -> None:
    assert chance_of_more_in_words(stopping(*chances, best_known_mm=10.0)).startswith(
        "The chance that an uncast composition beats the best known alloy (10 mm) by more than 1 mm is 60 %"
    )


def test_where_no_glass_is_known_there_is_nothing_to_beat() -> None:
    assert chance_of_more_in_words(stopping(0.6, best_known_mm=0.0)) == (
        "No glass of this system is known. The chance that a composition reaches more than 1 mm is 60 %."
    )


def test_rounds_without_a_chance_are_passed_over_and_without_a_present_one_nothing_is_said() -> None:
    assert "it was" not in chance_of_more_in_words(stopping(None, 0.34))
    assert chance_of_more_in_words(stopping(0.6, None)) == ""


def test_of_many_rounds_only_the_last_are_named() -> None:
    words = chance_of_more_in_words(stopping(0.9, 0.8, 0.7, 0.6, 0.5))
    assert "90" not in words
    assert "after 1 round of own casts it was 80 %; after 2 rounds of own casts it was 70 %; after 3 rounds" in words


@pytest.mark.parametrize(
    ("glass_class", "dmax_mm", "words"),
    [
        ("bulk", 10.0, "bulk glass, 10 mm"),
        ("bulk", None, "bulk glass"),
        ("bulk", 1 / 3, "bulk glass by some reports, 0.33 mm on average"),
        ("ribbon", 0.2, "ribbon only, 0.2 mm"),
        ("crystalline", 0.0, "no glass, 0 mm"),
    ],
)
def test_a_bulk_glass_of_less_than_a_millimetre_is_one_that_reports_disagree_on(
    glass_class: str, dmax_mm: float | None, words: str
) -> None:
    assert reported_in_words(glass_class, dmax_mm) == words


def test_a_clause_becomes_a_sentence() -> None:
    assert as_sentence("spin a ribbon; then 2 mm") == "Spin a ribbon; then 2 mm."
    assert as_sentence("D_max 2.") == "D_max 2."


@pytest.mark.parametrize(("mm", "words"), [(0.036, "0.04"), (0.84, "0.84"), (1.0, "1.0"), (12.34, "12.3")])
def test_diameters_have_the_digits_of_a_prediction(mm: float, words: str) -> None:
    assert mm_in_words(mm) == words
