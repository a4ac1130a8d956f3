"""The ternary faces of quaternaries, as quaternaries are judged.

Nearly all alloys of four elements in the literature were reported because they were bulk glasses, so the surrogate
expects more of any of them: beside the ternaries themselves 998 of 1,000 quaternaries would have a gain. What a fourth
element brings is told by a face that is judged like an alloy of four elements, with a trace of the fourth.
"""

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.atlas.best import dmax_mm_of
from bmg_assets.science.atlas.fitted_atlas import FittedAtlas
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets.science.surrogates.composite_left_out import flags_of_elements

FACE_COLUMNS = ("system", "elements", "at_pct")


def faces_as_quaternaries(atlas: FittedAtlas, ternaries: pd.DataFrame) -> dict[str, float]:
    """Expected D_max in mm of the best composition of each ternary by name, with a trace of a fourth element.

    Args:
        ternaries: rows of `system_atlas` with FACE_COLUMNS.
    """
    elements = [tuple(of) for of in ternaries["elements"]]
    fractions, symbols = fraction_matrix(elements, list(ternaries["at_pct"]))
    compositions = Compositions(symbols, fractions, np.empty((len(fractions), 0)))
    scores, uncertainties = atlas.scorer.of_many_elements(compositions.with_elements(atlas.scorer.elements))
    flags = flags_of_elements(elements)
    flags[:, :2] = [1, 0]  # of many elements, and not of two
    calibration = atlas.fitted.calibration
    log_dmax = None if calibration is None else calibration.predict(scores, uncertainties, flags)
    return dict(zip(ternaries["system"], dmax_mm_of(atlas.fitted, scores, log_dmax).tolist(), strict=True))
