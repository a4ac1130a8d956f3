"""From the rows of one file to casts: every row becomes a cast, a refusal, or is skipped with a reason."""

from dataclasses import dataclass

from bmg_assets.science.casts.cast import Cast, Refusal, Skipped


@dataclass(frozen=True)
class CastReading:
    """The outcome of one file; every row is in exactly one of the three, told by its line.

    casts: in the order of the file. refusals: one for each fault, so that a row may have several with one line.
    """

    casts: tuple[Cast, ...]
    refusals: tuple[Refusal, ...]
    skipped: tuple[Skipped, ...]

    @property
    def refused_lines(self) -> tuple[int, ...]:
        """Lines of the refused rows, each once."""
        return tuple(sorted({refusal.line for refusal in self.refusals}))
