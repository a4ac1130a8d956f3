"""What lab files may say and how it is read: a table made by reading examples, so that it cannot say anything else.

`bmg check --how` prints it, and docs/lab_files.md has it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bmg_assets.intake.check import alloy_of
from bmg_assets.intake.outcome import FileOutcome, read_rows
from bmg_assets.intake.rows import COLUMNS, RawRow
from bmg_assets.science.casts.cast import Cast

DAY = date(2026, 3, 1)
ROW = {
    "schema_version": "1",
    "sample_id": "ZAC-1",
    "test_date": "2026-02-27",
    "composition_nominal": "Zr50Al5Cu45",
    "composition_unit": "at%",
    "method": "suction_casting",
    "dimension_kind": "rod_diameter",
    "dimension_mm": "2.5",
    "verdict": "amorphous",
}


@dataclass(frozen=True)
class Example:
    """Ways of writing a cell of a column. with_semicolons: the file separates its cells by semicolons."""

    column: str
    texts: tuple[str, ...]
    with_semicolons: bool = False


EXAMPLES = (
    Example("sample_id", ("ZAC-17", "MAR-12", "12-Mar", "1.20E+05", "#N/A")),
    Example("test_date", ("2026-02-27", "2026/2/27", "2026-2-7", "2026.02.27", "20260227", "2026年2月27日")),
    Example("test_date", ("27 Feb 2026", "27.02.2026", "01/02/2026", "46080", "2026-02-27 15:30")),
    Example(
        "composition_nominal", ("Zr50Al5Cu45", "Zr₅₀Al₅Cu₄₅", "(Zr50Cu50)95Al5", "Zr50Al5Cu45 [24]", "Zr-45Cu-5Al")
    ),
    Example("composition_nominal", ("Zr50,5Al4,5Cu45", "ZR50AL5CU45", "Zr50.2Al5Cu45", "Zr50Al5Cu40", "Zr10AlCu9")),
    Example("composition_nominal", ("Zr50Al5Cu45¹", "Zr50Al5Cu45 LM1", "Zr50Al5(Cu2Ag1)45", "Zr50Al5(CuAg)45")),
    Example("composition_nominal", ("CO50Al5Zr45", "Zr86NI8Al5", "Zr50Al5C45", "Zr80Al5No15", "Zr50Al5Cu45 + 2Y")),
    Example("composition_nominal", ("Pd31Ni42S27", "Cu50Zr50", "Zr50Al5Cu45 (wt.%)")),
    Example("composition_unit", ("at.%", "mol%", "Gew.-%", "原子%", "%")),
    Example(
        "method", ("Cu mold suction casting", "arc melting + suction casting", "tilt-pour casting", "吸铸", "傾角鋳造")
    ),
    Example("method", ("Kippguss", "copper mould casting", "drop casting")),
    Example("dimension_kind", ("rod", "棒材", "Stabdurchmesser", "thickness")),
    Example(
        "dimension_mm", ("2.5 mm", "２．５", "φ2.5", "2500 µm", "2.5±0.1", "~2.5", "2.5*", "3 mm rod", "3 mm plate")
    ),
    Example("dimension_mm", (">5", "5-6", "2,5", "n.d.", "2500")),
    Example("dimension_mm", ("2,5", "0,500"), with_semicolons=True),
    Example(
        "verdict", ("glassy", "XRD-amorphous", "glassy (XRD)", "非晶", "アモルファス", "teilkristallin", "amorphous?")
    ),
    Example("tg_K", ("690 K", "690±2", "690*", "417 °C", "n.d.", "#N/A", "?", "/", "未测", "690-700", "417", "0")),
    Example("heating_rate_K_min", ("20 K/min", "20 K min⁻¹", "0.5 K/s")),
    Example("supersedes", ("/", "ZAC-0")),
    Example("note", ("=> edge crystalline", "=A1+1")),
)


def table_of_examples() -> str:
    """The table in Markdown: column, what is written, what becomes of it."""
    lines = ["| column | written | read as |", "|---|---|---|"]
    lines += [
        f"| {column} | {_code(written)} | {_escaped(becomes)} |" for column, written, becomes in judged_examples()
    ]
    return "\n".join(lines)


def judged_examples() -> Iterator[tuple[str, str, str]]:
    """Column, text and what becomes of it, for each example."""
    for example in EXAMPLES:
        for text in example.texts:
            cells = tuple({**ROW, example.column: text}.items())
            outcome = read_rows([RawRow(2, cells, decimal_comma=example.with_semicolons)], DAY)
            column = f"{example.column} beside semicolons" if example.with_semicolons else example.column
            yield column, text, _becomes(example.column, outcome)


def _becomes(column: str, outcome: FileOutcome) -> str:
    if outcome.refusals:
        last = outcome.refusals[-1]
        return f"refused: {last.reason}; {last.fix}"
    (cast,) = outcome.casts
    # "dimension_mm: '2.5 mm' was read as 2.5: unit removed from number", and sentences on the whole row.
    notes = [remark.rpartition(": ")[2] for remark in cast.remarks if remark.startswith(f"{column}: ")]
    notes += [remark for remark in cast.remarks if not remark.startswith(COLUMNS)]
    return f"{_value(column, cast)} ({'; '.join(notes)})" if notes else f"{_value(column, cast)}, as it is written"


def _value(column: str, cast: Cast) -> str:
    value = alloy_of(cast) if column == "composition_nominal" else getattr(cast, column)
    if value is None:
        return "empty"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _code(text: str) -> str:
    return f"`{_escaped(text)}`"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
