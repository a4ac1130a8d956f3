"""The origins of what is stored of all systems, asset by asset.

They are read from the ends of the files; a file that is as it was is not read again by the same process. So thousands
of systems cost one listing of a folder per asset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

import dagster as dg

from bmg_assets.execution.claims import refuse_taken_over
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS
from bmg_assets.store.folder import Folder
from bmg_assets.store.origin import (
    Origin,
    end_of_parquet,
    made_from,
    origin_in_page,
    origin_in_parquet,
    origin_in_zip,
)
from bmg_assets.store.page_addresses import report_file
from bmg_assets.store.remote_folder import side_by_side
from bmg_assets.store.tables.catalogue import TABLES_BY_ASSET

if TYPE_CHECKING:
    from bmg_assets.store.store import Store

REPORT_ASSET = "system_report"
RECORD = "made_from"
"""Metadata of the asset that begins a training: what else it is made from, as text."""
IDENTITY = "lab_fingerprint"
"""Metadata of an asset whose content counts, not the run that made it: the identity of the content."""
END_BYTES = 32_768
"""Enough for the footer of most tables; a longer one is read in a second step."""
BEGINNING_BYTES = 16_384

_known: dict[tuple[str, str], tuple[str, Origin | None]] = {}
"""By folder and name: the stamp of the file when it was read, and what was found."""
_read_once: set[tuple[str, str]] = set()
"""Stores and assets that `read_ahead` is through with."""


def model_file(asset: str, target_system: str) -> str:
    """Name of the file of a system's tuned sub-model."""
    return f"models/{asset}/{target_system}.zip"


def asset_file(asset: str, target_system: str) -> str | None:
    """Name of the file in which an asset keeps its part for a system; None for assets that keep none."""
    if asset == REPORT_ASSET:
        return report_file(target_system)
    if asset in SUB_MODEL_ASSETS.values():
        return model_file(asset, target_system)
    table = TABLES_BY_ASSET.get(asset)
    is_of_system = table is not None and table.partitioned and not table.outlives_system
    return f"{table.name}/{target_system}.parquet" if table is not None and is_of_system else None


def origins_of(store: Store, asset: str) -> dict[str, Origin | None]:
    """Origin of what an asset has stored, by system; None for a file that tells none, or is damaged."""
    folder, files = store.folder, _files(store, asset)
    origins = side_by_side(folder, lambda file: _origin(folder, *file), list(files.values()))
    return dict(zip(files, origins, strict=True))


def read_ahead(store: Store, assets: Iterable[str], longest_s: float) -> None:
    """Read some of what `origins_of` has not been asked for in this process, so that it finds it read.

    Reading the ends of all files of thousands of systems takes longer than one tick may; many ticks share it.

    Args:
        longest_s: when to stop, to go on with the next call.
    """
    latest, folder = monotonic() + longest_s, store.folder
    for asset in assets:
        if (store.url, asset) in _read_once:
            continue
        for name, stamp in _files(store, asset).values():
            if _is_known(folder, name, stamp):
                continue
            if monotonic() > latest:
                return
            _origin(folder, name, stamp)
        _read_once.add((store.url, asset))


def _files(store: Store, asset: str) -> dict[str, tuple[str, str]]:
    """Name and stamp of each file of an asset, by system."""
    store.check_format()
    pattern = asset_file(asset, "*")
    if pattern is None:
        return {}
    before, _, ending = pattern.partition("*")
    stamps = store.folder.stamps(before.rstrip("/"))
    # The file without rows beside those of the systems belongs to none of them.
    names = [name for name in stamps if name.endswith(ending) and "/_" not in name]
    return {name[len(before) : -len(ending)]: (name, stamps[name]) for name in names}


def origin_of(store: Store, asset: str, target_system: str) -> Origin | None:
    """Origin of one file; None where it is missing, tells none, or is damaged."""
    name = asset_file(asset, target_system)
    try:
        return read_origin(store.folder, name) if name is not None else None
    except FileNotFoundError:
        return None


def read_origin(folder: Folder, name: str) -> Origin | None:
    """The origin in a file; None where it tells none. Raises FileNotFoundError."""
    if name.endswith(".html"):
        return origin_in_page(folder.read_part(name, 0, BEGINNING_BYTES))
    end = folder.read_part(name, -END_BYTES)
    if name.endswith(".zip"):
        return origin_in_zip(end)
    wanted = end_of_parquet(end)
    return origin_in_parquet(end if wanted <= END_BYTES else folder.read_part(name, -wanted))


def origin_of_output(
    context: dg.OutputContext | dg.AssetExecutionContext, store: Store, target_system: str, described: Mapping[str, Any]
) -> Origin:
    """The origin of what an asset makes in a step and is about to store: of the assets above it, those of the system.

    Args:
        described: the metadata of the output, of which RECORD and IDENTITY count.

    Raises:
        RunGivenUpError, SystemBusyError: the run counts as dead, or another one has taken the system over, see
            `refuse_taken_over`.
    """
    if IDENTITY in described:
        origin = Origin(_text(described[IDENTITY]))
    else:
        parents = [dep.asset_key.path[-1] for dep in _spec(context).deps]
        found = parents_of(store, parents, target_system)
        origin = made_from(found, context.run_id, _text(described.get(RECORD, "")))
    # Last, since reading waits for a store that is away, and the run may be given up meanwhile.
    instance = _instance_of(context)
    if instance is not None:
        refuse_taken_over(instance, target_system, context.run_id)
    return origin


def parents_of(store: Store, assets: Iterable[str], target_system: str) -> Mapping[str, Origin | None]:
    """The origins of those of the assets that keep a file for each system."""
    kept = [asset for asset in assets if asset_file(asset, target_system) is not None]
    return {asset: origin_of(store, asset, target_system) for asset in kept}


def _instance_of(context: dg.OutputContext | dg.AssetExecutionContext) -> dg.DagsterInstance | None:
    """Dagster's instance; None for the context of an output that no step made."""
    instance: dg.DagsterInstance
    try:
        instance = (context if isinstance(context, dg.AssetExecutionContext) else context.step_context).instance
    except dg.DagsterInvariantViolationError:
        return None
    return instance


def _text(value: Any) -> str:
    return str(value.value if isinstance(value, dg.MetadataValue) else value)


def _spec(context: dg.OutputContext | dg.AssetExecutionContext) -> dg.AssetSpec:
    if isinstance(context, dg.OutputContext):
        return context.asset_spec
    spec: dg.AssetSpec = context.assets_def.specs_by_key[context.asset_key]
    return spec


def _origin(folder: Folder, name: str, stamp: str) -> Origin | None:
    if _is_known(folder, name, stamp):
        return _known[folder.url, name][1]
    try:
        found = read_origin(folder, name)
    except FileNotFoundError:  # replaced or removed this very moment
        return None
    _known[folder.url, name] = (stamp, found)
    return found


def _is_known(folder: Folder, name: str, stamp: str) -> bool:
    return (folder.url, name) in _known and _known[folder.url, name][0] == stamp
