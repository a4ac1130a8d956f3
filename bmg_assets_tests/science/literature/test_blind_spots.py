"""Where a literature is blind: gaps that are known because they were made."""

import numpy as np
import pandas as pd

from bmg_assets.science.literature.blind_spots import (
    BULK,
    COMMON,
    FAILURES,
    FEW,
    LEAST_ALLOYS,
    MIXED,
    MOST_ELEMENTS,
    RIBBONS,
    blind_spots_of,
)


def alloys(*groups: tuple[str, str, int]) -> pd.DataFrame:
    """Alloys of (system, class, how many)."""
    rows = [
        {
            "chemical_system": system,
            "elements": system.split("-"),
            "n_elements": len(system.split("-")),
            "glass_class": glass_class,
            "kind": {"crystalline": "crystalline_as_cast"}.get(glass_class, glass_class),
        }
        for system, glass_class, number in groups
        for _ in range(number)
    ]
    columns = ["chemical_system", "elements", "n_elements", "glass_class", "kind"]
    return pd.DataFrame(rows, columns=columns)


def test_pairs_of_common_elements_that_are_never_together() -> None:
    blind = blind_spots_of(alloys(("Cu-Zr", "bulk", COMMON), ("B-Fe", "ribbon", COMMON), ("Cu-Fe", "crystalline", 1)))
    assert blind.n_common == 4
    pairs = {frozenset(pair.split("-")) for pair in blind.never_together["pair"]}
    assert pairs == {frozenset(("Cu", "B")), frozenset(("Fe", "Zr")), frozenset(("Zr", "B"))}
    assert blind.never_together["alloys_b"].is_monotonic_decreasing
    place = {element: column for column, element in enumerate(blind.elements)}
    assert blind.together[place["Cu"], place["Zr"]] == COMMON
    assert blind.together[place["Cu"], place["Cu"]] == COMMON + 1
    assert np.array_equal(blind.together, blind.together.T)


def test_elements_of_few_alloys_are_rare_and_no_partners() -> None:
    blind = blind_spots_of(alloys(("Cu-Zr", "bulk", COMMON), ("Au-Si", "bulk", FEW - 1), ("Ag-Si", "bulk", FEW)))
    assert blind.rare == {"Au": FEW - 1}
    assert blind.n_common == 2
    assert blind.never_together.empty


def test_systems_that_tell_one_side_alone() -> None:
    n = LEAST_ALLOYS
    systems = blind_spots_of(
        alloys(
            ("Al-Cu-Zr", "bulk", n + 2),
            ("Al-Fe-Ni", "crystalline", n + 1),
            ("B-Fe-Ni", "ribbon", n),
            ("Ca-Mg-Zn", "bulk", n - 1),
            ("Ca-Mg-Zn", "crystalline", 1),
            ("Al-B-Fe", "ribbon", n - 1),
            ("Cu-Zr", "bulk", n),
        )
    ).systems
    assert systems[["chemical_system", "has"]].to_numpy().tolist() == [
        ["Al-Cu-Zr", BULK],
        ["Al-Fe-Ni", FAILURES],
        ["B-Fe-Ni", RIBBONS],
        ["Ca-Mg-Zn", MIXED],
    ]
    assert systems["alloys"].tolist() == [n + 2, n + 1, n, n]


def test_kinds_and_classes_that_are_missing() -> None:
    blind = blind_spots_of(alloys(("Cu-Zr", "bulk", 1), ("Cu-Zr", "ribbon", 1), ("Al-Cu-Zr", "crystalline", 1)))
    assert {"crystalline_as_spun", "fluxed", "plate_or_wedge"} <= set(blind.missing_kinds)
    assert not {"bulk", "ribbon", "crystalline_as_cast", "film", "powder"} & set(blind.missing_kinds)
    assert {one for one in blind.missing_classes if one[0] <= 3} == {(2, "crystalline"), (3, "ribbon"), (3, "bulk")}
    assert {one for one in blind.missing_classes if one[1] == "bulk"} == {
        (number, "bulk") for number in range(3, MOST_ELEMENTS + 1)
    }


def test_nothing_known_is_blind_everywhere_and_no_error() -> None:
    blind = blind_spots_of(alloys())
    assert blind.elements == ()
    assert blind.together.shape == (0, 0)
    assert len(blind.systems) == len(blind.never_together) == blind.n_common == 0
