"""Texts for fuzz tests of YAML files: wild ones, and damaged copies of a file that is right."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from hypothesis import strategies as st

from bmg_assets.science.errors import BmgError

T = TypeVar("T")

PIECES = [
    *"{}[]:,-?&*!|>'\"%@`#~ \n\t\\<=",
    *(
        ": ",
        "- ",
        "\n  ",
        "? ",
        "---\n",
        "...\n",
        "%YAML ",
        "%TAG ! ",
        "<<: ",
        "&a ",
        "*a",
        "!!",
        "!!int ",
        "|-\n",
        ">+1\n",
    ),
    *("null", "true", "No", "1:30", "2026-02-30", "010", "1e999", ".nan", "-0", "9" * 40, "9" * 5000, "0x_", "1_0"),
    *('"\\x', '"\\uD800"', '"\\UFFFFFFFF"', "\\", "\ufeff", "\u2028", "\x85", "\x07", "\0", "é", "名", "𝔸"),
    *("Al", "Be", "limits", "not_cast", "prices", "sources", "name", "columns", "codes", "values", "file", "../x"),
]
LONGEST_SENTENCE = 2500
"""Characters, with the path of the file and every allowed key."""


def yaml_texts() -> st.SearchStrategy[bytes]:
    """Signs and words of YAML in any order, as bytes."""
    return st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=30).map(
        lambda found: _bytes("".join(found))
    )


def damaged(template: str) -> st.SearchStrategy[bytes]:
    """Copies of a text with a few pieces put in, exchanged or cut out."""
    cut = st.tuples(
        st.integers(0, len(template)), st.integers(0, 12), st.one_of(st.sampled_from(PIECES), st.text(max_size=5))
    )
    return st.lists(cut, min_size=1, max_size=4).map(lambda cuts: _bytes(_cut(template, cuts)))


def with_other_values(template: str) -> st.SearchStrategy[bytes]:
    """Copies of a file with one of its values, at any depth, exchanged for another of any kind."""
    content = yaml.safe_load(template)
    places = list(_places(content))
    scalars = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10), st.sampled_from(PIECES)
    )
    values = st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(scalars, inner, max_size=3)
    )
    return st.tuples(st.sampled_from(places), values).map(
        lambda one: yaml.safe_dump(_exchanged(content, *one), allow_unicode=True).encode("utf-8", "surrogatepass")
    )


def is_one_sentence(error: BaseException) -> bool:
    """Whether an error can be shown on a line of a terminal."""
    text = str(error)
    assert text.isprintable(), text
    assert 20 < len(text) < LONGEST_SENTENCE, len(text)
    return True


def read_or_refused(read: Callable[[], T], refusal: type[BmgError]) -> T | None:
    """What is read; None where it is refused in one sentence. Any other error is one of the code."""
    try:
        return read()
    except refusal as error:
        is_one_sentence(error)
        return None


def folder_with(folder: Path, name: str, content: bytes) -> Path:
    """A folder that holds a file of this content."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return folder


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _cut(text: str, cuts: list[tuple[int, int, str]]) -> str:
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    return text


def _places(content: Any, path: tuple[Any, ...] = ()) -> Any:
    yield path
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in items:
        yield from _places(value, (*path, key))


def _exchanged(content: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(content, dict):
        return {**content, key: _exchanged(content[key], rest, value)}
    return [*content[:key], _exchanged(content[key], rest, value), *content[key + 1 :]]
