"""Content of a file or a config as a pydantic model; one sentence reports the first wrong value."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from bmg_assets.science.errors import BmgError

M = TypeVar("M", bound=BaseModel)


LONGEST_SHOWN = 200
"""Characters of a wrong value that a sentence repeats."""
LONGEST_EXPECTATION = 1000
PLAIN = {
    "Value error, ": "",
    "Input should be ": "",
    "String should have": "a text with",
    "Value should have": "a mapping with",
    " after validation": "",
    "valid dictionary": "mapping of keys to values",
    "valid frozenset": "list",
    "valid string": "text",
}
"""What pydantic says, and how it reads in our sentences."""


def validated(model: type[M], content: Any, where: str, error: type[BmgError]) -> M:
    """The content as this model.

    A validator of the model that raises ValueError says what was expected where it looks at one value, and what is
    wrong where it looks at several.

    Args:
        content: what a file or a config holds, parsed.
        where: the name of the file, for messages.
        error: what is raised in one sentence, for the first value that is not as the model has it.
    """
    try:
        return model.model_validate(content)
    except ValidationError as found:
        raise error(f"{where}{_fault(found, model)}; fix it.") from None


def on_one_line(found: object, longest: int = LONGEST_SHOWN) -> str:
    """The beginning of what a person wrote, for a sentence: signs that cannot be printed are escaped."""
    text = str(found)
    line = text if text.isprintable() else repr(text)[1:-1]
    return line if len(line) <= longest else f"{line[:longest]}…"


def expectation(error: ValidationError) -> str:
    """What the first value that pydantic refused was expected to be, to stand behind "expected"."""
    words = error.errors()[0]["msg"].split(", unable to parse")[0]
    for theirs, ours in PLAIN.items():
        words = words.replace(theirs, ours)
    return on_one_line(words, LONGEST_EXPECTATION)


def _fault(error: ValidationError, model: type[BaseModel]) -> str:
    """What is wrong with the first value: its key, what was found, what was expected."""
    first = error.errors()[0]
    path = list(first["loc"])
    key, kind = path[-1] if path else "", first["type"]
    if kind == "extra_forbidden":
        known = ", ".join(_keys(model, path[:-1]))
        return f"{_at(path[:-1])} has the unknown key '{on_one_line(key)}'; expected {known}"
    if kind == "missing":
        return f"{_at(path[:-1])} lacks '{key}'"
    if kind == "value_error" and isinstance(first["input"], Mapping):
        return f"{_at(path)} {expectation(error)}"
    if kind == "model_type":
        return f"{_at(path)} holds {_shown(first['input'])}; expected the keys {', '.join(_keys(model, path))}"
    wrong_key = key == "[key]"
    value = first.get("ctx", {}).get("found", first["input"])
    return f"{_at(path[:-2] if wrong_key else path)}: found {_shown(value)}, expected {expectation(error)}"


def _at(path: Sequence[int | str]) -> str:
    return f": {'.'.join(map(on_one_line, path))}" if path else ""


def _shown(value: Any) -> str:
    """The value as Python writes it; of a long one the beginning."""
    return on_one_line(repr(value))


def _keys(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """The keys of the model in which a path ends, as they are written; a field that is excluded is no key."""
    for step in path:
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        if step in fields:
            kinds = (fields[str(step)].annotation, *get_args(fields[str(step)].annotation))
            model = next((one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)), model)
    return [field.alias or name for name, field in model.model_fields.items() if not field.exclude]
