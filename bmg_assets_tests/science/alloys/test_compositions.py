"""Formulas as people write them: what is mended, what is refused, and what identifies an alloy."""

import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.science.alloys.compositions import (
    ELEMENT_SYMBOLS,
    FormulaError,
    FormulaFault,
    FormulaRule,
    chemical_system,
    composition_key,
    formula_in_order,
    fraction_matrix,
    parse_formula,
)
from bmg_assets.science.alloys.formulas.elements import UNCASTABLE

amounts_of_alloys = st.dictionaries(
    st.sampled_from(sorted(ELEMENT_SYMBOLS - UNCASTABLE)),
    st.integers(1, 200_000).map(lambda n: n / 1000),
    min_size=1,
    max_size=8,
)


def written(amounts: dict[str, float]) -> str:
    return "".join(f"{element}{amount:.12f}" for element, amount in amounts.items())


@pytest.mark.parametrize(
    ("text", "key", "rules"),
    [
        ("Zr58Cu30Al12", "Al12Cu30Zr58", []),
        ("Zr64.5Cu35.5", "Cu35.5Zr64.5", []),
        ("Nb40Ni60Ta0", "Nb40Ni60", ["zero_amount_dropped"]),
        ("Zr47.5 Al05 Cu47.5", "Al5Cu47.5Zr47.5", ["spaces_removed", "zero_padding_removed"]),
        ("Zr58Nb3Cu16Ni013Al10", "Al10Cu16Nb3Ni13Zr58", ["zero_padding_removed"]),
        ("Zr₅₀Cu₅₀", "Cu50Zr50", ["subscripts_flattened"]),
        ("Zr$_{50}$Cu<sub>50</sub>", "Cu50Zr50", ["subscripts_flattened"]),
        ("\ufeffZr50Cu50", "Cu50Zr50", ["subscripts_flattened"]),
        ("Zr50\u00a0Cu50", "Cu50Zr50", ["spaces_removed"]),
        ("(Fe0.5Co0.5)75B20Si5", "B20Co37.5Fe37.5Si5", ["brackets_expanded"]),
        ("[(Fe0.5Co0.5)0.75B0.2Si0.05]96Nb4", "B19.2Co36Fe36Nb4Si4.8", ["brackets_expanded"]),
        ("(((Fe0.6Co0.4)0.75B0.2Si0.05)0.96Nb0.04)100", "B19.2Co28.8Fe43.2Nb4Si4.8", ["brackets_expanded"]),
        ("(Zr65Cu35)95Al5", "Al5Cu33.25Zr61.75", ["brackets_expanded", "bracket_percent_normalised"]),
        ("(Zr0.5Cu0.5)90Cu10", "Cu55Zr45", ["brackets_expanded", "repeated_element_merged"]),
        ("Zr0.55Al0.1Cu0.35", "Al10Cu35Zr55", ["mole_fractions_scaled"]),
        ("Fe2B", "B33.3333Fe66.6667", ["ratio_scaled"]),
        ("TiZrHfCuNi", "Cu20Hf20Ni20Ti20Zr20", ["ratio_scaled"]),
        ("Zr33.3Cu33.3Al33.3", "Al33.3333Cu33.3333Zr33.3333", ["sum_normalised"]),
        ("C100", "C100", []),
        ("Al(NiB)2", "Al20B40Ni40", ["brackets_expanded", "ratio_scaled"]),
    ],
)
def test_writings_are_mended_by_named_rules(text, key, rules):
    parsed = parse_formula(text)
    assert composition_key(parsed.amounts) == key
    assert list(parsed.rules) == rules


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", FormulaFault.EMPTY),
        ("  ", FormulaFault.EMPTY),
        ("NaN", FormulaFault.EMPTY),
        (float("nan"), FormulaFault.EMPTY),
        (None, FormulaFault.EMPTY),
        ("Xx50Cu50", FormulaFault.UNKNOWN_ELEMENT),
        ("Zr-50Cu150", FormulaFault.NEGATIVE_AMOUNT),
        ("Zr57,5Cu42.5", FormulaFault.DECIMAL_COMMA),
        ("Zr57,5Cu42,5", FormulaFault.DECIMAL_COMMA),
        ("Zr0Cu0", FormulaFault.ZERO_SUM),
        ("Ti41Zr25Zr29Al5", FormulaFault.REPEATED_ELEMENT),
        ("Ti41Zr25Zr30Al4", FormulaFault.REPEATED_ELEMENT),
        ("(La0.5Ce0.5)70Al1Cu155", FormulaFault.IMPLAUSIBLE_SUM),
        ("Zr55Al10", FormulaFault.IMPLAUSIBLE_SUM),
        ("Pr68(CuNi)25Al7", FormulaFault.UNSTATED_AMOUNTS),
        ("(LaCe)0.65Al0.1Co0.25", FormulaFault.UNSTATED_AMOUNTS),
        ("Al40Cu60T", FormulaFault.UNKNOWN_ELEMENT),
        ("Zr0.55Al0.1Cu0.3", FormulaFault.IMPLAUSIBLE_SUM),
        ("Zr50Cu50.6", FormulaFault.IMPLAUSIBLE_SUM),
        ("(Zr50Cu50", FormulaFault.NOT_PARSED),
        ("(Zr50Cu50]", FormulaFault.NOT_PARSED),
        ("Zr50)Cu50", FormulaFault.NOT_PARSED),
        ("()100", FormulaFault.NOT_PARSED),
        ("Zr5 0Cu50", FormulaFault.NOT_PARSED),
        ("50Zr50Cu", FormulaFault.NOT_PARSED),
        ("Zr1e2", FormulaFault.NOT_PARSED),
        ("Zr50?Cu50", FormulaFault.NOT_PARSED),
        ("(" * 60 + "Zr" + ")" * 60, FormulaFault.NOT_PARSED),
        ("Zr" + "0" * 1000, FormulaFault.NOT_PARSED),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_one_sentence(text, fault):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert caught.value.fault == fault
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        # Capitals: the only probable reading.
        ("CO0.43Fe0.2Ta0.055B0.315", "B31.5Co43Fe20Ta5.5"),
        ("NI2Nb", "Nb33.3333Ni66.6667"),
        ("HF2Cu", "Cu33.3333Hf66.6667"),
        ("HO0.39Al0.25Co0.2Y0.16", "Al25Co20Ho39Y16"),
        ("SN0.1Cu0.9", "Cu90Sn10"),
        ("CU50ZR50", "Cu50Zr50"),
        ("CO50Zr50", "Co50Zr50"),
        ("NI60Nb40", "Nb40Ni60"),
        ("PB10Cu90", "Cu90Pb10"),
        ("Fe40NI40B20", "B20Fe40Ni40"),
        ("SC36Al24Co20Y20", "Al24Co20Sc36Y20"),
        ("ZRCUAL", "Al33.3333Cu33.3333Zr33.3333"),
        ("CoCrFeNITa", "Co20Cr20Fe20Ni20Ta20"),
        ("zr50cu50", "Cu50Zr50"),
        ("YB0.5Cu0.5", "Cu50Yb50"),
        # Letters for digits.
        ("Mo52Cr14Fel4P12B8", "B8Cr14Fe14Mo52P12"),
        ("Zr55Al10Ni5Cu3O", "Al10Cu30Ni5Zr55"),
        # Proportions.
        ("Al1 Cu0.062 Li0.062 Mg0.062 Zn0.062", "Al80.1284Cu4.9679Li4.9679Mg4.9679Zn4.9679"),
        ("Nb1Co0.086Cu0.086", "Co7.3379Cu7.3379Nb85.3242"),
        ("Fe23B6", "B20.6897Fe79.3103"),
        ("Mg17Al12", "Al41.3793Mg58.6207"),
        # Characters.
        ("\u0421u50Zr50", "Cu50Zr50"),
        ("Zr⁵⁰Cu⁵⁰", "Cu50Zr50"),
    ],
)
def test_what_can_mean_only_one_thing_is_read_and_noted(text, key):
    parsed = parse_formula(text)
    assert parsed.composition == key
    assert parsed.notes
    assert parsed.doubts == ()


def test_a_decimal_comma_is_read_where_it_can_be_nothing_else():
    parsed = parse_formula("Zr57,5 Cu42,5 [1,2]", decimal_comma=True)
    assert parsed.composition == "Cu42.5Zr57.5"
    assert FormulaRule.DECIMAL_COMMA in parsed.rules


def test_the_amounts_of_proportions_are_exact():
    amounts = parse_formula("Al1 Cu0.062 Li0.062 Mg0.062 Zn0.062").amounts
    assert amounts["Al"] == pytest.approx(100 / 1.248)
    assert amounts["Cu"] == pytest.approx(6.2 / 1.248)


@pytest.mark.parametrize(
    ("text", "fault", "words"),
    [
        ("Al86NI8Y5", FormulaFault.CAPITALS, ["Al86NI8Y5", "Al86Ni8Y5", "sum to 99"]),
        ("NIPDP", FormulaFault.CAPITALS, ["NiPdP", "33.33 at.% P"]),
        ("CO", FormulaFault.CAPITALS, ["one element"]),
        ("C045.5Mg18.1Ca36.4", FormulaFault.CAPITALS, ["Co45.5Mg18.1Ca36.4"]),
        ("YBCu2", FormulaFault.TWO_MEANINGS, ["YBCu2", "YbCu2"]),
        ("C012Fe88", FormulaFault.TWO_MEANINGS, ["C012Fe88", "Co12Fe88"]),
        ("No", FormulaFault.WORD, ["word"]),
        ("NA", FormulaFault.WORD, ["word"]),
        ("Fe80No20", FormulaFault.UNCASTABLE_ELEMENT, ["'No'"]),
        ("Zr50I50", FormulaFault.UNCASTABLE_ELEMENT, ["'I'"]),
        ("Fe0.8B20", FormulaFault.IMPROBABLE_RATIO, ["96.15 at.% B", "81.5"]),
        ("Fe23", FormulaFault.IMPLAUSIBLE_SUM, ["23"]),
        ("B1Cu40Zr9", FormulaFault.IMPLAUSIBLE_SUM, ["50"]),
        ("Zr40Cu20", FormulaFault.IMPLAUSIBLE_SUM, ["60"]),
        ("Nb0Si12Ti8", FormulaFault.IMPLAUSIBLE_SUM, ["20"]),
        ("Zr50-xCu50Alx", FormulaFault.UNSTATED_AMOUNTS, ["'x'"]),
        ("Fe80Bx", FormulaFault.UNSTATED_AMOUNTS, ["'x'"]),
        ("Al84Mm6Ni10", FormulaFault.UNKNOWN_ELEMENT, ["mischmetal"]),
        ("oFe73Al27", FormulaFault.NOT_PARSED, ["'o'"]),
        ("Zr50Cu50 (wt.%)", FormulaFault.UNIT_CONTRADICTED, ["wt%", "at%"]),
    ],
)
def test_what_can_mean_two_things_or_nothing_probable_is_refused_with_both(text, fault, words):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text, "at%" if fault is FormulaFault.UNIT_CONTRADICTED else None)
    assert caught.value.fault == fault
    assert [word for word in words if word not in str(caught.value)] == []
    assert caught.value.remedy in str(caught.value)
    assert str(caught.value) == f"{caught.value.found}; {caught.value.remedy}."


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Zr30Cu40H30", "30 at.% H"),
        ("B58N42", "42 at.% N"),
        ("Pd36Ni36S28.5", None),
        ("Pd31Ni42S27", ""),
        ("Zr50Te50", "Te"),
    ],
)
def test_what_is_improbable_is_not_read_without_a_word(text, doubt):
    if doubt is None:
        doubt = "at.% S"
    doubts = parse_formula(text).doubts
    assert bool(doubts) == bool(doubt)
    assert all(doubt in one for one in doubts)


def test_the_order_of_the_elements_and_the_basis_are_those_of_the_formula():
    parsed = parse_formula("CU38Zr60AL2 wt%")
    assert parsed.elements_as_written == ("Cu", "Zr", "Al")
    assert parsed.basis == "wt%"
    assert parsed.in_order.startswith("Cu")


def test_weight_percentages_that_were_converted_are_the_composition_they_were_rounded_from():
    ribbon, rod = parse_formula("Zr60.37Al1.79Cu37.85", "wt%"), parse_formula("Zr50Al5Cu45")
    assert ribbon.composition == rod.composition
    assert FormulaRule.WEIGHT_ROUNDING in ribbon.rules


def test_repeated_element_names_the_element():
    with pytest.raises(FormulaError, match="Zr is named twice"):
        parse_formula("Ti41Zr25Zr29Al5")


def test_weight_percent_is_converted():
    # 50 wt% of each: moles 50/63.546 of Cu and 50/91.224 of Zr.
    parsed = parse_formula("Cu50Zr50", unit="wt%")
    assert parsed.amounts["Cu"] == pytest.approx(100 * 91.224 / (63.546 + 91.224), abs=1e-6)
    assert parsed.rules == (FormulaRule.WEIGHT_PERCENT,)


def test_a_source_of_proportions_may_have_any_sum():
    assert parse_formula("Zr40Cu20", unit="ratio").amounts == pytest.approx({"Zr": 200 / 3, "Cu": 100 / 3})
    with pytest.raises(FormulaError):
        parse_formula("Zr40Cu20")


def test_amounts_are_not_rounded():
    assert parse_formula("(Fe0.712B0.24Y0.048)96Nb4").amounts["Fe"] == pytest.approx(68.352, abs=1e-12)
    assert parse_formula("Zr1Cu2").amounts["Zr"] == pytest.approx(100 / 3, abs=1e-12)


@given(amounts_of_alloys)
def test_amounts_sum_to_100_and_are_alphabetical(amounts):
    parsed = parse_formula(written(amounts), unit="ratio")
    assert sum(parsed.amounts.values()) == pytest.approx(100, abs=1e-9)
    assert list(parsed.amounts) == sorted(parsed.amounts)
    assert min(parsed.amounts.values()) > 0


@given(amounts_of_alloys, st.randoms())
def test_key_does_not_depend_on_order(amounts, random):
    shuffled = list(amounts.items())
    random.shuffle(shuffled)
    first, second = parse_formula(written(amounts), "ratio"), parse_formula(written(dict(shuffled)), "ratio")
    assert composition_key(first.amounts) == composition_key(second.amounts)


@given(amounts_of_alloys, st.sampled_from([0.01, 0.1, 2.0, 3.0, 7.0, 1000.0]))
def test_key_does_not_depend_on_scale(amounts, factor):
    scaled = {element: amount * factor for element, amount in amounts.items()}
    assert composition_key(scaled) == composition_key(amounts)


@given(amounts_of_alloys)
def test_key_of_a_key_is_the_key(amounts):
    key = composition_key(amounts)
    assert composition_key(parse_formula(key).amounts) == key


ANY_CHARACTERS = string.ascii_letters + string.digits + "()[]{}.,;:-–/%^*†¹²₂½⅓<>_$=+' "


def is_sound(text: str, unit: str | None) -> bool:
    """Whether a text is refused in one sentence, or read as 100 at.% of elements that it names."""
    try:
        parsed = parse_formula(text, unit)
    except FormulaError as error:
        return str(error).endswith(".") and "\n" not in str(error)
    letters = "".join(character for character in text.lower() if character.isalpha())
    named = all(element.lower() in letters for element in parsed.amounts)
    return named and sum(parsed.amounts.values()) == pytest.approx(100) and len(parsed.notes) == len(parsed.rules)


units = st.sampled_from([None, "at%", "wt%", "ratio"])


@given(st.text(alphabet=ANY_CHARACTERS, max_size=30), units)
def test_any_text_is_read_or_refused(text, unit):
    assert is_sound(text, unit)


WRITTEN = [
    "Zr41.2Ti13.8Cu12.5Ni10Be22.5¹",
    "La62Al14(Cu5Ag1)14(Ni1Co1)10 [24]",
    "(Fe1/3Co1/3Ni1/3)80B20 (at.%)",
    "Zr-10Cu-5Al at.%",
    "CO0.43Fe0.2Ta0.055B0.315",
    "ZRCUALNIBE",
    "Zr57Cu15.4Ni12.6Al10Nb5 LM106",
    "{[(Fe0.6Co0.4)0.75B0.2Si0.05]0.96Nb0.04}96Cr4",
]


@settings(max_examples=300)
@given(st.sampled_from(WRITTEN), st.lists(st.tuples(st.integers(0, 50), st.sampled_from(ANY_CHARACTERS))), units)
def test_a_formula_with_slips_is_read_or_refused(text, slips, unit):
    for place, character in slips[:6]:
        text = text[:place] + character + text[place + place % 2 :]
    assert is_sound(text, unit)


@pytest.mark.parametrize("amounts", [{}, {"Zr": 0.0}, {"Zr": -1.0, "Cu": 2.0}, {"Zr": float("nan")}])
def test_key_of_nothing_is_an_error(amounts):
    with pytest.raises(ValueError, match="finite amounts"):
        composition_key(amounts)


def test_people_read_the_order_they_gave_and_no_element_that_is_not_there():
    assert formula_in_order(["Zr", "Al", "Cu"], [64.5, 0.0, 35.5]) == "Zr64.5Cu35.5"
    assert formula_in_order(["Zr", "Al", "Cu"], [50, 1e-9, 50]) == "Zr50Cu50"


def test_chemical_system_is_a_set():
    assert chemical_system(["Zr", "Al", "Cu", "Al"]) == "Al-Cu-Zr"


def test_fraction_matrix_places_amounts_by_element():
    fractions, elements = fraction_matrix([["Zr", "Cu"], ["Al"]], [[50, 150], [3.0]])
    assert elements == ("Al", "Cu", "Zr")
    np.testing.assert_allclose(fractions, [[0, 0.75, 0.25], [1, 0, 0]])


@pytest.mark.parametrize(("elements", "at_pct"), [([["Zr", "Cu"]], [[100.0]]), ([["Zr"]], [[0.0]]), ([[]], [[]])])
def test_fraction_matrix_refuses_rows_without_meaning(elements, at_pct):
    with pytest.raises(ValueError, match=r"length|positive"):
        fraction_matrix(elements, at_pct)


@pytest.mark.parametrize(
    "text", ["Zr" + "9" * 400, "(Zr" + "9" * 320 + "Cu2)3", "Zr" + "9" * 320 + "½", "Zr" + "₅" * 30]
)
def test_numbers_without_end_are_refused(text: str) -> None:
    with pytest.raises(FormulaError, match="more digits than any amount"):
        parse_formula(text)
