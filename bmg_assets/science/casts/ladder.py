"""The label of a composition from its casts: the ladder from the ribbon up through the rods.

Belongs here: what a set of verdicts means for the critical casting diameter, by named rules, and what to cast next.
Which casts are current is decided in merging.py.

Only a melt-spun ribbon and rods cast into copper moulds (suction, injection, tilt) are rungs of the ladder. Plates,
wedges, water-quenched rods, films and everything else cool at other rates for the same size: they are kept, and give
no label. Casts that are unclear, failed or only planned give none either. A partially crystalline cast counts as not
amorphous.

Let a be the largest amorphous rung and c the smallest that is not. Then, with the labels of labels.py:

- c below a: the casts contradict each other; quarantine, both rows named, no label.
- no a, c a ribbon: 0 mm, interval [0, c).
- no a, c a rod: D_max is below c, but whether a ribbon would be glass is not known: no label, interval [0, c).
- a a ribbon: 0.2 mm, interval [0.2, c) with c the smallest rod that is not amorphous, open without such a rod. Where a
  thicker ribbon is not amorphous no rod will be: [0.2, 1), the convention of labels.py for "only as ribbon".
- a a rod: a, interval [a, c), open without c.

If casts of one size differ in their verdict, the size counts as not amorphous: a diameter that is glass only sometimes
is not below the critical one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bmg_assets.science.alloys.labels import BULK_FROM_MM, MOULD_STEP_MM, RIBBON_LABEL_MM, GlassClass
from bmg_assets.science.casts.cast import Cast, DimensionKind, Method, Verdict

RULE_SET_VERSION = 1
"""Version of the rules of this file; part of the identity of every label that they give."""

ROD_METHODS = frozenset({Method.SUCTION_CASTING, Method.INJECTION_CASTING, Method.TILT_CASTING})


class LadderState(StrEnum):
    """How far the ladder of a composition has come."""

    CLOSED = "closed"
    OPEN = "open"
    QUARANTINE = "quarantine"
    NO_LABEL = "no_label"


class LadderRule(StrEnum):
    """The decisions by which casts got their label; each has its sentence in the label's reasons."""

    NOT_EVEN_RIBBON = "not_glass_even_as_ribbon"
    RIBBON_ONLY = "glass_as_ribbon_only"
    RIBBON_NO_ROD = "glass_as_ribbon_no_rod_tried"
    FIRST_FAILURE = "rods_up_to_first_failure"
    NO_FAILURE_YET = "no_failure_yet"
    GAP = "ladder_has_a_gap"
    CONTRADICTION = "larger_is_glass_smaller_is_not"
    VERDICTS_DIFFER = "verdicts_differ_at_one_size"
    PARTLY_CRYSTALLINE = "partially_crystalline_is_not_glass"
    RIBBON_NOT_TRIED = "no_ribbon_and_no_amorphous_rod"
    NOTHING_ON_LADDER = "no_cast_gives_a_label"
    NO_VERDICT = "no_verdict_left_out"
    NOT_A_RUNG = "method_or_shape_gives_no_label"


@dataclass(frozen=True)
class CastLabel:
    """The label that the casts of one composition give.

    dmax_mm: the label, None in quarantine and without label.
    low_mm, high_mm: interval [low, high) of the critical casting diameter in mm; high None where it is open, both None
        where the casts decide nothing or contradict each other.
    rules, reasons: the decisions by name and as sentences, one for one.
    cast_next_mm: diameter of the next rod, where the ladder is open or has a gap; else None.
    sample_ids, n_casts, last_test_date: of all the casts, also of those that give no label.
    """

    composition: str
    dmax_mm: float | None
    low_mm: float | None
    high_mm: float | None
    glass_class: GlassClass | None
    state: LadderState
    rules: tuple[LadderRule, ...]
    reasons: tuple[str, ...]
    cast_next_mm: float | None
    sample_ids: tuple[str, ...]
    last_test_date: date
    n_casts: int
    rule_set_version: int = RULE_SET_VERSION


def label_of(casts: Sequence[Cast]) -> CastLabel:
    """The label of one composition from its current casts, in any order.

    Raises ValueError where there are no casts, or casts of several compositions.
    """
    compositions = sorted({cast.composition for cast in casts})
    if len(compositions) != 1:
        raise ValueError(f"a label needs casts of one composition; got {compositions or 'no casts'}")
    ordered = sorted(casts, key=lambda cast: (cast.dimension_mm, cast.sample_id))
    rungs = _rungs(ordered)
    found = _conclude(rungs)
    findings = [*found.findings, *_not_amorphous_after_all(rungs), *_left_out(ordered)]
    return CastLabel(
        composition=compositions[0],
        dmax_mm=found.dmax_mm,
        low_mm=found.low_mm,
        high_mm=found.high_mm,
        glass_class=found.glass_class,
        state=found.state,
        rules=tuple(rule for rule, _ in findings),
        reasons=tuple(reason for _, reason in findings),
        cast_next_mm=found.cast_next_mm,
        sample_ids=tuple(sorted(cast.sample_id for cast in ordered)),
        last_test_date=max(cast.test_date for cast in ordered),
        n_casts=len(ordered),
    )


def next_rod_mm(low_mm: float) -> float:
    """The thinnest rod that leads on in mm, above a ribbon (its label) or a rod that is glass."""
    return BULK_FROM_MM if low_mm <= RIBBON_LABEL_MM else round(low_mm + MOULD_STEP_MM, 4)


_Finding = tuple[LadderRule, str]


@dataclass(frozen=True)
class _Rung:
    """All casts of one size that have a verdict."""

    size_mm: float
    is_ribbon: bool
    casts: tuple[Cast, ...]

    @property
    def is_amorphous(self) -> bool:
        return all(cast.verdict is Verdict.AMORPHOUS for cast in self.casts)

    @property
    def named(self) -> str:
        """The rung as a sentence names it, with the rows that decided it."""
        deciding = [cast for cast in self.casts if (cast.verdict is Verdict.AMORPHOUS) == self.is_amorphous]
        shape = "ribbon" if self.is_ribbon else "rod"
        return f"{shape} of {self.size_mm:g} mm ({', '.join(_row(cast) for cast in deciding)})"


@dataclass(frozen=True)
class _Conclusion:
    state: LadderState
    findings: tuple[_Finding, ...]
    dmax_mm: float | None = None
    low_mm: float | None = None
    high_mm: float | None = None
    glass_class: GlassClass | None = None
    cast_next_mm: float | None = None


def _row(cast: Cast) -> str:
    return f"sample {cast.sample_id}, line {cast.line}" + (f" of {cast.source}" if cast.source else "")


def _is_rung(cast: Cast) -> bool:
    if cast.dimension_kind is DimensionKind.RIBBON_THICKNESS:
        return cast.method is Method.MELT_SPINNING
    return cast.dimension_kind is DimensionKind.ROD_DIAMETER and cast.method in ROD_METHODS


def _has_verdict(cast: Cast) -> bool:
    return cast.verdict not in (Verdict.UNCLEAR, Verdict.FAILED_CAST, Verdict.PLANNED)


def _rungs(ordered: Sequence[Cast]) -> list[_Rung]:
    """The ladder from the thinnest ribbon to the thickest rod; sizes are compared to 0.1 µm."""
    sizes: dict[tuple[float, bool], list[Cast]] = {}
    for cast in ordered:
        if _is_rung(cast) and _has_verdict(cast):
            is_ribbon = cast.dimension_kind is DimensionKind.RIBBON_THICKNESS
            sizes.setdefault((round(cast.dimension_mm, 4), is_ribbon), []).append(cast)
    return [_Rung(size, is_ribbon, tuple(casts)) for (size, is_ribbon), casts in sorted(sizes.items())]


def _conclude(rungs: Sequence[_Rung]) -> _Conclusion:
    glass = next((rung for rung in reversed(rungs) if rung.is_amorphous), None)
    failure = next((rung for rung in rungs if not rung.is_amorphous), None)
    if glass is None:
        return _without_glass(failure)
    if failure is not None and failure.size_mm < glass.size_mm:
        reason = f"the {glass.named} is amorphous although the {failure.named} is not; check both and withdraw one"
        return _Conclusion(LadderState.QUARANTINE, ((LadderRule.CONTRADICTION, reason),))
    return _with_ribbon(glass, failure) if glass.is_ribbon else _with_rod(glass, failure)


def _without_glass(failure: _Rung | None) -> _Conclusion:
    if failure is None:
        reason = "no ribbon or copper-mould rod with a verdict; cast a ribbon, then a rod of 1 mm"
        return _Conclusion(LadderState.NO_LABEL, ((LadderRule.NOTHING_ON_LADDER, reason),))
    if failure.is_ribbon:
        reason = f"the {failure.named} is not amorphous, and no rod is"
        return _Conclusion(
            LadderState.CLOSED,
            ((LadderRule.NOT_EVEN_RIBBON, reason),),
            dmax_mm=0.0,
            low_mm=0.0,
            high_mm=failure.size_mm,
            glass_class=GlassClass.CRYSTALLINE,
        )
    thinner = " or cast a thinner rod" if failure.size_mm > BULK_FROM_MM else ""
    reason = f"the {failure.named} is not amorphous, and no ribbon was tried; spin a ribbon{thinner} next"
    return _Conclusion(
        LadderState.NO_LABEL, ((LadderRule.RIBBON_NOT_TRIED, reason),), low_mm=0.0, high_mm=failure.size_mm
    )


def _with_ribbon(glass: _Rung, failure: _Rung | None) -> _Conclusion:
    """Glass as ribbon only, so far."""
    if failure is None:
        reason = f"the {glass.named} is amorphous and no rod was tried; cast {BULK_FROM_MM:g} mm or more next"
        return _of_ribbon(((LadderRule.RIBBON_NO_ROD, reason),), None, BULK_FROM_MM)
    finding = (LadderRule.RIBBON_ONLY, f"the {glass.named} is amorphous, the {failure.named} is not")
    if failure.is_ribbon:
        return _of_ribbon((finding,), BULK_FROM_MM, None)
    gap = _gap(BULK_FROM_MM, failure)
    return _of_ribbon((finding, *gap), failure.size_mm, BULK_FROM_MM if gap else None)


def _of_ribbon(findings: tuple[_Finding, ...], high_mm: float | None, cast_next_mm: float | None) -> _Conclusion:
    return _Conclusion(
        LadderState.OPEN if high_mm is None else LadderState.CLOSED,
        findings,
        dmax_mm=RIBBON_LABEL_MM,
        low_mm=RIBBON_LABEL_MM,
        high_mm=high_mm,
        glass_class=GlassClass.RIBBON,
        cast_next_mm=cast_next_mm,
    )


def _with_rod(glass: _Rung, failure: _Rung | None) -> _Conclusion:
    next_mm = next_rod_mm(glass.size_mm)
    gap: tuple[_Finding, ...] = ()
    if failure is None:
        finding = (LadderRule.NO_FAILURE_YET, f"the {glass.named} is amorphous; cast {next_mm:g} mm or more next")
    else:
        finding = (LadderRule.FIRST_FAILURE, f"the {glass.named} is amorphous, the {failure.named} is not")
        gap = _gap(next_mm, failure)
    return _Conclusion(
        LadderState.OPEN if failure is None else LadderState.CLOSED,
        (finding, *gap),
        dmax_mm=glass.size_mm,
        low_mm=glass.size_mm,
        high_mm=None if failure is None else failure.size_mm,
        # As in labels.py: bulk begins at 1 mm, and a thinner glassy rod is glass that was not shown to be bulk.
        glass_class=GlassClass.BULK if glass.size_mm >= BULK_FROM_MM else GlassClass.RIBBON,
        cast_next_mm=next_mm if failure is None or gap else None,
    )


def _gap(next_mm: float, failure: _Rung) -> tuple[_Finding, ...]:
    """The finding that a rung was left out below the first failure; empty if none was."""
    if next_mm >= failure.size_mm:
        return ()
    return (
        (LadderRule.GAP, f"no rod of {next_mm:g} mm was tried below the {failure.named}; cast it to close the gap"),
    )


def _not_amorphous_after_all(rungs: Sequence[_Rung]) -> list[_Finding]:
    """Sizes that count as not amorphous though a cast was amorphous, wholly or in part."""
    findings = []
    for rung in rungs:
        verdicts = {cast.verdict for cast in rung.casts}
        if Verdict.AMORPHOUS in verdicts and len(verdicts) > 1:
            reason = f"casts of {rung.size_mm:g} mm differ in their verdict; the size counts as not amorphous: "
            rows = "; ".join(f"{_row(cast)}: {cast.verdict}" for cast in rung.casts)
            findings.append((LadderRule.VERDICTS_DIFFER, reason + rows))
        partly = [_row(cast) for cast in rung.casts if cast.verdict is Verdict.PARTIALLY_CRYSTALLINE]
        if partly:
            reason = f"partially crystalline counts as not amorphous: {'; '.join(partly)}"
            findings.append((LadderRule.PARTLY_CRYSTALLINE, reason))
    return findings


def _left_out(ordered: Sequence[Cast]) -> list[_Finding]:
    findings = []
    for cast in ordered:
        if not _has_verdict(cast):
            findings.append((LadderRule.NO_VERDICT, f"{_row(cast)} is {cast.verdict} and says nothing"))
        elif not _is_rung(cast):
            reason = f"{_row(cast)}: {cast.method} with {cast.dimension_kind} is kept but gives no label"
            findings.append((LadderRule.NOT_A_RUNG, reason))
    return findings
