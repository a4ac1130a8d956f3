"""How a user's mistake ends a run: with one sentence and without retries."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import dagster as dg

from bmg_assets.science.errors import BmgError

P = ParamSpec("P")
R = TypeVar("R")


def ends_in_one_sentence(function: Callable[P, R]) -> Callable[P, R]:
    """Turn a BmgError into Dagster's failure with the same words, not to be retried: the same input fails again."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except BmgError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from None

    return guarded
