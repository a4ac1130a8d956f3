"""The paper's published table as the tests of the method read it: row by row, nothing mended."""

import re
from pathlib import Path

import pandas as pd

AMOUNT = re.compile(r"([A-Z][a-z]?)([0-9.]+)")


def read_published(path: Path) -> pd.DataFrame:
    """All 6,398 rows, with the set of elements that each really contains as the column `elements`."""
    table = pd.read_csv(path)
    return table.assign(elements=[_present(text) for text in table["composition"]])


def _present(text: str) -> frozenset[str]:
    return frozenset(symbol for symbol, amount in AMOUNT.findall(text) if float(amount) > 0)
