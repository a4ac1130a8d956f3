"""The variables of a deployment of several machines, for tests; nothing answers at the addresses."""

from pathlib import Path

import pytest

from bmg_assets_tests.distributed.servers import free_port


def variables_of_several(folder: Path, **others: str) -> dict[str, str]:
    port = free_port()
    return {
        "BMG_DATABASE": f"postgresql://bmg:secret@127.0.0.1:{port}/bmg",
        "BMG_BROKER": f"amqp://bmg:secret@127.0.0.1:{port}//",
        "BMG_DATA": str(folder / "data"),
        "BMG_STORE": str(folder / "store"),
        "BMG_RECORD": str(folder / "record"),
        **others,
    }


def set_several(patch: pytest.MonkeyPatch, folder: Path, **others: str) -> None:
    patch.delenv("DAGSTER_HOME", raising=False)
    for name, text in variables_of_several(folder, **others).items():
        patch.setenv(name, text)
