"""The first rows of a frame as a small Markdown table, for the page of a materialization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

ROWS = 10
COLUMNS = 12
CELL_CHARACTERS = 48
# Every materialization keeps its preview in the event log.
MAXIMUM_CHARACTERS = 6000


def frame_preview(frame: pd.DataFrame) -> str:
    """At most 10 rows and 12 columns, floats to four significant digits, never more than 6000 characters."""
    columns = [_cell(name) for name in frame.columns[:COLUMNS]]
    lines = [_line(columns), _line(["---"] * len(columns))]
    room = MAXIMUM_CHARACTERS - 100
    shown = 0
    for values in frame.iloc[:ROWS, :COLUMNS].itertuples(index=False, name=None):
        line = _line([_cell(value) for value in values])
        if sum(map(len, lines)) + len(line) + len(lines) > room:
            break
        lines.append(line)
        shown += 1
    lines.append(f"\n{shown} of {len(frame)} rows, {len(columns)} of {frame.shape[1]} columns")
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: Any) -> str:
    if isinstance(value, list):
        text = ", ".join(_cell(item) for item in value)
    elif isinstance(value, float):
        text = "" if value != value else f"{value:.4g}"
    elif value is None or type(value).__name__ in ("NAType", "NaTType"):
        text = ""
    else:
        text = str(value)
    text = text.replace("|", "\\|").replace("\n", " ")
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"
