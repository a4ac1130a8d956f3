"""No pickle is ever loaded: reading one runs whatever code its writer wanted, with the rights of the reader."""

import ast
import functools
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import skops.io

from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.settings import PROJECT
from bmg_assets.store.model_files import ModelFileError, pack, unpack
from bmg_assets_tests.parsing import tree_of
from bmg_assets_tests.store.test_model_files import rewritten, tuned

MODULES_THAT_UNPICKLE = {"pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "torch"}
CALLS_THAT_UNPICKLE = {"read_pickle", "read_hdf", "unsafe_load", "full_load", "load_all", "get_untrusted_types"}
UNSAFE_LOADERS = {"Loader", "UnsafeLoader", "FullLoader"}
CODE = sorted((PROJECT / "bmg_assets").rglob("*.py"))
_recording: list[str] | None = None


def faults(tree: ast.AST) -> Iterator[str]:
    """Whatever in a module could load a pickle or an object of any type."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name.split(".")[0] in MODULES_THAT_UNPICKLE)
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in MODULES_THAT_UNPICKLE:
                yield module
            case ast.Attribute(attr=name) if name in CALLS_THAT_UNPICKLE | UNSAFE_LOADERS:
                yield name
            case ast.Call():
                yield from _faults_of_call(node)
            case _:
                pass


def _faults_of_call(call: ast.Call) -> Iterator[str]:
    name, given = ast.unparse(call.func), {one.arg: one.value for one in call.keywords}
    if name in {"np.load", "numpy.load"} and ast.unparse(given.get("allow_pickle", ast.Constant(None))) != "False":
        yield f"{name} without allow_pickle=False"
    if "allow_pickle" in given and ast.unparse(given["allow_pickle"]) != "False":
        yield f"{name} with allow_pickle"
    # The types that are trusted are written in the code, never taken from the file.
    if "skops" in name and "trusted" in given and not isinstance(given["trusted"], ast.Name):
        yield f"{name} with types that are not named"
    if name.startswith("yaml.") and "load" in name and "safe" not in name.lower():
        yield name


@contextmanager
def unpickled() -> Iterator[list[str]]:
    """What is unpickled within the block, by this process."""
    global _recording
    _hook()
    _recording = found = []
    try:
        yield found
    finally:
        _recording = None


@functools.cache
def _hook() -> None:
    def record(event: str, arguments: tuple[object, ...]) -> None:
        if event == "pickle.find_class" and _recording is not None:
            _recording.append(".".join(map(str, arguments)))

    sys.addaudithook(record)


def test_no_module_can_load_a_pickle() -> None:
    assert len(CODE) > 100
    found = {path.name: list(faults(tree_of(path))) for path in CODE}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "import torch.serialization",
        "pd.read_pickle(path)",
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "np.save(path, data, allow_pickle=allowed)",
        "skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))",
        "skops.io.loads(data, trusted=[x])",
        "yaml.load(text, Loader=yaml.Loader)",
        "yaml.unsafe_load(text)",
    ],
)
def test_every_way_to_load_one_is_noticed(code: str) -> None:
    assert list(faults(ast.parse(code)))


@pytest.mark.parametrize("name", SUB_MODELS)
def test_a_stored_model_is_read_without_unpickling(name: str) -> None:
    data = pack(tuned(name))
    with unpickled() as found:
        unpack(data)
    assert found == []


def test_unpickling_would_be_noticed() -> None:
    import pickle

    data = pickle.dumps(Path("x"))
    with unpickled() as found:
        pickle.loads(data)
    assert found


@pytest.mark.parametrize("name", ["svr", "random_forest"])
def test_a_model_file_that_names_other_types_is_refused(name: str, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    evil = skops.io.dumps(functools.partial(os.system, f"touch '{trap}'"))
    assert zipfile.is_zipfile(_written(tmp_path / "evil", evil))
    data = rewritten(pack(tuned(name)), lambda parts: parts.update({"estimator": evil}))
    with pytest.raises(ModelFileError, match="is not readable"):
        unpack(data)
    assert not trap.exists()


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
