"""Estimates of the melt by hand: pure elements, alloys of two and three with known data, and what must not matter."""

import numpy as np
import pytest

from bmg_assets.science.melt.elements import melt_elements
from bmg_assets.science.melt.estimates import ESTIMATES, estimate_melts
from bmg_assets.science.melt.liquidus import GAS_CONSTANT, competing_solids, melting_temperatures

TERNARY = ("Al", "Cu", "Zr")
EVERYWHERE = np.random.default_rng(5).dirichlet(np.ones(3), 800)


def estimate(name: str, fractions: list[list[float]], symbols: tuple[str, ...]) -> np.ndarray:
    found = estimate_melts(np.array(fractions), melt_elements(symbols))
    return found.by_itself[:, ESTIMATES.index(name)]


def test_a_pure_element_melts_at_its_melting_point() -> None:
    assert estimate("liquidus", [[1.0, 0.0]], ("Ag", "Cu")) == pytest.approx([1234.9], abs=1)
    by_itself = estimate_melts(np.array([[0.0, 1.0]]), melt_elements(("Ag", "Cu"))).by_itself[0]
    of_copper = dict(zip(ESTIMATES, by_itself, strict=True))
    one = ("reduced liquidus", "reduced liquidus, ideal solution", "reduced liquidus, pure elements")
    assert [of_copper[name] for name in one] == pytest.approx([1, 1, 1])
    assert of_copper["solids near the liquidus"] == 1
    assert of_copper["mean radius"] == pytest.approx(126, abs=2)
    nothing = set(ESTIMATES) - {*one, "liquidus", "solids near the liquidus", "mean radius"}
    nothing -= {"driving force of crystallisation"}
    assert [of_copper[name] for name in nothing] == pytest.approx([0] * len(nothing), abs=1e-9)


def test_a_pure_melt_crystallises_by_what_is_left_of_its_enthalpy_of_fusion() -> None:
    # At 0.6 of the melting point, with a constant entropy of fusion: ΔG = ΔH (1 - 0.6).
    for symbol in ("Ag", "Zr"):
        data = melt_elements((symbol,))
        assert estimate("driving force of crystallisation", [[1.0]], (symbol,)) == pytest.approx(
            0.4 * data.fusion_kj_mol
        )


def test_the_driving_force_is_that_of_the_solid_that_gains_most() -> None:
    # Silver and copper have no compound below the elements: by hand for both elements.
    x, data = np.array([0.3, 0.7]), melt_elements(("Ag", "Cu"))
    temperature = 0.6 * x @ data.melting_kelvin
    partial = data.interaction_kj_mol[0, 1] * x[::-1] ** 2
    gained = data.fusion_kj_mol + partial - temperature * (data.fusion_entropy - GAS_CONSTANT * np.log(x))
    assert estimate("driving force of crystallisation", [[0.3, 0.7]], ("Ag", "Cu")) == pytest.approx(gained.max())


def test_compounds_drive_a_melt_too() -> None:
    x, data = np.array([0.4, 0.6]), melt_elements(("Cu", "Zr"))
    temperature = 0.6 * x @ data.melting_kelvin
    melt = data.fusion_kj_mol + data.interaction_kj_mol[0, 1] * x[::-1] ** 2
    melt = melt - temperature * (data.fusion_entropy - GAS_CONSTANT * np.log(x))
    gains = [share @ melt - enthalpy for share, enthalpy in zip(*competing_solids((0, 1), data), strict=True)]
    assert np.argmax(gains) >= 2
    assert estimate("driving force of crystallisation", [[0.4, 0.6]], ("Cu", "Zr")) == pytest.approx([max(gains)])


def test_enthalpy_and_entropy_of_mixing_by_hand() -> None:
    thirds = [[1 / 3] * 3]
    assert estimate("mixing enthalpy", thirds, TERNARY) == pytest.approx([4 / 9 * (-1 - 44 - 23)], rel=0.01)
    assert estimate("mixing entropy", thirds, TERNARY) == pytest.approx([np.log(3)])
    assert estimate("mixing entropy", [[0.25, 0.75]], ("Ag", "Cu")) == pytest.approx([0.5623], abs=1e-4)


def test_repulsion_and_attraction_are_the_two_parts_of_the_enthalpy() -> None:
    # Takeuchi and Inoue: Cu-Fe +13, Cu-Zr -23, Fe-Zr -25 kJ/mol.
    symbols, fractions = ("Cu", "Fe", "Zr"), [[0.5, 0.2, 0.3]]
    assert estimate("repulsion of pairs", fractions, symbols) == pytest.approx([4 * 13 * 0.5 * 0.2], rel=0.01)
    attraction = -4 * (23 * 0.5 * 0.3 + 25 * 0.2 * 0.3)
    assert estimate("attraction of pairs", fractions, symbols) == pytest.approx([attraction], rel=0.01)
    assert estimate("strongest pair", fractions, symbols) == pytest.approx([-4 * 23 * 0.5 * 0.3], rel=0.01)
    assert estimate("repulsion of pairs", [[0.5, 0.5]], ("Cu", "Zr")) == 0
    assert estimate("attraction of pairs", [[0.5, 0.5]], ("Cu", "Fe")) == 0
    assert estimate("strongest pair", [[0.5, 0.5]], ("Cu", "Fe")) == 0


def test_omega_weighs_entropy_against_enthalpy_and_is_cut() -> None:
    # Zhang and Yang's Ω = Tm ΔS / |ΔH|.
    data = melt_elements(("Cu", "Zr"))
    mean = data.melting_kelvin.mean()
    expected = mean * 8.314e-3 * np.log(2) / 23
    assert estimate("omega", [[0.5, 0.5]], ("Cu", "Zr")) == pytest.approx([expected], rel=0.02)
    # Nickel and cobalt mix without any heat: what would be beyond all bounds is 20.
    assert estimate("omega", [[0.5, 0.5]], ("Co", "Ni")) == 20
    assert estimate("omega", [[1.0, 0.0]], ("Co", "Ni")) == pytest.approx([0])


def test_radii_by_hand() -> None:
    radius = melt_elements(("Ag", "Cu", "Zr")).radius_pm
    x = np.array([0.1, 0.2, 0.7])
    mean = (x * radius).sum()
    assert estimate("mean radius", [x.tolist()], ("Ag", "Cu", "Zr")) == pytest.approx([mean])
    delta = np.sqrt(sum(share * (1 - r / mean) ** 2 for share, r in zip(x, radius, strict=True)))
    assert estimate("size mismatch", [x.tolist()], ("Ag", "Cu", "Zr")) == pytest.approx([delta])
    third = sum(share * (1 - r / mean) ** 3 for share, r in zip(x, radius, strict=True))
    assert estimate("skewness of radii", [x.tolist()], ("Ag", "Cu", "Zr")) == pytest.approx([np.cbrt(third)])


def test_the_skewness_of_radii_has_a_sign() -> None:
    few_large, few_small = estimate("skewness of radii", [[0.9, 0.1], [0.1, 0.9]], ("Cu", "Zr"))
    assert few_large < 0 < few_small
    assert estimate("skewness of radii", [[0.5, 0.5]], ("Cu", "Zr")) == pytest.approx([0], abs=1e-5)


def test_electronegativity_mismatch_is_a_standard_deviation_over_the_atoms() -> None:
    # Pauling: copper 1.90, zirconium 1.33.
    assert estimate("electronegativity mismatch", [[0.5, 0.5]], ("Cu", "Zr")) == pytest.approx([0.285])
    assert estimate("electronegativity mismatch", [[0.2, 0.8]], ("Cu", "Zr")) == pytest.approx([0.57 * 0.4])


def test_the_ideal_solution_freezes_by_schroeders_equation() -> None:
    data = melt_elements(("Ag", "Cu"))
    mean = 0.3 * data.melting_kelvin[0] + 0.7 * data.melting_kelvin[1]
    kelvin = [
        h / (h / melting - GAS_CONSTANT * np.log(x))
        for h, melting, x in zip(data.fusion_kj_mol, data.melting_kelvin, (0.3, 0.7), strict=True)
    ]
    assert estimate("reduced liquidus, ideal solution", [[0.3, 0.7]], ("Ag", "Cu")) == pytest.approx(
        [max(kelvin) / mean]
    )


def test_liquidus_and_lead_are_the_highest_and_its_distance_to_the_next() -> None:
    data = melt_elements(TERNARY)
    x = [0.2, 0.3, 0.5]
    by_temperature = sorted(melting_temperatures(np.array([x]), [0, 1, 2], data)[0])
    of_elements = melting_temperatures(np.array([x]), [0, 1, 2], data)[0, :3]
    mean = np.dot(x, data.melting_kelvin)
    expected = {
        "liquidus": by_temperature[-1],
        "reduced liquidus": by_temperature[-1] / mean,
        "lead of the first solid": (by_temperature[-1] - by_temperature[-2]) / mean,
        "depression of the liquidus": 1 - by_temperature[-1] / mean,
        "reduced liquidus, pure elements": max(of_elements) / mean,
        "solids near the liquidus": sum(one > 0.93 * by_temperature[-1] for one in by_temperature),
    }
    assert expected["solids near the liquidus"] > 1
    for name, value in expected.items():
        assert estimate(name, [x], TERNARY) == pytest.approx([value]), name


def test_a_binary_has_a_lead_too() -> None:
    assert estimate("lead of the first solid", [[0.5, 0.5]], ("Ag", "Cu")) > 0


@pytest.mark.parametrize(
    "absolute, above, unit",
    [
        ("liquidus", "liquidus above the lowest of the system", "mean melting point"),
        ("reduced liquidus", "reduced liquidus above the lowest of the system", None),
        ("reduced liquidus, pure elements", "reduced liquidus, pure elements, above the lowest of the system", None),
    ],
)
def test_above_the_lowest_of_its_system(absolute: str, above: str, unit: str | None) -> None:
    """One offset for all alloys of the system, which hardly any of them stays below."""
    scale = melt_elements(TERNARY).melting_kelvin.mean() if unit else 1.0
    value, distance = (estimate(name, EVERYWHERE.tolist(), TERNARY) for name in (absolute, above))
    offset = value - scale * distance
    assert offset == pytest.approx(np.full(800, offset[0]))
    assert 0 < (distance < 0).mean() < 0.05


def test_other_elements_make_no_difference() -> None:
    narrow = estimate_melts(np.array([[0.1, 0.5, 0.4]]), melt_elements(("Al", "Cu", "Zr")))
    wide = estimate_melts(np.array([[0.1, 0.5, 0.0, 0.4]]), melt_elements(("Al", "Cu", "Fe", "Zr")))
    np.testing.assert_allclose(narrow.by_itself, wide.by_itself)
    np.testing.assert_allclose(narrow.in_its_system, wide.in_its_system)


def test_alloys_of_different_systems_keep_their_rows() -> None:
    data = melt_elements(TERNARY)
    alloys = np.array([[0.2, 0.3, 0.5], [0.0, 0.4, 0.6], [0.6, 0.1, 0.3], [0.0, 0.7, 0.3]])
    together = estimate_melts(alloys, data)
    for row, alloy in enumerate(alloys):
        alone = estimate_melts(alloy[np.newaxis], data)
        np.testing.assert_allclose(together.by_itself[row], alone.by_itself[0])
        np.testing.assert_allclose(together.in_its_system[row], alone.in_its_system[0])


def test_relative_to_its_system_an_alloy_is_average_on_average() -> None:
    relative = estimate_melts(EVERYWHERE, melt_elements(TERNARY)).in_its_system
    assert relative.shape == (800, len(ESTIMATES))
    assert np.abs(np.median(relative, axis=0)).max() < 0.8
    assert np.abs(relative.mean(axis=0)).max() < 0.25
    # No pair of these elements repels, so that in this system nobody is above anybody in that.
    repulsion = ESTIMATES.index("repulsion of pairs")
    assert not relative[:, repulsion].any()
    assert np.delete(relative.std(axis=0), repulsion) == pytest.approx(np.ones(len(ESTIMATES) - 1), abs=0.2)


def test_beyond_four_standard_deviations_it_makes_no_difference() -> None:
    extreme = estimate_melts(np.array([[1e-4, 1 - 2e-4, 1e-4], [1 - 2e-4, 1e-4, 1e-4]]), melt_elements(TERNARY))
    assert np.abs(extreme.in_its_system).max() == 4
    assert np.abs(estimate_melts(EVERYWHERE, melt_elements(TERNARY)).in_its_system).max() <= 4


def test_a_pure_element_is_no_different_from_its_system() -> None:
    found = estimate_melts(np.array([[1.0, 0.0]]), melt_elements(("Ag", "Cu"))).in_its_system[0]
    # The mismatch of one electronegativity is the root of a rounding error, which the same of its system is divided by.
    found = np.delete(found, ESTIMATES.index("electronegativity mismatch"))
    assert found == pytest.approx(np.zeros(len(ESTIMATES) - 1), abs=1e-9)
