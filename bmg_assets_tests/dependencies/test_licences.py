"""Licences of packages: what each names in whichever place, and what is not accepted."""

from email.message import Message

import pytest

from bmg_assets_tests.dependencies.licences import READ_BY_HAND, licences, not_accepted, summary


class Package:
    """A package with this metadata."""

    def __init__(self, name: str, *fields: tuple[str, str]) -> None:
        self.metadata = Message()
        for field, text in (("Name", name), *fields):
            self.metadata[field] = text


def families(*fields: tuple[str, str], name: str = "some") -> set[str]:
    return licences([Package(name, *fields)])[name]  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("License-Expression", "MIT", {"MIT"}),
        ("License-Expression", "MPL-2.0 AND (Apache-2.0 OR MIT)", {"MPL-2.0", "Apache-2.0", "MIT"}),
        ("License-Expression", "GPL-3.0-only OR MIT", {"GPL-3.0-only", "MIT"}),
        ("Classifier", "License :: OSI Approved :: BSD License", {"BSD"}),
        ("Classifier", "License :: OSI Approved", set()),
        ("License", "BSD 3-Clause License\nCopyright", {"BSD"}),
        ("License", "LGPLv3 or BSD", {"LGPL", "BSD"}),
        ("License", "Apache License Version 2.0", {"Apache-2.0"}),
        ("License", "GNU GPL v3", {"GNU GPL v3"}),
        ("License", "AGPL", {"AGPL"}),
        ("License", "", set()),
    ],
)
def test_a_licence_is_known_by_the_names_that_packages_give_it(field: str, text: str, expected: set[str]) -> None:
    assert families((field, text)) == expected


def test_the_most_exact_place_counts() -> None:
    fields = [("License", "See LICENSE"), ("Classifier", "License :: OSI Approved :: MIT License")]
    assert families(*fields) == {"MIT"}
    assert families(*fields, ("License-Expression", "ISC")) == {"ISC"}


def test_what_is_not_accepted_or_not_named_is_told() -> None:
    found = licences([Package("b", ("License", "GPL")), Package("a"), Package("c", ("License", "MIT"))])  # type: ignore[list-item]
    told = not_accepted(found)
    assert [sentence.split(":")[0] for sentence in told] == [
        "a is under no licence that it names",
        "b is under GPL",
    ]
    assert summary(found) == "Licences of 3 packages: GPL 1, MIT 1"


def test_every_installed_package_is_under_an_accepted_licence() -> None:
    assert not_accepted(licences()) == []


def test_what_was_read_by_hand_is_installed() -> None:
    assert READ_BY_HAND.keys() <= licences().keys()
