"""What is known of each property before it is read: data/literature/properties.yaml, whose head explains the keys.

A key that is misspelt is an error, not a default. In which column of a source a property stands is the source's matter
(declaration.py).
"""

from pathlib import Path
from typing import Any

from bmg_assets.science.literature.properties import NOTHING_LEFT_OUT, Property
from bmg_assets.science.literature.pruning import EXCLUDED
from bmg_assets.science.models.budgets import UnknownBudgetError, budget_named
from bmg_assets.sources.declaration import DeclarationError

FILE = "properties.yaml"
REQUIRED = ("title", "symbol", "unit", "range")
OPTIONAL = ("below", "own_casts", "sub_dataset", "budget")


def read_properties(path: Path) -> dict[str, Property]:
    """The declared properties by name, in the order of the file.

    Raises DeclarationError where the file is missing or no YAML, or an entry has unknown, missing or impossible values.
    """
    import yaml

    if not path.is_file():
        raise DeclarationError(f"There are no declarations of properties at {path}; restore data/literature/{FILE}.")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{FILE} is not valid YAML ({str(error).splitlines()[0]}); mend it.") from error
    entries = content.get("properties") if isinstance(content, dict) else None
    if not isinstance(entries, dict) or not entries:
        raise DeclarationError(f"{FILE} declares no properties; expected a mapping under the key 'properties'.")
    properties = {str(name): _property(str(name), entry) for name, entry in entries.items()}
    _check_together(properties)
    return properties


def _property(name: str, entry: Any) -> Property:
    if not name.isidentifier():
        raise _wrong(name, "has a name that is not made of letters, digits and _")
    if not isinstance(entry, dict):
        raise _wrong(name, "is no mapping of keys to values")
    known = (*REQUIRED, *OPTIONAL)
    unknown = [str(key) for key in entry if key not in known]
    if unknown:
        raise _wrong(name, f"has the unknown key '{unknown[0]}'; known are {', '.join(known)}")
    missing = [key for key in REQUIRED if entry.get(key) in (None, "")]
    if missing:
        raise _wrong(name, f"lacks '{missing[0]}'")
    low, high = _range(name, entry["range"])
    return Property(
        name=name,
        title=str(entry["title"]),
        symbol=str(entry["symbol"]),
        unit=str(entry["unit"]),
        low=low,
        high=high,
        sub_dataset=_sub_dataset(name, entry.get("sub_dataset", NOTHING_LEFT_OUT)),
        below=entry.get("below"),
        cast_column=entry.get("own_casts"),
        budget=_budget(name, entry.get("budget")),
    )


def _range(name: str, value: Any) -> tuple[float, float]:
    numbers = [one for one in value if isinstance(one, int | float)] if isinstance(value, list) else []
    if len(numbers) != 2 or len(value) != 2 or not numbers[0] < numbers[1]:
        raise _wrong(name, f"has the range {value}; expected two numbers, the smaller first")
    return float(numbers[0]), float(numbers[1])


def _sub_dataset(name: str, value: Any) -> int:
    if value not in (NOTHING_LEFT_OUT, *EXCLUDED):
        raise _wrong(name, f"has the sub_dataset {value}; expected 0 (nothing left out) to 5")
    return int(value)


def _budget(name: str, value: Any) -> str | None:
    try:
        return budget_named(str(value)).name if value is not None else None
    except UnknownBudgetError as error:
        raise _wrong(name, f"has a budget that does not exist: {str(error).rstrip('.')}") from error


def _check_together(properties: dict[str, Property]) -> None:
    symbols: dict[str, str] = {}
    for one in properties.values():
        if one.below is not None and one.below not in properties:
            raise _wrong(one.name, f"is said to be below '{one.below}', which is not declared")
        if one.symbol in symbols or one.symbol in properties:
            raise _wrong(one.name, f"has the symbol '{one.symbol}', which names another property, too")
        symbols[one.symbol] = one.name


def _wrong(name: str, what: str) -> DeclarationError:
    return DeclarationError(f"Property '{name}' in {FILE} {what}.")
