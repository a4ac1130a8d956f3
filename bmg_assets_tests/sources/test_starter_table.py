"""The committed starter table: sourced rows, real spread, and agreement with the published set where both speak."""

import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import chemical_system, composition_key, parse_formula
from bmg_assets.science.alloys.labels import LARGEST_CREDIBLE_MM
from bmg_assets.science.alloys.report_kinds import BULK_FROM_MM, GlassClass, ReportKind
from bmg_assets.sources.declaration import read_declarations
from bmg_assets.sources.download import available_sources
from bmg_assets.sources.reading import read_reports

DIAMETER_TOLERANCE = 0.25
"""Largest difference of two diameters that agree, as a share of the larger one."""
LITERATURE = Path(__file__).parents[2] / "data" / "literature"
SAYS_NO_CLASS = frozenset({ReportKind.GLASS_OF_UNKNOWN_FORM, ReportKind.PLATE_OR_WEDGE})
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


def test_a_melt_that_was_purified_in_flux_is_no_ordinary_casting(alloys: pd.DataFrame) -> None:
    declarations = read_declarations(LITERATURE / "sources.yaml")
    reports = read_reports(declarations, {"starter": LITERATURE / "starter_alloys.csv"}, ["starter"]).reports
    assert set(reports["status"]) == {"accepted"}
    says_fluxed = alloys["note"].str.contains("flux").to_numpy()
    assert says_fluxed.any()
    assert ((reports["kind"] == ReportKind.FLUXED).to_numpy() == says_fluxed).all()


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    """Reports of the published sets in the download cache; the tests are skipped where nobody fetched any.

    Copies are among them: a source says what it says, whichever of several is the one that counts.
    """
    cache = Path(os.environ.get("BMG_DOWNLOADS", LITERATURE.parent / "downloads"))
    declarations = read_declarations(LITERATURE / "sources.yaml")
    paths = available_sources(declarations, cache, LITERATURE)
    names = [name for name in paths if declarations[name].address and declarations[name].use == "always"]
    if not names:
        pytest.skip(f"no published set is in the download cache ({cache}): run `make data`")
    reports = read_reports(declarations, paths, names).reports
    return reports[reports["status"].isin(["accepted", "copied"])]


def class_said(report: Any) -> str | None:
    """The class that a report leaves no doubt of: glass in an unknown form or a thin plate may be a bulk glass too."""
    return None if report.kind in SAYS_NO_CLASS else report.glass_class


def contradictions(ours: pd.DataFrame, reports: pd.DataFrame) -> set[tuple[str, str, str]]:
    """Composition, `class` or `dmax`, and source, where a source reports a composition and none of its reports agrees.

    Another class (`class`), or bulk glasses of other diameters only (`dmax`). A rod that was crystalline does not
    contradict a ribbon.
    """
    found = set()
    row_of = {row.key: row for row in ours.itertuples()}
    both = reports[reports["composition"].isin(row_of)]
    for (composition, source), group in both.groupby(["composition", "source"]):
        row, theirs = row_of[composition], list(group.itertuples())
        if row.glass_class == GlassClass.RIBBON:
            theirs = [report for report in theirs if report.kind != ReportKind.CRYSTALLINE_AS_CAST]
        classes = {class_said(report) for report in theirs} - {None}
        diameters = [report.dmax_mm for report in theirs if report.dmax_mm >= BULK_FROM_MM]
        if classes and row.glass_class not in classes:
            found.add((composition, "class", source))
        elif row.glass_class == GlassClass.BULK and diameters and not any(agree(row.dmax_mm, one) for one in diameters):
            found.add((composition, "dmax", source))
    return found


def agree(one_mm: float, other_mm: float) -> bool:
    return abs(one_mm - other_mm) <= DIAMETER_TOLERANCE * max(one_mm, other_mm)


@pytest.mark.published
def test_contradictions_with_the_published_sets_are_the_listed_ones(
    alloys: pd.DataFrame, published: pd.DataFrame
) -> None:
    """A new contradiction is fixed or listed with its reason; one that is gone leaves the list."""
    listed = read("starter_contradictions.csv")
    assert (listed["reason"].str.len() > 20).all()
    assert not listed.duplicated(["composition", "kind"]).any()
    at_hand = set(published["source"])
    assert published["composition"].isin(alloys["key"]).sum() >= 100, "the comparison must compare something"
    expected = {
        (composition_key(parse_formula(row.composition).amounts), row.kind, source)
        for row in listed.itertuples()
        for source in row.sources.split()
    }
    assert contradictions(alloys, published) == {one for one in expected if one[2] in at_hand}
