"""Damaged lab files: each ends in a report, and no cast is accepted that its file does not state.

What a file states is looked up here by other means than the intake's: the texts on the line of the cast, numbers in
them, and the words of its cells.
"""

import io
import re
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import date
from random import Random
from xml.sax.saxutils import unescape

from bmg_assets.intake.file import report_csv
from bmg_assets.intake.outcome import FileOutcome, compare_with_accepted, read_file
from bmg_assets.intake.words import own_words
from bmg_assets.science.casts.cast import Cast, Verdict
from bmg_assets_tests.fuzz.lab_examples import examples
from bmg_assets_tests.fuzz.mutations import mutated_csv, mutated_workbook

DAY = date(2026, 11, 1)
LONGEST_S = 5.0
LINES_OF_CELL = 51
FACTORS = (1.0, 1e-3, 1e-6, 10.0, 1000.0)


def damaged(name: str, random: Random) -> bytes:
    """A damaged copy of an example."""
    return (mutated_workbook if name.endswith(".xlsx") else mutated_csv)(examples()[name], random)


def failure(name: str, data: bytes) -> str | None:
    """What is wrong with how a file is judged; None where nothing is."""
    started = time.process_time()
    by_itself = read_file(name, name[name.rindex(".") :], data, DAY)
    outcome, _ = compare_with_accepted(by_itself, ())
    report_csv(outcome)
    if time.process_time() - started > LONGEST_S:
        return f"it took more than {LONGEST_S} s"
    return _badly_reported(outcome) or _not_stated(name, data, outcome)


def _badly_reported(outcome: FileOutcome) -> str | None:
    if not (outcome.casts or outcome.refusals or outcome.skipped):
        return "nothing is said of the file"
    if any(not one.reason or not one.fix for one in outcome.refusals):
        return "a refusal has no reason or no remedy"
    lines = [cast.line for cast in outcome.casts]
    if len({*lines}) < len(lines) or {*lines} & {one.line for one in outcome.refusals}:
        return "a line has two outcomes"
    return None


def _not_stated(name: str, data: bytes, outcome: FileOutcome) -> str | None:
    for cast in outcome.casts:
        text = _around(name, data, cast.line)
        for what, is_stated in _statements(cast, text):
            if not is_stated:
                return f"line {cast.line}: {what} is not in the file: {text[:300]!r}"
    return None


def _around(name: str, data: bytes, line: int) -> str:
    """The text on the lines of a cast; of a workbook, in which a merged cell holds for others, all of it."""
    if name.endswith(".xlsx"):
        return "\n".join(_texts_of(data))
    lines = re.split("\r\n|\n|\r", data.decode("utf-8-sig"))
    return "\n".join(lines[line - 1 : line - 1 + LINES_OF_CELL if '"' in lines[line - 1] else line]).replace('""', '"')


def _texts_of(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml") and ("worksheets/" in name or "sharedStrings" in name):
                for text in re.findall(r">([^<]+)<", archive.read(name).decode("utf-8", "replace")):
                    yield unescape(text)


def _statements(cast: Cast, text: str) -> Iterator[tuple[str, bool]]:
    flat = unicodedata.normalize("NFKC", text)
    yield (
        f"the name {cast.sample_id!r}",
        unicodedata.normalize("NFC", cast.sample_id) in unicodedata.normalize("NFC", text),
    )
    yield f"the formula {cast.composition_nominal!r}", cast.composition_nominal in text
    yield f"the size {cast.dimension_mm}", _is_number_in(flat, cast.dimension_mm)
    for kelvin in (cast.tg_K, cast.tx_K, cast.tl_K):
        if kelvin is not None:
            yield f"{kelvin} K", _is_number_in(flat, kelvin) or _is_number_in(flat, round(kelvin - 273.15, 6))
    yield f"the verdict {cast.verdict}", _is_word_in(text, "verdict", cast.verdict)
    yield f"the method {cast.method}", _is_word_in(text, "method", cast.method)
    yield f"elements of {cast.composition}", all(one.casefold() in flat.casefold() for one in cast.elements)


def _is_number_in(flat: str, value: float) -> bool:
    exponent = r"(?:[eE][+-]?\d+)?"
    numbers = [*re.findall(rf"\d+[.·]?\d*{exponent}|[.]\d+{exponent}", flat), *re.findall(r"\d+,\d+", flat)]
    found = {float(one.replace(",", ".").replace("·", ".")) for one in numbers}
    # "2.5±1" and "2.5¹" are read by their first number; a raised digit is one of the number in flat text.
    found |= {float(one[:-1].replace(",", ".")) for one in numbers if len(one) > 1 and one[:-1][-1:].isdigit()}
    return any(abs(one * factor - value) <= 1e-9 * max(1.0, value) for one in found for factor in FACTORS)


def _is_word_in(text: str, column: str, word: str) -> bool:
    words, meant = own_words(), {word, "withdrawn"} if word == Verdict.FAILED_CAST else {word}
    return any(words.find(column, cell.strip('" ')) in meant for cell in re.split(r"[,;\n]", text))
