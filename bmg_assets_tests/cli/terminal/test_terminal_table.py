"""Tables that fit into a terminal and lose nothing that they were given."""

import pandas as pd
import pytest

from bmg_assets.cli.terminal.terminal_table import terminal_table

FRAME = pd.DataFrame(
    {"name": ["Zr-Al-Cu", "Mg-Zn-Ca"], "dmax_mm": [2.5, None], "why": ["a reason of some length", None], "left": [1, 2]}
)
COLUMNS = {"name": "system", "dmax_mm": ("D_max (mm)", 1), "why": "because"}


def test_a_wide_terminal_gets_one_line_per_row_numbers_at_the_right() -> None:
    assert terminal_table(FRAME, COLUMNS, 120).splitlines() == [
        "system    D_max (mm)  because",
        "---------------------------------------------",
        "Zr-Al-Cu         2.5  a reason of some length",
        "Mg-Zn-Ca",
    ]


@pytest.mark.parametrize("width", [28, 36, 44])
def test_a_narrow_terminal_wraps_and_keeps_every_word(width: int) -> None:
    table = terminal_table(FRAME, COLUMNS, width)
    assert max(map(len, table.splitlines())) <= width
    assert {"system", "D_max", "(mm)", "because", "Zr-Al-Cu", "2.5", "reason", "of", "some", "length"} <= set(
        table.split()
    )


def test_a_long_name_is_broken_rather_than_run_over_the_edge() -> None:
    long = FRAME.assign(why="pair_2.55197c1183f9_of_the_second_furnace.csv")
    assert max(map(len, terminal_table(long, COLUMNS, 40).splitlines())) <= 40
