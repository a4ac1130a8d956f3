"""How a probability is said to a person: no calibration makes a next cast certain."""


def chance_in_words(probability: float) -> str:
    """The probability in percent, with neither 0 % nor 100 %."""
    if probability > 0.99:
        return "more than 99%"
    return "less than 1%" if probability < 0.01 else f"{probability:.0%}"
