"""What the benchmarks found, as one Markdown table, as JSON with the machine and versions, and in docs/results.md."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bmg_assets_tests.benchmarks.line import Line, number
from bmg_assets_tests.benchmarks.machine import describe_machine, versions

BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"
HEAD = ("measured", "ours", "reference", "times less", "peak memory", "target", "verdict")


class NoMarkersError(ValueError):
    """A text without the place for the table."""


def markdown(lines: Sequence[Line]) -> str:
    """The table, and the sentence that says where it was measured."""
    rows = [HEAD, ("---",) * len(HEAD), *map(_cells, lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{table}\n\n{_where()}\n"


def write(lines: Sequence[Line], folder: Path, name: str) -> list[Path]:
    """The table as `<name>.md` and `<name>.json` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "versions": versions(),
        "lines": [asdict(line) | {"verdict": line.verdict} for line in lines],
    }
    texts = {folder / f"{name}.md": markdown(lines), folder / f"{name}.json": json.dumps(found, indent=2) + "\n"}
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def fill_in(text: str, table: str) -> str:
    """The text with the table between the two markers.

    Raises:
        NoMarkersError: they are not there, in this order.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NoMarkersError(f"Found no '{BEGIN}' followed by '{END}': write these two lines where the table belongs.")
    return f"{before}{BEGIN}\n{table}{END}{after}"


def _cells(line: Line) -> tuple[str, ...]:
    ratio = "—" if line.ratio is None else number(line.ratio)
    memory = "—" if line.peak_mb is None else f"{line.peak_mb:.0f} MB"
    target = "—" if line.target is None else str(line.target)
    verdict = f"**{line.verdict}**" if line.is_missed else line.verdict
    return line.subject, line.ours, line.reference, ratio, memory, target, verdict


def _where() -> str:
    machine, found = describe_machine(), versions()
    libraries = ", ".join(f"{name} {found[name]}" for name in ("matminer", "scikit-learn", "xgboost", "lightgbm"))
    return (
        f"Measured on {machine['usable_cores']} cores of {machine['processor']}, Python {machine['python']}, "
        f"{libraries}. Times are CPU times of one thread unless the line says otherwise."
    )
