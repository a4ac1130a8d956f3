"""The form of casts: its fields in words, the rows that were sent with it, and what stands at each field.

Belongs here: how rows of text and their judgement look in a form. Does not belong here: judging and sending them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bmg_assets.actions.form_rows import Cells, JudgedCells
from bmg_assets.intake.words import WITHDRAWN
from bmg_assets.web.forms import Form

_NAME = re.compile(r"r(\d{1,4})-(\w+)")
GIVEN = "given"
"""Field with the composition that a row came with: a row that has no more is not filled in."""
CHOOSE = {"": "choose"}
UNITS = {"at%": "atomic percent (at%)", "wt%": "weight percent (wt%)"}
METHODS = CHOOSE | {
    "suction_casting": "suction casting",
    "injection_casting": "injection casting",
    "tilt_casting": "tilt casting",
    "melt_spinning": "melt spinning",
    "wedge_casting": "wedge casting",
    "water_quench": "water quench",
    "sputtering": "sputtering",
    "other": "another method",
}
KINDS = CHOOSE | {
    "rod_diameter": "rod: its diameter",
    "plate_thickness": "plate: its thickness",
    "wedge_thickness": "wedge: its thickness",
    "ribbon_thickness": "ribbon: its thickness",
}
VERDICTS = CHOOSE | {
    "amorphous": "amorphous",
    "partially_crystalline": "partially crystalline",
    "crystalline": "crystalline",
    "unclear": "unclear",
    "failed_cast": "the cast failed",
    "planned": "planned, not cast yet",
}
WITHDRAWAL = {WITHDRAWN: "withdrawn"}


@dataclass(frozen=True)
class FieldWords:
    """A field of a row in words; options: words by value of a drop-down."""

    label: str
    hint: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    is_number: bool = False


NEEDED = {
    "sample_id": FieldWords("Sample", "Your name of it, like `ZAC-17`; no two casts share one."),
    "composition_nominal": FieldWords("Composition", "As weighed in, like `Zr50Al5Cu45`."),
    "composition_unit": FieldWords("Amounts", options=UNITS),
    "method": FieldWords("Method", options=METHODS),
    "dimension_kind": FieldWords("Shape", options=KINDS),
    "dimension_mm": FieldWords("Size (mm)", "A ribbon of 30 µm is 0.03.", is_number=True),
    "verdict": FieldWords("Verdict", options=VERDICTS),
    "test_date": FieldWords(
        "Day of the test", "Of a plan, the day of the decision. Year-month-day, like `2026-02-27`."
    ),
}
"""Fields without which there is no cast, by column."""
MORE = {
    "verdict_method": FieldWords("Found out by", "Like XRD or DSC."),
    "tg_K": FieldWords("T_g (K)", "Glass transition.", is_number=True),
    "tx_K": FieldWords("T_x (K)", "Crystallisation.", is_number=True),
    "tl_K": FieldWords("T_l (K)", "Liquidus.", is_number=True),
    "heating_rate_K_min": FieldWords("Heating rate (K/min)", is_number=True),
    "operator": FieldWords("Operator"),
    "batch_id": FieldWords("Batch"),
    "lab_id": FieldWords("Laboratory"),
    "xrd_file": FieldWords("XRD pattern", "Its path below the folder of the files, like `xrd/ZAC-17.xy`."),
    "xrd_sha256": FieldWords("Checksum of the pattern", "SHA-256."),
    "supersedes": FieldWords("Corrects the report of", "The sample whose report this row takes the place of."),
    "note": FieldWords("Note"),
}
FIELDS = NEEDED | MORE
KEPT_FOR_NEXT = ("test_date", "composition_unit", "method", "dimension_kind")
"""What a further row takes over from the one above it."""


@dataclass(frozen=True)
class TypedRow:
    """A row as it stands in the form. given: the composition that it came with."""

    cells: Cells
    given: str = ""

    @property
    def is_untouched(self) -> bool:
        """Whether a person has filled in nothing beyond what it came with."""
        preset = {"composition_nominal": self.given, "verdict": "planned"}
        return all(
            text in ("", preset.get(column)) for column, text in self.cells.items() if column not in KEPT_FOR_NEXT
        )

    @property
    def to_judge(self) -> Cells:
        """What there is to judge of it."""
        return {} if self.is_untouched else self.cells


def rows_of(form: Form) -> list[TypedRow]:
    """The rows that were sent with a form, in their order."""
    rows: dict[int, dict[str, str]] = {}
    for name in form.values:
        found = _NAME.fullmatch(name)
        if found is not None and (found[2] in FIELDS or found[2] == GIVEN):
            rows.setdefault(int(found[1]), {})[found[2]] = form.first(name)
    return [TypedRow(rows[number], rows[number].pop(GIVEN, "")) for number in sorted(rows)]


def next_row(rows: Sequence[TypedRow]) -> TypedRow:
    """A further row, which takes over what casts of one day have in common."""
    return TypedRow({column: rows[-1].cells.get(column, "") for column in KEPT_FOR_NEXT} if rows else {})


def shown(rows: Sequence[TypedRow], judged: Sequence[JudgedCells] = ()) -> list[dict[str, Any]]:
    """The rows for the template, each with what was found at it where it was judged."""
    return [_shown(number, row, judged[number - 1] if judged else None) for number, row in enumerate(rows, 1)]


def summary(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What is wrong in the form, each with the place to which it leads."""
    found = []
    for row in rows:
        found += [{"id": row["id"], "words": f"Cast {row['number']}: {said}"} for said in row["errors"]]
        for one in (*row["needed"], *row["more"]):
            if one["error"]:
                words = f"Cast {row['number']}, {one['label']}: {one['error']}"
                found.append({"id": one["id"], "words": words})
    return found


def faults_in_words(judged: JudgedCells) -> dict[str, str]:
    """What is wrong with a row, by column; the empty column is the row itself."""
    words: dict[str, list[str]] = {}
    for fault in judged.faults:
        column = fault.column if fault.column in FIELDS else ""
        is_missing = fault.reason == f"{column} is missing"
        words.setdefault(column, []).append("This is needed." if is_missing else f"{fault.reason}; {fault.fix}.")
    return {column: " ".join(said) for column, said in words.items()}


def _shown(number: int, row: TypedRow, judged: JudgedCells | None) -> dict[str, Any]:
    id = f"r{number}"
    errors = faults_in_words(judged) if judged is not None else {}
    notes = judged.notes if judged is not None else ()
    fields = {
        column: _field(f"{id}-{column}", column, words, row.cells.get(column, ""), errors.get(column, ""), notes)
        for column, words in FIELDS.items()
    }
    more = [fields[column] for column in MORE]
    return {
        "id": id,
        "number": number,
        "given": row.given,
        "needed": [fields[column] for column in NEEDED],
        "more": more,
        "is_more_open": any(one["value"] or one["error"] for one in more),
        "errors": [errors[""]] if "" in errors else [],
        "outcome": judged.outcome if judged is not None else "",
        "read_as": judged.read_as if judged is not None else "",
        "reason": judged.reason if judged is not None else "",
        "notes": [one for one in notes if one.partition(": ")[0] not in FIELDS],
    }


def _field(id: str, column: str, words: FieldWords, value: str, error: str, notes: Sequence[str]) -> dict[str, Any]:
    options = dict(words.options)
    if value and options and value not in options:
        # What a file said stays, however it is to be corrected.
        options |= {value: WITHDRAWAL.get(value, value)}
    return {
        "id": id,
        "label": words.label,
        "hint": words.hint,
        "options": options,
        "is_number": words.is_number,
        "is_needed": column in NEEDED,
        "value": value,
        "error": error,
        "notes": [one.removeprefix(f"{column}: ") for one in notes if one.startswith(f"{column}: ")],
    }
