"""Reading YAML files that people write: strict, and a file that cannot be meant ends in one sentence.

Only what a declaration needs is read: mappings, lists, texts, numbers, true and false, in one document. A key that
stands twice is refused, not the last one taken. A text without quotation marks is a number only where everybody would
say so: `1:30` is not 90, `010` not 8, `No` is nobelium and not false.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from stat import S_ISREG
from typing import Any

from bmg_assets.science.errors import BmgError
from bmg_assets.science.validation import on_one_line

LARGEST_BYTES = 200_000
"""Ten times the largest of these files."""
DEEPEST = 20
MOST_VALUES = 10_000
"""Values of a file, those that an alias repeats counted each time: a few lines of aliases can stand for billions."""
LONGEST_NUMBER = 30
"""Characters; what is longer is a text, such as a checksum."""
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


class _NotMeantError(Exception):
    """What is wrong in a file, and on which line (from 1)."""

    def __init__(self, reason: str, event: Any) -> None:
        super().__init__(f"line {_line(event)}: {reason}")


def read_yaml(path: Path, error: type[BmgError]) -> Any:
    """The content of the file, see `parse_yaml`.

    Raises:
        BmgError: of the type `error`: it cannot be read, is no YAML, or holds what no declaration needs.
    """
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):  # reading a pipe would wait for ever
            raise error(f"{path} is no file; put one there, or move it away.")
        if found.st_size > LARGEST_BYTES:
            raise error(f"{path} has {found.st_size} bytes, expected at most {LARGEST_BYTES}; is it the right file?")
        data = path.read_bytes()
    except OSError as wrong:
        raise error(_unreadable(str(path), wrong)) from None
    return parse_yaml(data, str(path), error)


def parse_yaml(data: bytes, place: str, error: type[BmgError]) -> Any:
    """What the bytes of a file say: mappings, lists, texts, numbers, true and false; None for an empty file.

    Args:
        place: where they are from, for the message.

    Raises:
        BmgError: of the type `error`: they are no YAML, or hold what no declaration needs.
    """
    import yaml

    try:
        return _document(yaml.parse(data.decode("utf-8-sig"), Loader=yaml.SafeLoader))
    except _NotMeantError as wrong:
        raise error(f"{place}, {wrong}; fix it.") from None
    # Some escapes, numbers and directives let the parser fail with other errors than its own.
    except (yaml.YAMLError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as wrong:
        raise error(_unreadable(place, wrong)) from None


def _unreadable(place: str, wrong: Exception) -> str:
    reason = on_one_line(" ".join(str(wrong).split()))
    return f"{place} cannot be read as YAML ({reason}); fix it, or remove it."


def named(entries: Any) -> Any:
    """Add to each entry its name, and drop keys without a value; content that is no mapping stays as it is.

    Raises:
        ValueError: an entry gives itself a name.
    """
    if not isinstance(entries, Mapping):
        return entries
    renamed = next((key for key, entry in entries.items() if isinstance(entry, Mapping) and "name" in entry), None)
    if renamed is not None:
        raise ValueError(
            f"gives '{on_one_line(renamed)}' another name by the key 'name'; take that key away, or rename the entry"
        )
    return {
        str(name): {**{key: value for key, value in entry.items() if value is not None}, "name": str(name)}
        if isinstance(entry, Mapping)
        else entry
        for name, entry in entries.items()
    }


def _document(events: Iterator[Any]) -> Any:
    """The one document of a file."""
    import yaml

    builder = _Builder(events)
    found: list[Any] = []
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            if found:
                raise _NotMeantError("a second document begins, expected one", event)
            found.append(builder.value(event, DEEPEST).content)
    return found[0] if found else None


@dataclass(frozen=True)
class _Value:
    """What was read, with the number of values in it and how deep they are nested, aliases written out."""

    content: Any
    size: int = 1
    height: int = 0


class _Builder:
    """Builds values from the parser's events, one after the other."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, _Value] = {}

    def value(self, event: Any, depth: int) -> _Value:
        """The value that begins with this event; the events behind it are taken up to its end.

        Args:
            depth: how deep it may be nested.

        Raises:
            _NotMeantError: it holds what no declaration needs.
        """
        import yaml

        if isinstance(event, yaml.AliasEvent):
            found = self._anchors.get(event.anchor or "")
            if found is None:
                raise _NotMeantError(
                    f"nothing complete has the name {on_one_line(event.anchor or '')} before it", event
                )
        elif event.tag is not None:
            raise _NotMeantError(
                f"holds the tag {on_one_line(event.tag)}, which no declaration needs; take it away", event
            )
        elif isinstance(event, yaml.ScalarEvent):
            found = _Value(_scalar(event))
        elif depth == 0:
            raise _NotMeantError(f"is nested more than {DEEPEST} deep", event)
        else:
            found = self._list(depth - 1) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(depth - 1)
        if found.height > depth or found.size > MOST_VALUES:
            raise _NotMeantError(f"holds more than {MOST_VALUES} values, or is nested more than {DEEPEST} deep", event)
        if event.anchor is not None:
            self._anchors[event.anchor] = found
        return found

    def _list(self, depth: int) -> _Value:
        import yaml

        found = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self.value(event, depth))
        return _together([one.content for one in found], found)

    def _mapping(self, depth: int) -> _Value:
        import yaml

        values: dict[Any, _Value] = {}
        lines: dict[str, int] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise _NotMeantError("holds a key that is no text or number", event)
            key, line = self.value(event, depth).content, _line(event)
            # Two keys that read the same are one, also where one of them has quotation marks.
            if str(key) in lines or key in values:
                earlier = lines.get(str(key), line)
                raise _NotMeantError(
                    f"the key '{on_one_line(key)}' stands twice (first on line {earlier}); keep one", event
                )
            lines[str(key)] = line
            values[key] = self.value(next(self._events), depth)
        return _together({key: one.content for key, one in values.items()}, values.values())


def _together(content: Any, parts: Collection[_Value]) -> _Value:
    height = 1 + max((part.height for part in parts), default=0)
    return _Value(content, 1 + sum(part.size for part in parts), height)


def _line(event: Any) -> int:
    """The line of an event, from 1."""
    line: int = event.start_mark.line
    return line + 1


def _scalar(event: Any) -> Any:
    text = event.value
    if any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in text):
        raise _NotMeantError("holds a sign that is no letter", event)
    if event.style is not None:  # with quotation marks, or over several lines
        return text
    if text in _NOTHING:
        return None
    if len(text) <= LONGEST_NUMBER:
        if _WHOLE.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text) and isfinite(float(text)):
            return float(text)
    return _TRUTHS.get(text, text)
