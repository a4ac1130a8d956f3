"""The year of a report: from a column of years, else from its reference, else from its DOI.

A reference is believed where it writes the year as papers do, "(1994)"; a bare number is a year only where no page or
volume can stand, as in "Tohoku University, 1990." Of several papers in one cell the earliest counts: the alloy was
known then. A DOI tells the year in which its publisher made it, which may be the year before the issue.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FIRST_YEAR = 1960
"""The first metallic glass, Au75Si25, was reported in this year."""

_IN_BRACKETS = re.compile(r"\((?:1[89]\d\d/)?((?:19|20)\d\d)[a-z]?\)")
_BARE = re.compile(
    r"(?:[,.:;]\s*|\bUniversity\s+)((?:19|20)\d\d)"
    r"(?=\.?\s*(?:$|['\"\]])|,\s*(?:p\b|pp\b|doi\b|\d+[-–]\d+)|;)"
)
_DOI_IN_TEXT = re.compile(r"\b10\.\d{4,9}/[^\s'\"\],;]+")

_VOLUME_OF_YEAR_0 = {"matertrans": 1959}
"""Journals whose DOI has the volume, one a year: the year before the first volume."""


def _whole(match: re.Match[str]) -> int:
    return int(match[1])


def _of_two_digits(match: re.Match[str]) -> int:
    year = int(match[1])
    return 1900 + year if year >= FIRST_YEAR % 100 else 2000 + year


def _of_three_digits(match: re.Match[str]) -> int:
    return 2000 + int(match[1])


def _of_volume(match: re.Match[str]) -> int:
    return _VOLUME_OF_YEAR_0[match[1]] + int(match[2])


_DOI_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], int]], ...] = (
    # Elsevier since 2003, 10.1016/j.jmmm.2014.07.023; Taylor & Francis, 10.1080/21663831.2014.985855; IEEE.
    (re.compile(r"\.((?:19|20)\d\d)\.\d"), _whole),
    # Elsevier before, 10.1016/0921-5093(94)90274-7 and 10.1016/S1359-6462(99)00417-0.
    (re.compile(r"/S?\d{4}-\d{3}[\dXx]\((\d\d)\)"), _of_two_digits),
    # Springer and Nature, 10.1007/s11837-013-0753-6.
    (re.compile(r"^10\.(?:1007|1038|1557|1140)/s\d{5}-0(\d\d)-"), _of_three_digits),
    # Wiley, 10.1002/adem.200900171.
    (re.compile(r"^10\.1002/[a-z]+\.((?:19|20)\d\d)\d{5}$"), _whole),
    # Materials Transactions, 10.2320/matertrans.M2010012, 10.2320/matertrans1989.35.227 and 10.2320/matertrans.45.1153.
    (re.compile(r"^10\.2320/matertrans\.[A-Z]+((?:19|20)\d\d)"), _whole),
    (re.compile(r"^10\.2320/(matertrans)(?:1960|1989)?\.(\d\d)\.\d"), _of_volume),
    # Maney, 10.1179/095066010X12646898728200.
    (re.compile(r"^10\.1179/\d{7}(\d\d)X"), _of_two_digits),
)


def year_of(reference: str | None, doi: str | None = None, year: str | None = None) -> int | None:
    """The year of a report; None where neither the cells nor the DOI tell one from FIRST_YEAR to today.

    Args:
        reference: the reference as the source writes it, which may name several papers.
        doi: the DOI, where the source has a column of it.
        year: the year, where the source has a column of it.
    """
    return _year_of(reference, doi, year, datetime.now(UTC).year)


def without_a_year(reports: "pd.DataFrame", own_references: Mapping[str, str]) -> list[str]:
    """A sentence for each source with rows whose reference tells no year.

    Args:
        reports: the table `reports`.
        own_references: of each source, the reference that stands in rows without one of their own.
    """
    named = reports[reports["reference"] != reports["source"].map(own_references)]
    missing = named["year"].isna().groupby(named["source"], sort=False).agg(["sum", "size"])
    return [
        f"{source}: the references of {count} of {rows} rows tell no year; these do not say when an alloy was known."
        for source, count, rows in missing.itertuples()
        if count
    ]


@lru_cache(maxsize=10_000)
def _year_of(reference: str | None, doi: str | None, year: str | None, today: int) -> int | None:
    def plausible(years: Iterable[int]) -> int | None:
        return min((one for one in years if FIRST_YEAR <= one <= today), default=None)

    text = reference or ""
    dois = [*([doi] if doi else []), *_DOI_IN_TEXT.findall(text)]
    words = _DOI_IN_TEXT.sub("", text)
    found = (
        [int(year[:4])] if year and re.fullmatch(r"\s*\d{4}(\.0)?\s*", year) else [],
        map(int, [*_IN_BRACKETS.findall(words), *_BARE.findall(words)]),
        (told for one in dois if (told := _year_of_doi(one)) is not None),
    )
    return next((one for one in map(plausible, found) if one is not None), None)


def _year_of_doi(doi: str) -> int | None:
    text = doi.strip()
    return next((read(match) for form, read in _DOI_FORMS if (match := form.search(text))), None)
