"""A sub-model in its file: it predicts the same when it comes back, and what is no such file is refused."""

import io
import json
import pickletools
import zipfile
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import numpy as np
import pytest

from bmg_assets.science.models.sub_models.base import ROUNDS
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS, sub_model
from bmg_assets.science.models.tuning import Trial, TunedSubModel
from bmg_assets.store.model_files import ModelFileError, SubModelIOManager, pack, read_model, unpack
from bmg_assets.store.origin import Origin
from bmg_assets.store.origins import model_file, origin_of
from bmg_assets.store.store import NotInStoreError, Store
from bmg_assets.store.tables.catalogue import SYSTEM_TABLES
from bmg_assets_tests.table_frames import frame_of

RNG = np.random.default_rng(7)
X = RNG.normal(size=(60, 4)) * [1, 10, 0.1, 1000] + [0, 5, 0, 2000]
Y = np.maximum(X[:, 0] + 0.2 * X[:, 1], 0)
UNSEEN = RNG.normal(size=(25, 4)) * [2, 20, 0.2, 2000] + [0, 5, 0, 2000]
KEY = "Zr-Al-Cu"


def tuned(name: str) -> TunedSubModel:
    """A fitted sub-model with a history of all three kinds of trials."""
    model = sub_model(name)
    rounds = {ROUNDS: 20} if model.rounds is not None else {}
    params = {**model.starting_points[0], **rounds}
    trials = (
        Trial(0, params, 1.25, (1.0, 1.5), "ok", 0.5),
        Trial(1, params, 2.0, (2.5,), "stopped_early", 0.1),
        Trial(2, params, None, (), "failed", 0.1, "no convergence"),
    )
    return TunedSubModel(
        name, params, 1.25, (1.0, 1.5), RNG.normal(size=60), model.fit(X, Y, params, seed=3), trials, 3, "abc"
    )


@pytest.fixture(scope="module", params=SUB_MODELS)
def model(request: pytest.FixtureRequest) -> TunedSubModel:
    return tuned(request.param)


def rewritten(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The file with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "other": lambda data: b"not a zip archive",
    "half": lambda data: data[: len(data) // 2],
    "no record": lambda data: rewritten(data, lambda parts: parts.pop("record.json")),
    "no json": lambda data: rewritten(data, lambda parts: parts.update({"record.json": b"{"})),
    "no estimator": lambda data: rewritten(data, lambda parts: parts.pop("estimator")),
    "other estimator": lambda data: rewritten(data, lambda parts: parts.update({"estimator": b"nothing of the kind"})),
    "other scaler": lambda data: rewritten(data, lambda parts: parts.update({"scaler.npy": b"nothing of the kind"})),
    "other trials": lambda data: rewritten(data, lambda parts: parts.update({"trials.json": b"[{}]"})),
}


def test_a_model_predicts_the_same_when_it_comes_back(model: TunedSubModel) -> None:
    again = unpack(pack(model))
    expected = model.fitted.predict(UNSEEN)
    assert expected.std() > 0.1
    np.testing.assert_array_equal(again.fitted.predict(UNSEEN), expected)
    np.testing.assert_array_equal(again.out_of_fold, model.out_of_fold)
    for field in ("name", "params", "loss", "fold_rmse", "trials", "seed", "training_fingerprint"):
        assert getattr(again, field) == getattr(model, field), field


def test_no_part_of_the_file_is_a_pickle(model: TunedSubModel) -> None:
    def leaves(data: bytes, name: str) -> list[tuple[str, bytes]]:
        if not zipfile.is_zipfile(io.BytesIO(data)):
            return [(name, data)]
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [leaf for part in archive.namelist() for leaf in leaves(archive.read(part), part)]

    parts = leaves(pack(model), "file")
    assert len(parts) >= 5
    for name, data in parts:
        assert not _is_pickle(data), name
        if name.endswith(".npy"):
            np.load(io.BytesIO(data), allow_pickle=False)


def _is_pickle(data: bytes) -> bool:
    if not data.startswith(b"\x80"):
        return False
    try:
        return any(opcode.name == "STOP" for opcode, _, _ in pickletools.genops(data))
    except ValueError:
        return False


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
def test_a_damaged_file_is_one_sentence(model: TunedSubModel, spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ModelFileError, match=r"^A stored sub-model is not readable; materialize the sub-models"):
        unpack(spoil(pack(model)))


def test_a_flipped_byte_is_noticed() -> None:
    data = bytearray(pack(tuned("lightgbm")))
    data[data.index(b"out_of_fold.npy") + 200] ^= 0xFF
    with pytest.raises(ModelFileError, match="is not readable"):
        unpack(bytes(data))


@pytest.mark.parametrize("found", [2, 0, None, "1"])
def test_another_format_is_named(found: object) -> None:
    def of_another_version(parts: dict[str, bytes]) -> None:
        parts["record.json"] = json.dumps(json.loads(parts["record.json"]) | {"model_format": found}).encode()

    with pytest.raises(ModelFileError, match=rf"has format {found}, this version reads 1; materialize the sub-models"):
        unpack(rewritten(pack(tuned("svr")), of_another_version))


def test_each_system_and_sub_model_has_a_file_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    manager = SubModelIOManager(store=Store(url=str(tmp_path_factory.mktemp("store"))))
    output = dg.build_output_context(
        asset_key=dg.AssetKey("svr_model"),
        asset_spec=dg.AssetSpec("svr_model", deps=["training_set", "literature_alloys"]),
        partition_key=KEY,
        run_id="run 2",
    )
    training_set = frame_of(SYSTEM_TABLES["training_set"], target_system=KEY)
    manager.store.write_table("training_set", KEY, training_set, origin=Origin("run 1", ("run 1",)))
    manager.handle_output(output, tuned("svr"))
    assert origin_of(manager.store, "svr_model", KEY) == Origin("run 2", ("run 1",), {"training_set": "run 1"})
    assert manager.store.read_bytes("models/svr_model/Zr-Al-Cu.zip")
    assert model_file("svr_model", KEY) == "models/svr_model/Zr-Al-Cu.zip"
    loaded = manager.load_input(dg.build_input_context(asset_key=dg.AssetKey("svr_model"), partition_key=KEY))
    assert loaded.name == "svr"
    other = dg.build_input_context(asset_key=dg.AssetKey("svr_model"), partition_key="Mg-Zn-Ca")
    with pytest.raises(dg.Failure) as failure:
        manager.load_input(other)
    assert "There is no models/svr_model/Mg-Zn-Ca.zip in the store" in str(failure.value.description)
    with pytest.raises(NotInStoreError):
        manager.store.read_bytes("models/xgboost_model/Zr-Al-Cu.zip")


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    store = Store(url=str(tmp_path))
    store.write_bytes("models/svr_model/Zr-Al-Cu.zip", b"no archive")
    with pytest.raises(ModelFileError, match=r"models/svr_model/Zr-Al-Cu\.zip: .* materialize the sub-models"):
        read_model(store, "svr_model", KEY)
