"""What stands on top of the maps of a system: known alloys, own casts and what is proposed."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from bmg_assets.pages.drawing import CLASS_TITLES
from bmg_assets.pages.interactive_map import Symbols
from bmg_assets.pages.sentences import TOO_FAR, interval_in_words
from bmg_assets.pages.system_facts import SystemFacts, SystemTables
from bmg_assets.pages.ternary_maps import OTHER_PICK_COLOUR, OWN_COLOUR, PICK_COLOUR
from bmg_assets.science.literature.known_alloys import amounts_of

CLASS_SYMBOLS = {"crystalline": "x", "ribbon": "triangle-up", "bulk": "circle"}
NOT_KNOWN = "no label"
PAPERS_MAP = "map"
SURROGATES_MAP = "surrogate_map"


def symbols_on_map(facts: SystemFacts) -> list[Symbols]:
    """What stands on top of the map, in the order in which it is drawn."""
    tables = facts.tables
    casts = tables.lab[tables.lab["glass_class"].notna()]
    casts = casts.assign(at=amounts_of(facts.system, casts).tolist(), is_trained=True)
    return [
        *_symbols_of_known(facts.known.assign(at=facts.known["at_pct"]), "literature", "white"),
        *_symbols_of_proposed(tables.candidates),
        # On top, since the star of a candidate is larger than they are.
        *_symbols_of_known(casts, "own cast", OWN_COLOUR),
    ]


def maps_in_order(tables: SystemTables) -> tuple[str, str]:
    """Names of the two maps of D_max, that of the recommended picks first."""
    names = (SURROGATES_MAP, PAPERS_MAP)
    return names if tables.recommends_surrogate else (PAPERS_MAP, SURROGATES_MAP)


def _symbols_of_known(alloys: pd.DataFrame, who: str, colour: str) -> list[Symbols]:
    """Symbols by class; open ones for alloys that were pruned from the training set of the paper's models.

    Args:
        alloys: with columns `at` (in the order of the system), `glass_class`, `dmax_mm` and `is_trained`.
        who: reports them.
    """
    symbols = []
    for (glass_class, is_trained), chosen in alloys.groupby(["glass_class", "is_trained"]):
        title = f"{who}{'' if is_trained else ', pruned'}: {CLASS_TITLES[str(glass_class)]}"
        symbol = CLASS_SYMBOLS[str(glass_class)]
        labels = [NOT_KNOWN if pd.isna(dmax) else f"{dmax:g} mm" for dmax in chosen["dmax_mm"]]
        marker = {
            "symbol": symbol if is_trained else f"{symbol}-open",
            "size": 9 if is_trained else 7,
            "color": colour,
            "line": {"width": 1.2, "color": "black"} if is_trained else {"width": 1.5},
        }
        symbols.append(Symbols(chosen["at"].tolist(), title, [f"{title}, {label}" for label in labels], marker))
    return symbols


def _symbols_of_proposed(candidates: pd.DataFrame) -> list[Symbols]:
    """Stars and diamonds for what is proposed."""
    symbols = []
    for title, which, marker in candidate_symbols(candidates):
        if not which.any():
            continue
        chosen = candidates[which]
        words = [f"{title} {one['rank']}: {_predicted_in_words(one)}" for one in chosen.to_dict("records")]
        edge = {"line": {"width": 1, "color": "black"}}
        symbols.append(Symbols(chosen["at_pct"].tolist(), title, words, marker | edge))
    return symbols


def candidate_symbols(candidates: pd.DataFrame) -> list[tuple[str, pd.Series, dict[str, Any]]]:
    """Title, rows and symbol of each sort of candidates."""
    is_pick, is_recommended = candidates["kind"] == "pick", candidates["is_recommended"].astype(bool)
    return [
        ("cast next", is_pick & is_recommended, {"symbol": "star", "size": 17, "color": PICK_COLOUR}),
        ("for comparison", is_pick & ~is_recommended, {"symbol": "star", "size": 14, "color": OTHER_PICK_COLOUR}),
        ("boundary point", ~is_pick, {"symbol": "diamond", "size": 8, "color": "white"}),
    ]


def _predicted_in_words(candidate: dict[Hashable, Any]) -> str:
    if not candidate["is_trusted"]:
        return TOO_FAR
    return f"{candidate['dmax_mm']:.2f} mm ({interval_in_words(candidate)})"
