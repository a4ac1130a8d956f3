"""How a sample was made, by the declared codes of method and form; codes in cells."""

import pytest

from bmg_assets.science.alloys.conventions import Conventions, Way, codes_in

CODES = Conventions(
    as_spun=frozenset({"Melt Spinning", "Ribbon"}),
    as_cast=frozenset({"Melt Casting", "Rod"}),
    films=frozenset({"Deposition", "Thin Film"}),
    powders=frozenset({"Mechanical"}),
    not_castings=frozenset({"ANNEAL"}),
    unstated="unknown",
)


@pytest.mark.parametrize(
    ("method", "form", "expected"),
    [
        ("Melt Spinning", "Ribbon", Way.AS_SPUN),
        (None, "Rod", Way.AS_CAST),
        (" Melt Casting ", None, Way.AS_CAST),
        ("Melt Spinning", "Rod", Way.AS_SPUN),
        ("Melt Spinning", "Thin Film", Way.FILM),
        ("Mechanical", "Ribbon", Way.POWDER),
        ("ANNEAL", "Thin Film", Way.NOT_A_CASTING),
        ("Melt Spinning", "['Ribbon' 'Thin Film']", Way.AS_SPUN),
        ("['Melt Spinning' 'Deposition']", None, Way.AS_SPUN),
        ("[Rod, Wedge]", None, Way.AS_CAST),
        ("Quenching", None, Way.UNKNOWN),
        (None, None, Way.UNKNOWN),
    ],
)
def test_how_a_sample_was_made(method, form, expected):
    assert CODES.way_of(method, form) is expected


def test_what_is_not_stated_is_declared():
    assert Conventions(unstated="as_cast").way_of(None, None) is Way.AS_CAST
    assert Conventions().way_of(None, None) is Way.AS_SPUN


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, []),
        ("  ", []),
        ("AM", ["AM"]),
        ("['AM' 'CR']", ["AM", "CR"]),
        ("[Rod, Wedge]", ["Rod", "Wedge"]),
        ("[nan 'AM']", ["AM"]),
        ("Unknown", []),
    ],
)
def test_the_codes_in_a_cell(cell, expected):
    assert codes_in(cell, {"Unknown"}) == expected
