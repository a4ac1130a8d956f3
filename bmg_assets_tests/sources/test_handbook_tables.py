"""The committed tables of crystalline alloys: whole rows, every common metal, and no published glass among them."""

import os
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import KDTree

from bmg_assets.science.alloys.compositions import AmountUnit, fraction_matrix, parse_formula
from bmg_assets.science.alloys.formulas.terms import DOUBTS, FormulaRule, Notes
from bmg_assets.science.alloys.formulas.tokens import tokens_of
from bmg_assets.science.alloys.report_kinds import BULK_FROM_MM, GlassClass, ReportKind
from bmg_assets.science.descriptors.known_elements import not_described
from bmg_assets.science.literature.curation import curate_reports
from bmg_assets.sources.declaration import SourceDeclaration, read_declarations
from bmg_assets.sources.download import REPORTING_USES, available_sources
from bmg_assets.sources.readers import read_source

PROJECT = Path(__file__).parents[2]
LITERATURE = PROJECT / "data" / "literature"
UNITS: dict[str, AmountUnit] = {"handbook_alloys": "wt%", "handbook_compounds": "ratio"}
SAME_AT_PCT = 1.0
"""Two compositions are taken for the same where no amount differs by more."""
GLASS_RANGE_AT_PCT = 15.0
"""A binary alloy between two glasses of its system no further apart than this lies in their range."""

COMMON_METALS = tuple(
    "Mg Al Si Ca Ti V Cr Mn Fe Co Ni Cu Zn Y Zr Nb Mo Pd Ag Sn Sb La Ce Gd Hf Ta W Pt Au Pb Bi".split()  # noqa: SIM905
)
BASES = {"Fe": 60, "Al": 50, "Cu": 60, "Ni": 50, "Ti": 25, "Mg": 20, "Co": 20, "Zr": 10, "Zn": 10, "Sn": 8, "Pb": 8}
"""Of how many rows each metal of engineering is the main element, at least."""


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(LITERATURE / f"{name}.csv", keep_default_na=False, dtype=str)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Both tables with what the platform reads in their formulas: amounts in at.%, the key and the rules."""
    tables = [read(name).assign(table=name, unit=unit) for name, unit in UNITS.items()]
    both = pd.concat(tables, ignore_index=True)
    parsed = [parse_formula(text, unit) for text, unit in zip(both["composition"], both["unit"], strict=True)]
    return both.assign(
        amounts=[one.amounts for one in parsed],
        key=[one.composition for one in parsed],
        rules=[set(one.rules) for one in parsed],
    )


def test_formulas_are_written_so_that_nothing_is_mended(rows: pd.DataFrame) -> None:
    expected = {"wt%": {FormulaRule.WEIGHT_PERCENT}, "ratio": {FormulaRule.RATIO}}
    mended = [rules - DOUBTS - expected[unit] for rules, unit in zip(rows["rules"], rows["unit"], strict=True)]
    assert [text for text, rules in zip(rows["composition"], mended, strict=True) if rules] == []


def test_weight_percentages_sum_to_a_hundred(rows: pd.DataFrame) -> None:
    weights = rows.loc[rows["unit"] == "wt%", "composition"]
    sums = {
        text: sum(Decimal(one.text) for one in tokens_of(text, Notes(text)) if one.kind == "number") for text in weights
    }
    assert {text: total for text, total in sums.items() if total != 100} == {}


def test_every_composition_stands_once_in_the_tables_that_come_along(rows: pd.DataFrame) -> None:
    starter = [parse_formula(text).composition for text in read("starter_alloys")["composition"]]
    counts = Counter([*rows["key"], *starter])
    assert [key for key, count in counts.items() if count > 1] == []


def test_every_row_says_what_it_is_and_who_says_so(rows: pd.DataFrame) -> None:
    assert set(rows["evidence"]) == {"crystalline_as_cast"}
    assert (rows["designation"].str.len() > 1).all()
    references = read("handbook_references")
    assert references["reference"].is_unique
    assert set(references["reference"]) == set(rows["reference"])
    assert references["citation"].str.contains(r"\(\d{4}\)", regex=True).all(), "a citation names its year"


def test_the_platform_reads_every_row_as_crystalline_as_cast() -> None:
    reports = reports_of(lambda declared: declared.name in UNITS)
    assert set(reports["status"]) == {"accepted"}
    assert set(reports["kind"]) == {ReportKind.CRYSTALLINE_AS_CAST}
    assert set(zip(reports["dmax_low_mm"], reports["dmax_high_mm"], strict=True)) == {(0.0, BULK_FROM_MM)}
    assert (reports["dmax_mm"] == 0).all()


def test_every_row_can_be_described(rows: pd.DataFrame) -> None:
    assert {
        text: not_described(amounts)
        for text, amounts in zip(rows["composition"], rows["amounts"], strict=True)
        if not_described(amounts)
    } == {}


def test_size_and_balance(rows: pd.DataFrame) -> None:
    """The world's alloys, not those of journals: every common metal is in several rows, and none is in most."""
    assert len(rows) >= 550
    assert len(rows) + len(read("starter_alloys")) >= 1000
    named = Counter(element for amounts in rows["amounts"] for element in amounts)
    assert {element: named[element] for element in COMMON_METALS if named[element] < 5} == {}
    assert max(named.values()) < len(rows) / 3
    main = Counter(max(amounts, key=amounts.__getitem__) for amounts in rows["amounts"])
    assert {element: main[element] for element, fewest in BASES.items() if main[element] < fewest} == {}
    pure = {next(iter(amounts)) for amounts in rows["amounts"] if len(amounts) == 1}
    assert set(COMMON_METALS) <= pure
    per_size = rows["amounts"].map(len).value_counts()
    assert (per_size[per_size.index >= 4].sum(), per_size[3]) >= (100, 60)


@pytest.mark.parametrize(
    ("table", "formula"),
    [
        ("handbook_alloys", "Cu65Zn35"),
        ("handbook_alloys", "Fe70.2Cr19Ni9.25Mn1Si0.5C0.05"),
        ("handbook_compounds", "Ni3Al"),
        ("handbook_compounds", "LaNi5"),
    ],
)
def test_famous_alloys(rows: pd.DataFrame, table: str, formula: str) -> None:
    assert formula in set(rows.loc[rows["table"] == table, "composition"])


def reports_of(wanted: Callable[[SourceDeclaration], bool]) -> pd.DataFrame:
    """Every row of the wanted sources of reports that are at hand; the test is skipped where none is."""
    declarations = read_declarations(LITERATURE / "sources.yaml")
    cache = Path(os.environ.get("BMG_DOWNLOADS", PROJECT / "data" / "downloads"))
    at_hand = available_sources(declarations, cache, LITERATURE)
    reports = [
        curate_reports(read_source(declared, at_hand[name]), declared.origin)
        for name, declared in declarations.items()
        if name in at_hand and declared.use in REPORTING_USES and wanted(declared)
    ]
    if not reports:
        pytest.skip("no published set is in the download cache: run `make data`")
    return pd.concat(reports, ignore_index=True)


def glasses_of(wanted: Callable[[SourceDeclaration], bool]) -> pd.DataFrame:
    """Compositions that the wanted sources report as glass, cast or melt-spun: `elements` and `at_pct`."""
    reports = reports_of(wanted)
    is_glass = (reports["status"] == "accepted") & (reports["glass_class"] != GlassClass.CRYSTALLINE)
    return reports[is_glass].drop_duplicates("composition")


@pytest.fixture(scope="module")
def published_glasses() -> pd.DataFrame:
    return glasses_of(lambda declared: declared.sha256 is not None)


def same_as_glasses(rows: pd.DataFrame, glasses: pd.DataFrame) -> dict[str, list[str]]:
    """The rows that are a glass within SAME_AT_PCT, each with the glasses."""
    elements = [*(list(amounts) for amounts in rows["amounts"]), *glasses["elements"]]
    at_pct = [*(list(amounts.values()) for amounts in rows["amounts"]), *glasses["at_pct"]]
    fractions, _ = fraction_matrix(elements, at_pct)
    ours, theirs = 100 * fractions[: len(rows)], 100 * fractions[len(rows) :]
    near = KDTree(theirs).query_ball_point(ours, SAME_AT_PCT + 1e-6, p=np.inf)
    names = glasses["composition"].to_numpy()
    return {text: list(names[close]) for text, close in zip(rows["composition"], near, strict=True) if close}


def test_no_row_is_a_glass_of_the_starter_table(rows: pd.DataFrame) -> None:
    assert same_as_glasses(rows, glasses_of(lambda declared: declared.name == "starter")) == {}


def test_a_glass_among_the_rows_is_found(rows: pd.DataFrame) -> None:
    glasses = pd.DataFrame({"composition": ["Al25.9Ni74.1"], "elements": [["Al", "Ni"]], "at_pct": [[25.9, 74.1]]})
    assert same_as_glasses(rows, glasses) == {"Ni3Al": ["Al25.9Ni74.1"]}


@pytest.mark.published
def test_no_row_is_a_published_glass(rows: pd.DataFrame, published_glasses: pd.DataFrame) -> None:
    assert same_as_glasses(rows, published_glasses) == {}


@pytest.mark.published
def test_no_binary_row_lies_in_a_range_of_published_glasses(
    rows: pd.DataFrame, published_glasses: pd.DataFrame
) -> None:
    known: dict[tuple[str, ...], list[float]] = {}
    for elements, at_pct in zip(published_glasses["elements"], published_glasses["at_pct"], strict=True):
        if len(elements) == 2:
            amounts = dict(zip(elements, at_pct, strict=True))
            known.setdefault(tuple(sorted(amounts)), []).append(amounts[min(amounts)])
    inside = [
        text
        for text, amounts in zip(rows["composition"], rows["amounts"], strict=True)
        if len(amounts) == 2 and _in_range(amounts[min(amounts)], known.get(tuple(sorted(amounts)), []))
    ]
    assert set(inside) <= {"TiNi", "Ti49Ni51"}, (
        "shape-memory alloys, of which even ribbons are published as crystalline"
    )


def _in_range(amount: float, glasses: list[float]) -> bool:
    below, above = [one for one in glasses if one <= amount], [one for one in glasses if one >= amount]
    return bool(below and above) and min(above) - max(below) <= GLASS_RANGE_AT_PCT
