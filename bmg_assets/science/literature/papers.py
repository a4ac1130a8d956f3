"""Which papers a reference names, however it is written, so that two reports can be told to come from the same one."""

import re
from functools import lru_cache

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s'\",;]+")
_PLACE = re.compile(r"(\d+)\D{0,12}\(((?:19|20)\d\d)\)\s*,?\s*(?:pp?\.?\s*)?[A-Za-z]{0,2}0*(\d+)")
"""Volume, year and first page, as in "Mater. Trans. JIM 31 (1990) 177-183"."""
_ENTRY = re.compile(r"""['"]\s*\n\s*['"]|['"]\s*,\s*['"]""")
"""What parts the papers of a cell that lists several."""
_NO_LETTER = re.compile(r"[\W_]+")


@lru_cache(maxsize=10_000)
def papers_of(reference: str) -> frozenset[str]:
    """What identifies the papers that a reference names: DOIs, and volume, year and first page; else its words.

    Two references are of the same paper where they have one of these in common.
    """
    dois = {f"doi {doi.rstrip('.').lower()}" for doi in _DOI.findall(reference)}
    words = _DOI.sub("", reference)
    places = {" ".join(place) for place in _PLACE.findall(words)}
    others = {
        _NO_LETTER.sub("", entry).lower().removesuffix("doi")
        for entry in _ENTRY.split(words)
        if not _PLACE.search(entry)
    }
    return frozenset(dois | places | others - {""})
