"""Damaged texts: formulas, keys of systems, single cells of lab files, and the YAML files of people."""

import math
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from bmg_assets.intake.outcome import read_rows
from bmg_assets.intake.reading import ReadingFileError, read_reading
from bmg_assets.intake.rows import COLUMNS, RawRow
from bmg_assets.science.alloys.compositions import FormulaError, parse_formula
from bmg_assets.science.alloys.systems import SystemKeyError, check_new_key
from bmg_assets.science.errors import BmgError
from bmg_assets.science.proposals.casting_practice import CastingPracticeError
from bmg_assets.settings import PROJECT
from bmg_assets.sources.casting_file import read_casting_practice
from bmg_assets.sources.declaration import DeclarationError, read_declarations
from bmg_assets_tests.fuzz.mutations import LETTERS, NASTY, mutated_text
from bmg_assets_tests.science.casts.examples import GOOD_ROW, TODAY

FORMULAS = (
    *(
        "Zr50Al5Cu45",
        "Zr41.2Ti13.8Cu12.5Ni10Be22.5",
        "(Fe0.5Co0.5)75B20Si5",
        "La62Al14(Cu5Ag1)14(Ni1Co1)10",
        "CO50Zr50",
    ),
    *("Zr-10Cu-5Al", "Zr₅₀Al₅Cu₄₅", "50Zr-40Cu-10Al", "Fe2B", "TiZrHfCuNi", "Zr50Cu40Al10 (at.%)", "Mg65Cu25Y10[24]"),
    *("(Ni1/3Cu2/3)23Zr77", "Fe43Co5Ni3Cr14Mo13Mn2W1C11B6Y2", "Zr_{50}Cu_{50}", "Zr<sub>50</sub>Cu<sub>50</sub>"),
)
KEYS = ("Zr-Al-Cu", "Mg-Zn-Ca", "zr-al-cu", "Zr-Cu", "Cu-Al-Zr", "Zr-Al-Cu ", "Pd-Ni-S", "Fe-Co-Ni-Cr-Mo-B-C")
LONGEST_SENTENCE = 12_500
"""Characters of a refusal; formulas and cells are repeated in it, and a cell may have 10,000."""


def formula_failure(random: Random) -> str | None:
    """What is wrong with how a damaged formula is read; None where nothing is."""
    text = _text(random, FORMULAS)
    try:
        found = parse_formula(text, random.choice((None, "at%", "wt%", "ratio")))
    except FormulaError as error:
        return _no_sentence(text, error)
    amounts = found.amounts.values()
    if not all(0 < one <= 100.0001 for one in amounts) or not math.isclose(sum(amounts), 100, abs_tol=1e-6):
        return f"{text!r} became {found.amounts}"
    again = parse_formula(found.composition, "ratio").composition
    return None if again == found.composition else f"{text!r} became {found.composition}, and that {again}"


def key_failure(random: Random) -> str | None:
    """What is wrong with how a damaged key of a system is read; None where nothing is."""
    text = _text(random, KEYS)
    try:
        system = check_new_key(text, ["Zr-Al-Cu"])
    except SystemKeyError as error:
        return _no_sentence(text, error)
    is_whole = system.key == text and len(system.element_set) == len(system.elements) >= 3
    return None if is_whole else f"{text!r} became {system}"


def cell_failure(random: Random) -> str | None:
    """What is wrong with how a row with a damaged cell is judged; None where nothing is."""
    column = random.choice(COLUMNS)
    text = _text(random, (GOOD_ROW.get(column, "690"),))
    outcome = read_rows([RawRow(2, tuple({**GOOD_ROW, column: text}.items()), random.random() < 0.3)], TODAY)
    if len(outcome.casts) + len({one.line for one in outcome.refusals}) + len(outcome.skipped) != 1:
        return f"{column} {text!r} has no outcome, or two"
    if any(not one.reason or not one.fix for one in outcome.refusals):
        return f"{column} {text!r} is refused without a word"
    return None


def casting_failure(random: Random) -> str | None:
    """What is wrong with how a damaged casting.yaml is read; None where nothing is."""
    return _of_file("casting.yaml", _casting(), read_casting_practice, CastingPracticeError, random)


def sources_failure(random: Random) -> str | None:
    """What is wrong with how a damaged sources.yaml is read; None where nothing is."""
    text = _sources()
    return _of_file("sources.yaml", text, lambda lab: read_declarations(lab / "sources.yaml"), DeclarationError, random)


def reading_failure(random: Random) -> str | None:
    """What is wrong with how a damaged reading.yaml is read; None where nothing is."""
    return _of_file("reading.yaml", _reading(), read_reading, ReadingFileError, random)


def _text(random: Random, templates: tuple[str, ...]) -> str:
    if random.random() < 0.15:
        return "".join(random.choice(random.choice((LETTERS, NASTY))) for _ in range(random.randint(0, 12)))
    return mutated_text(random.choice(templates), random)


def _no_sentence(text: str, error: BmgError) -> str | None:
    said = str(error)
    is_one = said.isprintable() and 10 < len(said) < LONGEST_SENTENCE + 7 * len(text)
    return None if is_one else f"{text!r} is refused in no sentence: {said!r}"


def _of_file(
    name: str, template: str, read: Callable[[Path], object], refusal: type[BmgError], random: Random
) -> str | None:
    text = mutated_text(template, random)
    folder = _folder()
    (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        read(folder)
    except refusal as error:
        return _no_sentence(text, error)
    finally:
        (folder / name).unlink()
    return None


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="bmg-fuzz-"))


@cache
def _casting() -> str:
    return _block("casting.md")


@cache
def _reading() -> str:
    return _block("lab_files.md")


@cache
def _sources() -> str:
    return (PROJECT / "data" / "literature" / "sources.yaml").read_text(encoding="utf-8")


def _block(page: str) -> str:
    """The YAML file that a page of the documentation shows."""
    return (PROJECT / "docs" / page).read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
