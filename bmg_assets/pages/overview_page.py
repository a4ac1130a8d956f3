"""The page of all systems: where each stands, with links to their pages beside it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd

from bmg_assets.pages.rendering import NO_LINKS, Link, Links, render
from bmg_assets.pages.sentences import formula_led_by
from bmg_assets.science.alloys.systems import SEPARATOR

DAY_S = 86_400
NOTHING_YET = "No system is registered yet; add one, for example with `bmg add Zr-Al-Cu`."


def render_overview(
    overview: pd.DataFrame,
    pages: Mapping[str, str],
    made_at: datetime,
    notes: Sequence[str] = (),
    ledger: str | None = None,
    literature: str | None = None,
    atlas: str | None = None,
    links: Links = NO_LINKS,
) -> str:
    """The page as HTML.

    Args:
        overview: the table `system_overview`.
        pages: for the systems that have a page, its place as seen from this one.
        made_at: now, in UTC.
        links: addresses of other pages by their names, see store/page_links.py.
        notes: what there is to say beside the rows.
        ledger, literature, atlas: places of these pages as seen from this one, if they are there.
    """
    names = [Link(name, pages[name]) if name in pages else name for name in overview["target_system"]]
    systems = as_shown(overview, made_at).assign(system=pd.Series(names, dtype=object))
    return render(
        "overview",
        links=links,
        systems=systems,
        counts=counts_in_words(overview),
        notes=notes,
        ledger=ledger,
        literature=literature,
        atlas=atlas,
        nothing_yet=NOTHING_YET,
        more_than=" or ".join(f"{gain:g}" for gain in sorted(overview["more_than_mm"].dropna().unique())),
        made_at=made_at,
    )


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
    """The table `system_overview` with what is shown of it, and compositions in the keys' order.

    What is added: `system`, `age_days`, `up_to_date` and `chance_of_more_pct`.

    Args:
        now: in UTC.
    """
    age = (pd.Timestamp(now) - pd.to_datetime(overview["trained_at"], utc=True)).dt.total_seconds() / DAY_S
    best = [
        formula_led_by(system.split(SEPARATOR), composition) if isinstance(composition, str) else None
        for system, composition in zip(overview["target_system"], overview["best_composition"], strict=True)
    ]
    return overview.assign(
        system=overview["target_system"],
        chance_of_more_pct=100 * overview["chance_of_more"],
        best_composition=pd.Series(best, dtype=object),
        age_days=age,
        up_to_date=~overview["is_stale"].astype(bool),
    )
