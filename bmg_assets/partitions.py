"""The partition dimensions, and the rules that every way of registering a system goes through.

`target_system` holds the systems that the group casts. `studied_system` holds those of the paper's study; they are kept
apart so that the nightly schedule does not train them. `mapped_property` holds the maps of properties other than D_max,
each a property and a system. `evaluation` holds entries of the evidence that runs are queued for; its keys are work to
do, no data, so no backup keeps them. `atlas_shard` parts the systems of the atlas; its keys are always the same.
"""

import shlex
from collections.abc import Collection, Mapping, Sequence

import dagster as dg
from dagster._core.execution.backfill import BulkActionsFilter, BulkActionStatus

from bmg_assets.execution.claims import nobody_at_work, systems_with_a_run
from bmg_assets.science.alloys.systems import SystemKeyError, TargetSystem, check_new_key, sort_out_keys
from bmg_assets.science.atlas.shards import SHARDS
from bmg_assets.science.literature.properties import Property, property_named

target_system = dg.DynamicPartitionsDefinition(name="target_system")
DIMENSION = "target_system"
studied_system = dg.DynamicPartitionsDefinition(name="studied_system")
STUDY_DIMENSION = "studied_system"
mapped_property = dg.DynamicPartitionsDefinition(name="mapped_property")
PROPERTY_DIMENSION = "mapped_property"
evaluation = dg.DynamicPartitionsDefinition(name="evaluation")
EVALUATION_DIMENSION = "evaluation"
atlas_shard = dg.StaticPartitionsDefinition([shard.name for shard in SHARDS])
DIMENSIONS = (DIMENSION, STUDY_DIMENSION, PROPERTY_DIMENSION)
BETWEEN_PROPERTY_AND_SYSTEM = "."


def registered_systems(instance: dg.DagsterInstance, dimension: str = DIMENSION) -> list[str]:
    """Keys of all registered systems, the oldest first."""
    return list(instance.get_dynamic_partitions(dimension))


def registered_everywhere(instance: dg.DagsterInstance) -> dict[str, list[str]]:
    """The keys of each dimension, the oldest first."""
    return {dimension: registered_systems(instance, dimension) for dimension in DIMENSIONS}


def register_again(instance: dg.DagsterInstance, keys: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Register keys that `registered_everywhere` gave, perhaps of another machine; those there already stay first.

    Returns:
        For each key that is no system's the reason why it was left out.
    """
    left_out = {}
    for dimension in DIMENSIONS:
        for key in keys.get(dimension, ()):
            try:
                _register_again(instance, dimension, key)
            except SystemKeyError as error:
                left_out[key] = str(error)
    return left_out


def _register_again(instance: dg.DagsterInstance, dimension: str, key: str) -> None:
    known = registered_systems(instance, dimension)
    if key in known:
        return
    if dimension != PROPERTY_DIMENSION:
        check_new_key(key, known)
    else:
        prop, _, system = key.partition(BETWEEN_PROPERTY_AND_SYSTEM)
        if not prop.isidentifier():
            raise SystemKeyError(f"'{key}' is no property and system; check the key.")
        check_new_key(system, _systems_with_map_of(prop, known))
    instance.add_dynamic_partitions(dimension, [key])


def usable_systems(instance: dg.DagsterInstance) -> list[str]:
    """Those of the registered keys that are systems, the oldest first: one key for each set of elements."""
    return sort_out_keys(registered_systems(instance))[0]


def unusable_keys(instance: dg.DagsterInstance) -> list[str]:
    """A sentence for each registered key that is no system: the UI registers whatever somebody types."""
    return [
        f"A registered key is no system and is left out: {reason} `bmg remove {shlex.quote(key)}` takes it away."
        for key, reason in refused_keys(instance).items()
    ]


def refused_keys(instance: dg.DagsterInstance) -> dict[str, str]:
    """The registered keys that are no systems, each with the reason."""
    return sort_out_keys(registered_systems(instance))[1]


def register_system(instance: dg.DagsterInstance, key: str, dimension: str = DIMENSION) -> TargetSystem:
    """Register a system; a key that is registered already stays as it is.

    Raises:
        SystemKeyError: the key cannot be used, or its elements are registered in another order.
    """
    system = check_new_key(key, registered_systems(instance, dimension))
    instance.add_dynamic_partitions(dimension, [system.key])
    return system


def unregister_system(instance: dg.DagsterInstance, key: str) -> None:
    """Remove a system's key. The store removes what is stored of it.

    Raises:
        SystemKeyError: the key is not registered.
        SystemBusyError: a run is at work on the system; it would store tables of it again.
    """
    if key not in registered_systems(instance):
        known = ", ".join(registered_systems(instance)) or "none"
        raise SystemKeyError(f"'{key}' is not a registered system (registered: {known}); check the key.")
    with nobody_at_work(instance, key):
        instance.delete_dynamic_partition(DIMENSION, key)


def system_of_run(context: dg.AssetExecutionContext, dimension: str = DIMENSION) -> TargetSystem:
    """The system that a run is for, checked: a key typed into the UI went through no check when it was registered.

    Raises:
        SystemKeyError: the key cannot be used, an older key has the same elements, or the system was removed while the
            run waited.
    """
    key, keys = context.partition_key, registered_systems(context.instance, dimension)
    older = keys[: keys.index(key)] if key in keys else keys
    system = check_new_key(key, older)
    if key not in keys:
        raise SystemKeyError(f"'{key}' is not a registered system any more; `bmg add {key}` registers it again.")
    return system


def register_property_map(instance: dg.DagsterInstance, prop: Property, key: str) -> str:
    """Register the map of a property in a system; its key, like `glass_transition_temperature.Zr-Al-Cu`.

    Raises:
        SystemKeyError: the system's key cannot be used, or this property is mapped with its elements in another order.
    """
    system = check_new_key(key, _systems_with_map_of(prop.name, registered_systems(instance, PROPERTY_DIMENSION)))
    whole = f"{prop.name}{BETWEEN_PROPERTY_AND_SYSTEM}{system.key}"
    instance.add_dynamic_partitions(PROPERTY_DIMENSION, [whole])
    return whole


def forget_evaluations(instance: dg.DagsterInstance, kinds: Collection[str]) -> None:
    """Remove the keys of these kinds of entries, but for those that a run or a backfill is still to make."""
    wanted = systems_with_a_run(instance).keys() | keys_of_backfills(instance)
    for key in registered_systems(instance, EVALUATION_DIMENSION):
        if key.partition("/")[0] in kinds and key not in wanted:
            instance.delete_dynamic_partition(EVALUATION_DIMENSION, key)


def keys_of_backfills(instance: dg.DagsterInstance) -> set[str]:
    """The keys of backfills whose runs Dagster's daemon is still to start."""
    waiting = instance.get_backfills(BulkActionsFilter(statuses=[BulkActionStatus.REQUESTED]))
    return {key for backfill in waiting for key in backfill.partition_names or ()}


def property_of_run(
    context: dg.AssetExecutionContext, properties: Mapping[str, Property]
) -> tuple[Property, TargetSystem]:
    """The property and the system that a run is for, checked: a key typed into the UI went through no check.

    Raises:
        PropertyError: the key begins with no property.
        SystemKeyError: as `register_property_map`.
    """
    key = context.partition_key
    name, _, system = key.partition(BETWEEN_PROPERTY_AND_SYSTEM)
    prop = property_named(properties, name)
    keys = registered_systems(context.instance, PROPERTY_DIMENSION)
    older = keys[: keys.index(key)] if key in keys else keys
    return prop, check_new_key(system, _systems_with_map_of(prop.name, older))


def _systems_with_map_of(prop: str, keys: Sequence[str]) -> list[str]:
    parts = [key.partition(BETWEEN_PROPERTY_AND_SYSTEM) for key in keys]
    return [system for name, _, system in parts if name == prop]
