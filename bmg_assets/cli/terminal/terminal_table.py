"""A table in a terminal: the columns that a person wants, titled as on the pages, wrapped to the width of the lines."""

import io
import shutil

import pandas as pd
from rich.box import Box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bmg_assets.pages.rendering import Columns, cell_text, is_number, titled

WIDTH_OF_A_FILE = 120
"""Characters in a line where the output goes into a file or another program."""
LONGEST_WORD = 14
"""Longer words, for example names of files, are broken where there is no room."""
BETWEEN = 2
"""Blanks between two columns."""
LINE_BELOW_TITLES = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def terminal_width() -> int:
    """Characters in a line of the terminal."""
    return shutil.get_terminal_size((WIDTH_OF_A_FILE, 0)).columns


def terminal_table(frame: pd.DataFrame, columns: Columns, width: int) -> str:
    """Rows of a frame under the titles of some of its columns, as plain text in lines of at most `width` characters.

    Titles are wrapped first, then cells. Lines get longer only where single words leave no other way.
    """
    shown, values = titled(columns), frame.to_dict("list")
    texts = {name: [cell_text(value, digits) for value in values[name]] for name, (_, digits) in shown.items()}
    natural = [max(map(len, (title, *texts[name]))) for name, (title, _) in shown.items()]
    is_narrow = sum(natural) + BETWEEN * (len(natural) - 1) > width
    table = Table(box=LINE_BELOW_TITLES, show_edge=False, pad_edge=False, padding=(0, BETWEEN - 1, 0, 0))
    for name, (title, _) in shown.items():
        cells = max(map(len, texts[name]), default=0)
        table.add_column(
            title,
            justify="right" if any(map(is_number, values[name])) else "left",
            min_width=min(_longest_word(title, *texts[name]), LONGEST_WORD),
            max_width=max(cells, _longest_word(title)) if is_narrow else None,
            overflow="fold",
        )
    for row in zip(*texts.values(), strict=True):
        table.add_row(*map(Text, row))
    lines, target = _printed(table, width), width
    # rich shares out the width without regard to long words, so that lines can become longer than they should.
    while (beyond := max(map(len, lines)) - width) > 0 and target > width / 2:
        target -= beyond
        lines = _printed(table, target)
    return "\n".join(lines)


def _printed(table: Table, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None, force_terminal=False)
    with console.capture() as printed:
        console.print(table, crop=False)
    return [line.rstrip() for line in printed.get().splitlines()]


def _longest_word(*texts: str) -> int:
    return max((len(word) for text in texts for word in text.split()), default=0)
