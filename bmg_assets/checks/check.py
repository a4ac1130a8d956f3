"""A check of an asset as one object: from it come the declaration that the UI shows and the result of a run.

Results are emitted by the asset that has the values at hand: Dagster would hand a check of its own all partitions at
once. A failed blocking check keeps what is downstream from being computed, in later runs too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dagster as dg
import pandas as pd

from bmg_assets.reporting.metadata import metadata_values
from bmg_assets.tables.table import Table


@dataclass(frozen=True)
class Finding:
    """What an examination found: whether all is well, and the figures behind it."""

    passed: bool
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """One examination of what an asset is about to hand over."""

    name: str
    description: str
    examine: Callable[..., Finding]
    blocking: bool = True


def schema_check(table: Table) -> Check:
    """Names, types and rules of the columns, as the registry of tables states them."""

    def examine(frame: pd.DataFrame) -> Finding:
        from bmg_assets.tables.validation import violations

        found = violations(table, frame)
        return Finding(not found, {"violations": found, "rows": len(frame)})

    return Check("schema", "Columns, units and allowed values are those of the registry of tables.", examine)


def check_specs(asset: str, checks: Sequence[Check]) -> list[dg.AssetCheckSpec]:
    """What the UI shows of the checks before they ran."""
    return [
        dg.AssetCheckSpec(check.name, asset=asset, description=check.description, blocking=check.blocking)
        for check in checks
    ]


def check_results(checks: Sequence[Check], *values: Any) -> list[dg.AssetCheckResult]:
    """Every check examined on the same values: the table, or whatever the checks take."""
    findings = [(check, check.examine(*values)) for check in checks]
    return [
        dg.AssetCheckResult(
            check_name=check.name,
            passed=bool(finding.passed),
            severity=dg.AssetCheckSeverity.ERROR if check.blocking else dg.AssetCheckSeverity.WARN,
            metadata=metadata_values(**finding.figures),
        )
        for check, finding in findings
    ]
