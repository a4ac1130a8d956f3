"""Declarations of the public sources: data/literature/sources.yaml, whose head explains the keys.

A source that is not declared is not used, and a key that is misspelt is an error, not a default. Downloading is in
download.py, reading files in readers.py.
"""

import re
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bmg_assets.science.alloys.compositions import AmountUnit
from bmg_assets.science.alloys.labels import Conventions
from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.curation import ReportOrigin
from bmg_assets.science.literature.known_rows import KnownRow
from bmg_assets.science.literature.properties import PropertyColumn, Text
from bmg_assets.science.validation import validated
from bmg_assets.sources.yaml_files import named, read_yaml

Role = Literal["formula", "class", "value", "method", "form", "thickness", "reference", "doi", "year"]


class DeclarationError(BmgError):
    """A file of declarations with a value that it cannot have; the message names the file and the key."""


def _address(given: str) -> str:
    if not re.match(r"https?://", given):
        raise ValueError("an address that begins with https:// or http://")
    return given


def _sha256(given: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", given):
        raise ValueError("64 lower-case hexadecimal digits")
    return given


def _relative(given: Any) -> PurePosixPath:
    path = PurePosixPath(str(given))
    if path.is_absolute() or ".." in path.parts or "\\" in str(given):
        raise ValueError("a relative path that stays in its folder")
    return path


RelativePath = Annotated[PurePosixPath, BeforeValidator(_relative)]


class SourceDeclaration(BaseModel):
    """One source.

    use: `always` (used whenever it is at hand), `fallback` (only while no other source is), `named` (only in a run that
    names it), `properties` (never read as reports, only for its properties), `reference` (a file to compare with).
    address: where it is downloaded from; None for a file that is part of the repository.
    file: path relative to the download cache, or to the folder of the declarations where there is no address.
    sha256: checksum of the file; None where nobody has declared one yet, and then a download is refused.
    size_bytes: size of the file, told before it is downloaded.
    columns: role to the name of the column in the file.
    glass_signs: columns that only a glass has values in, such as T_g; they tell of a row without class and size.
    rows: rows of which more is known than they say.
    compilations: references in its rows that are compilations themselves.
    teaches: whether its diameters may train; without it, its reports give class, interval and conflict.
    properties: name of a property other than D_max to the column that reports it; read whatever `use` is.
    not_properties: column that is no property, whatever its name says, to the reason.
    conventions: under the key `codes`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    name: str = Field(exclude=True)
    title: Text
    use: Literal["always", "fallback", "named", "properties", "reference"]
    address: Annotated[str, AfterValidator(_address)] | None = None
    file: RelativePath
    sha256: Annotated[str, AfterValidator(_sha256)] | None = None
    size_bytes: Annotated[int, Field(gt=0)] | None = None
    licence: Text
    reference: Text
    format: Literal["csv", "matminer_json"] = "csv"
    encoding: str = "utf-8-sig"
    separator: str = ","
    columns: dict[Role, Text] = {}
    glass_signs: tuple[Text, ...] = ()
    rows: tuple[KnownRow, ...] = ()
    teaches: bool = True
    compilations: tuple[Text, ...] = ()
    properties: dict[str, PropertyColumn] = {}
    not_properties: dict[Text, Text] = {}
    unit: AmountUnit = "at%"
    conventions: Conventions = Field(default=Conventions(), alias="codes")
    reference_table: RelativePath | None = None

    @model_validator(mode="after")
    def _has_columns_for_its_use(self) -> Self:
        if self.use == "reference":
            return self
        if "formula" not in self.columns:
            raise ValueError("declares no column for 'formula'")
        if self.use == "properties" and not self.properties:
            raise ValueError("is used for its properties and declares none")
        if self.use != "properties" and not {"class", "value"} & self.columns.keys():
            raise ValueError("declares neither a column for 'class' nor one for 'value'")
        return self

    @model_validator(mode="after")
    def _reads_no_column_that_misleads(self) -> Self:
        for name, one in self.properties.items():
            if one.column in self.not_properties:
                reason = self.not_properties[one.column]
                raise ValueError(f"reads '{name}' from the column '{one.column}', which is no property: {reason}")
        return self

    @property
    def origin(self) -> ReportOrigin:
        """What curation needs of this source."""
        return ReportOrigin(
            source=self.name,
            reference=self.reference,
            licence=self.licence,
            unit=self.unit,
            conventions=self.conventions,
            known_rows=self.rows,
            teaches=self.teaches,
            compilations=self.compilations,
        )


class RefusedSet(BaseModel):
    """A published set that is known to be wrong: its title, its reason as a sentence, and the names it goes by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    reason: Text
    names: tuple[Text, ...] = Field(min_length=1)


class _SourcesFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sources: Annotated[dict[str, SourceDeclaration], BeforeValidator(named), Field(min_length=1)]
    refused: tuple[RefusedSet, ...] = ()

    @model_validator(mode="after")
    def _refuses_no_source(self) -> Self:
        refused = [name for one in self.refused for name in one.names if name in self.sources]
        if refused:
            raise ValueError(f"declares the source '{refused[0]}' and refuses it")
        return self


def read_declarations(path: Path) -> dict[str, SourceDeclaration]:
    """The declared sources by name, in the order of the file.

    Raises DeclarationError where the file is missing or no YAML, or an entry has unknown, missing or impossible values.
    """
    return _read_file(path).sources


def refused_set(path: Path, name: str) -> RefusedSet | None:
    """The set of this name that is known to be wrong; None if no such set goes by it. Raises as `read_declarations`."""
    asked = name.strip().lower()
    return next((one for one in _read_file(path).refused if asked in map(str.lower, one.names)), None)


def _read_file(path: Path) -> _SourcesFile:
    if not path.is_file():
        raise DeclarationError(f"There are no source declarations at {path}; restore data/literature/sources.yaml.")
    return validated(_SourcesFile, read_yaml(path, DeclarationError), str(path), DeclarationError)
