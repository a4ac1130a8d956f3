"""The formulas of the published sets, and what they say of elements, which stands in formulas/elements.py.

Run it (`python -m bmg_assets_tests.science.alloys.formulas.published`) to print the elements that alloys hold and the
largest amounts of the non-metals. The sets are read from the download cache, BMG_DOWNLOADS.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from bmg_assets.science.alloys.compositions import FormulaError, parse_formula
from bmg_assets.science.alloys.formulas.elements import LARGEST_PUBLISHED_AT_PCT

FORMULA_COLUMNS = {
    "ML_BMG_GFA/features_trainset_all.csv": "pretty_formula",
    "ML_BMG_GFA/features_LaAlC.csv": "pretty_formula",
    "borg_mpea/MPEA_dataset.csv": "FORMULA",
    "forrest_greer/data.csv": "composition",
    "mdf_v5/MDF_DMREF_Metallic_Glasses_v5.csv": "Composition",
    "ward_2018/ward-metallic-glasses-set.csv.xz": "composition",
    "xiong_2020/CTT Dataset.csv": "Alloy",
    "xiong_2020/CTT.csv": "Alloy",
    "xiong_2020/Dmax.csv": "Alloy",
    "xiong_2020/EM.csv": "Alloy",
    "xiong_2020/Formed Phases.csv": "Alloys",
    "xiong_2020/GFA.csv": "Alloy",
}
GRID = "ML_BMG_GFA/features_LaAlC.csv"
"""Computed compositions, which nobody made."""
NOT_CAST = {"Deposition", "Mechanical"}
"""Ways of MDF to make films and powders."""


def downloads() -> Path:
    """The download cache."""
    return Path(os.environ.get("BMG_DOWNLOADS", Path(__file__).parents[4] / "data" / "downloads"))


def table_of(name: str) -> pd.DataFrame:
    """A published set as text."""
    return pd.read_csv(downloads() / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def readings(name: str) -> tuple[int, str]:
    """How many formulas of a set are read, and a hash of what each row is read as."""
    read = [composition_of(text) for text in table_of(name)[FORMULA_COLUMNS[name]]]
    digest = hashlib.sha256("\n".join(composition or "-" for composition in read).encode()).hexdigest()
    return sum(composition is not None for composition in read), digest[:16]


def elements_of_alloys() -> set[str]:
    """Elements that an alloy of two or more elements holds in a published set."""
    return {element for _, amounts in _alloys(cast_only=False) for element in amounts if len(amounts) > 1}


def largest_in_castings() -> dict[str, float]:
    """The largest amount of each non-metal in an alloy that was cast or spun, in at.%.

    An amount that two sets agree on counts, and where none do, one of one set. Hydrogen is brought into a glass
    afterwards, so no amount of it counts.
    """
    found: dict[str, dict[float, set[str]]] = {element: {} for element in LARGEST_PUBLISHED_AT_PCT}
    for name, amounts in _alloys(cast_only=True):
        for element in set(amounts) & set(found):
            if len(amounts) > 1 and element != "H":
                found[element].setdefault(round(amounts[element], 2), set()).add(name)
    agreed = {element: [at for at, names in of.items() if len(names) > 1] for element, of in found.items()}
    return {element: max(agreed[element] or [*found[element], 0.0]) for element in found}


def _alloys(cast_only: bool) -> Iterator[tuple[str, dict[str, float]]]:
    for name, column in FORMULA_COLUMNS.items():
        if name == GRID:
            continue
        table = table_of(name)
        if cast_only and "Casting" in table:
            table = table[~table["Casting"].isin(NOT_CAST)]
        for text in table[column].unique():
            try:
                yield name, parse_formula(text).amounts
            except FormulaError:
                continue


def composition_of(text: str) -> str | None:
    """The composition that a formula is read as; None where it is refused."""
    try:
        return parse_formula(text).composition
    except FormulaError:
        return None


if __name__ == "__main__":
    print(" ".join(sorted(elements_of_alloys())))
    print(largest_in_castings())
    for name in FORMULA_COLUMNS:
        print(name, *readings(name))
