"""How a laboratory wants its files read: `reading.yaml` in its folder, beside the inbox; without it, as by default.

Belongs here: the file and its checks. What the words mean is in words.py.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from bmg_assets.intake.words import Words, WordsError, extended, own_words
from bmg_assets.science.errors import BmgError
from bmg_assets.sources.laboratory_file import laboratory_file
from bmg_assets.sources.yaml_files import read_yaml

STEM = "reading"
READING_FILE = f"{STEM}.yaml"
FORMULA_VALUES, WORDS = "formula_values", "words"


class ReadingFileError(BmgError):
    """A file `reading.yaml` that cannot be used: where it is wrong, and what to do."""


@dataclass(frozen=True)
class Reading:
    """How lab files are read.

    words: the words that they may use. formula_values: whether the value that a spreadsheet stored with a formula
    counts as written; else formulas are refused. content: what the laboratory's file says, from which `reading_of`
    makes the same again; None without one.
    """

    words: Words = field(default_factory=own_words)
    formula_values: bool = False
    content: Mapping[str, Any] | None = None

    def identity(self) -> str:
        """A text that changes with everything that decides how a file is read here."""
        content = {**asdict(self.words), "empty": sorted(self.words.empty), FORMULA_VALUES: self.formula_values}
        return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read_reading(lab: Path) -> Reading:
    """How files are read in a laboratory.

    Args:
        lab: its folder.

    Raises:
        ReadingFileError: the file cannot be read, is no YAML, has an unknown key or a value that it cannot have, or
            stands there under a name that is not read.
    """
    path = laboratory_file(lab, STEM, ReadingFileError)
    return Reading() if path is None else reading_of(read_yaml(path, ReadingFileError), str(path))


def reading_of(content: Any, place: str) -> Reading:
    """How files are read by the content of `reading.yaml`; raises ReadingFileError. place: its path, for messages."""
    if content is None:
        return Reading()
    if not isinstance(content, Mapping):
        raise ReadingFileError(f"{place} is no table of keys; write {FORMULA_VALUES}: true, or {WORDS}: with words.")
    unknown = [str(key) for key in content if key not in (FORMULA_VALUES, WORDS)]
    if unknown:
        raise ReadingFileError(f"{place} has the unknown key {unknown[0]!r}; it may have {FORMULA_VALUES} and {WORDS}.")
    values = content.get(FORMULA_VALUES, False)
    if not isinstance(values, bool):
        raise ReadingFileError(f"{place}: {FORMULA_VALUES} is {values!r}; write true or false.")
    try:
        words = extended(own_words(), content.get(WORDS), f"{place}: {WORDS}")
    except WordsError as error:
        raise ReadingFileError(str(error)) from None
    return Reading(words, values, dict(content))
