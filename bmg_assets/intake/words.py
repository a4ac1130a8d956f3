"""The words of lab files, in several languages: a table that a laboratory can extend.

The platform's own table is words.yaml beside this module. Words are compared without regard to case, blanks, width and
separators ("Melt-spinning"); the rule by which a synonym was read is noted on the cast.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from bmg_assets.science.casts.cast import CompositionUnit, DimensionKind, Method, Verdict
from bmg_assets.science.errors import BmgError

OWN_TABLE = Path(__file__).with_name("words.yaml")
MISSING_WORDS = frozenset({"", "-", "–", "—", "n/a", "na", "nan", "none", "null"})
"""Cells, in lower case, that stand for an empty one."""
WITHDRAWN = "withdrawn"
"""The word of the column verdict that withdraws the cast named in `supersedes`; stored as failed_cast."""
WORDS: Mapping[str, tuple[str, ...]] = {
    "composition_unit": tuple(CompositionUnit),
    "method": tuple(Method),
    "dimension_kind": tuple(DimensionKind),
    "verdict": (*Verdict, WITHDRAWN),
}
"""What a cell of each of these columns may mean."""
AMBIGUOUS, IGNORED, EMPTY, MONTHS = "ambiguous", "ignored", "empty", "months"
MONTH_NUMBERS = tuple(str(number) for number in range(1, 13))


_EMPTY_BRACKETS = re.compile(r"\([,;:/&+]*\)|\[[,;:/&+]*\]")


class WordsError(BmgError, ValueError):
    """A table of words that cannot be used: where it is wrong, and what to do."""


def squeezed(text: str) -> str:
    """A word for comparison: lower case, without spaces, dots, underscores, and separators inside.

    Other signs stay, because they can change the meaning: "amorphous?" is not "amorphous".
    """
    folded = re.sub(r"[\s._・·]", "", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"(?<=\w)[-–/+](?=\w)", "", folded)


@dataclass(frozen=True)
class Words:
    """Everything that stands for something else in lab files; keys are squeezed.

    synonyms: by column, the word for which each synonym stands, the words themselves among them. ignored: by column,
    what may stand beside a word, the longest first. ambiguous: by column, what may mean more than one word, and which.
    empty: what says that nothing was determined. months: the number of
    each name of a month.
    """

    synonyms: Mapping[str, Mapping[str, str]]
    ignored: Mapping[str, tuple[str, ...]]
    ambiguous: Mapping[str, Mapping[str, str]]
    empty: frozenset[str]
    months: Mapping[str, int]

    def find(self, column: str, text: str) -> str | None:
        """The word of the column for which a text stands; None where it stands for none, or for more than one."""
        known, plain = self.synonyms[column], squeezed(text)
        found = known.get(plain)
        return found if found is not None else known.get(self._bare(column, plain))

    def _bare(self, column: str, plain: str) -> str:
        """The word without what changes nothing: "cumoldsuctioncasting" is "suctioncasting"."""
        for beside in self.ignored[column]:
            plain = plain.replace(beside, "")
        return _EMPTY_BRACKETS.sub("", plain).strip("-–/+,;:&。、")

    def may_mean(self, column: str, text: str) -> str:
        """Between which words of the column a text leaves the choice; empty where it is not known for that."""
        known, plain = self.ambiguous[column], squeezed(text)
        return known.get(plain) or known.get(self._bare(column, plain), "")

    def is_empty(self, text: str) -> bool:
        """Whether a cell says that nothing was determined."""
        return squeezed(text) in self.empty or not squeezed(text)


@cache
def own_words() -> Words:
    """The platform's own table."""
    import yaml

    return extended(None, yaml.safe_load(OWN_TABLE.read_text(encoding="utf-8")), OWN_TABLE.name)


def extended(known: Words | None, table: Any, place: str) -> Words:
    """A table of words, added to those that are known.

    Args:
        known: None where there are none.
        table: as it was read from YAML. place: the file and key that hold it, for messages.

    Raises:
        WordsError: it is no such table, names an unknown column or word, holds something else than texts, or gives a
            synonym another meaning than it has.
    """
    parts = _mapping(table, place, (*WORDS, AMBIGUOUS, IGNORED, EMPTY, MONTHS))
    synonyms = {
        column: dict(known.synonyms[column]) if known else {squeezed(word): word for word in WORDS[column]}
        for column in WORDS
    }
    for column in WORDS:
        _add(synonyms[column], _mapping(parts.get(column), f"{place}: {column}", WORDS[column]), f"{place}: {column}")
    unclear = _mapping(parts.get(AMBIGUOUS), f"{place}: {AMBIGUOUS}", tuple(WORDS))
    ambiguous = {column: dict(known.ambiguous[column]) if known else {} for column in WORDS}
    for column, listed in unclear.items():
        _add(ambiguous[column], _mapping(listed, f"{place}: {AMBIGUOUS}: {column}", None), f"{place}: {AMBIGUOUS}")
    beside = _mapping(parts.get(IGNORED), f"{place}: {IGNORED}", tuple(WORDS))
    ignored = {
        column: {
            *(known.ignored[column] if known else ()),
            *_texts(beside.get(column), f"{place}: {IGNORED}: {column}"),
        }
        for column in WORDS
    }
    months = {name: str(number) for name, number in known.months.items()} if known else {}
    _add(months, _mapping(parts.get(MONTHS), f"{place}: {MONTHS}", MONTH_NUMBERS), f"{place}: {MONTHS}")
    return Words(
        synonyms=synonyms,
        ignored={column: tuple(sorted(ignored[column], key=lambda one: (-len(one), one))) for column in WORDS},
        ambiguous=ambiguous,
        empty=frozenset({*(known.empty if known else ()), *_texts(parts.get(EMPTY), f"{place}: {EMPTY}")}),
        months={name: int(number) for name, number in months.items()},
    )


def _mapping(table: Any, place: str, allowed: Iterable[str] | None) -> Mapping[str, Any]:
    """A table with some of the allowed keys; None allows any."""
    if table is None:
        return {}
    names = tuple(str(name) for name in (table if allowed is None and isinstance(table, Mapping) else allowed or ()))
    if not isinstance(table, Mapping):
        raise WordsError(
            f"{place} is {_kind(table)}, not a table; write some of {', '.join(names)}, each with its list."
        )
    unknown = [str(key) for key in table if str(key) not in names]
    if unknown:
        raise WordsError(f"{place} has the unknown key {unknown[0]!r}; it may have {', '.join(names)}.")
    return {str(key): value for key, value in table.items()}


def _add(known: dict[str, str], listed: Mapping[str, Any], place: str) -> None:
    for word, synonyms in listed.items():
        for synonym in _texts(synonyms, f"{place}: {word}"):
            if known.setdefault(synonym, word) != word:
                raise WordsError(
                    f"{place}: {synonym!r} cannot stand for {word}, as it stands for {known[synonym]}; remove it."
                )


def _texts(listed: Any, place: str) -> Iterator[str]:
    """The texts of a list, squeezed."""
    if listed is None:
        return
    if not isinstance(listed, list):
        raise WordsError(f"{place} is {_kind(listed)}, not a list; write its words as in [word, other word].")
    for text in listed:
        if not isinstance(text, str) or not squeezed(text):
            raise WordsError(f"{place} holds {text!r}, which is no word; put it in quotation marks, or remove it.")
        yield squeezed(text)


def _kind(value: Any) -> str:
    return f"the {type(value).__name__} {str(value)[:40]!r}" if not isinstance(value, StrEnum) else value.value
