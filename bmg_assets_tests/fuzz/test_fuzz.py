"""A few inputs of each kind of the fuzz, and that it notices what it looks for."""

from random import Random

import pytest

from bmg_assets.intake.outcome import read_file
from bmg_assets_tests.fuzz.__main__ import main
from bmg_assets_tests.fuzz.lab_examples import examples
from bmg_assets_tests.fuzz.lab_files import DAY, failure
from bmg_assets_tests.fuzz.targets import COPIES_OF_EXAMPLE, MILLION, Target, targets

SHORT = 8_000


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.name)
def test_no_input_is_answered_by_a_traceback(target: Target) -> None:
    assert [found for number in range(target.count(SHORT)) if (found := target.try_number(number))] == []


def test_a_million_are_a_million_with_a_thousand_copies_of_each_example() -> None:
    counts = {target.name: target.count(MILLION) for target in targets()}
    assert abs(sum(counts.values()) - MILLION) < 20
    assert all(counts[name] == COPIES_OF_EXAMPLE for name in examples())


@pytest.mark.parametrize("name", examples())
def test_the_examples_themselves_are_read_and_state_what_is_read(name: str) -> None:
    data = examples()[name]
    assert read_file(name, name[name.rindex(".") :], data, DAY).casts
    assert failure(name, data) is None


def test_a_cast_that_the_file_does_not_state_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = examples()["sizes.csv"]
    other = data.replace(b"2500", b"2700")
    monkeypatch.setattr(
        "bmg_assets_tests.fuzz.lab_files.read_file", lambda *arguments: read_file("sizes.csv", ".csv", data, DAY)
    )
    assert "the size 2.5 is not in the file" in str(failure("sizes.csv", other))


def test_an_exception_is_a_failure() -> None:
    def broken(random: Random) -> str | None:
        raise KeyError("x")

    assert "KeyError" in str(Target("broken", 1.0, broken).try_number(0))


def test_the_same_number_is_the_same_input() -> None:
    drawn = Target("drawn", 1.0, lambda random: str(random.random()))
    assert drawn.try_number(7) == drawn.try_number(7) != drawn.try_number(8)


def test_the_command_counts_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["2000", "--only", "keys"])
    assert end.value.code == 0
    assert "together" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="There is no kind"):
        main(["--only", "nothing"])
