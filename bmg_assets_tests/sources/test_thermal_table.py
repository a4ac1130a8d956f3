"""The committed table of characteristic temperatures: sourced rows, temperatures in their order, and real spread."""

import re
from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import composition_key, parse_formula

LITERATURE = Path(__file__).parents[2] / "data" / "literature"
TEMPERATURES = ["tg_K", "tx_K", "tl_K"]
COLUMNS = ["composition", *TEMPERATURES, "heating_rate_K_min", "reference", "note"]
# What a note says: whether another source has the same values, to within AGREEMENT_K, and of which temperatures; and
# the compilation in which the values of the reference were read.
NOTE = re.compile(
    r"(?:single source|agrees with (?P<other>\w+)(?: in T_[gxl](?: and T_[gxl])?)?)(?:; read in (?P<compilation>\w+))?"
)
AGREEMENT_K = 10


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(LITERATURE / name, keep_default_na=False, dtype=str)


@pytest.fixture(scope="module")
def reports() -> pd.DataFrame:
    """The table with the composition key and the amounts of every row; a temperature is nan where empty."""
    table = read("thermal_properties.csv")
    assert list(table.columns) == COLUMNS
    parsed = table["composition"].map(parse_formula)
    temperatures = {column: pd.to_numeric(table[column].replace("", None)) for column in TEMPERATURES}
    return table.assign(
        **temperatures,
        key=parsed.map(lambda formula: composition_key(formula.amounts)),
        amounts=parsed.map(lambda formula: formula.amounts),
        rules=parsed.map(lambda formula: formula.rules),
        **table["note"].str.extract(NOTE),
    )


def test_formulas_are_written_so_that_nothing_is_mended(reports: pd.DataFrame) -> None:
    mended = reports.loc[reports["rules"].map(bool), ["composition", "rules"]]
    assert mended.to_dict("records") == []


def test_a_reference_reports_a_composition_once(reports: pd.DataFrame) -> None:
    assert reports.loc[reports.duplicated(["key", "reference"], keep=False), "composition"].tolist() == []


def test_temperatures_are_possible_and_in_order(reports: pd.DataFrame) -> None:
    """A glass softens before it crystallises, and crystallises before it melts; T_g / T_l is 0.4 to 0.75."""
    glass, crystal, liquid = (reports[column] for column in TEMPERATURES)
    assert reports.loc[~glass.between(250, 1500, inclusive="neither"), "composition"].tolist() == []
    assert reports.loc[(crystal <= glass) | (crystal >= 1500), "composition"].tolist() == []
    assert reports.loc[liquid <= crystal.fillna(glass), "composition"].tolist() == []
    assert reports.loc[liquid.notna() & ~(glass / liquid).between(0.4, 0.75), "composition"].tolist() == []


def test_heating_rates_are_positive_where_they_are_stated(reports: pd.DataFrame) -> None:
    stated = reports["heating_rate_K_min"].replace("", None).dropna()
    assert (pd.to_numeric(stated) > 0).all()


def test_every_reference_is_cited_and_every_citation_used(reports: pd.DataFrame) -> None:
    citations = read("thermal_references.csv")
    assert citations["reference"].is_unique
    named = pd.concat([reports["reference"], reports["other"], reports["compilation"]]).dropna()
    assert set(citations["reference"]) == set(named)
    assert citations["citation"].str.contains(r"\(\d{4}\)|, \d{4}", regex=True).all(), "a citation names its year"


def test_a_key_of_both_reference_tables_is_one_citation() -> None:
    both = read("thermal_references.csv").merge(read("starter_references.csv"), on="reference")
    assert len(both) >= 10, "the comparison must compare something"
    assert both.loc[both["citation_x"] != both["citation_y"], "reference"].tolist() == []


def test_every_note_says_whether_another_source_agrees(reports: pd.DataFrame) -> None:
    unclear = [note for note in reports["note"] if not NOTE.fullmatch(note)]
    assert unclear == []
    assert (reports["other"] != reports["reference"]).all()


def test_reports_of_this_table_that_are_said_to_agree_do(reports: pd.DataFrame) -> None:
    pairs = reports.merge(reports, left_on=["key", "other"], right_on=["key", "reference"])
    assert len(pairs) >= 4, "the comparison must compare something"
    for column in TEMPERATURES:
        named = ~pairs["note_x"].str.contains(" in T_") | pairs["note_x"].str.contains(f"T_{column[1]}")
        apart = (pairs[f"{column}_x"] - pairs[f"{column}_y"]).abs() > AGREEMENT_K
        assert pairs.loc[named & apart, "composition_x"].tolist() == [], column


def test_size_and_spread(reports: pd.DataFrame) -> None:
    alloys = reports.drop_duplicates("key")
    assert len(alloys) >= 300
    assert alloys["amounts"].map(lambda amounts: max(amounts, key=amounts.get)).nunique() >= 20
    elements = alloys["amounts"].map(frozenset)
    assert (elements == frozenset({"Zr", "Al", "Cu"})).sum() >= 8
    assert (elements == frozenset({"Zr", "Cu"})).sum() >= 8
    assert reports["other"].notna().sum() >= 200


@pytest.mark.parametrize(
    ("formula", "tg", "tx", "tl"),
    [
        ("Zr41.2Ti13.8Cu12.5Ni10Be22.5", 623, 672, 996),
        ("Pd40Cu30Ni10P20", 576.9, 655.8, 836),
        ("Zr65Al7.5Ni10Cu17.5", 656.5, 735.6, 1167.6),
        ("La55Al25Ni20", 490.8, 555.1, 941.3),
        ("Zr48Cu45Al7", 708, 766, 1186),
    ],
)
def test_famous_alloys(reports: pd.DataFrame, formula: str, tg: float, tx: float, tl: float) -> None:
    found = reports.loc[reports["key"] == composition_key(parse_formula(formula).amounts), TEMPERATURES]
    assert [tg, tx, tl] in found.to_numpy().tolist()
