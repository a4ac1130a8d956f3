"""Systems that no run can train."""

from bmg_assets.automation.untrainable import untrainable


def test_elements_that_the_descriptors_do_not_know_are_the_reason() -> None:
    found = untrainable(["Zr-Al-Cu", "Pd-Ni-S", "Fe-Co-Cr-Mo-C-B-Y"])
    assert list(found) == ["Pd-Ni-S"]
    assert "do not know S" in found["Pd-Ni-S"]
    assert "the surrogate composite" in found["Pd-Ni-S"]
