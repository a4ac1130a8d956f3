"""CSV with commas and with semicolons: what a comma in a number is."""

from bmg_assets.intake.outcome import FileOutcome, read_file
from bmg_assets_tests.intake.cast_files import HEADER, line
from bmg_assets_tests.science.casts.examples import TODAY


def read(*lines: str) -> FileOutcome:
    return read_file("casts.csv", ".csv", "".join(f"{one}\n" for one in lines).encode(), TODAY)


def test_decimal_commas_where_semicolons_separate() -> None:
    rows = [
        line("A", dimension_mm="2|5").replace(",", ";").replace("|", ","),
        line("B", composition_nominal="Zr50|5Al4|5Cu45").replace(",", ";").replace("|", ","),
        line("C", dimension_mm="2.5").replace(",", ";"),
    ]
    for before in ((), ("sep=;",)):
        outcome = read(*before, HEADER.replace(",", ";"), *rows)
        assert [one.dimension_mm for one in outcome.casts] == [2.5, 2.5, 2.5]
        assert outcome.casts[1].composition == "Al4.5Cu45Zr50.5"
        assert outcome.casts[0].remarks == ("dimension_mm: '2,5' was read as 2.5: decimal comma read",)
        assert outcome.skipped == ()


def test_a_comma_in_a_number_is_refused_where_commas_separate() -> None:
    outcome = read(HEADER, line("A", dimension_mm='"2,5"'))
    assert "may mean 2.5, or two numbers" in outcome.refusals[0].reason


def test_a_title_with_the_other_separator_does_not_decide() -> None:
    title = "a;b;c;d;e;f;g;h;i"
    assert len(read(title[:5], HEADER, line("A")).casts) == 1
