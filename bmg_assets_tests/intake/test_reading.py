"""The laboratory's file of how its casts are read."""

from pathlib import Path

import pytest

from bmg_assets.intake.reading import Reading, ReadingFileError, read_reading
from bmg_assets_tests.intake.cast_files import drop, inbox_at, line, samples_of, table


def test_without_the_file_all_is_as_by_default(tmp_path: Path) -> None:
    assert read_reading(tmp_path) == read_reading(tmp_path / "nowhere") == Reading()
    (tmp_path / "reading.yaml").write_text("# nothing yet\n")
    assert read_reading(tmp_path) == Reading()


def test_what_it_may_say(tmp_path: Path) -> None:
    (tmp_path / "reading.yaml").write_text("formula_values: true\nwords:\n  verdict:\n    amorphous: [vetro]\n")
    reading = read_reading(tmp_path)
    assert reading.formula_values
    assert reading.words.find("verdict", "Vetro") == "amorphous"
    assert reading.identity() != Reading().identity()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("word: {}", "unknown key 'word'"),
        ("formula_values: perhaps", "write true or false"),
        ("- a", "no table of keys"),
        ("words: {verdict: {amorphous: [12]}}", "holds 12, which is no word"),
        ("a: [", "cannot be read as YAML"),
        (b"\xff\xfe", "cannot be read as YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, content: str | bytes, told: str) -> None:
    (tmp_path / "reading.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ReadingFileError) as error:
        read_reading(tmp_path)
    assert told in str(error.value)
    assert "reading.yaml" in str(error.value)


@pytest.mark.parametrize("name", ["reading.yml", "Reading.yaml"])
def test_the_file_is_read_under_almost_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("formula_values: true\n")
    assert read_reading(tmp_path).formula_values


def test_a_name_that_is_not_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "reading.yaml.txt").write_text("formula_values: true\n")
    with pytest.raises(ReadingFileError, match=r"'reading\.yaml\.txt', which is not read: expected is reading\.yaml"):
        read_reading(tmp_path)


def test_files_wait_until_it_can_be_used_and_are_read_by_it(tmp_path: Path) -> None:
    inbox = inbox_at(tmp_path, settle_s=0)
    settings = Path(inbox.root) / "reading.yaml"
    settings.write_text("words: 1\n")
    drop(inbox, "casts.csv", table(line("A", verdict="vetro")))
    look = inbox.take_in_complete()
    assert look.taken == ()
    assert "reading.yaml" in look.waiting[0].reason
    settings.write_text("words: {verdict: {amorphous: [vetro]}}\n")
    assert [one.accepted for one in inbox.take_in_complete().taken] == [1]
    assert samples_of(inbox) == ["A"]
