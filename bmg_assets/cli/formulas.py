"""One formula explained: what it is read as, and what to weigh for it."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bmg_assets.cli.shared import JsonOption

if TYPE_CHECKING:
    from bmg_assets.science.alloys.compositions import ParsedFormula

DIGITS = 6
"""Decimals of percentages and grams in JSON."""


def formula(
    written: Annotated[str, typer.Argument(help="A formula, as in a paper: 'Zr-10Cu-5Al at.%'.", show_default=False)],
    weight: Annotated[bool, typer.Option("--weight", help="Its amounts are weight percent.")] = False,
    mass: Annotated[float | None, typer.Option("--mass", help="Grams of a button: what to weigh of each.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Explain one formula: what it is read as and how, at.%, wt%, and what to weigh for a button."""
    from bmg_assets.science.alloys.compositions import parse_formula
    from bmg_assets.science.alloys.weighing import grams_of_button, weight_percent
    from bmg_assets.science.surrogates.possible import possible_for

    reading = parse_formula(written, "wt%" if weight else None)
    in_weight = weight_percent(reading.amounts)
    grams = {} if mass is None else grams_of_button(reading.amounts, mass)
    elements = [
        {
            "element": element,
            "at_pct": round(reading.amounts[element], DIGITS),
            "wt_pct": round(in_weight[element], DIGITS),
        }
        | ({"grams": round(grams[element], DIGITS)} if grams else {})
        for element in reading.elements_as_written
    ]
    possible = possible_for(reading.elements_as_written).sentences
    if as_json:
        content = {
            "formula": written,
            "read_as": reading.in_order,
            "composition": reading.composition,
            "basis": reading.basis,
            "notes": reading.notes,
            "possible": possible,
            "mass_g": mass,
            "elements": elements,
        }
        typer.echo(json.dumps(content, ensure_ascii=False))
    else:
        typer.echo(
            "\n".join([*_reading_in_words(reading), "", *_table(elements), *(["", *possible] if possible else [])])
        )


def _reading_in_words(reading: "ParsedFormula") -> list[str]:
    basis = {"at%": "at.%", "wt%": "wt.%, converted to at.%", "ratio": "proportions"}[reading.basis]
    notes = reading.notes or ("as it stands",)
    return [f"read as  {reading.in_order}", f"basis    {basis}", *(f"note     {note}" for note in notes)]


def _table(elements: list[dict[str, Any]]) -> list[str]:
    """The elements in columns, with their sum."""
    names = {"at_pct": "at.%", "wt_pct": "wt.%", "grams": "g"}
    columns = [name for name in names if name in elements[0]]
    total = {"element": "sum", **{name: sum(one[name] for one in elements) for name in columns}}
    header = "".join([f"{'':<8}", *(f"{names[name]:>12}" for name in columns)])
    rows = [
        "".join([f"{one['element']:<8}", *(f"{one[name]:>12.4f}" for name in columns)]) for one in [*elements, total]
    ]
    return [header, *rows]
