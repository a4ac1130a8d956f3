"""What an atlas is fitted to is found again by system."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.atlas.fitted_atlas import FittedAtlas, identity_of_known
from bmg_assets.science.atlas.shards import AtlasError
from bmg_assets_tests.science.atlas.fitted import small_atlas
from bmg_assets_tests.science.surrogates.literature import learnable_tables


def known() -> pd.DataFrame:
    table = learnable_tables()[0]
    bounds = {"dmax_low_mm": np.nan, "dmax_high_mm": np.nan}
    return table[["composition", "elements", "at_pct", "dmax_mm"]].assign(**bounds, is_own=False)


def test_known_alloys_of_a_system_are_counted_and_the_best_is_named() -> None:
    count, best_mm, composition = small_atlas().best_known("Cu-Mg-Zr")
    assert (count, best_mm) == (18, 2.0)
    assert composition is not None
    assert composition.startswith("Cu")
    assert small_atlas().best_known("Ag-Mg-Ti") == (0, None, None)


def test_a_table_of_known_alloys_is_fitted_to_as_it_is() -> None:
    atlas = FittedAtlas.fit(known(), seed=0)
    assert len(atlas.alloys) == len(known())
    assert not atlas.alloys.is_own.any()
    assert atlas.fingerprint == identity_of_known(known())
    assert identity_of_known(known().assign(dmax_mm=1.0)) != atlas.fingerprint
    more = pd.concat([known(), known().iloc[[0]].assign(dmax_mm=np.nan)], ignore_index=True)
    assert identity_of_known(more) == atlas.fingerprint


def test_nothing_known_ends_in_a_sentence() -> None:
    with pytest.raises(AtlasError, match="No alloy with a diameter is known; take in a source of literature"):
        FittedAtlas.fit(known().assign(dmax_mm=np.nan), seed=0)
