"""Rows of which a declaration knows more than they say: found by formula and value as written."""

import pytest

from bmg_assets.science.literature.known_rows import KnownRow, known_row

FLUXED = KnownRow.model_validate({"formula": "Pd40Cu30Ni10P20", "value": 72, "is": "fluxed", "reason": "in silica"})
WRONG = KnownRow.model_validate({"formula": "Cu100", "is": "wrong", "reason": "no glass was ever made of it"})


@pytest.mark.parametrize(
    ("formula", "value", "expected"),
    [
        ("Pd40Cu30Ni10P20", "72", FLUXED),
        (" Pd40Cu30Ni10P20", "72.0", FLUXED),
        ("Pd40Cu30Ni10P20", "7.2", None),
        ("Pd40Cu30Ni10P20", "about 72", None),
        ("Pd40Cu30Ni10P20", None, None),
        ("Pd40Ni40P20", "72", None),
        ("Cu100", "3", WRONG),
        ("Cu100", None, WRONG),
    ],
)
def test_a_row_is_known_by_formula_and_value(formula, value, expected):
    assert known_row([FLUXED, WRONG], formula, value) is expected
