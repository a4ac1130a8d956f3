"""The licences of all installed packages, beside a list of those that we accept."""

import re
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions

ACCEPTED = {
    "MIT": r"mit(-cmu|-0)?( license)?",
    "BSD": r"(new |revised |simplified )?(0|[23]-clause )?bsd[- ]?([234][- ]clause)?( license)?",
    "Apache-2.0": r"apache( software)?( license)?( version)?[ -,]*(2(\.0)?)?",
    "PSF-2.0": r"(psfl|psf-2\.0|python software foundation license|python-2\.0)",
    "MPL-2.0": r"(mpl-2\.0|mozilla public license 2\.0 \(mpl 2\.0\))",
    "ISC": r"isc( license)?( \(iscl\))?",
    "Zlib": r"zlib",
    "CC0-1.0": r"cc0-1\.0",
    "LGPL": r"(lgpl(v3|-3\.0-or-later|-2\.1-only)?|gnu library or lesser general public license \(lgpl\))",
}
"""Families of licences by the names that packages give them. Their texts allow what we do: use, and link to."""
READ_BY_HAND = {
    "axe-playwright-python": "MIT",
    "matminer": "BSD",
    "skops": "MIT",
}
"""Packages whose metadata names no licence; this is what their licence file says."""
OWN = "bmg-assets"


def licences(packages: Iterable[Distribution] | None = None) -> dict[str, set[str]]:
    """Families of the licences of each package by its name; a name that is not accepted stays as it is."""
    found = {one.metadata["Name"]: one for one in (distributions() if packages is None else packages)}
    return {
        name: _families(one) for name, one in sorted(found.items(), key=lambda pair: pair[0].lower()) if name != OWN
    }


def not_accepted(found: dict[str, set[str]]) -> list[str]:
    """A sentence for each package with a licence that is not accepted, or with none."""
    return [
        f"{name} is under {' and '.join(sorted(families)) or 'no licence that it names'}: read its licence, and either "
        "drop the package or accept the licence in bmg_assets_tests/dependencies/licences.py."
        for name, families in found.items()
        if not families or families - ACCEPTED.keys()
    ]


def summary(found: dict[str, set[str]]) -> str:
    """How many packages each family has."""
    counts = Counter(family for families in found.values() for family in families)
    return f"Licences of {len(found)} packages: " + ", ".join(f"{name} {count}" for name, count in counts.most_common())


def _families(package: Distribution) -> set[str]:
    if package.metadata["Name"] in READ_BY_HAND:
        return {READ_BY_HAND[package.metadata["Name"]]}
    return {_family(name) for name in _names(package)}


def _names(package: Distribution) -> list[str]:
    """The licences that a package names, in the most exact of the three places where it may do so."""
    metadata = package.metadata
    if expression := metadata.get("License-Expression"):
        return [name for name in re.split(r"[\s()]+(?:AND|OR|WITH)?[\s()]*", expression) if name]
    classifiers = metadata.get_all("Classifier") or []
    names = [one.split(" :: ")[-1] for one in classifiers if one.startswith("License :: ") and one.count(" :: ") > 1]
    if names:
        return names
    first = (metadata.get("License") or "").strip().partition("\n")[0]
    return re.split(r" (?:or|and|OR|AND) ", first) if first else []


def _family(name: str) -> str:
    return next((family for family, names in ACCEPTED.items() if re.fullmatch(names, name.strip().lower())), name)
