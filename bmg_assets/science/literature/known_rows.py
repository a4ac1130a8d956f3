"""Single rows of a source about which more is known than the row says, as declared: fluxed melts, and what is wrong."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class KnownRow(BaseModel):
    """Rows of this formula and this value, both as the source writes them.

    value: None for any.
    meaning: `fluxed`, a melt that was purified in flux; `wrong`, which is refused with the reason.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    formula: Text
    value: Text | None = None
    meaning: Literal["fluxed", "wrong"] = Field(alias="is")
    reason: Text

    def fits(self, formula: str, value: str | None) -> bool:
        """Whether a row with these cells is one of those that are meant; 85 and 85.0 are the same value."""
        return formula.strip() == self.formula and (self.value is None or _same(self.value, value))


def known_row(rows: Iterable[KnownRow], formula: str, value: str | None) -> KnownRow | None:
    """What is known of a row with these cells; None if nothing is."""
    return next((row for row in rows if row.fits(formula, value)), None)


def _same(declared: str, found: str | None) -> bool:
    if found is None:
        return False
    try:
        return float(declared) == float(found)
    except ValueError:
        return declared == found.strip()
