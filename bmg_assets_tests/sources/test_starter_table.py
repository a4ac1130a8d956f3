"""The committed starter table: sourced rows, real spread, and agreement with the published set where both speak."""

from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import FormulaError, chemical_system, composition_key, parse_formula
from bmg_assets.science.alloys.labels import BULK_FROM_MM, LARGEST_CREDIBLE_MM, RIBBON_LABEL_MM, GlassClass

DIAMETER_TOLERANCE = 0.25
"""Largest difference of two diameters that agree, as a share of the larger one."""
LITERATURE = Path(__file__).parents[2] / "data" / "literature"
DEMONSTRATION = frozenset({"Zr", "Al", "Cu"})


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(LITERATURE / name, keep_default_na=False, dtype=str)


@pytest.fixture(scope="module")
def alloys() -> pd.DataFrame:
    """The table with the composition key and the set of elements of every row; dmax_mm is nan where empty."""
    table = read("starter_alloys.csv")
    parsed = table["composition"].map(parse_formula)
    return table.assign(
        dmax_mm=pd.to_numeric(table["dmax_mm"].replace("", None)),
        key=parsed.map(lambda formula: composition_key(formula.amounts)),
        elements=parsed.map(lambda formula: frozenset(formula.amounts)),
        rules=parsed.map(lambda formula: formula.rules),
    )


def test_formulas_are_written_so_that_nothing_is_mended(alloys: pd.DataFrame) -> None:
    mended = alloys.loc[alloys["rules"].map(bool), ["composition", "rules"]]
    assert mended.to_dict("records") == []


def test_every_composition_stands_once(alloys: pd.DataFrame) -> None:
    assert alloys.loc[alloys["key"].duplicated(keep=False), "composition"].tolist() == []


def test_bulk_glasses_and_only_they_have_a_credible_diameter(alloys: pd.DataFrame) -> None:
    bulk = alloys["glass_class"] == GlassClass.BULK
    assert alloys.loc[bulk, "dmax_mm"].between(BULK_FROM_MM, LARGEST_CREDIBLE_MM).all()
    assert alloys.loc[~bulk, "dmax_mm"].isna().all()


def test_every_row_has_a_reference_and_every_reference_a_row(alloys: pd.DataFrame) -> None:
    references = read("starter_references.csv")
    assert references["reference"].is_unique
    assert set(references["reference"]) == set(alloys["reference"])
    assert references["citation"].str.contains(r"\(\d{4}\)|, \d{4}", regex=True).all(), "a citation names its year"


def test_size_and_spread(alloys: pd.DataFrame) -> None:
    assert len(alloys) >= 600
    assert alloys["elements"].map(chemical_system).nunique() >= 300
    per_class = alloys["glass_class"].value_counts()
    assert set(per_class.index) == {glass_class.value for glass_class in GlassClass}
    assert per_class["crystalline"] >= 80
    assert per_class["ribbon"] >= 200
    assert per_class["bulk"] >= 280
    diameters = alloys["dmax_mm"].dropna()
    assert (diameters <= 2).sum() >= 20
    assert (diameters > 10).sum() >= 50


def test_nothing_of_the_demonstration_system_is_known(alloys: pd.DataFrame) -> None:
    """What the demonstration says of Zr-Al-Cu is a prediction and no memory."""
    assert alloys.loc[alloys["elements"] == DEMONSTRATION, "composition"].tolist() == []


def test_enough_remains_for_the_demonstration_system(alloys: pd.DataFrame) -> None:
    """Sub-dataset (3) of Zr-Al-Cu keeps the alloys that contain at most one of the three elements."""
    shared = alloys["elements"].map(lambda elements: len(elements & DEMONSTRATION))
    kept = alloys[shared <= 1]
    assert len(kept) >= 120
    assert (shared == 1).sum() >= 40
    assert kept["glass_class"].value_counts().min() >= 30


@pytest.mark.parametrize(
    ("formula", "dmax_mm"),
    [
        ("Zr41.2Ti13.8Cu12.5Ni10Be22.5", 25),
        ("Pd40Cu30Ni10P20", 72),
        ("Zr48Cu36Al8Ag8", 25),
        ("Mg54Cu26.5Ag8.5Gd11", 25),
        ("Cu64Zr36", 2),
        ("Ni62Nb38", 2),
    ],
)
def test_famous_alloys(alloys: pd.DataFrame, formula: str, dmax_mm: float) -> None:
    key = composition_key(parse_formula(formula).amounts)
    assert alloys.loc[alloys["key"] == key, "dmax_mm"].tolist() == [dmax_mm]


def published_labels(path: Path) -> pd.DataFrame:
    """One row per composition that the published set writes once, with a class where its label is no mean of codes."""
    table = pd.read_csv(path, usecols=["pretty_formula", "D_max"])
    keys = [
        (_key(formula), float(label)) for formula, label in zip(table["pretty_formula"], table["D_max"], strict=True)
    ]
    labels = pd.DataFrame([pair for pair in keys if pair[0]], columns=["composition", "dmax_mm"])
    labels = labels.drop_duplicates("composition", keep=False)
    return labels.assign(glass_class=[_published_class(label) for label in labels["dmax_mm"]])


def _key(formula: str) -> str | None:
    try:
        return composition_key(parse_formula(formula).amounts)
    except FormulaError:
        return None


def _published_class(label: float) -> GlassClass | None:
    codes = {0.0: GlassClass.CRYSTALLINE, RIBBON_LABEL_MM: GlassClass.RIBBON}
    return GlassClass.BULK if label >= BULK_FROM_MM else codes.get(label)


def contradictions(ours: pd.DataFrame, theirs: pd.DataFrame) -> set[tuple[str, str]]:
    """Compositions of both sets with another class (`class`), or bulk glasses of different diameters (`dmax`)."""
    both = ours.merge(theirs, on="composition", suffixes=("", "_theirs"), validate="one_to_one")
    both = both[both["glass_class"].isin(set(GlassClass)) & both["glass_class_theirs"].notna()]
    is_other_class = both["glass_class"] != both["glass_class_theirs"]
    difference = (both["dmax_mm"] - both["dmax_mm_theirs"]).abs()
    is_apart = difference > DIAMETER_TOLERANCE * both[["dmax_mm", "dmax_mm_theirs"]].max(axis=1)
    is_apart &= ~is_other_class & (both["glass_class"] == GlassClass.BULK)
    return {
        (composition, kind)
        for kind, rows in (("class", is_other_class), ("dmax", is_apart))
        for composition in both.loc[rows, "composition"]
    }


@pytest.mark.published
def test_contradictions_with_the_published_set_are_the_listed_ones(alloys: pd.DataFrame, published_csv: Path) -> None:
    """A new contradiction is fixed or listed with its reason; one that is gone leaves the list."""
    ours = alloys[["key", "glass_class", "dmax_mm"]].rename(columns={"key": "composition"})
    theirs = published_labels(published_csv)
    assert len(set(ours["composition"]) & set(theirs["composition"])) >= 100, "the comparison must compare something"
    listed = read("starter_contradictions.csv")
    listed["composition"] = [composition_key(parse_formula(formula).amounts) for formula in listed["composition"]]
    assert (listed["reason"].str.len() > 20).all()
    assert contradictions(ours, theirs) == set(zip(listed["composition"], listed["kind"], strict=True))
