"""A verdict says by how much a target is missed, on either side."""

from bmg_assets.science.evidence.targets import Target


def test_verdicts_name_what_is_missing() -> None:
    assert Target(0.85, 0.95).verdict(0.9) == "met"
    assert Target(0.85, 0.95).verdict(0.99) == "missed by 0.04"
    assert Target(0.8).verdict(0.65) == "missed by 0.15"
    assert Target(0.8).verdict(1.0) == "met"
    assert Target(0.85, 0.95).verdict(0.953) == "missed by 0.003"
