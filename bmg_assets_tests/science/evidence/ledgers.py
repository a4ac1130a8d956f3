"""Small ledgers: trainings on a map of three points, and results that come in later."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.casts.first_results import FirstResult
from bmg_assets.science.evidence.ledger import Training, ledger_frame, ledger_rows

SYSTEM = parse_system("Zr-Al-Cu")
FIRST, SECOND, THIRD = "Al5Cu45Zr50", "Al5Cu44Zr51", "Al20Cu60Zr20"
POINTS = {FIRST: [50.0, 5.0, 45.0], SECOND: [51.0, 5.0, 44.0], THIRD: [20.0, 20.0, 60.0]}
MARCH = datetime(2026, 3, 1, 12, tzinfo=UTC)
PRINTS = {"training": "run", "training_set": "t", "known_alloys": "k", "settings": "s", "code": "c"}
PICK_1, PICK_2 = (FIRST, "pick", 1), (SECOND, "pick", 2)


def on_day(day: int) -> datetime:
    """Noon of a day in March, UTC."""
    return MARCH + timedelta(days=day - 1)


def training(
    entry: int,
    day: int,
    *proposed: tuple[str, str, int],
    known: Sequence[str] = (),
    iteration: int | None = None,
    taken_over: bool = False,
    strategy: str = "pruned",
    dmax_mm: float = 1.5,
    probability: float = 0.4,
) -> Training:
    """A training recorded at noon of that day, with (composition, kind, rank) of its proposals."""
    rows = [
        {
            "composition": composition,
            "kind": kind,
            "rank": rank,
            "strategy": strategy,
            "rule": "paper",
            "dmax_mm": dmax_mm,
            "interval_low_mm": dmax_mm - 1,
            "interval_high_mm": dmax_mm + 1,
            "probability_bulk": probability,
        }
        for composition, kind, rank in proposed
    ]
    return Training(
        entry=entry,
        iteration=entry - 1 if iteration is None else iteration,
        recorded_at=on_day(day),
        recorded_on=on_day(day).date(),
        is_taken_over=taken_over,
        known=frozenset(known),
        proposals=rows,
        coverage=None if taken_over else 0.9,
        fingerprints={} if taken_over else PRINTS,
    )


def a_map(dmax_mm: float, probability: float | None = None) -> pd.DataFrame:
    """A map with one value everywhere, 1 mm less at the second point and 2 mm less at the third."""
    dmax = pd.Series([dmax_mm, dmax_mm - 1, dmax_mm - 2])
    frame = pd.DataFrame({"composition": list(POINTS), "at_pct": list(POINTS.values()), "dmax_mm": dmax})
    frame = frame.assign(interval_low_mm=dmax - 1, interval_high_mm=dmax + 1)
    return frame if probability is None else frame.assign(probability_bulk=probability)


def two_maps(one: Training) -> Mapping[str, pd.DataFrame]:
    """Both maps of a training: entry 1 predicts 1.5 and 2.5 mm at the first point, each later one 1 mm more."""
    return {"pruned": a_map(0.5 + one.entry), "transfer": a_map(1.5 + one.entry, 0.4)}


def paper_map(one: Training) -> Mapping[str, pd.DataFrame]:
    """The paper's map alone, as older versions kept it."""
    return {"pruned": a_map(0.5 + one.entry)}


def result(day: int, tested: int | None = None) -> FirstResult:
    """A result taken in in the afternoon of that day, tested on the same day unless another one is given."""
    return FirstResult(on_day(day) + timedelta(hours=3), date(2026, 3, day if tested is None else tested))


def label(
    composition: str, low: float | None, high: float | None = None, state: str | None = None, label: float | None = None
) -> dict[str, Any]:
    """A row of `lab_results`: the label is the lower end of the interval unless the ladder gives none."""
    has_label = state not in ("no_label", "quarantine")
    dmax = (low if label is None else label) if has_label else None
    return {
        "composition": composition,
        "dmax_mm": dmax,
        "dmax_low_mm": low,
        "dmax_high_mm": high,
        "glass_class": None if dmax is None else "bulk" if dmax >= 1 else "ribbon",
        "state": state or ("open" if high is None else "closed"),
        "sample_ids": ["S1"],
    }


def ledger(
    trainings: Sequence[Training],
    results: Mapping[str, FirstResult],
    *labels: Mapping[str, Any],
    maps: Any = two_maps,
) -> pd.DataFrame:
    """The ledger of these."""
    frame = pd.DataFrame(labels, columns=list(label(FIRST, 1.0)))
    return ledger_frame(ledger_rows(SYSTEM, trainings, results, frame, maps))
