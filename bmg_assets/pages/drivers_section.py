"""The part of a system's page on the known alloys behind its candidates, with what they can and cannot explain."""

from html import escape

from bmg_assets.pages.drawing import CLASS_TITLES
from bmg_assets.pages.page import Columns, Shown, paragraph, table
from bmg_assets.pages.system_facts import SystemFacts, formula_led_by
from bmg_assets.science.alloys.compositions import formula_in_order, parse_formula
from bmg_assets.science.surrogates.map_strategies import TRANSFER

SHARE_COLUMN = "share_pct"
COLUMNS: Columns = {
    "composition": "known alloy",
    "glass_class": "class",
    "dmax_mm": Shown("D_max (mm)", digits=1),
    "category": "category",
    SHARE_COLUMN: Shown("share of the forest's prediction (%)", digits=1),
    "descriptor_distance": Shown("distance in descriptors (s.d.)"),
    "exchanged_at_pct": Shown("exchanged (at.%)", digits=1),
}
MEASURES = (
    "The distance in descriptors is the typical difference of a descriptor in standard deviations of the training set. "
    "Exchanged: how many of a hundred atoms differ."
)


def drivers_section(facts: SystemFacts) -> list[str]:
    """Heading, what the tables say, a table for each pick, and those of the boundary points folded away; as HTML."""
    drivers = facts.drivers.assign(
        **{SHARE_COLUMN: 100 * facts.drivers["forest_share"]},
        glass_class=facts.drivers["glass_class"].map(CLASS_TITLES),
        composition=[formula_led_by(facts.system, parse_formula(one).amounts) for one in facts.drivers["composition"]],
    )
    columns = {name: one for name, one in COLUMNS.items() if facts.forest_counts or name != SHARE_COLUMN}
    candidates = facts.tables.candidates
    tables = {
        row["composition"]: table(
            drivers[drivers["candidate"] == row["composition"]],
            columns,
            formula_in_order(facts.system.elements, row["at_pct"]),
        )
        for row in candidates.to_dict("records")
    }
    picks = candidates.loc[candidates["kind"] == "pick", "composition"]
    folded = "".join(words for composition, words in tables.items() if composition not in set(picks))
    heading = (
        "Why: the known alloys behind the candidates" if facts.forest_counts else "Known alloys near the candidates"
    )
    return [
        f"<h2>{escape(heading)}</h2>",
        paragraph(f"{_what_they_say(facts)} {MEASURES}", "note"),
        *(tables[composition] for composition in picks),
        f"<details class='on-screen'><summary>Boundary points</summary>{folded}</details>" if folded else "",
    ]


def _what_they_say(facts: SystemFacts) -> str:
    """Why these alloys are listed, in this order."""
    if facts.tables.strategy == TRANSFER:
        return (
            "These candidates come from the strategy `transfer`, which learns from all known alloys at once. Listed "
            "are alloys of the training set of the other strategy, the nearest in descriptors first: for orientation, "
            "they are not what the candidates were chosen by."
        )
    forest, svr = facts.weights["random_forest"], facts.weights["svr"]
    if not facts.forest_counts:
        return (
            "The random forest, the only sub-model of which it can be told alloy by alloy what a prediction rests on, "
            "has no weight in this fusion. Listed are therefore the known alloys that lie nearest in descriptors; "
            f"nearness is what the support vectors act by (their weight is {svr:.2f}), not the boosted trees."
        )
    return (
        "The forest's prediction is a weighted mean of the D_max of known alloys: its share says how much an alloy "
        f"counts in it. The forest's weight in the fusion is {forest:.2f}: the smaller it is, the less the shares say "
        "about the fused prediction; the other sub-models have no such shares. First the alloys with the largest "
        "shares, then the nearest in descriptors."
    )
