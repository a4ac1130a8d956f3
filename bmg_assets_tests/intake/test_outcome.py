"""Whatever the bytes, every line of a file ends as accepted, refused or skipped, and nothing is raised."""

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bmg_assets.intake.outcome import compare_with_accepted, read_file, systems_concerned
from bmg_assets.science.casts.merging import merge_casts
from bmg_assets_tests.intake.cast_files import HEADER, line
from bmg_assets_tests.science.casts.examples import cast

DAY = date(2026, 3, 1)
PIECES = [
    '"',
    ",",
    ";",
    "\n",
    "\r\n",
    "\r",
    "\0",
    " ",
    "=",
    "x",
    "ä",
    "\ufeff",
    "\x0b",
    "\u2028",
    HEADER,
    line("A"),
    line("B"),
]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
@example([line("A"), "\n", '"', "\n", line("B"), "\n"])
@example(['"', "\n", line("A"), "\n", '"', "\n", line("B")])
def test_no_line_is_passed_over(pieces: list[str]) -> None:
    text = "".join(pieces)
    outcome, _ = compare_with_accepted(read_file("casts.csv", ".csv", f"{HEADER}\n{text}".encode(), DAY), ())
    accounted = {one.line for one in (*outcome.casts, *outcome.refusals, *outcome.skipped)}
    lines = dict(enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=2))
    # A cell in quotation marks may have several lines; a whole row on a line of its own is never part of one.
    rows = {number for number, one in lines.items() if one in (line("A"), line("B")) or ('"' not in text and one)}
    assert rows <= accounted
    for one in outcome.casts:
        assert f"1,{one.sample_id},2026-02-27," in lines[one.line].replace('"', "")


@settings(max_examples=150)
@given(st.binary(max_size=300), st.sampled_from([".csv", ".xlsx", ".CSV", ""]), st.booleans())
def test_no_bytes_raise(data: bytes, ending: str, begins_well: bool) -> None:
    start = f"{HEADER}\n".encode() if begins_well else b""
    reading = read_file("casts", ending, start + data, DAY)
    assert reading.casts or reading.refusals or reading.skipped


def test_a_cast_bears_on_its_system_and_on_that_of_the_report_that_it_replaces() -> None:
    first = cast("A")
    moved = cast("A", composition_nominal="Mg60Zn35Ca5", supersedes="A")
    history = merge_casts((), (first, moved))
    found = {system.elements: system.lines for system in systems_concerned([moved], history)}
    assert found == {("Mg", "Zn", "Ca"): (2,), ("Zr", "Al", "Cu"): (2,)}


def test_a_result_bears_on_the_systems_of_its_plan_and_of_the_sample_that_it_replaces() -> None:
    plan = cast("A", composition_nominal="Mg60Zn35Ca5", verdict="planned")
    other, result = cast("B", composition_nominal="La60Al20Ni20"), cast("A", supersedes="B")
    history = merge_casts((), (plan, other, result))
    found = {frozenset(system.elements) for system in systems_concerned([result], history)}
    assert found == {frozenset(alloy.split()) for alloy in ("Mg Zn Ca", "La Al Ni", "Zr Al Cu")}


def test_a_file_that_takes_too_long_is_read_no_further_and_named() -> None:
    outcome = read_file("casts.csv", ".csv", f"{HEADER}\n{line('A')}\n".encode(), DAY, seconds=-1)
    (refusal,) = outcome.refusals
    assert (refusal.line, outcome.casts) == (2, ())
    assert "reading casts.csv took longer than -1 s" in refusal.reason
