"""The lab sheet of chosen alloys: what to weigh, which rungs to cast, and the lab file that takes the alloys up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bmg_assets.science.errors import BmgError

if TYPE_CHECKING:
    from bmg_assets.intake.inbox import LabInbox
    from bmg_assets.science.alloys.systems import TargetSystem
    from bmg_assets.science.alloys.weighing import Weighed
    from bmg_assets.science.casts.cast import Cast, Method
    from bmg_assets.science.proposals.casting_practice import CastingPractice
    from bmg_assets.science.proposals.rungs import Rung
    from bmg_assets.store.store import Store

MOST_ALLOYS = 12
RIBBON_MM = 0.03
"""Thickness that a melt-spun ribbon is planned with."""
CODE_DIGITS = 4
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits of a code that nobody takes for another."""
FILE_COLUMNS = (
    "schema_version",
    "sample_id",
    "test_date",
    "composition_nominal",
    "composition_unit",
    "method",
    "dimension_kind",
    "dimension_mm",
    "verdict",
    "note",
)


class SheetError(BmgError):
    """A lab sheet that cannot be made."""


@dataclass(frozen=True)
class PlannedSample:
    """A sample to be cast.

    Attributes:
        code: its sample_id.
        words: the rung, like "rod of 2.5 mm".
        when: when it is cast: first, or after which outcome.
    """

    code: str
    words: str
    when: str
    method: "Method"
    dimension_kind: str
    dimension_mm: float


@dataclass(frozen=True)
class SheetAlloy:
    """An alloy of the sheet.

    Attributes:
        weighed: what to weigh, in the order of the system.
        as_weighed_pct: at.% that the rounded grams make.
        first: what to cast first and what then, as a sentence.
        expected: what is predicted of it, as a sentence; empty for an alloy that was not proposed.
        samples: the first one is what the lab file plans.
    """

    formula: str
    composition: str
    weighed: "list[Weighed]"
    as_weighed_pct: Mapping[str, float]
    first: str
    expected: str
    samples: Sequence[PlannedSample]

    @property
    def total_g(self) -> float:
        """Sum of the rounded grams."""
        return sum(row.grams for row in self.weighed)


@dataclass(frozen=True)
class LabSheet:
    """What a person takes to the furnace."""

    system: "TargetSystem"
    mass_g: float
    day: date
    alloys: Sequence[SheetAlloy]
    has_losses: bool
    has_purities: bool


def lab_sheet(
    store: "Store", inbox: "LabInbox", system: "TargetSystem", formulas: Sequence[str], mass_g: float
) -> LabSheet:
    """The sheet of some alloys of a system, or of the recommended picks that are not settled.

    Args:
        formulas: in at.%; none: the recommended picks.
        mass_g: of a button, in g.

    Raises:
        SheetError: nothing is proposed, an alloy is not of the system, is named twice, or there are too many.
        FormulaError: a formula cannot be read.
        MassError: nobody can weigh it.
        CastingPracticeError: casting.yaml holds what it cannot.
    """
    from bmg_assets.settings import Locations, laboratory_day

    practice = Locations.from_environment().casting_practice()
    amounts = _chosen(store, system, formulas)
    history = inbox.accepted().history
    bench = _Bench(store, system, practice, history.current, {cast.sample_id for cast in history.accepted})
    alloys = [bench.alloy(one, mass_g) for one in amounts]
    elements = set(system.elements)
    return LabSheet(
        system,
        mass_g,
        laboratory_day(),
        alloys,
        bool(elements & practice.losses_pct.keys()),
        bool(elements & practice.purities_pct.keys()),
    )


def planned_rows(sheet: LabSheet) -> list[dict[str, str]]:
    """The rows of a lab file that take the alloys up: the first sample of each, with the verdict `planned`.

    A result of the same sample takes the place of its plan: the verdict is overwritten, and the file sent again.
    """
    return [
        {
            "schema_version": "1",
            "sample_id": sample.code,
            "test_date": sheet.day.isoformat(),
            "composition_nominal": alloy.formula,
            "composition_unit": "at%",
            "method": sample.method.value,
            "dimension_kind": sample.dimension_kind,
            "dimension_mm": f"{sample.dimension_mm:g}",
            "verdict": "planned",
            "note": "",
        }
        for alloy in sheet.alloys
        for sample in alloy.samples[:1]
    ]


def lab_file(sheet: LabSheet, as_xlsx: bool) -> bytes:
    """The same as a lab file, which the intake takes as it is."""
    from bmg_assets.spreadsheets import csv_of, xlsx_of

    rows = [[row[column] for column in FILE_COLUMNS] for row in planned_rows(sheet)]
    return xlsx_of(FILE_COLUMNS, rows, "casts") if as_xlsx else csv_of(FILE_COLUMNS, rows).encode("utf-8-sig")


def _chosen(store: "Store", system: "TargetSystem", formulas: Sequence[str]) -> list[dict[str, float]]:
    """Amounts in at.% of the alloys, by all elements of the system in its order."""
    from bmg_assets.science.alloys.compositions import parse_formula

    read = [parse_formula(one) for one in formulas] or [parse_formula(one) for one in _recommended(store, system)]
    if len(read) > MOST_ALLOYS:
        raise SheetError(f"{len(read)} alloys were chosen for one sheet, which has room for {MOST_ALLOYS}; take fewer.")
    for one in read:
        foreign = [element for element in one.amounts if element not in system.element_set]
        if foreign:
            raise SheetError(
                f"{one.in_order} holds {foreign[0]}, which {system.key} has not; name alloys of this system."
            )
    keys = [one.composition for one in read]
    twice = next((one for one in read if keys.count(one.composition) > 1), None)
    if twice is not None:
        raise SheetError(f"{twice.in_order} is named twice; name each alloy once.")
    return [{element: one.amounts.get(element, 0.0) for element in system.elements} for one in read]


def _recommended(store: "Store", system: "TargetSystem") -> list[str]:
    from bmg_assets.actions.system_now import proposed
    from bmg_assets.science.casts.candidate_states import SETTLED

    found = proposed(store, system.key)
    if found is None:
        raise SheetError(f"Nothing is proposed in {system.key} yet: train it first, or name alloys of it.")
    picks = found[(found["kind"] == "pick") & found["is_recommended"] & ~found["state"].isin(SETTLED)]
    if picks.empty:
        raise SheetError(f"Every recommended alloy of {system.key} is settled; train it again, or name alloys of it.")
    return list(picks["composition"])


@dataclass
class _Bench:
    """What the sheet of one system is made from, and the codes that are taken."""

    store: "Store"
    system: "TargetSystem"
    practice: "CastingPractice"
    current: "Sequence[Cast]"
    taken: set[str]

    def alloy(self, amounts: Mapping[str, float], mass_g: float) -> SheetAlloy:
        """One alloy of the sheet."""
        from bmg_assets.science.alloys.compositions import composition_key, formula_in_order
        from bmg_assets.science.alloys.weighing import at_pct_as_weighed, weighed

        rows = weighed(amounts, mass_g, self.practice.losses_pct, self.practice.purities_pct)
        composition = composition_key(amounts)
        first, samples = self._ladder(composition)
        return SheetAlloy(
            formula_in_order(self.system.elements, list(amounts.values())),
            composition,
            rows,
            at_pct_as_weighed(rows),
            first,
            self._expected(composition),
            samples,
        )

    def _ladder(self, composition: str) -> tuple[str, list[PlannedSample]]:
        from bmg_assets.pages.sentences import as_sentence
        from bmg_assets.science.proposals.first_rung import NOTHING_KNOWN, first_rung, rungs_to_plan
        from bmg_assets.science.proposals.rungs import brackets_of

        cast, results = self._next_cast(composition), self._table("lab_results")
        known = NOTHING_KNOWN if results is None else brackets_of(results).get(composition, NOTHING_KNOWN)
        rungs = rungs_to_plan(cast, self.practice, known)
        outcomes = ("first", "if that is glassy", "if it is not") if cast is not None else ("first", "then", "then")
        samples = [
            self._sample(composition, rung, when, number)
            for number, (rung, when) in enumerate(zip(rungs, outcomes, strict=False), start=1)
        ]
        return as_sentence(first_rung(cast, self.practice, known)), samples

    def _next_cast(self, composition: str) -> Any:
        """The distribution of the next cast of a composition; None without a trusted prediction of it."""
        import numpy as np

        from bmg_assets.science.proposals.surrogate_map import next_cast_of

        grid = self._table("transfer_grid")
        cast = None if grid is None else next_cast_of(grid)
        if grid is None or cast is None:
            return None
        rows = np.flatnonzero((grid["composition"] == composition) & grid["is_trusted"])
        return cast.take(rows[:1]) if len(rows) else None

    def _sample(self, composition: str, rung: "Rung", when: str, number: int) -> PlannedSample:
        from bmg_assets.science.casts.cast import DimensionKind, Method
        from bmg_assets.science.proposals.rungs import RungKind

        method, kind, size, words = {
            RungKind.RIBBON: (Method.MELT_SPINNING, DimensionKind.RIBBON_THICKNESS, RIBBON_MM, "ribbon, melt-spun"),
            RungKind.WEDGE: (
                Method.WEDGE_CASTING,
                DimensionKind.WEDGE_THICKNESS,
                self.practice.largest_rod_mm,
                "wedge",
            ),
            RungKind.ROD: (self._rod_method(), DimensionKind.ROD_DIAMETER, rung.size_mm, f"rod of {rung.size_mm:g} mm"),
        }[rung.kind]
        planned = next(
            (
                cast.sample_id
                for cast in self.current
                if cast.is_plan and (cast.composition, cast.method, cast.dimension_mm) == (composition, method, size)
            ),
            None,
        )
        code = planned or next(one for one in codes_of(self.system.elements, composition, number) if self._is_free(one))
        self.taken.add(code)
        return PlannedSample(code, words, when, method, kind.value, size)

    def _is_free(self, code: str) -> bool:
        return code not in self.taken

    def _rod_method(self) -> "Method":
        """How this laboratory cast its last rod; by suction where it has cast none."""
        from bmg_assets.science.casts.cast import Method
        from bmg_assets.science.casts.ladder import ROD_METHODS

        rods = [cast.method for cast in self.current if cast.method in ROD_METHODS]
        return rods[-1] if rods else Method.SUCTION_CASTING

    def _expected(self, composition: str) -> str:
        from bmg_assets.actions.system_now import proposed
        from bmg_assets.pages.sentences import TOO_FAR, as_sentence, has_ground, interval_in_words, mm_in_words

        found = proposed(self.store, self.system.key)
        rows = [] if found is None else found[found["composition"] == composition].to_dict("records")
        if not rows:
            return ""
        row = rows[0]
        said = f"predicted D_max {mm_in_words(row['dmax_mm'])} mm ({interval_in_words(row)})"
        return as_sentence(said if has_ground(row) else TOO_FAR)

    def _table(self, name: str) -> Any:
        return self.store.read_table(name, self.system.key) if self.store.has_table(name, self.system.key) else None


def codes_of(elements: Sequence[str], composition: str, number: int) -> Iterator[str]:
    """Codes of a sample of a composition: that of its place on the sheet first, then further ones.

    Like ZAC-7K3M-1: the first letters of the elements, a hash of the composition, a number.
    """
    digest = int.from_bytes(sha256(composition.encode()).digest()[:8], "big")
    letters = ""
    for _ in range(CODE_DIGITS):
        digest, one = divmod(digest, len(CODE_LETTERS))
        letters += CODE_LETTERS[one]
    start = f"{''.join(element[0] for element in elements)}-{letters}"
    while True:
        yield f"{start}-{number}"
        number += 1
