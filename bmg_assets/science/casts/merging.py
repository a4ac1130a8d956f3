"""Many reports over time, one current report per sample: what supersedes what, with the history kept.

Belongs here: how reports of several files, in the order of intake, become the casts that count. A report is never
changed and never deleted:

- The same sample reported again with the same content is skipped.
- With other content it is refused, unless its `supersedes` names the sample: then it replaces the earlier report.
- A sample of another name replaces the one that its `supersedes` names, which must be known and current.
- A withdrawal is such a row with the verdict `withdrawn` or `failed_cast`: it does not count, and neither does
  the report that it replaces. A later row can supersede the withdrawal in its turn.
- A plan is no result: the next report of the sample takes its place without naming it. A plan takes the place of no
  result. A plan with other content than an earlier plan names it in `supersedes`, like any correction.
- A row that supersedes its own sample is accepted even where no earlier report is known, because that report may have
  been refused or may come in late; late, it is then refused like any report that differs from the known one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bmg_assets.science.casts.cast import Cast, Refusal, Skipped, differing_column


@dataclass(frozen=True)
class Superseded:
    """An earlier report, and the one that replaced it."""

    cast: Cast
    by: Cast


@dataclass(frozen=True)
class Merge:
    """The outcome of bringing reports together.

    accepted: every report that was ever accepted, in the order of intake: what the next merge takes as known.
    current: the accepted reports that count, in the order of intake, withdrawals included (their verdict is
        failed_cast, which gives no label).
    superseded: the accepted reports that were replaced, in the order in which that happened.
    refusals, skipped: the reports that are not among the accepted.
    """

    accepted: tuple[Cast, ...]
    current: tuple[Cast, ...]
    superseded: tuple[Superseded, ...]
    refusals: tuple[Refusal, ...]
    skipped: tuple[Skipped, ...]


def check_repeat(cast: Cast, earlier: Sequence[Cast]) -> Refusal | Skipped | None:
    """The refusal or omission of a report beside the earlier reports of the same sample; None where it may stand.

    earlier: all reports of that sample in the order of intake, superseded ones included.
    """
    for report in earlier:
        if differing_column(cast, report) is None:
            state = "" if report is earlier[-1] else ", which was superseded; to bring it back, say so in its note"
            return Skipped(cast.line, cast.sample_id, f"equal to the report {_place(report)}{state}", cast.source)
    if not earlier or (earlier[-1].is_plan and not cast.is_plan):
        return None
    if cast.supersedes == cast.sample_id and (earlier[-1].is_plan or not cast.is_plan):
        return None
    column = differing_column(cast, earlier[-1]) or "sample_id"
    said, says = dict(earlier[-1].content()).get(column), dict(cast.content()).get(column)
    return Refusal(
        cast.line,
        "sample_id",
        cast.sample_id,
        f"sample {cast.sample_id!r} is reported already ({_place(earlier[-1])}) with another {column}: "
        f"{_shown(said)} there, {_shown(says)} here",
        _fix_of_repeat(cast, earlier[-1]),
        cast.source,
    )


def _fix_of_repeat(cast: Cast, earlier: Cast) -> str:
    another = "give the row a sample_id of its own if it is another cast"
    if cast.is_plan and not earlier.is_plan:
        return f"leave the row out, since a plan takes the place of no result; {another}"
    return f"write {cast.sample_id} in supersedes if this row corrects that report; {another}"


def merge_casts(known: Sequence[Cast], new: Sequence[Cast]) -> Merge:
    """Bring new reports together with those accepted before.

    known: `accepted` of the merge before, superseded reports included. new: reports in the order of intake.
    The outcome depends on the order only: merging in several steps gives what merging at once gives.
    """
    history = _History()
    for cast in (*known, *new):
        history.admit(cast)
    return history.outcome()


class _History:
    def __init__(self) -> None:
        self._accepted: list[Cast] = []
        self._reports: dict[str, list[Cast]] = {}
        self._current: dict[str, Cast] = {}
        self._replaced_by: dict[str, Cast] = {}
        self._superseded: list[Superseded] = []
        self._refusals: list[Refusal] = []
        self._skipped: list[Skipped] = []

    def admit(self, cast: Cast) -> None:
        verdict = check_repeat(cast, self._reports.get(cast.sample_id, [])) or self._check_target(cast)
        if isinstance(verdict, Refusal):
            self._refusals.append(verdict)
        elif isinstance(verdict, Skipped):
            self._skipped.append(verdict)
        else:
            self._accept(cast)

    def outcome(self) -> Merge:
        current = tuple(cast for cast in self._accepted if self._current.get(cast.sample_id) is cast)
        return Merge(
            tuple(self._accepted), current, tuple(self._superseded), tuple(self._refusals), tuple(self._skipped)
        )

    def _check_target(self, cast: Cast) -> Refusal | None:
        """The refusal if the sample that a report supersedes cannot be replaced; None if it can."""
        target = cast.supersedes
        if target is not None and cast.is_plan and not self._current.get(target, cast).is_plan:
            reason = f"supersedes names sample {target!r}, which has a result, and a plan takes the place of no result"
            fix = "leave supersedes empty, and give the row a sample_id of its own"
            return Refusal(cast.line, "supersedes", target, reason, fix, cast.source)
        if target is None or target in self._current or (target == cast.sample_id and target not in self._reports):
            return None
        replaced_by = self._replaced_by.get(target)
        if replaced_by is None:
            reason = f"supersedes names sample {target!r}, of which no report was accepted"
            fix = "correct the name, or send the report that it names first"
        else:
            reason = f"sample {target!r} was superseded already, by {replaced_by.sample_id!r} ({_place(replaced_by)})"
            fix = f"name {replaced_by.sample_id} in supersedes, if this row is to replace that report"
        return Refusal(cast.line, "supersedes", target, reason, fix, cast.source)

    def _accept(self, cast: Cast) -> None:
        # A sample's current report is replaced if it was the plan for this cast or is named in `supersedes`.
        for name in dict.fromkeys((cast.supersedes or cast.sample_id, cast.sample_id)):
            replaced = self._current.pop(name, None)
            if replaced is not None:
                self._superseded.append(Superseded(replaced, cast))
                self._replaced_by[replaced.sample_id] = cast
        self._accepted.append(cast)
        self._reports.setdefault(cast.sample_id, []).append(cast)
        self._current[cast.sample_id] = cast


def _place(cast: Cast) -> str:
    return f"line {cast.line} of {cast.source}" if cast.source else f"line {cast.line}"


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
