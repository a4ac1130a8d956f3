"""Keys of target systems: what they mean, and what a user is told about one that cannot be used."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bmg_assets.science.alloys.systems import SystemKeyError, TargetSystem, check_new_key, known_symbols, parse_system
from bmg_assets.science.errors import BmgError


def test_a_key_keeps_the_order_of_the_corners_and_is_identified_by_the_set():
    system = parse_system("Zr-Al-Cu")
    assert system == TargetSystem(("Zr", "Al", "Cu"))
    assert system.key == "Zr-Al-Cu"
    assert system.element_set == parse_system("Cu-Zr-Al").element_set == {"Al", "Cu", "Zr"}
    assert system != parse_system("Cu-Zr-Al")


def test_four_elements_make_a_system():
    assert parse_system("Zr-Ti-Cu-Ni").elements == ("Zr", "Ti", "Cu", "Ni")


def test_the_symbols_are_those_of_the_118_elements():
    assert len(known_symbols()) == 118
    assert {"Zr", "La", "B", "U"} <= known_symbols()
    assert not {"D", "T", "Xx", ""} & known_symbols()


@pytest.mark.parametrize(
    "key, found, advice",
    [
        ("", "''", "for example Zr-Al-Cu"),
        ("Zr", "1 element", "three or more"),
        ("Zr-Cu", "2 element", "three or more"),
        ("Zr-Al-Xx", "'Xx' is not an element", "joined by '-'"),
        ("zr-Al-Cu", "'zr' is not an element", "joined by '-'"),
        ("ZR-AL-CU", "'ZR' is not an element", "joined by '-'"),
        ("Zr–Al–Cu", "is not an element", "joined by '-'"),
        ("Zr - Al - Cu", "'Zr ' is not an element", "joined by '-'"),
        ("Zr-Al-Cu-", "'' is not an element", "joined by '-'"),
        ("ZrAlCu", "'ZrAlCu' is not an element", "joined by '-'"),
        ("Zr/Al/Cu", "is not an element", "joined by '-'"),
        ("Zr-Al-D", "'D' is not an element", "joined by '-'"),
        ("Zr-Al-Zr", "Zr stands in it twice", "each element once"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused_with_what_was_found_and_what_to_write(key, found, advice):
    with pytest.raises(SystemKeyError) as refusal:
        parse_system(key)
    assert isinstance(refusal.value, BmgError)
    assert found in str(refusal.value)
    assert advice in str(refusal.value)
    assert repr(key) in str(refusal.value)


def test_the_same_elements_in_another_order_are_refused_and_the_registered_key_is_named():
    with pytest.raises(SystemKeyError, match=r"same elements as 'Zr-Al-Cu'.*use 'Zr-Al-Cu'"):
        check_new_key("Cu-Al-Zr", ["Mg-Zn-Ca", "Zr-Al-Cu"])


@pytest.mark.parametrize("registered", [[], ["Mg-Zn-Ca"], ["Zr-Al-Cu"], ["Zr-Al-Cu-Ni"], ["Zr-Al-Ni"]])
def test_a_new_key_and_the_very_same_key_are_taken(registered):
    assert check_new_key("Zr-Al-Cu", registered).key == "Zr-Al-Cu"


def test_a_new_key_is_read_as_strictly_as_any():
    with pytest.raises(SystemKeyError, match="three or more"):
        check_new_key("Zr-Cu", [])


@settings(max_examples=30)
@given(st.lists(st.sampled_from(sorted(known_symbols())), min_size=3, max_size=8, unique=True))
def test_every_key_of_distinct_elements_comes_back_as_it_was_written(symbols):
    system = parse_system("-".join(symbols))
    assert system.elements == tuple(symbols)
    assert system.key == "-".join(symbols)
    if symbols != symbols[::-1]:
        with pytest.raises(SystemKeyError, match="same elements"):
            check_new_key("-".join(reversed(symbols)), [system.key])


PIECES = st.sampled_from(
    ["Zr", "Al", "Cu", "Be", "No", "-", "–", " ", "\n", "\0", "\ud800", "..", "/", "Zr-Al-Cu", "名"]
)


@settings(max_examples=500)
@given(
    st.one_of(
        st.text(max_size=20), st.lists(PIECES, max_size=12).map("".join), st.lists(PIECES, max_size=6).map("-".join)
    )
)
@example("Zr-" * 100_000 + "Cu")
@example("Zr-Al-Cu\n")
def test_any_text_is_a_key_or_refused_in_one_sentence(key):
    try:
        system = check_new_key(key, ["Zr-Al-Cu"])
    except SystemKeyError as error:
        told = str(error)
    else:
        assert system.key == key
        told = ""
    assert told.isprintable()
    assert len(told) < 700
