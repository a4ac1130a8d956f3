"""The page of all systems: where each stands, with links to their pages beside it."""

from datetime import datetime

import pandas as pd

from bmg_assets.pages.page import Columns, Link, Shown, document, paragraph, table
from bmg_assets.science.alloys.compositions import formula_in_order, parse_formula
from bmg_assets.science.alloys.systems import SEPARATOR

DAY_S = 86_400
COLUMNS: Columns = {
    "system": "system",
    "state": "state",
    "best_predicted_mm": Shown("best prediction (mm)"),
    "best_composition": "at",
    "best_cast_mm": Shown("best own cast (mm)"),
    "n_lab": "own alloys",
    "n_training": "alloys in the training set",
    "fusion_r2": Shown("R² of the fusion"),
    "age_days": Shown("age (days)", digits=1),
    "up_to_date": "up to date",
    "stale_because": "why not",
}
NOTHING_YET = "No system is registered yet; add one, for example with `bmg add Zr-Al-Cu`."


def render_overview(overview: pd.DataFrame, pages: dict[str, str], made_at: datetime) -> str:
    """The page as HTML.

    Args:
        overview: the table `system_overview`.
        pages: for the systems that have a page, its place as seen from this one.
        made_at: now, in UTC.
    """
    names = [Link(name, pages[name]) if name in pages else name for name in overview["target_system"]]
    frame = as_shown(overview, made_at).assign(system=pd.Series(names, dtype=object))
    body = [
        "<h1>All systems</h1>",
        paragraph(
            f"{counts_in_words(overview)} Made {made_at:%Y-%m-%d %H:%M} UTC; `bmg list` says how it is now.", "note"
        ),
        table(frame, COLUMNS) if len(frame) else paragraph(NOTHING_YET),
        paragraph(
            "R² is a mean over five random folds: it says how well the models fill gaps among known alloys, and "
            "flatters them for a system that nobody has cast. A system is up to date while its models are newer than "
            "the literature, the casts and the settings that they are made from.",
            "note",
        ),
    ]
    return document("All systems", body)


def counts_in_words(overview: pd.DataFrame) -> str:
    """How many systems there are and what they wait for; each is counted once.

    Args:
        overview: the table `system_overview`.
    """
    trained = overview["trained_at"].notna()
    again = int((trained & overview["is_stale"].astype(bool)).sum())
    return (
        f"Systems registered: {len(overview)}; not trained yet: {int((~trained).sum())}; to be trained again: {again}."
    )


def as_shown(overview: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """The table `system_overview` with `system`, `age_days` and `up_to_date`, and compositions in the keys' order.

    Args:
        now: in UTC.
    """
    age = (pd.Timestamp(now) - pd.to_datetime(overview["trained_at"], utc=True)).dt.total_seconds() / DAY_S
    best = [
        _in_order(system, composition)
        for system, composition in zip(overview["target_system"], overview["best_composition"], strict=True)
    ]
    return overview.assign(
        system=overview["target_system"],
        best_composition=pd.Series(best, dtype=object),
        age_days=age,
        up_to_date=~overview["is_stale"].astype(bool),
    )


def _in_order(system: str, composition: object) -> str | None:
    """A composition with its elements in the order of the system's key; None where there is none."""
    if not isinstance(composition, str):
        return None
    elements, amounts = system.split(SEPARATOR), parse_formula(composition).amounts
    return formula_in_order(elements, [amounts[element] for element in elements])
