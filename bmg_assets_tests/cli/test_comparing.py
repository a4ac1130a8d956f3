"""`bmg compare`: what a person reads, JSON and CSV, and a mistake in one sentence."""

import csv
import io
import json
from collections.abc import Callable, Iterator

import pytest

from bmg_assets_tests.cli.command import answer_of
from bmg_assets_tests.deployment import Deployment

Command = Callable[..., tuple[int, str, str]]
ALLOYS = ("Zr50Al10Cu40", "Zr60Al10Cu30")


@pytest.fixture
def bmg(finished: Deployment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """The command in this process, on the finished deployment: exit code, answer, errors."""
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: str) -> tuple[int, str, str]:
        return answer_of(arguments, monkeypatch, capsys)

    with finished.environment():
        yield run


def test_a_person_reads_the_alloys_side_by_side_and_what_argues_for_which(bmg: Command) -> None:
    code, out, err = bmg("compare", *ALLOYS)
    assert (code, err) == (0, "")
    for words in (*ALLOYS, "D_max by composite", "D_max by SVR alone", "What argues for which:", "For Zr60Al10Cu30:"):
        assert words in out


def test_other_programs_read_json_or_csv(bmg: Command) -> None:
    code, out, _ = bmg("compare", *ALLOYS, "--json")
    assert (code, [one["formula"] for one in json.loads(out)["alloys"]]) == (0, list(ALLOYS))
    code, out, _ = bmg("compare", *ALLOYS, "--csv")
    assert [row["formula"] for row in csv.DictReader(io.StringIO(out))] == list(ALLOYS)
    assert "exclude each other" in bmg("compare", *ALLOYS, "--csv", "--json")[2]


def test_a_mistake_ends_in_a_sentence(bmg: Command) -> None:
    code, out, err = bmg("compare", ALLOYS[0])
    assert (code, out, err) == (2, "", "Found 1 alloy to compare, expected 2 to 5; name another one.\n")


def test_a_system_is_weighed_by_objectives(bmg: Command) -> None:
    code, out, _ = bmg("objectives", "Zr-Al-Cu", "--at-most", "density=7")
    assert (code, "compositions that count are beaten by no other one" in out) == (0, True)
    code, out, _ = bmg("objectives", "Zr-Al-Cu", "--front", "dmax,liquidus", "--csv")
    assert next(csv.DictReader(io.StringIO(out)))["formula"]
    assert json.loads(bmg("objectives", "Zr-Al-Cu", "--json")[1])["system"] == "Zr-Al-Cu"
    code, _, err = bmg("objectives", "Zr-Al-Cu", "--at-least", "T_g=700")
    assert (code, err) == (2, "T_g is not mapped in Zr-Al-Cu; `bmg property T_g Zr-Al-Cu` does it.\n")
