"""The table of compared alloys: a row for what is known of any, and words where a number has no ground."""

from dataclasses import replace

from bmg_assets.pages.comparison_table import model_in_words, side_by_side, side_by_side_columns
from bmg_assets.pages.sentences import TOO_FAR
from bmg_assets.science.proposals.comparison import KnownAlloy, PropertyEstimate
from bmg_assets_tests.science.proposals.compared import PAPER, SURROGATE, compared, predicted

NEAR = KnownAlloy("Zr48Cu52", "bulk glass", 2.0, "literature", 2.0)
ONE = compared(
    "Zr50Cu50",
    predicted(0.42),
    known=replace(NEAR, distance_at_pct=0.0, dmax_mm=None),
    own_cast="D_max 2 mm (Z-1)",
    nearest=(NEAR,),
    density_g_cm3=7.3,
    properties={"tg": PropertyEstimate("T_g", "K", 670.0, 660.0, 690.0)},
)
OTHER = compared(
    "Zr40Cu60", predicted(0.9, trusted=False), properties={"tg": PropertyEstimate("T_g", "K", 700, 680, 720, 27)}
)


def test_each_thing_that_is_known_of_any_alloy_has_a_row() -> None:
    table = side_by_side([ONE, OTHER], [SURROGATE, PAPER])
    said = {row["thing"]: (row["0"], row["1"]) for row in table.to_dict("records")}
    assert said == {
        "system": ("Cu-Zr", "Cu-Zr"),
        f"D_max by {SURROGATE}": ("2.0 mm (1.0 to 5.0), bulk glass 42 %", TOO_FAR),
        "known already": ("bulk glass (literature)", ""),
        "own casts": ("D_max 2 mm (Z-1)", ""),
        "nearest known": ("Zr48Cu52, 2 at.% away: bulk glass, 2 mm (literature)", ""),
        "density (g/cm³, estimate)": ("7.3", ""),
        "T_g (K)": ("670, measured (660 to 690)", "700, mapped (680 to 720; the map errs by 27)"),
    }
    assert list(side_by_side_columns([ONE, OTHER]).values()) == ["compared", "Zr50Cu50", "Zr40Cu60"]


def test_models_are_called_as_people_call_them() -> None:
    assert [model_in_words(name) for name in (SURROGATE, PAPER, "svr")] == [
        "composite",
        "the paper's models",
        "SVR alone",
    ]
