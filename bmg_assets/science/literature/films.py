"""Reports of sputtered and deposited films to one row per composition, apart from castings.

A film is quenched atom by atom, so a glassy film says only that the alloy is a glass at the fastest quench there is:
the lowest rung of the ladder of film, ribbon and rod. Powders have no row: how fast they cool, or whether they melt at
all, differs from mill to mill.
"""

from typing import TYPE_CHECKING

from bmg_assets.science.alloys.compositions import chemical_system
from bmg_assets.science.alloys.report_kinds import ReportKind

if TYPE_CHECKING:
    import pandas as pd

FILM_COLUMNS = (
    "composition",
    "chemical_system",
    "elements",
    "at_pct",
    "is_glass",
    "n_reports",
    "n_glass",
    "n_crystalline",
    "first_year",
    "sources",
)


def merge_films(reports: "pd.DataFrame") -> "pd.DataFrame":
    """One row per composition of the films that are set apart, in the order of their first report.

    reports: REPORT_COLUMNS; copies do not count.
    Returns FILM_COLUMNS; `is_glass` is the best that was reported: a glass that was made once can be made.
    """
    import pandas as pd

    films = reports[(reports["status"] == "set_apart") & (reports["kind"] == ReportKind.FILM)]
    films = films.sort_values(["source", "source_row"], kind="stable")
    films = films.assign(is_glass=films["is_glass"].astype(bool))
    groups = films.groupby("composition", sort=False)
    first = groups[["elements", "at_pct"]].first()
    size, n_glass = groups.size().astype("int64"), groups["is_glass"].sum().astype("int64")
    merged = pd.DataFrame(
        {
            "composition": first.index,
            "chemical_system": [chemical_system(elements) for elements in first["elements"]],
            "elements": first["elements"],
            "at_pct": first["at_pct"],
            "is_glass": n_glass > 0,
            "n_reports": size,
            "n_glass": n_glass,
            "n_crystalline": size - n_glass,
            "first_year": groups["year"].min(),
            "sources": groups["source"].agg(lambda sources: sorted(set(sources))),
        },
        index=first.index,
        columns=list(FILM_COLUMNS),
    )
    return merged.reset_index(drop=True)
