"""What is known of each public source before it is read: address, checksum, licence, columns, and what its codes mean.

The declarations live in data/literature/sources.yaml. A source that is not declared is not used, and a key that is
misspelt is an error, not a default. Downloading is in download.py, reading files in readers.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal, get_args

from bmg_assets.science.alloys.compositions import AmountUnit
from bmg_assets.science.alloys.labels import Conventions, GlassClass
from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.curation import ReportOrigin
from bmg_assets.science.literature.properties import PropertyColumn

Use = Literal["always", "fallback", "named", "properties", "reference"]
Format = Literal["csv", "matminer_json"]
COLUMN_ROLES = ("formula", "class", "value", "method", "reference")


class DeclarationError(BmgError):
    """sources.yaml says something that cannot be meant; the message names the source and the key."""


@dataclass(frozen=True)
class SourceDeclaration:
    """One source.

    use: `always` (used whenever it is at hand), `fallback` (only while no other source is), `named` (only in a run that
    names it), `properties` (never read as reports, only for its properties), `reference` (a file to compare with).
    address: where it is downloaded from; None for a file that is part of the repository.
    file: path relative to the download cache, or to the folder of the declarations where there is no address.
    sha256: checksum of the file; None where nobody has declared one yet, and then a download is refused.
    columns: role (formula, class, value, method, reference) to the name of the column in the file.
    properties: name of a property other than D_max to the column that reports it; read whatever `use` says of reports.
    """

    name: str
    title: str
    use: Use
    address: str | None
    file: PurePosixPath
    sha256: str | None
    licence: str
    reference: str
    format: Format
    encoding: str
    separator: str
    columns: Mapping[str, str]
    properties: Mapping[str, PropertyColumn]
    unit: AmountUnit
    conventions: Conventions
    reference_table: PurePosixPath | None

    @property
    def origin(self) -> ReportOrigin:
        """What curation has to know of this source."""
        return ReportOrigin(self.name, self.reference, self.licence, self.unit, self.conventions)


def read_declarations(path: Path) -> dict[str, SourceDeclaration]:
    """The declared sources by name, in the order of the file.

    Raises DeclarationError where the file is missing or no YAML, or an entry has unknown, missing or impossible values.
    """
    import yaml

    if not path.is_file():
        raise DeclarationError(f"There are no source declarations at {path}; restore data/literature/sources.yaml.")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path.name} is not valid YAML ({_first_line(error)}); mend it.") from error
    entries = content.get("sources") if isinstance(content, dict) else None
    if not isinstance(entries, dict) or not entries:
        raise DeclarationError(f"{path.name} declares no sources; expected a mapping under the key 'sources'.")
    return {str(name): _declaration(str(name), entry) for name, entry in entries.items()}


REQUIRED = ("title", "use", "file", "licence", "reference")
OPTIONAL = (
    "address",
    "sha256",
    "format",
    "encoding",
    "separator",
    "columns",
    "properties",
    "unit",
    "codes",
    "reference_table",
)
CODE_KEYS = ("classes", "partly_crystalline", "values", "missing", "averaged", "not_castings")


def _declaration(name: str, entry: Any) -> SourceDeclaration:
    if not isinstance(entry, dict):
        raise _wrong(name, "is no mapping of keys to values")
    _check_keys(name, entry, REQUIRED, OPTIONAL)
    use = _one_of(name, "use", entry["use"], get_args(Use))
    columns = _columns(name, entry.get("columns") or {}, use)
    properties = _properties(name, entry.get("properties") or {})
    if use == "properties" and not properties:
        raise _wrong(name, "is used for its properties and declares none")
    return SourceDeclaration(
        name=name,
        title=str(entry["title"]),
        use=use,
        address=_address(name, entry.get("address")),
        file=_relative(name, "file", entry["file"]),
        sha256=_sha256(name, entry.get("sha256")),
        licence=str(entry["licence"]),
        reference=str(entry["reference"]),
        format=_one_of(name, "format", entry.get("format", "csv"), get_args(Format)),
        encoding=str(entry.get("encoding", "utf-8-sig")),
        separator=str(entry.get("separator", ",")),
        columns=columns,
        properties=properties,
        unit=_one_of(name, "unit", entry.get("unit", "at%"), get_args(AmountUnit)),
        conventions=_conventions(name, entry.get("codes") or {}),
        reference_table=_relative(name, "reference_table", entry["reference_table"])
        if entry.get("reference_table")
        else None,
    )


def _wrong(name: str, what: str) -> DeclarationError:
    return DeclarationError(f"Source '{name}' in sources.yaml {what}.")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _check_keys(name: str, entry: Mapping[str, Any], required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    known = (*required, *optional)
    unknown = [str(key) for key in entry if key not in known]
    if unknown:
        raise _wrong(name, f"has the unknown key '{unknown[0]}'; known are {', '.join(known)}")
    missing = [key for key in required if entry.get(key) in (None, "")]
    if missing:
        raise _wrong(name, f"lacks '{missing[0]}'")


def _one_of(name: str, key: str, value: Any, allowed: tuple[str, ...]) -> Any:
    if value not in allowed:
        raise _wrong(name, f"has {key} '{value}'; expected one of {', '.join(allowed)}")
    return value


def _address(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if not re.match(r"https?://", str(value)):
        raise _wrong(name, f"has the address '{value}'; expected one that begins with https:// or http://")
    return str(value)


def _sha256(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if not re.fullmatch(r"[0-9a-f]{64}", str(value)):
        raise _wrong(name, "has a sha256 that is not 64 lower-case hexadecimal digits")
    return str(value)


def _relative(name: str, key: str, value: Any) -> PurePosixPath:
    path = PurePosixPath(str(value))
    if path.is_absolute() or ".." in path.parts or "\\" in str(value):
        raise _wrong(name, f"has {key} '{value}'; expected a relative path that stays in its folder")
    return path


def _columns(name: str, columns: Any, use: str) -> dict[str, str]:
    if not isinstance(columns, dict):
        raise _wrong(name, "has columns that are no mapping of roles to names")
    _check_keys(name, columns, (), COLUMN_ROLES)
    if use != "reference" and "formula" not in columns:
        raise _wrong(name, "declares no column for 'formula'")
    if use not in ("reference", "properties") and not {"class", "value"} & columns.keys():
        raise _wrong(name, "declares neither a column for 'class' nor one for 'value'")
    return {role: str(column) for role, column in columns.items()}


def _properties(name: str, properties: Any) -> dict[str, PropertyColumn]:
    """A column is named alone where it is in the property's own unit, else with its unit."""
    if not isinstance(properties, dict):
        raise _wrong(name, "has properties that are no mapping of their names to columns")
    found = {}
    for wanted, stands_in in properties.items():
        entry = {"column": stands_in} if isinstance(stands_in, str) else stands_in
        if not isinstance(entry, dict):
            raise _wrong(name, f"has no column for the property '{wanted}'; expected its name, or column and unit")
        _check_keys(name, entry, ("column",), ("unit",))
        unit = entry.get("unit")
        found[str(wanted)] = PropertyColumn(str(entry["column"]), None if unit is None else str(unit))
    return found


def _conventions(name: str, codes: Any) -> Conventions:
    if not isinstance(codes, dict):
        raise _wrong(name, "has codes that are no mapping")
    _check_keys(name, codes, (), CODE_KEYS)
    classes = {str(code): _glass_class(name, value) for code, value in (codes.get("classes") or {}).items()}
    partly = _texts(codes.get("partly_crystalline"))
    stray = sorted(partly - classes.keys())
    if stray:
        raise _wrong(name, f"calls the class '{stray[0]}' partly crystalline, but declares no such class")
    return Conventions(
        classes=classes,
        partly_crystalline=partly,
        values=_value_codes(name, codes.get("values") or {}),
        missing=_texts(codes.get("missing")),
        averaged=bool(codes.get("averaged", False)),
        not_castings=_texts(codes.get("not_castings")),
    )


def _glass_class(name: str, value: Any) -> GlassClass:
    return GlassClass(_one_of(name, "a code for the class", value, tuple(known.value for known in GlassClass)))


def _value_codes(name: str, values: Any) -> dict[float, GlassClass]:
    try:
        return {float(code): _glass_class(name, value) for code, value in values.items()}
    except (TypeError, ValueError, AttributeError):
        raise _wrong(name, "has values that are no mapping of numbers to classes") from None


def _texts(values: Any) -> frozenset[str]:
    return frozenset(str(value) for value in values or ())
