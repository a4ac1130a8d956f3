"""The figures of the evidence by regimes that come with the code: a deployment that has not measured goes by these.

`bmg evidence --regimes` measures them anew on the literature at hand, and writes them as `reports/regimes.csv`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from bmg_assets.science.errors import BmgError
from bmg_assets.science.evidence.trust import FIGURE_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

FILE = "regimes.csv"


class RegimeFiguresError(BmgError):
    """A file of figures that cannot be used."""


def read_regime_figures(folder: Path) -> "pd.DataFrame":
    """The figures, with the columns of the table `regime_evidence` that advice rests on.

    Args:
        folder: data/evidence, or what came with the package.

    Raises:
        RegimeFiguresError: the file is not there, or lacks a column.
    """
    import pandas as pd

    path = folder / FILE
    if not path.is_file():
        raise RegimeFiguresError(f"There are no figures at {path}; restore data/evidence/{FILE}.")
    figures = pd.read_csv(path)
    missing = [name for name in FIGURE_COLUMNS if name not in figures]
    if missing:
        raise RegimeFiguresError(f"{path} has no column {', '.join(missing)}; restore data/evidence/{FILE}.")
    return figures
