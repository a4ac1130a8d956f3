"""A tuned sub-model as one file, and the IO manager that keeps one per system.

The file is a zip archive: `record.json`, `trials.json`, `out_of_fold.npy`, `scaler.npy` and the estimator in the
sub-model's own format (`SubModel.to_bytes`). Nothing in it is a pickle. One file is replaced in one step, so that a
model and its out-of-fold predictions never come from two trainings.
"""

import io
import json
import zipfile
import zlib
from dataclasses import asdict
from typing import Any

import dagster as dg
import numpy as np

from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.science.descriptors.scaler import Scaler
from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.sub_models.base import FittedSubModel
from bmg_assets.science.models.sub_models.catalogue import sub_model
from bmg_assets.science.models.tuning import Trial, TunedSubModel
from bmg_assets.store.origin import Origin
from bmg_assets.store.origins import model_file, origin_of_output
from bmg_assets.store.store import Store

MODEL_FORMAT = 1
ESTIMATOR = "estimator"

UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError)
"""What the libraries raise at bytes that are not theirs."""


class ModelFileError(BmgError):
    """A stored model that this version cannot read."""


def pack(model: TunedSubModel, origin: Origin | None = None) -> bytes:
    """The sub-model as the bytes of its file, which says where it comes from."""
    record = {
        "model_format": MODEL_FORMAT,
        "name": model.name,
        "params": model.params,
        "loss": model.loss,
        "fold_rmse": model.fold_rmse,
        "seed": model.seed,
        "training_fingerprint": model.training_fingerprint,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("record.json", json.dumps(record))
        archive.writestr("trials.json", json.dumps([asdict(trial) for trial in model.trials]))
        archive.writestr("out_of_fold.npy", _npy_bytes(model.out_of_fold))
        archive.writestr("scaler.npy", _npy_bytes(np.array([model.fitted.scaler.mean, model.fitted.scaler.scale])))
        archive.writestr(ESTIMATOR, sub_model(model.name).to_bytes(model.fitted.estimator))
        if origin is not None:
            archive.comment = origin.to_text().encode()
    return buffer.getvalue()


def unpack(data: bytes) -> TunedSubModel:
    """The sub-model in a file that `pack` made.

    Raises:
        ModelFileError: the bytes are no such file, or one of another version.
        UnknownSubModelError: the catalogue has this sub-model no more.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        record = json.loads(parts["record.json"])
        if record.get("model_format") == MODEL_FORMAT:
            return _model(record, parts)
    except UNREADABLE as error:
        raise ModelFileError(
            "A stored sub-model is not readable; materialize the sub-models of the system again."
        ) from error
    raise ModelFileError(
        f"A stored sub-model has format {record.get('model_format')}, this version reads {MODEL_FORMAT}; "
        "materialize the sub-models of the system again."
    )


def _model(record: dict[str, Any], parts: dict[str, bytes]) -> TunedSubModel:
    mean, scale = _array(parts["scaler.npy"])
    name = record["name"]
    return TunedSubModel(
        name=name,
        params=record["params"],
        loss=record["loss"],
        fold_rmse=tuple(record["fold_rmse"]),
        out_of_fold=_array(parts["out_of_fold.npy"]),
        fitted=FittedSubModel(name, Scaler(mean, scale), sub_model(name).from_bytes(parts[ESTIMATOR])),
        trials=tuple(
            Trial(**{**trial, "fold_rmse": tuple(trial["fold_rmse"])}) for trial in json.loads(parts["trials.json"])
        ),
        seed=record["seed"],
        training_fingerprint=record["training_fingerprint"],
    )


def read_model(store: Store, asset: str, target_system: str) -> TunedSubModel:
    """The tuned sub-model of a system.

    Raises:
        NotInStoreError: the system has none.
        ModelFileError, UnknownSubModelError: as `unpack`; the message names the file.
    """
    name = model_file(asset, target_system)
    data = store.read_bytes(name)
    try:
        return unpack(data)
    except ModelFileError as error:
        raise ModelFileError(f"{store.path_of(name)}: {error}") from error


class SubModelIOManager(dg.ConfigurableIOManager):
    """Keeps the tuned sub-model of each system as one file of the store."""

    store: dg.ResourceDependency[Store]

    @ends_in_one_sentence
    def handle_output(self, context: dg.OutputContext, obj: TunedSubModel) -> None:
        """Replace the system's file."""
        system = context.partition_key
        data = pack(obj, origin_of_output(context, self.store, system, context.output_metadata))
        name = self.store.write_bytes(model_file(context.asset_key.path[-1], system), data)
        context.add_output_metadata({"model_file": self.store.path_of(name), "model_file_bytes": len(data)})

    @ends_in_one_sentence
    def load_input(self, context: dg.InputContext) -> TunedSubModel:
        """Read the system's file; raises NotInStoreError where it has none."""
        return read_model(self.store, context.asset_key.path[-1], context.partition_key)


def _npy_bytes(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _array(data: bytes) -> np.ndarray:
    array: np.ndarray = np.load(io.BytesIO(data), allow_pickle=False)
    return array
