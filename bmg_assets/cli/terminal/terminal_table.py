"""A table in a terminal: the columns that a person wants, titled as on the pages, wrapped to the width of the lines."""

import shutil
from collections.abc import Sequence
from itertools import zip_longest
from textwrap import wrap

import pandas as pd

from bmg_assets.pages.page import Columns, cell_text, is_number, titled

WIDTH_OF_A_FILE = 120
"""Characters in a line where the output goes into a file or another program."""
LONGEST_WORD = 20
"""Longer words, names of files for one, are broken where there is no room."""
BETWEEN = "  "


def terminal_width() -> int:
    """Characters in a line of the terminal."""
    return shutil.get_terminal_size((WIDTH_OF_A_FILE, 0)).columns


def terminal_table(frame: pd.DataFrame, columns: Columns, width: int) -> str:
    """Rows of a frame under the titles of some of its columns, in lines of at most `width` characters.

    Titles are wrapped first, then the widest columns, between words; lines get longer only where single words leave no
    other way.
    """
    shown = titled(columns)
    titles = [one.title for one in shown.values()]
    values = [[row[name] for name in shown] for row in frame.to_dict("records")]
    cells = [[cell_text(value, one.digits) for value, one in zip(row, shown.values(), strict=True)] for row in values]
    at_right = [any(map(is_number, column)) for column in zip(*values, strict=True)]
    widths = _widths([titles, *cells], width)
    lines = [_line(titles, widths, at_right), "-" * (sum(widths) + len(BETWEEN) * (len(widths) - 1))]
    return "\n".join([*lines, *(_line(row, widths, at_right) for row in cells)])


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Characters for each column: what its longest cell takes, or less, but no less than its longest word.

    Args:
        rows: the titles first.
    """
    columns = list(zip(*rows, strict=True))
    words = [
        max(min(len(word), LONGEST_WORD) for cell in column for word in cell.split() or [""]) for column in columns
    ]
    widths = [max(map(len, column)) for column in columns]
    longest = [max(map(len, column[1:]), default=0) for column in columns]
    while sum(widths) + len(BETWEEN) * (len(widths) - 1) > width:
        can_shrink = [place for place, one in enumerate(widths) if one > words[place]]
        if not can_shrink:
            break
        # A title in two lines costs one line; a cell in two costs one in every row.
        widths[max(can_shrink, key=lambda place: (widths[place] > longest[place], widths[place]))] -= 1
    return widths


def _line(cells: Sequence[str], widths: Sequence[int], at_right: Sequence[bool]) -> str:
    """One row of the table, in as many lines as its longest cell needs."""
    wrapped = [wrap(cell, max(1, width), break_on_hyphens=False) for cell, width in zip(cells, widths, strict=True)]
    lines = [
        BETWEEN.join(
            part.rjust(width) if right else part.ljust(width)
            for part, width, right in zip(parts, widths, at_right, strict=True)
        ).rstrip()
        for parts in zip_longest(*wrapped, fillvalue="")
    ]
    return "\n".join(lines)
