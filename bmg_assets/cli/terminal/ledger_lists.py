"""What `bmg ledger` prints for people, in the words of the page of the ledger."""

import textwrap

import pandas as pd

from bmg_assets.cli.terminal.terminal_table import terminal_table
from bmg_assets.pages.ledger_page import (
    EVIDENCE_MEANS,
    PREDICTION_COLUMNS,
    WAITING_COLUMNS,
    counts_in_words,
    predictions_in_words,
    tables_in_words,
)
from bmg_assets.pages.rendering import Columns
from bmg_assets.science.evidence.ledger import PENDING
from bmg_assets.science.evidence.ledger_summary import with_result

SHOWN_COLUMNS: Columns = {
    name: title
    for name, title in PREDICTION_COLUMNS.items()
    if name not in ("rule", "recorded_on", "class_title", "is_bulk")
}
"""A line of a terminal has no room for more."""


def ledger_for_people(ledger: pd.DataFrame, width: int) -> str:
    """The sums, every prediction whose cast is known, and the picks that wait.

    Args:
        width: characters in a line.
    """
    shown = predictions_in_words(ledger)
    parts = ["\n".join(_wrapped(sentence, width) for sentence in counts_in_words(ledger))]
    parts += [
        f"{title}\n\n{terminal_table(frame, columns, width)}"
        for title, (frame, columns) in tables_in_words(ledger).items()
    ]
    known, waiting = with_result(shown), shown[shown["state"] == PENDING]
    if len(known):
        meanings = [f"{word}: {EVIDENCE_MEANS[word]}." for word in EVIDENCE_MEANS if (known["evidence"] == word).any()]
        parts += [
            f"Every prediction whose cast is known\n\n{terminal_table(known, SHOWN_COLUMNS, width)}",
            "\n".join(_wrapped(one[0].upper() + one[1:], width) for one in meanings),
        ]
    if len(waiting):
        parts.append(f"Picks that wait for a result\n\n{terminal_table(waiting, WAITING_COLUMNS, width)}")
    return "\n\n".join(parts)


def _wrapped(sentence: str, width: int) -> str:
    return "\n".join(textwrap.wrap(sentence, width))
