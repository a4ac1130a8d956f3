"""What picks rest on, in words: counts by hand, and the nearest reports with who reported them."""

import pandas as pd
import pytest

from bmg_assets.pages.rests_on import fitted_in_words, nearest_reports_in_words
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.literature.merging import merge_alloys
from bmg_assets_tests.science.literature.report_frames import reports_of

SYSTEM = parse_system("Zr-Al-Cu")


@pytest.fixture(scope="module")
def alloys() -> pd.DataFrame:
    return merge_alloys(
        reports_of(
            ("Zr50Cu50", "AM"),
            ("Zr50Cu50", "BMG", "2"),
            ("Zr55Al10Ni5Cu30", "BMG", "30", None, "A. Inoue (1995)"),
            ("Zr55Al10Ni5Cu30", "BMG", "20", None, "T. Zhang (1996)"),
            ("Zr60Ni40", "AM"),
            ("Al90Cu10", "CR"),
            ("Pd80Si20", "AM"),
        )
    )


def test_alloys_are_counted_by_what_they_share_with_the_system(alloys: pd.DataFrame) -> None:
    words = fitted_in_words(SYSTEM, alloys, 1234, "one model")
    assert words == (
        "The picks rest on the surrogate one model, fitted to 1,234 known alloys: none of Zr-Al-Cu itself, and "
        "3 (2 bulk glasses) that hold two or more of its elements."
    )
    own = merge_alloys(reports_of(("Zr50Al10Cu40", "BMG", "5"), ("Zr20Al60Cu20", "CR")))
    assert "2 (1 bulk glasses) of Zr-Al-Cu itself, and none that hold" in fitted_in_words(SYSTEM, own, 2, "it")


def test_the_nearest_reports_are_named_with_who_reported_them(alloys: pd.DataFrame) -> None:
    picks = pd.DataFrame({"at_pct": [[55.0, 10.0, 35.0], [0.0, 90.0, 10.0]]})
    near_the_glass, near_aluminium = nearest_reports_in_words(SYSTEM, picks, alloys)
    first, second = near_the_glass.split("; ")
    assert first.startswith("Zr55Al10Cu30Ni5 (30 mm")
    assert "A. Inoue (1995)" in first
    assert first.endswith(" and 1 more), 5 at.% away")
    assert second.startswith("Zr50Cu50 (2 mm, bulk glass:"), "the report that decides"
    assert second.endswith(" and 1 more), 15 at.% away")
    assert near_aluminium.startswith("Al90Cu10 (")
    assert ", 0 at.% away" in near_aluminium
