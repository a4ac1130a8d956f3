"""Films apart from castings: one row per composition, the best film counts."""

import pandas as pd

from bmg_assets.science.literature.films import FILM_COLUMNS, merge_films
from bmg_assets.science.literature.merging import merge_alloys
from bmg_assets_tests.science.literature.report_frames import CODES, reports_of

REPORTS = pd.concat(
    [
        reports_of(
            ("Zr50Cu50", "CR", None, "sputtering"),
            ("Cu50 Zr50", "AM", None, "sputtering"),
            ("Zr50Cu50", "BMG", "2"),
            ("Al90Ni10", "CR", None, "sputtering", "Inoue (1990)"),
            ("Al50Ni50", "CR"),
            source="two",
        ),
        reports_of(("ZrCu", "AM", None, "sputtering", "Chen (1974)"), source="one"),
        reports_of(
            ("Al40Ni60", "AM", None, "milling"),
            conventions=CODES.model_copy(update={"powders": frozenset({"milling"})}),
        ),
    ],
    ignore_index=True,
)


def test_a_glass_that_was_made_once_can_be_made():
    films = merge_films(REPORTS)
    assert tuple(films.columns) == FILM_COLUMNS
    assert films["composition"].tolist() == ["Cu50Zr50", "Al90Ni10"]
    assert films["is_glass"].tolist() == [True, False]
    assert films[["n_reports", "n_glass", "n_crystalline"]].to_numpy().tolist() == [[3, 2, 1], [1, 0, 1]]
    assert films["sources"].tolist() == [["one", "two"], ["two"]]
    assert films["first_year"].tolist() == [1974, 1990]
    assert films["elements"][1] == ["Al", "Ni"]
    assert films["at_pct"][1] == [90.0, 10.0]


def test_films_and_castings_never_mix():
    alloys = merge_alloys(REPORTS)
    assert alloys["composition"].tolist() == ["Cu50Zr50", "Al50Ni50"]
    assert alloys["n_reports"].tolist() == [1, 1]
    assert alloys["conflict"].tolist() == ["none", "none"]


def test_a_copy_of_a_film_does_not_count():
    copied = REPORTS["status"].where(REPORTS.index != 1, "copied")
    assert merge_films(REPORTS.assign(status=copied))["n_reports"].tolist() == [2, 1]


def test_no_film_gives_an_empty_table():
    films = merge_films(reports_of(("Cu50Zr50", "BMG", "2")))
    assert tuple(films.columns) == FILM_COLUMNS
    assert films.empty
