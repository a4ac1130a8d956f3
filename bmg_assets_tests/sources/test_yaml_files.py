"""YAML files of people: what is written is what is read, and what cannot be meant is refused in one sentence."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bmg_assets.science.errors import BmgError
from bmg_assets.sources.yaml_files import LARGEST_BYTES, read_yaml
from bmg_assets_tests.sources.yaml_texts import is_one_sentence, read_or_refused, yaml_texts

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
CHAIN = "".join(f"k{n}: &k{n} [{'[' * 9}*k{n - 1}{']' * 9}]\n" for n in range(1, 200))


class FileError(BmgError):
    """What a caller raises."""


def read(folder: Path, content: str | bytes) -> Any:
    path = folder / "file.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_yaml(path, FileError)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1\nb: [0.5, -2, 1e3, .5, 4.]", {"a": 1, "b": [0.5, -2, 1000.0, 0.5, 4.0]}),
        ("a: true\nb: False\nc: ~\nd:", {"a": True, "b": False, "c": None, "d": None}),
        ("a: '1'\nb: \"true\"", {"a": "1", "b": "true"}),
        ("a: >-\n  two\n  lines\n", {"a": "two lines"}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("\ufeffa: 1", {"a": 1}),
        ("", None),
        ("# nothing", None),
    ],
)
def test_what_everybody_reads_alike_is_read(tmp_path: Path, text: str, value: Any) -> None:
    assert read(tmp_path, text) == value


@pytest.mark.parametrize(
    "text",
    ["1:30", "No", "yes", "off", "010", "0x1F", "0b1", "1_000", "2026-02-30", "2026-02-27", ".inf", ".nan", "1e999"],
)
def test_what_yaml_1_1_turns_into_something_else_stays_a_text(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, f"a: {text}\n{text}: b") == {"a": text, text: "b"}


def test_a_checksum_of_digits_stays_a_text(tmp_path: Path) -> None:
    digits = "12345e67" * 8
    assert read(tmp_path, f"a: {digits}\nb: {'9' * 5000}") == {"a": digits, "b": "9" * 5000}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("limits: {Al: [0, 20]}\nlimits: {Cu: [0, 10]}", "line 2: the key 'limits' stands twice (first on line 1)"),
        ("a:\n  Al: 1\n  'Al': 2", "line 3: the key 'Al' stands twice (first on line 2)"),
        ("0: a\n0.0: b", "the key '0.0' stands twice"),
        ("1: a\n'1': b", "the key '1' stands twice"),
        ("[a]: b", "holds a key that is no text or number"),
        ("? {a: b}\n: c", "holds a key that is no text or number"),
        ("a: !!int abc", "holds the tag tag:yaml.org,2002:int"),
        ("a: !!python/object/apply:os.system [ls]", "holds the tag tag:yaml.org,2002:python/object"),
        ("--- a\n--- b", "a second document begins"),
        ("a: &a [*a]", "nothing complete has the name a before it"),
        ("a: *nowhere", "nothing complete has the name nowhere"),
        ("[" * 5000, "is nested more than 20 deep"),
        ("a: " + "{b: " * 21 + "c" + "}" * 21, "is nested more than 20 deep"),
        (BOMB, "holds more than 10000 values"),
        ("k0: &k0 [1]\n" + CHAIN, "nested more than 20 deep"),
        ('a: "\\uD800"', "holds a sign that is no letter"),
        ('a: "\\0"', "holds a sign that is no letter"),
        ('a: "\\UFFFFFFFF"', "cannot be read as YAML"),
        (f"%YAML {'9' * 5000}.1\n--- a", "cannot be read as YAML"),
        ("limits: [", "cannot be read as YAML"),
        ("a: b\n\tc: d", "cannot be read as YAML"),
        (b"\xff\xfe\x00", "cannot be read as YAML"),
        (b"a: \x00", "cannot be read as YAML"),
        ("#" * (LARGEST_BYTES + 1), f"has {LARGEST_BYTES + 1} bytes, expected at most {LARGEST_BYTES}"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(FileError) as told:
        read(tmp_path, text)
    assert str(told.value).startswith(str(tmp_path / "file.yaml"))
    assert words in str(told.value)
    assert is_one_sentence(told.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path, tmp_path / "pipe.yaml", Path("/dev/zero")):
        with pytest.raises(FileError, match=f"{path} is no file"):
            read_yaml(path, FileError)
    with pytest.raises(FileError, match="cannot be read as YAML"):
        read_yaml(tmp_path / "not there.yaml", FileError)


@given(st.one_of(yaml_texts(), st.binary(max_size=200)))
@example(b"%YAML 1")
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    read_or_refused(lambda: read(tmp_path_factory.getbasetemp(), content), FileError)
