"""What each source brought to the literature, where it contradicts the others, and what of it was lost, in counts.

Sources are compared by what they say, whether a report counts or repeats another one: a copied error contradicts as
well. How reports become alloys is in merging.py, copies are found before.
"""

from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.alloys.labels import RANK, GlassClass
from bmg_assets.science.alloys.report_kinds import ReportKind
from bmg_assets.science.literature.merging import CONFLICTS

if TYPE_CHECKING:
    import pandas as pd

STATUSES = ("accepted", "copied", "set_apart", "refused")
OFF = 0.25
"""Share of the others' mean D_max from which on a diameter contradicts them."""
UNKNOWN_DECADE = "unknown"


def tallies_of(reports: "pd.DataFrame", alloys: "pd.DataFrame") -> "dict[str, pd.DataFrame]":
    """All counts by name.

    Args:
        reports, alloys: the tables of these names.
    """
    return {
        "sources": by_source(reports),
        "kinds": by_kind(reports),
        "decades": by_decade(reports, alloys),
        "conflicts": by_conflict(alloys),
        "losses": losses(reports),
    }


def by_source(reports: "pd.DataFrame") -> "pd.DataFrame":
    """What each source brought, in the order of the reports.

    Args:
        reports: the table `reports`.

    Returns:
        A row per source: `source`; `rows`, and how many of them have each of STATUSES; `alloys`, the compositions of
        which it says something for castings; `alone`, those of which no other source says anything; `class_against`,
        those of the others to which it gives a class that none of the others gives; `compared` and `dmax_against`,
        bulk glasses of which it and others report a diameter, and those whose means differ by more than a quarter.
    """
    import pandas as pd

    order = list(dict.fromkeys(reports["source"]))
    statuses = pd.crosstab(reports["source"], reports["status"]).reindex(columns=STATUSES, fill_value=0)
    said = said_by_source(reports)
    sources_of = said.groupby("composition")["source"].transform("nunique")
    shared = said[sources_of > 1]
    counts = {
        "rows": reports.groupby("source").size(),
        **{status: statuses[status] for status in STATUSES},
        "alloys": said.groupby("source").size(),
        "alone": said[sources_of == 1].groupby("source").size(),
        "class_against": shared[_class_against(shared)].groupby("source").size(),
        **_diameters_against(shared),
    }
    frame = pd.DataFrame({name: count.reindex(order) for name, count in counts.items()}, index=order)
    return frame.fillna(0).astype("int64").rename_axis("source").reset_index()


def by_kind(reports: "pd.DataFrame") -> "pd.DataFrame":
    """The rows that are not refused, by source and kind: `source`, and a column per kind that occurs."""
    import pandas as pd

    used = reports[reports["kind"].notna() & (reports["status"] != "refused")]
    counts = pd.crosstab(used["source"], used["kind"])
    kinds = [kind.value for kind in ReportKind if kind.value in counts.columns]
    order = list(dict.fromkeys(reports["source"]))
    return (
        counts.reindex(index=order, columns=kinds, fill_value=0).rename_axis(columns=None).reset_index(names="source")
    )


def by_decade(reports: "pd.DataFrame", alloys: "pd.DataFrame") -> "pd.DataFrame":
    """How the literature grew.

    Returns:
        A row per decade, the first first and those without a year last: `decade`; `reports`, those accepted; `alloys`,
        those first reported in it; `bulk`, how many of these are bulk glasses.
    """
    import pandas as pd

    accepted = reports[reports["status"] == "accepted"]
    is_bulk = alloys["glass_class"] == GlassClass.BULK.value
    counts = {
        "reports": accepted.groupby(_decades(accepted["year"])).size(),
        "alloys": alloys.groupby(_decades(alloys["first_year"])).size(),
        "bulk": alloys[is_bulk].groupby(_decades(alloys.loc[is_bulk, "first_year"])).size(),
    }
    # "unknown" sorts behind the digits.
    frame = pd.DataFrame(counts).sort_index().fillna(0).astype("int64")
    return frame.rename_axis("decade").reset_index()


def by_conflict(alloys: "pd.DataFrame") -> "pd.DataFrame":
    """Alloys by how their reports disagree: `conflict`, `alloys`, and `several`, those of more than one report."""
    import pandas as pd

    several = alloys["n_reports"] > 1
    counts = {
        "alloys": alloys["conflict"].value_counts(),
        "several": alloys.loc[several, "conflict"].value_counts(),
    }
    frame = pd.DataFrame(counts).reindex(CONFLICTS).fillna(0).astype("int64")
    return frame.rename_axis("conflict").reset_index()


def losses(reports: "pd.DataFrame") -> "pd.DataFrame":
    """Refused rows by source and rule: `source`, `rule`, `rows`, and the `example` that stands first."""
    refused = reports[reports["status"] == "refused"]
    refused = refused.assign(rule=[rules[-1] for rules in refused["rules"]])
    found = refused.groupby(["source", "rule"], sort=False).agg(rows=("rule", "size"), example=("reason", "first"))
    order = {source: place for place, source in enumerate(dict.fromkeys(reports["source"]))}
    frame = found.reset_index().sort_values("rows", ascending=False, kind="stable")
    return frame.sort_values("source", key=lambda names: names.map(order), kind="stable").reset_index(drop=True)


def said_by_source(reports: "pd.DataFrame") -> "pd.DataFrame":
    """What each source says of an alloy: `source`, `composition`, the best class as `rank`, the mean `dmax_mm`.

    The codes of ribbons are no diameters, so the mean is that of bulk glasses.
    """
    rows = reports[reports["status"].isin(("accepted", "copied")) & reports["glass_class"].notna()]
    rows = rows.assign(
        composition=_counted_as(rows),
        rank=rows["glass_class"].map(RANK).astype("float64"),
        dmax_mm=rows["dmax_mm"].where(rows["glass_class"] == GlassClass.BULK.value),
    )
    return rows.groupby(["source", "composition"], as_index=False, sort=False).agg(
        rank=("rank", "max"), dmax_mm=("dmax_mm", "mean")
    )


def _counted_as(rows: "pd.DataFrame") -> "pd.Series":
    """The composition of each row; of a copy that of the report that counts, which may be rounded otherwise."""
    names = rows["source"] + " row " + rows["source_row"].astype(str)
    of_name = dict(zip(names, rows["composition"], strict=True))
    return rows["copy_of"].map(of_name).fillna(rows["composition"])


def _class_against(shared: "pd.DataFrame") -> "pd.Series":
    """Whether no other source gives the alloy the class that this one gives it."""
    same = shared.groupby(["composition", "rank"])["source"].transform("nunique")
    return same == 1


def _diameters_against(shared: "pd.DataFrame") -> "dict[str, pd.Series]":
    measured = shared[shared["dmax_mm"].notna()]
    groups = measured.groupby("composition")["dmax_mm"]
    others = groups.transform("size") - 1
    measured, others = measured[others > 0], others[others > 0]
    means = (groups.transform("sum").loc[measured.index] - measured["dmax_mm"]) / others
    is_off = (measured["dmax_mm"] - means).abs() > OFF * means
    return {
        "compared": measured.groupby("source").size(),
        "dmax_against": measured[is_off].groupby("source").size(),
    }


def _decades(years: "pd.Series") -> "pd.Series":
    known = years.astype("float64")
    return known.map(lambda year: UNKNOWN_DECADE if np.isnan(year) else f"{int(year) // 10 * 10}s")
