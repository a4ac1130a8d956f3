"""The paper's own study: its systems, and the scores that its authors reached, to be set beside ours.

Source: the notebooks of Xu et al., github.com/xuhegg/ML_BMG_GFA at commit 02b139e: best mean RMSE over the five folds
of each sub-model's search, in mm, and best mean R² of the fusion. Only the scores below are taken over; the RMSE
written in the paper's Fig. 3 is not among them.
"""

from dataclasses import dataclass
from typing import ClassVar

PAPER_SYSTEMS = ("Zr-Al-Cu", "Mg-Zn-Ca", "Co-Ta-B", "Ir-Ni-Ta", "La-Al-C")
"""The systems for which the authors' repository has a folder of notebooks and training tables."""
SOURCE = "the authors' notebooks, github.com/xuhegg/ML_BMG_GFA at 02b139e"


PAPER_SUB_MODELS = ("svr", "random_forest", "xgboost", "lightgbm")
"""The sub-models that the paper fuses, by our names."""


@dataclass(frozen=True)
class PaperScores:
    """Best scores of one system with one sub-dataset; RMSE in mm."""

    random_forest: float
    svr: float
    xgboost: float
    lightgbm: float
    fusion_r2: float

    COLUMNS: ClassVar[tuple[str, ...]] = (*(f"paper_rmse_{name}_mm" for name in PAPER_SUB_MODELS), "paper_fusion_r2")
    """Columns of the table `pruning_study`."""

    def columns(self) -> dict[str, float]:
        """The scores by column."""
        scores = (*(getattr(self, name) for name in PAPER_SUB_MODELS), self.fusion_r2)
        return dict(zip(self.COLUMNS, scores, strict=True))


PAPER_SCORES = {
    (frozenset({"Zr", "Al", "Cu"}), 1): PaperScores(0.7785, 0.7722, 0.7302, 0.7362, 0.8000),
    (frozenset({"Zr", "Al", "Cu"}), 2): PaperScores(0.7494, 0.7318, 0.7063, 0.7107, 0.7953),
    (frozenset({"Zr", "Al", "Cu"}), 3): PaperScores(0.6530, 0.6280, 0.6060, 0.6075, 0.7930),
    (frozenset({"Zr", "Al", "Cu"}), 4): PaperScores(0.6563, 0.6374, 0.6036, 0.6097, 0.7901),
    (frozenset({"Zr", "Al", "Cu"}), 5): PaperScores(0.4973, 0.4707, 0.4690, 0.4657, 0.8172),
    (frozenset({"Mg", "Zn", "Ca"}), 3): PaperScores(0.7336, 0.7576, 0.6919, 0.7052, 0.7944),
    (frozenset({"La", "Al", "C"}), 3): PaperScores(0.7538, 0.7537, 0.7040, 0.7086, 0.8055),
}
"""By elements of the system and sub-dataset, in the paper's count (see science/literature/pruning.py)."""
