"""The header wherever it stands, and what is written around the rows."""

import pytest

from bmg_assets.intake.outcome import FileOutcome, read_file
from bmg_assets_tests.intake.cast_files import HEADER, line, table
from bmg_assets_tests.science.casts.examples import TODAY


def read(data: bytes) -> FileOutcome:
    return read_file("casts.csv", ".csv", data, TODAY)


@pytest.mark.parametrize(
    "above",
    [
        ("# Instrument: arc melter 2", '# Operator: "nobody'),
        ("Casting log 2026", "", "furnace 2; crucible 3, new"),
        ('"Casting log, all casts"', ",,,,,,,,"),
    ],
)
def test_titles_and_remarks_above_the_header_are_skipped(above: tuple[str, ...]) -> None:
    outcome = read("\n".join((*above, HEADER, line("A"), "")).encode())
    assert [(one.sample_id, one.line) for one in outcome.casts] == [("A", len(above) + 2)]
    assert outcome.refusals == ()
    filled = [number for number, one in enumerate(above, start=1) if one.strip(", ")]
    assert [one.line for one in outcome.skipped] == filled


def test_remarks_between_the_rows_are_skipped() -> None:
    outcome = read(table(line("A"), "# new crucible, from here", f"#{line('X')}", line("B")))
    assert [one.sample_id for one in outcome.casts] == ["A", "B"]
    assert [one.line for one in outcome.skipped] == [3, 4]
    assert outcome.refusals == ()


def test_a_sample_whose_name_begins_with_a_hash_is_no_remark() -> None:
    header = ",".join(reversed(HEADER.split(",")))
    names = header.split(",")
    first = ",".join(["sample_id", *(name for name in names if name != "sample_id")])
    cells = dict(zip(HEADER.split(","), line("#12").split(","), strict=True))
    outcome = read(table(",".join(cells[name] for name in first.split(",")), header=first))
    assert [one.sample_id for one in outcome.casts] == ["#12"]


def test_a_line_of_units_below_the_header_is_skipped_and_only_there() -> None:
    units = ",,date,,,,,mm,"
    outcome = read(table(units, line("A"), units))
    assert [one.sample_id for one in outcome.casts] == ["A"]
    assert [(one.line, one.reason) for one in outcome.skipped] == [(2, "the line explains the header: date, mm")]
    assert {one.line for one in outcome.refusals} == {4}


def test_a_row_above_the_header_that_could_be_a_cast_is_refused() -> None:
    outcome = read(f"{line('lost')}\n{HEADER}\n{line('A')}\n".encode())
    assert [one.sample_id for one in outcome.casts] == ["A"]
    assert [(one.line, one.fix) for one in outcome.refusals] == [(1, "put it below the header")]


def test_blanks_around_the_names_of_columns_do_not_matter() -> None:
    outcome = read(table(line("A"), header=HEADER.replace(",", " , ")))
    assert [one.sample_id for one in outcome.casts] == ["A"]


def test_one_comma_without_quotation_marks_costs_its_line() -> None:
    outcome = read(table(line("A"), line("B", composition_nominal="La62Al15.7(Cu,Ni)22.3"), line("C")))
    assert [one.sample_id for one in outcome.casts] == ["A", "C"]
    assert {one.line for one in outcome.refusals} == {3}


def test_too_many_columns_are_refused() -> None:
    outcome = read(table(line("A"), header=HEADER + "".join(f",c{number}" for number in range(300))))
    assert outcome.refusals[0].reason == "the header has 309 cells, more than 300"


def test_empty_header_cells_cost_nothing() -> None:
    commas = "," * 16_384
    outcome = read(table(*(line(f"S{number}") + commas for number in range(200)), header=HEADER + commas))
    assert len(outcome.casts) == 200
