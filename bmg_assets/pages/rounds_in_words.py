"""How far a system has come, in words: iterations are numbered from 0, also where casts came before the first."""

import pandas as pd

from bmg_assets.science.casts.iterations import rounds_of_casts


def rounds_in_words(iterations: pd.DataFrame) -> pd.Series:
    """What each iteration knew, like "after 2 rounds of own casts", by its number.

    Args:
        iterations: the table `iterations` of a system.
    """
    rounds = rounds_of_casts(iterations)
    is_correction = rounds.diff().eq(0)
    words = [_in_words(*one) for one in zip(rounds, is_correction, strict=True)]
    return pd.Series(words, index=rounds.index, dtype=object)


def _in_words(rounds: int, is_correction: bool) -> str:
    said = f"after {rounds} round{'' if rounds == 1 else 's'} of own casts" if rounds else "before any own cast"
    return f"{said}, with corrections" if is_correction else said
