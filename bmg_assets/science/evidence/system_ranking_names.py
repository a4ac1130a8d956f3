"""The names in the tables of the rankings of systems: tests, ways of ranking, and what a system is. It loads fast."""

LEFT_OUT, NEWCOMERS = "left_out", "newcomers"
"""Tests, beside those of a year."""
RANKED_BY = ("atlas", "likeness", "relatives", "coin")
FOUND, NOT_FOUND, RANDOM = "bulk glass", "no bulk glass", "random"
"""What a system is in a test: with a reported bulk glass, with other alloys alone, or drawn at random."""
KINDS = (FOUND, NOT_FOUND, RANDOM)
