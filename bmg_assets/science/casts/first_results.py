"""When the first result of an alloy came in: what was predicted before that was predicted blind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.cast import Cast, Verdict
from bmg_assets.science.casts.merging import Merge

NO_RESULT = frozenset({Verdict.PLANNED, Verdict.UNCLEAR, Verdict.FAILED_CAST})


@dataclass(frozen=True)
class FirstResult:
    """The first result of one composition."""

    taken_in_at: datetime
    """When the first file with it was taken in (UTC)."""
    tested_on: date
    """Day of the first test, where the laboratory is."""


def first_results(system: TargetSystem, history: Merge, taken_in: Mapping[str, datetime]) -> dict[str, FirstResult]:
    """The first result of every composition of a system that ever had one, by its key.

    A plan, an unclear or a failed cast is no result. A corrected report counts from the intake of the first report of
    its sample: from then on the outcome was known, be it under a wrong composition.

    Args:
        history: all accepted reports.
        taken_in: when each accepted file was taken in (UTC).
    """
    of_sample: dict[str, datetime] = {}
    reports: dict[str, list[Cast]] = {}
    for cast in history.accepted:
        if frozenset(cast.elements) == system.element_set and cast.verdict not in NO_RESULT:
            earlier = (of_sample.get(name) for name in (cast.sample_id, cast.supersedes) if name is not None)
            of_sample[cast.sample_id] = min([taken_in[cast.source], *filter(None, earlier)])
            reports.setdefault(cast.composition, []).append(cast)
    current = {id(cast) for cast in history.current}
    return {
        composition: FirstResult(
            min(of_sample[cast.sample_id] for cast in casts),
            # A corrected date counts as corrected.
            min(cast.test_date for cast in ([one for one in casts if id(one) in current] or casts)),
        )
        for composition, casts in reports.items()
    }
