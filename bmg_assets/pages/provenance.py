"""What a result was made from: sources, versions of libraries and of code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import pandas as pd

from bmg_assets.sources.declaration import SourceDeclaration
from bmg_assets.store.origin import Origin

LIBRARIES = (
    "bmg-assets",
    "hyperopt",
    "lightgbm",
    "matminer",
    "matplotlib",
    "mpltern",
    "numpy",
    "pandas",
    "plotly",
    "pymatgen",
    "scikit-learn",
    "scipy",
    "xgboost",
    "xgboost-cpu",
)
MOST_WITH_TITLES = 3
"""Sources that a sentence can name with what they are."""


@dataclass(frozen=True)
class Provenance:
    """Where the numbers of a page come from."""

    sources: pd.DataFrame
    """Columns `source`, `rows`, `used`, `references`, `licence` and `sha256` of the file; one row per source."""
    code: Mapping[str, str]
    """Code version of each asset upstream of the candidates."""
    libraries: Mapping[str, str]
    """Version of each library that has a part in the numbers."""
    origin: Origin | None = None
    """The training that the page shows, and the tables it was made from."""
    mixed: Sequence[str] = ()
    """Which of these tables do not belong together, in words."""


def library_versions() -> dict[str, str]:
    """Versions of those of the libraries that are installed."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # XGBoost comes under one of two names
            continue
    return found


def sources_of(reports: pd.DataFrame, sha256: Mapping[str, str]) -> pd.DataFrame:
    """One row per source of the table `reports`, with the identity of its file where that is known."""
    rows = []
    for source, of_source in reports.groupby("source", sort=True):
        references = of_source["reference"].unique()
        rows.append(
            {
                "source": source,
                "rows": len(of_source),
                "used": int((of_source["status"] == "accepted").sum()),
                "references": references[0] if len(references) == 1 else f"{len(references)} publications",
                "licence": ", ".join(sorted(of_source["licence"].unique())),
                "sha256": sha256.get(str(source), ""),
            }
        )
    return pd.DataFrame(rows, columns=["source", "rows", "used", "references", "licence", "sha256"])


def literature_in_words(alloys: int, reports: pd.DataFrame, declared: Mapping[str, SourceDeclaration]) -> str:
    """The literature at hand, and how to get more if it is only what comes along.

    Args:
        alloys: rows of the table `alloys`.
        reports: the table `reports`.
        declared: the declarations of sources by name.
    """
    sources = list(reports["source"].unique())
    if len(sources) > MOST_WITH_TITLES:
        named = f"{len(sources)} sources: {', '.join(map(str, sources))}"
    else:
        named = "; ".join(f"{name} ({declared[name].title})" if name in declared else str(name) for name in sources)
    words = f"Literature: {alloys:,} alloys from {named}."
    if all(name in declared and declared[name].use == "fallback" for name in sources):
        words += (
            " That is what comes along with the project: `bmg data`, then `bmg literature`, reads the published sets."
        )
    return words
