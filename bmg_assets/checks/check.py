"""A check of an asset as one object: the declaration that the UI shows and the result of a run follow from it.

The asset that has the values emits the results, because Dagster hands all partitions at once to a check of its own.
Dagster looks at a blocking check after the value is stored, and only within the same run. Here a value that fails is
not stored: what was stored before stays, and nothing downstream is computed from the new value, in later runs either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

import dagster as dg

from bmg_assets.pages.metadata import metadata_values
from bmg_assets.store.tables.table import Table
from bmg_assets.store.tables.validation import Examined, examined

if TYPE_CHECKING:
    import pandas as pd

P = ParamSpec("P")


@dataclass(frozen=True)
class Finding:
    """What a check found: whether it passed, and the figures behind it."""

    passed: bool
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """One check of the value that an asset is about to store."""

    name: str
    description: str
    examine: Callable[..., Finding]
    blocking: bool = True


@dataclass(frozen=True)
class SchemaCheck(Check):
    """The check that reports the faults of the rows against the rules of their table."""

    table: Table = field(kw_only=True)


def schema_check(table: Table) -> SchemaCheck:
    """The check of names, types and rules of the columns against the registry of tables."""

    def examine(frame: pd.DataFrame | Examined) -> Finding:
        rows = examined(table, frame)
        return Finding(not rows.faults, {"violations": rows.faults, "rows": len(rows.frame)})

    description = "Columns, units and allowed values are those of the registry of tables."
    return SchemaCheck("schema", description, examine, table=table)


def check_specs(asset: str, checks: Sequence[Check]) -> list[dg.AssetCheckSpec]:
    """What the UI shows of the checks before they run."""
    return [
        dg.AssetCheckSpec(check.name, asset=asset, description=check.description, blocking=check.blocking)
        for check in checks
    ]


def check_results(checks: Sequence[Check], *values: Any) -> list[dg.AssetCheckResult]:
    """The result of every check on the same values: the table, or whatever the checks take."""
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


def table_result(
    checks: tuple[SchemaCheck, *tuple[Check, ...]],
    frame: pd.DataFrame,
    further: Sequence[dg.AssetCheckResult] = (),
    **described: Any,
) -> dg.MaterializeResult[Any]:
    """The result of an asset that is a table: its rows, examined once for the schema check and for storing.

    Args:
        checks: of the table; all but the first take the frame.
        further: results of checks that take something else.
        described: metadata and data version of the materialization.
    """
    schema, *others = checks
    rows = examined(schema.table, frame)
    results = [*check_results([schema], rows), *check_results(others, frame), *further]
    return dg.MaterializeResult(value=rows, check_results=results, **described)


def stored_if_it_passes(function: Callable[P, dg.MaterializeResult[Any]]) -> Callable[P, Any]:
    """Let an asset's value be stored only if no blocking check failed; the checks' results are recorded either way."""

    @wraps(function)
    def examined(*args: P.args, **kwargs: P.kwargs) -> dg.MaterializeResult[Any] | Iterator[dg.AssetCheckResult]:
        result = function(*args, **kwargs)
        results = list(result.check_results or [])
        failed = [one for one in results if not one.passed and one.severity == dg.AssetCheckSeverity.ERROR]
        return _held_back(results, failed) if failed else result

    return examined


def _held_back(
    results: Sequence[dg.AssetCheckResult], failed: Sequence[dg.AssetCheckResult]
) -> Iterator[dg.AssetCheckResult]:
    yield from results
    found = "; ".join(f"{one.check_name} ({_words(one)})" for one in failed)
    raise dg.Failure(
        description=f"The result failed blocking checks: {found}. It was not stored, what was there before is "
        "unchanged: fix the inputs or the settings of this run and materialize it again.",
        allow_retries=False,
    )


def _words(result: dg.AssetCheckResult) -> str:
    return ", ".join(f"{name}: {value.value}" for name, value in result.metadata.items())
