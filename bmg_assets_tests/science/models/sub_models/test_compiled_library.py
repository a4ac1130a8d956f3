"""A library whose compiled part cannot be loaded ends in one sentence with what to install."""

import sys

import pytest

from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.models.sub_models.compiled_library import CompiledLibraryError, loading
from bmg_assets_tests.science.models.sub_models.cases import SEED, a_fold

OF_LIGHTGBM = OSError(
    "dlopen(lib_lightgbm.dylib, 0x0006): Library not loaded: @rpath/libomp.dylib\n  Reason: no such file"
)
OF_XGBOOST = ValueError("\nXGBoost Library (libxgboost.dylib) could not be loaded.\nLikely causes:\n  * OpenMP")


@pytest.mark.parametrize(
    "error", [OF_LIGHTGBM, OF_XGBOOST, ImportError("libgomp.so.1: cannot open shared object file")]
)
def test_what_to_install_is_told(error: Exception) -> None:
    with (
        pytest.raises(CompiledLibraryError, match=r"brew install libomp.*apt install libgomp1") as told,
        loading("a library"),
    ):
        raise error
    assert isinstance(told.value, BmgError)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["lightgbm", "xgboost"])
def test_a_sub_model_whose_library_is_missing_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    model, fold = SUB_MODELS[name], a_fold()
    with pytest.raises(CompiledLibraryError, match=f"^{name} cannot be loaded on this machine"):
        model.fold_predictions(fold, model.starting_points[0], (1,), SEED, 1)
    with pytest.raises(CompiledLibraryError, match=f"^{name} cannot be loaded on this machine"):
        model.from_bytes(b"")
