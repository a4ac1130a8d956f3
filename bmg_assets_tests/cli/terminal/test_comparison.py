"""A comparison in a terminal: tables, then sentences, then what cannot be told."""

import pandas as pd

from bmg_assets.actions.comparing import Comparison
from bmg_assets.cli.terminal.comparison import comparison_for_people
from bmg_assets.science.proposals.arguments import Argument
from bmg_assets_tests.science.proposals.compared import SURROGATE, compared, predicted


def test_the_tables_come_first_and_the_notes_last_each_once() -> None:
    alloys = (compared("Zr50Cu50", predicted(0.8), notes=("No price.",)), compared("Zr40Cu60", predicted(0.5)))
    descriptors = pd.DataFrame([{"in_words": "size", "difference": 1.5, "known_mean": 2.0, "0": 1.0, "1": 3.0}])
    found = Comparison(
        alloys, (SURROGATE,), descriptors, (Argument("a", (), "A sentence."),), ("For it: a.",), ("A note.",)
    )
    lines = comparison_for_people(found, 100).splitlines()
    assert lines[0].split() == ["compared", "Zr50Cu50", "Zr40Cu60"]
    assert lines[-6:] == ["- A sentence.", "", "For it: a.", "", "A note.", "Zr50Cu50: No price."]
    assert any(line.startswith("size") for line in lines)
