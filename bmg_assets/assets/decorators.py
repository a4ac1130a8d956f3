"""How an asset that is a table is declared: its checks, its type, its IO manager and how it fails are said once."""

from collections.abc import Callable, Sequence
from typing import Any

import dagster as dg

from bmg_assets.assets.types import TABLE
from bmg_assets.checks.check import Check, check_specs, stored_if_it_passes
from bmg_assets.execution.failures import ends_in_one_sentence

RETRY_ENDED_WORKER = dg.RetryPolicy(max_retries=1, delay=10)
"""A worker that the system ended (memory, a restarted machine) deserves one more try, which goes on where the first one
stopped. A mistake is not retried."""


def table_asset(
    group: str, checks: Sequence[Check], *, stored_by: str = "system_tables", **options: Any
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """An asset that is a table: stored only if its blocking checks pass, and failing in one sentence.

    Args:
        group: group of the asset.
        checks: of the table; the asset gives their results.
        stored_by: key of the IO manager.
        options: further arguments of `dg.asset`.
    """

    def declared(function: Callable[..., Any]) -> dg.AssetsDefinition:
        asset: dg.AssetsDefinition = dg.asset(
            group_name=group,
            io_manager_key=stored_by,
            dagster_type=TABLE,
            check_specs=check_specs(function.__name__, checks),
            **options,
        )(ends_in_one_sentence(stored_if_it_passes(function)))
        return asset

    return declared
