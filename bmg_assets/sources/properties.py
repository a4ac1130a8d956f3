"""Declarations of the properties: data/literature/properties.yaml, whose head explains the keys.

The column of a property in a source is declared with the source (declaration.py).
"""

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bmg_assets.science.literature.properties import Property
from bmg_assets.science.models.budgets import UnknownBudgetError, budget_named
from bmg_assets.science.validation import validated
from bmg_assets.sources.declaration import DeclarationError
from bmg_assets.sources.yaml_files import named, read_yaml

FILE = "properties.yaml"


class _PropertiesFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    properties: Annotated[dict[str, Property], BeforeValidator(named), Field(min_length=1)]

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        symbols: set[str] = set()
        for name, one in self.properties.items():
            if not name.isidentifier():
                raise ValueError(f"declares '{name}', a name that is not made of letters, digits and _")
            self._refers_to_others(name, one)
            for symbol in (one.symbol, *one.also):
                if symbol in symbols or symbol in self.properties:
                    raise ValueError(f"declares '{name}' with the symbol '{symbol}', which names another property, too")
                symbols.add(symbol)
            try:
                budget_named(one.budget or "standard")
            except UnknownBudgetError as error:
                raise ValueError(f"declares '{name}' with a budget that does not exist: {error}".rstrip(".")) from None
        return self

    def _refers_to_others(self, name: str, one: Property) -> None:
        """Raise ValueError unless the properties that this one names are declared, and say nothing of each other."""
        if one.below is not None and one.below not in self.properties:
            raise ValueError(f"declares '{name}' to be below '{one.below}', which is not declared")
        seen, above = {name}, one.below
        while above is not None and above in self.properties:
            if above in seen:
                raise ValueError(f"declares '{name}' to be below '{above}', and this below '{name}'")
            seen.add(above)
            above = self.properties[above].below
        for of in one.derived.of if one.derived else ():
            if of not in self.properties:
                raise ValueError(f"derives '{name}' from '{of}', which is not declared")
            if self.properties[of].derived:
                raise ValueError(f"derives '{name}' from '{of}', which is derived itself")


def read_properties(path: Path) -> dict[str, Property]:
    """The declared properties by name, in the order of the file.

    Raises DeclarationError where the file is missing or no YAML, or an entry has unknown, missing or impossible values.
    """
    if not path.is_file():
        raise DeclarationError(f"There are no declarations of properties at {path}; restore data/literature/{FILE}.")
    return validated(_PropertiesFile, read_yaml(path, DeclarationError), str(path), DeclarationError).properties
