"""Reports made from a few cells, for the tests of what becomes of them."""

import pandas as pd

from bmg_assets.science.alloys.labels import Conventions, GlassClass
from bmg_assets.science.literature.curation import RAW_COLUMNS, ReportOrigin, curate_reports

CODES = Conventions(
    classes={"CR": GlassClass.CRYSTALLINE, "AM": GlassClass.RIBBON, "BMG": GlassClass.BULK},
    values={0.0: GlassClass.CRYSTALLINE, 0.2: GlassClass.RIBBON},
    films=frozenset({"sputtering"}),
    not_castings=frozenset({"annealing"}),
)
MEANS = Conventions(values=CODES.values, averaged=True)


def rows(*cells: tuple[str | None, ...]) -> pd.DataFrame:
    """Raw rows of (formula, class, value, method, reference), the last ones left out where not needed."""
    records = [
        (number, *cell, *[None] * (len(RAW_COLUMNS) - 1 - len(cell))) for number, cell in enumerate(cells, start=1)
    ]
    return pd.DataFrame(records, columns=list(RAW_COLUMNS))


def reports_of(*cells: tuple[str | None, ...], source: str = "one", conventions: Conventions = CODES) -> pd.DataFrame:
    return curate_reports(rows(*cells), ReportOrigin(source, "a handbook", "none stated", "at%", conventions))


def published_reports(published_csv) -> pd.DataFrame:
    """The reports of the published table of Xu et al."""
    table = pd.read_csv(published_csv, dtype=str, keep_default_na=False)
    raw = pd.DataFrame(None, index=range(len(table)), columns=list(RAW_COLUMNS)).assign(
        source_row=range(1, len(table) + 1), formula=table["pretty_formula"], value_reported=table["D_max"]
    )
    return curate_reports(raw, ReportOrigin("paper", "Xu et al.", "none stated", "at%", MEANS))
