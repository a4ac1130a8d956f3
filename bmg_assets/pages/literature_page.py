"""The literature for people: what it is made of, what each source brought, and where it is blind."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import pandas as pd

from bmg_assets.pages.drawing import CLASS_TITLES, in_words
from bmg_assets.pages.literature_figures import draw_correlations, draw_pairs, draw_profile, draw_years
from bmg_assets.pages.rendering import NO_LINKS, Columns, Links, Picture, render
from bmg_assets.science.literature.blind_spots import BULK, COMMON, FAILURES, FEW, LEAST_ALLOYS, RIBBONS, BlindSpots
from bmg_assets.science.literature.profile import Correlations, LiteratureProfile

SHOWN = 20
"""Rows of a list of gaps."""
SOURCE_COLUMNS: Columns = {
    "source": "source",
    "rows": "rows",
    "accepted": "accepted",
    "copied": "copies of others",
    "set_apart": "set apart",
    "refused": "refused",
    "alloys": "alloys",
    "alone": "alloys it alone reports",
    "class_against": "class against all others",
    "compared": "D_max compared",
    "dmax_against": "of these off by > 25 %",
}
SOURCES_MEAN = (
    "Set apart are films and powders, which say nothing of castings. A source is compared with what all the others say "
    "of an alloy, whether a report counts or is a copy."
)
DECADE_COLUMNS: Columns = {
    "decade": "decade",
    "reports": "reports that count",
    "alloys": "alloys first reported",
    "bulk": "of these bulk glasses",
}
CONFLICT_COLUMNS: Columns = {"words": "conflict", "alloys": "alloys", "several": "with several reports"}
CONFLICT_WORDS = {
    "none": "none",
    "value": "different diameters",
    "between_codes": "a published mean of a diameter and a code",
    "class": "different classes",
}
LOSS_COLUMNS: Columns = {"source": "source", "words": "refused because", "rows": "rows", "example": "the first"}
PAIR_COLUMNS: Columns = {
    "pair": "never in one alloy",
    "alloys_a": "alloys with the first",
    "alloys_b": "alloys with the second",
}
SYSTEM_COLUMNS: Columns = {"chemical_system": "system", "alloys": "alloys", "has": "what is reported"}
BY_SOURCE = "By source"
TOGETHER = "together"


def tallies_in_words(tallies: Mapping[str, pd.DataFrame], n_alloys: int) -> dict[str, tuple[pd.DataFrame, Columns]]:
    """The counts that are not empty, by title, as people read them.

    Args:
        tallies: as `tallies_of` gives them.
        n_alloys: rows of the table `alloys`.
    """
    kinds, lost = tallies["kinds"], tallies["losses"]
    conflicts = tallies["conflicts"].assign(words=tallies["conflicts"]["conflict"].map(CONFLICT_WORDS))
    tables: dict[str, tuple[pd.DataFrame, Columns]] = {
        BY_SOURCE: (_with_sums(tallies["sources"], alloys=n_alloys), SOURCE_COLUMNS),
        "Rows by kind": (_with_sums(kinds), {str(name): in_words(str(name)) for name in kinds}),
        "By decade of the first report": (tallies["decades"], DECADE_COLUMNS),
        "By conflict": (conflicts, CONFLICT_COLUMNS),
        "Lost": (lost.assign(words=lost["rule"].map(in_words)), LOSS_COLUMNS),
    }
    return {title: one for title, one in tables.items() if len(one[0])}


def profile_in_words(profile: LiteratureProfile) -> str:
    """How many alloys of which class there are."""
    classes = [f"{CLASS_TITLES[name]} {profile.by_class.get(name, 0):,}" for name in CLASS_TITLES]
    dated = int(profile.by_year.to_numpy().sum())
    years = (
        f" {dated:,} reports are dated, from {profile.by_year.index[0]} to {profile.by_year.index[-1]}; of "
        f"{profile.n_without_year:,} the year is not known."
        if dated
        else " No report has a year."
    )
    return f"{profile.n_alloys:,} alloys of {len(profile.by_system):,} systems: {'; '.join(classes)}.{years}"


def blind_spots_in_words(blind: BlindSpots) -> list[str]:
    """What is missing, a sentence for each way."""
    pairs = blind.n_common * (blind.n_common - 1) // 2
    sentences = [
        f"Of the {pairs:,} pairs of the {blind.n_common} elements that are in {COMMON} alloys or more, "
        f"{len(blind.never_together):,} are in no alloy together.",
        _systems_in_words(blind.systems),
    ]
    if blind.rare:
        rare = ", ".join(f"{element} ({count})" for element, count in blind.rare.items())
        sentences.append(f"In fewer than {FEW} alloys: {rare}.")
    if blind.missing_kinds:
        sentences.append(f"Kinds of reports that decide on no alloy: {_listed(blind.missing_kinds)}.")
    for name, title in CLASS_TITLES.items():
        numbers = [n for n, missing in blind.missing_classes if missing == name]
        if numbers:
            sentences.append(f"No alloy of {', '.join(map(str, numbers))} elements is reported as “{title}”.")
    return sentences


def draw_literature(profile: LiteratureProfile, blind: BlindSpots, correlated: Correlations) -> dict[str, Picture]:
    """The figures by name."""
    pictures = [
        Picture(
            "fig_1",
            draw_profile(profile),
            profile_in_words(profile),
            "What the literature is made of (the paper's Fig. 1). The kind is that of the report that decides: the "
            "best class, then the largest diameter.",
        ),
        Picture(
            "fig_pairs",
            draw_pairs(blind),
            f"{len(blind.never_together)} pairs of common elements are in no alloy together",
            "Where it is blind: how many alloys hold both of two elements. What a map says of a system whose pairs are "
            "white follows from other elements alone.",
        ),
        Picture(
            "fig_s2",
            draw_correlations(correlated),
            f"{correlated.n_pairs_above} pairs of descriptors are correlated with |r| of 0.8 or more",
            "How the descriptors are correlated over these alloys (the paper's Fig. S2).",
        ),
    ]
    if len(profile.by_year):
        years = Picture("fig_years", draw_years(profile), profile_in_words(profile), "How it grew, by kind of report.")
        pictures.insert(1, years)
    return {one.name: one for one in pictures}


def render_literature(
    profile: LiteratureProfile,
    blind: BlindSpots,
    tallies: Mapping[str, pd.DataFrame],
    sources: pd.DataFrame,
    pictures: Mapping[str, Picture],
    made_at: datetime,
    links: Links = NO_LINKS,
) -> str:
    """The page as HTML.

    Args:
        tallies: as `tallies_of` gives them.
        sources: as `sources_of` gives them.
        pictures: as `draw_literature` gives them.
        made_at: now, in UTC.
        links: addresses of other pages by their names, see store/page_links.py.
    """
    return render(
        "literature",
        links=links,
        summary=profile_in_words(profile),
        blind=blind_spots_in_words(blind),
        tallies=tallies_in_words(tallies, profile.n_alloys),
        notes={BY_SOURCE: SOURCES_MEAN},
        never_together=blind.never_together.head(SHOWN),
        pair_columns=PAIR_COLUMNS,
        one_sided={title: frame for title, frame in _one_sided(blind.systems).items() if len(frame)},
        system_columns=SYSTEM_COLUMNS,
        sources=sources,
        pictures=pictures,
        made_at=made_at,
    )


def _with_sums(frame: pd.DataFrame, **instead: int) -> pd.DataFrame:
    """The counts with their sums below them.

    Args:
        instead: what stands there where a sum would count alloys twice.
    """
    if len(frame) < 2:
        return frame
    sums = frame.drop(columns="source").sum().to_dict() | instead
    return pd.concat([frame, pd.DataFrame([{"source": TOGETHER} | sums])], ignore_index=True)


def _systems_in_words(systems: pd.DataFrame) -> str:
    counts = systems["has"].value_counts()
    return (
        f"Of the {len(systems):,} systems of three or more elements with {LEAST_ALLOYS} alloys or more, "
        f"{counts.get(BULK, 0):,} have bulk glasses alone, {counts.get(RIBBONS, 0):,} glasses but no bulk glass, and "
        f"{counts.get(FAILURES, 0):,} no glass at all: inside these, nothing tells what makes the difference."
    )


def _one_sided(systems: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        f"The largest systems with {name}": systems[systems["has"] == has].head(SHOWN // 2)
        for has, name in ((BULK, "bulk glasses alone"), (FAILURES, "failures alone"))
    }


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(in_words, names))
