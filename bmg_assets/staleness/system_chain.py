"""The chain of a system's assets, from its casts to its page: parents and code versions."""

from collections.abc import Sequence
from typing import Any

import dagster as dg
from pydantic import Field

LAST_ASSET = "system_report"
LITERATURE = "literature"


class SystemChain(dg.ConfigurableResource[Any]):
    """The chain as a resource: assets record what they were made from, and the schedule compares that later."""

    parents: dict[str, list[str]] = Field(
        description="The partitioned assets up to the page, each with those that it is made from."
    )
    literature: list[str] = Field(description="The assets of the literature that these are made from.")
    code_versions: dict[str, str] = Field(
        description="Code version of each of these assets but the page, whose looks are no reason to train."
    )

    @classmethod
    def of_assets(cls, assets: Sequence[dg.AssetsDefinition]) -> "SystemChain":
        """The chain in these definitions, in their order."""
        specs = {spec.key.path[-1]: spec for asset in assets for spec in asset.specs}
        above = {name: [dep.asset_key.path[-1] for dep in spec.deps] for name, spec in specs.items()}
        wanted = _ancestors(LAST_ASSET, above) | {LAST_ASSET}
        chain = [name for name, spec in specs.items() if name in wanted and spec.partitions_def is not None]
        parents = {parent for name in chain for parent in above[name]}
        return cls(
            parents={name: [parent for parent in chain if parent in above[name]] for name in chain},
            literature=[name for name, spec in specs.items() if name in parents and spec.group_name == LITERATURE],
            code_versions={name: specs[name].code_version or "" for name in chain if name != LAST_ASSET},
        )


def _ancestors(name: str, above: dict[str, list[str]]) -> set[str]:
    return {one for parent in above[name] for one in {parent} | _ancestors(parent, above)}
