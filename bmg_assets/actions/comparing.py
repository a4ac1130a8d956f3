"""Two to five alloys side by side: predictions, descriptors, known neighbours, price, density, melt, and arguments."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bmg_assets.actions.compared_alloys import AlloyFacts
from bmg_assets.science.errors import BmgError
from bmg_assets.science.proposals.arguments import Argument, arguments_for, summed_up
from bmg_assets.science.proposals.comparison import FEWEST, MOST, ComparedAlloy, differing_descriptors, models_of

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.intake.inbox import LabInbox
    from bmg_assets.science.alloys.compositions import ParsedFormula
    from bmg_assets.settings import Settings
    from bmg_assets.store.store import Store

FEWEST_OF_ALLOY, MOST_OF_ALLOY = 2, 9
"""Elements of an alloy that can be compared."""


class ComparisonError(BmgError):
    """Alloys that cannot be compared."""


@dataclass(frozen=True)
class Comparison:
    """Alloys side by side.

    Attributes:
        models: names of the models that predict any of them.
        descriptors: see `differing_descriptors`.
        arguments: what argues for which.
        summary: the same, a sentence for each alloy.
        notes: what there is to say of all of them: sentences.
    """

    alloys: tuple[ComparedAlloy, ...]
    models: tuple[str, ...]
    descriptors: "pd.DataFrame"
    arguments: tuple[Argument, ...]
    summary: tuple[str, ...]
    notes: tuple[str, ...]

    def table(self) -> "pd.DataFrame":
        """One row per alloy, for other programs."""
        import pandas as pd

        return pd.DataFrame([_row(one) for one in self.alloys])

    def as_objects(self) -> dict[str, Any]:
        """Everything, as JSON can hold it."""
        formulas = {str(column): one.formula for column, one in enumerate(self.alloys)}
        descriptors = self.descriptors.rename(columns=formulas)
        return {
            "alloys": [asdict(one) for one in self.alloys],
            "descriptors": json.loads(descriptors.to_json(orient="records")),
            "arguments": [asdict(one) for one in self.arguments],
            "summary": list(self.summary),
            "notes": list(self.notes),
        }


def compare(
    store: "Store",
    inbox: "LabInbox",
    settings: "Settings",
    formulas: Sequence[str],
    say: Callable[[str], None] = lambda _: None,
) -> Comparison:
    """Set alloys side by side.

    Args:
        formulas: as people write them, in at.%.
        say: called with a sentence before something that takes long.

    Raises:
        ComparisonError: too few or too many alloys, one of them twice, of too many or too few elements, or unreadable.
        EmptyLiteratureError: no literature was taken in yet.
        NothingKnownError, UnknownElementError: nothing can be predicted.
        BmgError: a table cannot be read.
    """
    from bmg_assets.science.surrogates.catalogue import PAPER, RECOMMENDED

    read = _read(formulas)
    facts = AlloyFacts(store, inbox, settings, say)
    alloys = tuple(facts.of(one) for one in read)
    arguments = tuple(arguments_for(alloys, RECOMMENDED.name, PAPER.name))
    return Comparison(
        alloys=alloys,
        models=tuple(models_of(alloys)),
        descriptors=_descriptors(facts, alloys),
        arguments=arguments,
        summary=tuple(summed_up(alloys, arguments)),
        notes=_common_notes(alloys),
    )


def _read(formulas: Sequence[str]) -> list["ParsedFormula"]:
    """The alloys that are asked for; raises ComparisonError."""
    from bmg_assets.science.alloys.compositions import FormulaError, parse_formula

    asked = [formula.strip() for formula in formulas if formula.strip()]
    if not FEWEST <= len(asked) <= MOST:
        found = f"{len(asked)} alloy{'' if len(asked) == 1 else 's'}" if asked else "no alloy"
        change = "name another one" if len(asked) < FEWEST else "leave some out"
        raise ComparisonError(f"Found {found} to compare, expected {FEWEST} to {MOST}; {change}.")
    read: list[ParsedFormula] = []
    for formula in asked:
        try:
            one = parse_formula(formula)
        except FormulaError as error:
            raise ComparisonError(str(error)) from None
        if not FEWEST_OF_ALLOY <= len(one.amounts) <= MOST_OF_ALLOY:
            raise ComparisonError(
                f"{one.in_order} has {len(one.amounts)} element{'' if len(one.amounts) == 1 else 's'}, expected "
                f"{FEWEST_OF_ALLOY} to {MOST_OF_ALLOY}; name an alloy of so many."
            )
        twin = next((other for other in read if other.composition == one.composition), None)
        if twin is not None:
            raise ComparisonError(
                f"'{formula}' is the same alloy as '{twin.formula}' ({twin.in_order}); name different ones."
            )
        read.append(one)
    return read


def _descriptors(facts: AlloyFacts, alloys: Sequence[ComparedAlloy]) -> "pd.DataFrame":
    """The paper's descriptors in which the alloys differ most, measured by those of the known alloys."""
    from bmg_assets.science.alloys.compositions import fraction_matrix
    from bmg_assets.science.descriptors.elements import element_tables
    from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS, compute_descriptors

    known = facts.literature.table("descriptors")
    names = list(PAPER_DESCRIPTORS)
    fractions, elements = fraction_matrix(
        [list(one.amounts) for one in alloys], [list(one.amounts.values()) for one in alloys]
    )
    block = compute_descriptors(fractions, elements, element_tables(str(known["element_tables"].iloc[0])))
    columns = [block.names.index(name) for name in names]
    return differing_descriptors(block.values[:, columns], known[names].to_numpy(np.float64), names)


def _common_notes(alloys: Sequence[ComparedAlloy]) -> tuple[str, ...]:
    from bmg_assets.science.descriptors.known_elements import not_described

    lacking = not_described(dict.fromkeys(element for one in alloys for element in one.amounts))
    if not lacking:
        return ()
    return (f"Descriptors are not compared where an alloy holds {' or '.join(lacking)}: they do not know it.",)


def _row(one: ComparedAlloy) -> dict[str, Any]:
    """An alloy as a row of a table, with its units in the names of the columns."""
    row: dict[str, Any] = {"formula": one.formula, "system": one.system}
    for prediction in one.predictions:
        row |= {
            f"{prediction.by}_mm": prediction.dmax_mm,
            f"{prediction.by}_low_mm": prediction.low_mm,
            f"{prediction.by}_high_mm": prediction.high_mm,
            f"{prediction.by}_probability_bulk": prediction.probability_bulk,
        }
        row |= {} if prediction.is_trusted is None else {f"{prediction.by}_is_trusted": prediction.is_trusted}
    row = {name: value for name, value in row.items() if value is not None}
    nearest = one.nearest[0] if one.nearest else None
    row |= {
        "known_class": None if one.known is None else one.known.glass_class,
        "known_dmax_mm": None if one.known is None else one.known.dmax_mm,
        "own_cast": one.own_cast,
        "nearest_formula": None if nearest is None else nearest.formula,
        "nearest_class": None if nearest is None else nearest.glass_class,
        "nearest_dmax_mm": None if nearest is None else nearest.dmax_mm,
        "nearest_at_pct": None if nearest is None else nearest.distance_at_pct,
        "price_per_kg": one.price_per_kg,
        "density_g_cm3": one.density_g_cm3,
        "estimated_liquidus_K": one.liquidus_kelvin,
        "reduced_liquidus": one.reduced_liquidus,
    }
    for name, found in one.properties.items():
        row |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
    return row | {"notes": " ".join(one.notes)}
